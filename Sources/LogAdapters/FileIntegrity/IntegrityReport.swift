import Values

/// A report of AIDE (`report_format=json`, version 0.18 and later): which files differ from its database.
struct IntegrityReport: Sendable {
  struct Change: Sendable {
    let path: String
    /// `added`, `removed`, `changed`.
    let change: String
    let flags: String
    /// The attributes that differ, by their names.
    let details: JSON?
  }

  let name: String
  let start: Timestamp?
  let end: Timestamp
  let version: String?
  let outline: String?
  let total: Int64?
  let added: Int64
  let removed: Int64
  let changed: Int64
  let changes: [Change]
  /// Whether bytes that are not UTF-8 were written as `\xNN`.
  let isRepaired: Bool

  /// - Throws: why the bytes are no such report.
  init(_ bytes: [UInt8], name: String) throws(IntegrityReportProblem) {
    guard !bytes.isEmpty else { throw IntegrityReportProblem("it is empty, so the check did not run to its end") }
    let escaped = RawBytes.escaped(bytes)
    let json: JSON
    do { json = try JSON(parsing: escaped ?? bytes) } catch {
      throw IntegrityReportProblem("it is no AIDE report in JSON: \(error)")
    }
    guard let counts = json["number_of_entries"], json["aide_version"] != nil || json["outline"] != nil else {
      throw IntegrityReportProblem("it is no AIDE report in JSON: it has no number_of_entries")
    }
    guard let end = Self.time(json["end_time"]) ?? Self.time(json["start_time"]) else {
      throw IntegrityReportProblem("it does not say when the check was made")
    }
    self.name = name
    self.end = end
    start = Self.time(json["start_time"])
    version = json["aide_version"]?.text
    outline = json["outline"]?.text
    total = counts["total"]?.integer
    added = counts["added"]?.integer ?? 0
    removed = counts["removed"]?.integer ?? 0
    changed = counts["changed"]?.integer ?? 0
    isRepaired = escaped != nil
    changes = ["added", "removed", "changed"].flatMap { change in
      (json[change]?.members ?? []).map { member in
        Change(
          path: member.name, change: change, flags: member.value.text ?? "", details: json["details"]?[member.name])
      }
    }
  }

  /// Why changes are missing that the report counts, if they are: reports of a low level name no files.
  var gap: String? {
    let counted = added + removed + changed
    return Int64(changes.count) < counted ? "\(name) counts \(counted) changes and names \(changes.count) of them" : nil
  }

  static func time(_ json: JSON?) -> Timestamp? {
    guard var text = json?.text else { return nil }
    return text.withUTF8 { LogTime.iso8601(UnsafeRawBufferPointer($0)) }
  }
}

struct IntegrityReportProblem: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

/// Bytes of a JSON text that are not UTF-8.
enum RawBytes {
  /// The text with each such byte as `\xNN`, so that names that differ in them stay different.
  ///
  /// - Returns: `nil` when the text is UTF-8.
  static func escaped(_ bytes: [UInt8]) -> [UInt8]? {
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    let hex = Array("0123456789abcdef".utf8)
    var escaped: [UInt8] = []
    escaped.reserveCapacity(bytes.count + 64)
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var position = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let scalar):
        escaped += scalar
        position += scalar.count
      case .error(let length):
        for byte in bytes[position..<position + length] {
          escaped += Array(#"\\x"#.utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
        }
        position += length
      case .emptyInput: return escaped
      }
    }
  }
}
