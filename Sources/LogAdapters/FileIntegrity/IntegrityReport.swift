import Values

/// A report of a file integrity checker: which files differ from its database.
struct IntegrityReport: Sendable {
  struct Attribute: Sendable {
    /// In the words of AIDE's JSON: `size`, `perm`, `modify_time`, `sha256`.
    let name: String
    let old: String?
    let new: String?
  }

  struct Change: Sendable {
    let path: String
    /// `added`, `removed`, `changed`.
    let change: String
    /// `f` for a file, `d` for a folder and so on; `nil` where the report does not say.
    var kind: String?
    /// What differs, in AIDE's letters.
    var flags: String?
    var attributes: [Attribute] = []
    /// The rule of Tripwire's policy that the file falls under.
    var rule: String?
    var severity: Int64?

    func attribute(_ names: String...) -> Attribute? {
      names.lazy.compactMap { name in attributes.first { $0.name == name } }.first
    }
  }

  let name: String
  var start: Timestamp?
  /// When the check ended; `nil` where the report does not say.
  var end: Timestamp?
  var version: String?
  var outline: String?
  var total: Int64?
  var added: Int64 = 0
  var removed: Int64 = 0
  var changed: Int64 = 0
  var changes: [Change] = []
  /// Whether bytes that are not UTF-8 were written as `\xNN`.
  var isRepaired = false
  /// What the checker itself could not see, in its words.
  var errors: [String] = []
  /// In which the times of the files are, where they name none.
  var zone = LocalZone.utc

  init(name: String) { self.name = name }

  /// Why changes are missing, if they are: reports of a low level name no files.
  var gap: String? {
    if let error = errors.first {
      return "\(name) tells of \(errors.count == 1 ? "an error" : "\(errors.count) errors"): \(error)"
    }
    let counted = added + removed + changed
    return Int64(changes.count) < counted ? "\(name) counts \(counted) changes and names \(changes.count) of them" : nil
  }

  func time(_ text: String?) -> Timestamp? {
    guard let text else { return nil }
    return LogTime.read(text, LogTime.iso8601) ?? LogTime.read(text) { LogTime.asctime($0, zone) }
  }
}

/// Bytes of a report that are not UTF-8.
enum RawBytes {
  /// The text with each such byte as `\xNN`, so that names that differ in them stay different.
  ///
  /// - Parameter backslash: How the report writes a backslash: twice in JSON.
  /// - Returns: `nil` when the text is UTF-8.
  static func escaped(_ bytes: [UInt8], backslash: String) -> [UInt8]? {
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
          escaped += Array("\(backslash)x".utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
        }
        position += length
      case .emptyInput: return escaped
      }
    }
  }

  /// The lines of a text report.
  static func lines(_ bytes: [UInt8]) -> (lines: [String], isRepaired: Bool) {
    let repaired = escaped(bytes, backslash: "\\")
    let lines = (repaired ?? bytes).split(separator: 10, omittingEmptySubsequences: false).map { line in
      TextRepair.text(line.last == 13 ? line.dropLast() : line)
    }
    return (lines, repaired != nil)
  }
}
