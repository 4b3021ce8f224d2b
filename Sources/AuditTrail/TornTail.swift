internal import DurableFiles
internal import RunbookPorts
internal import Values

enum TornTail {
  /// The type of the record that says what a crash has left behind or lost.
  static let recoveredType = "log.recovered"
}

/// What a crash leaves behind the last whole record is set aside and recorded, never cut away in silence.
///
/// The steps can be broken off anywhere and done again: the bytes are copied to a file whose name ends in `.pending`
/// (1), the log is cut (2), the record that says so is written (3), and the copy gets its final name (4).
extension TrailLog {
  /// Most bytes that are taken for the remains of a crash; more is damage that a person must look at.
  static let tornLimitBytes = 64 << 20
  private static let pendingSuffix = ".pending"

  /// Sets aside what stands between `end` and the end of the file, and records it.
  mutating func setAside(upTo size: Int) throws(JournalError) {
    guard size - end <= Self.tornLimitBytes else {
      throw suspect("\(size - end) bytes behind the last record of '\(file.path)' are damaged")
    }
    let bytes = try filing { () throws(FileProblem) in try file.read(at: end, count: size - end) }
    let copy = "\(segment.path).torn-\(end)-\(Digest(of: bytes).hexadecimal.prefix(16))"
    try filing { () throws(FileProblem) in
      try files.writeWhole(bytes, to: copy + Self.pendingSuffix, suffix: surroundings.temporarySuffix)
      try file.truncate(to: end)
    }
    try vouchForRead()
    try recordRecovery(of: bytes, at: end, as: copy)
  }

  private mutating func recordRecovery(of bytes: [UInt8], at offset: Int, as copy: String) throws(JournalError) {
    let name = copy.split(separator: "/").last.map(String.init) ?? copy
    _ = try write(
      TornTail.recoveredType,
      .object([
        "dropped_bytes": .integer(Int64(bytes.count)), "kept_as": .string(name), "offset": .integer(Int64(offset)),
        "sha256": .string(Digest(of: bytes).hexadecimal),
      ]), actor: "engine", place: nil)
    try filing { () throws(FileProblem) in
      try file.synchronize()
      try files.rename(copy + Self.pendingSuffix, to: copy)
      try files.synchronizeFolder(layout.logFolder)
    }
  }

  /// Brings the recoveries to their end that a crash has broken off.
  mutating func settleRecoveries() throws(JournalError) {
    let names = try filing { () throws(FileProblem) in try files.names(in: layout.logFolder) }
    for name in names where name.hasSuffix(Self.pendingSuffix) {
      let copy = "\(layout.logFolder)/\(name.dropLast(Self.pendingSuffix.count))"
      let parts = copy.split(separator: ".torn-")
      guard parts.count == 2, let offset = parts[1].split(separator: "-").first.flatMap({ Int($0) }) else { continue }
      let bytes = try filing { () throws(FileProblem) in
        try files.readWhole(copy + Self.pendingSuffix, limitBytes: Self.tornLimitBytes)
      }
      if try isRecorded(Digest(of: bytes).hexadecimal, behind: offset, of: String(parts[0])) {
        try filing { () throws(FileProblem) in try files.rename(copy + Self.pendingSuffix, to: copy) }
      } else {
        try recordRecovery(of: bytes, at: offset, as: copy)
      }
    }
  }

  private func isRecorded(_ digits: String, behind offset: Int, of path: String) throws(JournalError) -> Bool {
    try filing { () throws(FileProblem) in
      let file = try files.open(path, for: .reading)
      return TrailLines(file, from: offset, upTo: try file.size()).contains { line in
        line.record?.type == TornTail.recoveredType && line.record?.body["sha256"]?.text == digits
      }
    }
  }
}
