import Glibc
import RunbookPorts
import Values

/// The machine's clocks.
struct LiveClock: RunClock {
  /// Longest sleep before the wall clock is looked at again: somebody may have set it.
  private static let nap = Duration.seconds(5)

  func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
  }

  func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  func wait(until instant: Timestamp) async throws(CancellationError) {
    while true {
      let left = instant.since(now())
      guard left > .zero else { return }
      do { try await Task.sleep(for: min(left, Self.nap)) } catch { throw CancellationError() }
    }
  }
}
