internal import DurableFiles
internal import RunbookPorts
internal import Values

/// A disk that is full: that is recorded, in room that was set aside for it, and no new run is begun until there is room
/// again. Runs that are under way can no longer record, and stop.
extension TrailLog {
  /// Room for the record that says so, and for a checkpoint.
  static let reserveBytes = 128 << 10
  /// So much more must be free before what was set aside is taken for room again: enough for a run.
  private static let regainedBytes = 128 << 10
  static let fullType = "log.full"

  /// Sets room aside, or keeps what was set aside.
  ///
  /// - Returns: Whether there is as much as there should be.
  mutating func makeRoom() -> Bool {
    do throws(FileProblem) {
      let file = try files.open(layout.reserve, for: .updating)
      let size = try file.size()
      if size < Self.reserveBytes {
        do throws(FileProblem) { try file.reserve(Self.reserveBytes + Self.regainedBytes) } catch {
          try file.truncate(to: size)
          throw error
        }
        try file.truncate(to: Self.reserveBytes)
      }
      isFull = false
    } catch { return false }
    return true
  }

  /// Stops whoever wants to write while there is no room.
  mutating func requireRoom(for what: String) throws(JournalError) {
    guard makeRoom() else { throw .cannotWrite("\(what): the disk is full") }
  }

  /// Records that a record found no room.
  mutating func noteFull(_ type: String, _ run: String?) {
    guard !isFull else { return }
    isFull = true
    do throws(FileProblem) { try files.open(layout.reserve, for: .updating).truncate(to: 0) } catch { return }
    // Where even this fails, whoever wanted to write is told all the same.
    _ = try? write(
      Self.fullType, .object(["refused": .string(type), "run": run.map(JSON.string)]), actor: "engine", place: nil)
  }
}
