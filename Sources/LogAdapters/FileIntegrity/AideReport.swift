import Values

/// Reads AIDE's reports in either form.
enum AideReport {
  /// - Throws: why the bytes are no report of a check.
  static func read(_ bytes: [UInt8], name: String) throws(DocumentProblem) -> IntegrityReport {
    guard let first = bytes.first(where: { $0 > 0x20 }) else {
      throw DocumentProblem("it is empty, so the check did not run to its end")
    }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return try AideJSONReport.read(bytes, name: name) }
    var reader = AideTextReport(name: name)
    return try reader.read(bytes)
  }

  static func change(
    _ path: String, _ change: String, flags: String, _ attributes: [IntegrityReport.Attribute]
  ) -> IntegrityReport.Change {
    var trimmed = flags[...]
    while trimmed.last == " " { trimmed.removeLast() }
    return IntegrityReport.Change(
      path: path, change: change, kind: flags.first.map { String($0) }, flags: String(trimmed), attributes: attributes)
  }
}
