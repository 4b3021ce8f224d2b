internal import DurableFiles
internal import RunbookPorts
internal import Values

/// What a crash leaves behind the last whole record is set aside and recorded, never cut away in silence.
///
/// The steps can be broken off anywhere and done again: the bytes are copied to a file whose name ends in `.pending`
/// (1), the log is cut (2), the record that says so is written (3), and the copy gets its final name (4).
extension TrailLog {
  /// Most bytes that are taken for the remains of a crash; more is damage that a person must look at.
  static let tornLimitBytes = 16 << 20
  static let recoveredType = "log.recovered"
  private static let pendingSuffix = ".pending"

  /// The last whole record, searched from the end of the file.
  ///
  /// - Returns: `nil` for a log that is empty or holds only the remains of a first record.
  func findLastRecord() throws(JournalError) -> (record: TrailRecord, offset: Int)? {
    if Folder.exists(layout.suspectMark) {
      throw .cannotWrite(
        "the disk failed while '\(layout.log)' was written; look at '\(layout.suspectMark)', check the log, "
          + "and remove that file to go on")
    }
    let size = try filing { () throws(FileProblem) in try file.size() }
    var window = 4 * TrailRecord.sizeLimitBytes
    while size > 0 {
      let start = max(0, size - window)
      let bytes = try filing { () throws(FileProblem) in try file.read(at: start, count: size - start) }
      if let found = Self.lastRecord(in: bytes, isWhole: start == 0) { return (found.record, start + found.offset) }
      if start == 0 {
        let lines = bytes.count { $0 == 0x0A }
        if lines == 0 || lines == 1 && bytes.last == 0x0A { return nil }
        throw .cannotWrite("'\(layout.log)' holds no record of a trail")
      }
      guard window < Self.tornLimitBytes else {
        throw .cannotWrite("the last \(window) bytes of '\(layout.log)' hold no record of a trail")
      }
      window *= 4
    }
    return nil
  }

  /// - Parameter isWhole: Whether the first of the bytes begins a line.
  private static func lastRecord(in bytes: [UInt8], isWhole: Bool) -> (record: TrailRecord, offset: Int)? {
    var lineEnd = bytes.lastIndex(of: 0x0A)
    while let end = lineEnd {
      let before = bytes[..<end].lastIndex(of: 0x0A)
      if let start = before.map({ $0 + 1 }) ?? (isWhole ? 0 : nil) {
        if let record = try? TrailRecord(line: bytes[start..<end]) { return (record, start) }
      }
      lineEnd = before
    }
    return nil
  }

  /// Sets aside what stands between `end` and the end of the file, and records it.
  mutating func setAside(upTo size: Int) throws(JournalError) {
    guard size - end <= Self.tornLimitBytes else {
      throw suspect("\(size - end) bytes behind the last record of '\(layout.log)' are damaged")
    }
    let bytes = try filing { () throws(FileProblem) in try file.read(at: end, count: size - end) }
    let copy = "\(layout.log).torn-\(end)-\(Digest(of: bytes).hexadecimal.prefix(16))"
    try filing { () throws(FileProblem) in
      try WholeFile.write(bytes, to: copy + Self.pendingSuffix)
      try file.truncate(to: end)
    }
    try recordRecovery(of: bytes, at: end, as: copy)
  }

  private mutating func recordRecovery(of bytes: [UInt8], at offset: Int, as copy: String) throws(JournalError) {
    let name = copy.split(separator: "/").last.map(String.init) ?? copy
    _ = try write(
      Self.recoveredType,
      .object([
        "dropped_bytes": .integer(Int64(bytes.count)), "kept_as": .string(name), "offset": .integer(Int64(offset)),
        "sha256": .string(Digest(of: bytes).hexadecimal),
      ]), actor: "engine", place: nil)
    try filing { () throws(FileProblem) in
      try file.synchronize()
      try Folder.rename(copy + Self.pendingSuffix, to: copy)
      try Folder.synchronize(layout.logFolder)
    }
  }

  /// Reads the end of the log, and brings to their end the recoveries that a crash has broken off.
  mutating func settleRecoveries() throws(JournalError) {
    try catchUp()
    for name in try filing({ () throws(FileProblem) in try Folder.names(in: layout.logFolder) })
    where name.hasSuffix(Self.pendingSuffix) {
      let parts = name.dropLast(Self.pendingSuffix.count).split(separator: "-")
      guard parts.count == 3, let offset = Int(parts[1]), offset <= end else { continue }
      let path = "\(layout.logFolder)/\(name)"
      let copy = String(path.dropLast(Self.pendingSuffix.count))
      let bytes = try filing { () throws(FileProblem) in try WholeFile.read(path, limitBytes: Self.tornLimitBytes) }
      let digits = Digest(of: bytes).hexadecimal
      let isRecorded = TrailLines(file, from: offset, upTo: end).contains { line in
        line.record?.type == Self.recoveredType && line.record?.body["sha256"]?.text == digits
      }
      if isRecorded {
        try filing { () throws(FileProblem) in try Folder.rename(path, to: copy) }
      } else {
        try recordRecovery(of: bytes, at: offset, as: copy)
      }
    }
  }
}
