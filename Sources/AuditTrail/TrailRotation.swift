internal import DurableFiles
internal import RunbookPorts
internal import Values

/// A log that has become long goes on in another file. The last record of a file says so, and is on the disk before the
/// next file is made; a crash between the two is made good by whoever reads that record.
extension TrailLog {
  /// Begins another file if this one has reached its size.
  mutating func rotateIfFull() throws(JournalError) {
    if end >= surroundings.segmentLimitBytes { try rotate() }
  }

  /// Begins another file.
  mutating func rotate() throws(JournalError) {
    let next = layout.segment(from: nextSequence + 1)
    _ = try write(
      Self.rotatedType, .object(["file": .string(next.path.split(separator: "/").last.map(String.init) ?? "")]),
      actor: "engine", place: nil)
    do { try file.synchronize() } catch { throw suspect(error.message) }
    try enter(next)
  }

  /// Goes on in a file, which is made if it is missing.
  mutating func enter(_ segment: TrailLayout.Segment) throws(JournalError) {
    let isNew = !files.exists(segment.path)
    file = try filing { () throws(FileProblem) in
      let file = try files.open(segment.path, for: .appending)
      if isNew { try files.synchronizeFolder(layout.logFolder) }
      return file
    }
    self.segment = segment
    end = 0
  }
}
