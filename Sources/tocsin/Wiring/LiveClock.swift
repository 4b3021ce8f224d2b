import Dispatch
import Foundation
import RunbookPorts
import Values

/// The machine's clocks.
struct LiveClock: RunClock {
  /// Longest sleep before the wall clock is looked at again: somebody may have set it.
  private static let nap = Duration.seconds(5)

  /// To some hundred nanoseconds: a `Date` is a floating-point number.
  func now() -> Timestamp {
    Timestamp(secondsSinceEpoch: Date().timeIntervalSince1970) ?? Timestamp(seconds: 0)
  }

  /// Since the machine's start, so that processes of one start agree.
  func monotonicNanoseconds() -> UInt64 { DispatchTime.now().uptimeNanoseconds }

  func wait(until instant: Timestamp) async throws(CancellationError) {
    while true {
      let left = instant.since(now())
      guard left > .zero else { return }
      do { try await Task.sleep(for: min(left, Self.nap)) } catch { throw CancellationError() }
    }
  }
}
