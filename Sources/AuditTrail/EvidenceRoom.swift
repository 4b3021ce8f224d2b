internal import DurableFiles
internal import RunbookPorts
internal import Synchronization

/// How much evidence a trail may hold, and about how much it does. Several processes may add to it, so it is counted
/// again now and then.
final class EvidenceRoom: Sendable {
  private struct State {
    /// `nil` before it was counted first.
    var bytes: Int?
    var added = 0
    var countedNanoseconds: UInt64 = 0
    var refusals = 0
  }

  /// A store that seems full is counted again after so long: something may have been removed.
  private static let patienceNanoseconds: UInt64 = 60_000_000_000
  /// It is counted again when this part of the limit was added here.
  private static let share = 16

  let limitBytes: Int
  private let layout: TrailLayout
  private let files: any FileSystem
  private let clock: any RunClock
  private let state = Mutex(State())

  /// How many files found no room.
  var refusals: Int { state.withLock(\.refusals) }

  init(_ layout: TrailLayout, limitBytes: Int, files: any FileSystem, clock: any RunClock) {
    self.layout = layout
    self.limitBytes = limitBytes
    self.files = files
    self.clock = clock
  }

  /// Takes room for a file.
  ///
  /// - Returns: Whether there is so much.
  func take(_ bytes: Int) throws(FileProblem) -> Bool {
    let result = state.withLock { state in
      Result { () throws(FileProblem) in
        let now = clock.monotonicNanoseconds()
        if state.bytes == nil || state.added > limitBytes / Self.share
          || (state.bytes ?? 0) + bytes > limitBytes && now &- state.countedNanoseconds > Self.patienceNanoseconds
        {
          state = State(bytes: try count(), countedNanoseconds: now, refusals: state.refusals)
        }
        guard (state.bytes ?? 0) + bytes <= limitBytes else {
          state.refusals += 1
          return false
        }
        state.bytes = (state.bytes ?? 0) + bytes
        state.added += bytes
        return true
      }
    }
    return try result.get()
  }

  private func count() throws(FileProblem) -> Int {
    var bytes = 0
    for folder in try files.names(in: layout.evidence) {
      for name in try files.names(in: "\(layout.evidence)/\(folder)") {
        do throws(FileProblem) {
          bytes += try files.open("\(layout.evidence)/\(folder)/\(name)", for: .reading).size()
        } catch {
          // Another process may have put it in its place, or removed it.
          guard error.isMissing else { throw error }
        }
      }
    }
    return bytes
  }
}
