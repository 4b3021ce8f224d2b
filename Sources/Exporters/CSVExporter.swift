internal import RunbookPorts
package import Values

/// Comma-separated values as RFC 4180 writes them: CRLF after every line, a header, quotes where they are needed.
///
/// Cells are made for spreadsheets, which take text that begins with `=`, `+`, `-`, `@` (their full-width forms too), a
/// tab or a line break for a formula and would run what an attacker wrote into a log. Such text is preceded by an
/// apostrophe. So that nothing is ambiguous, text that begins with apostrophes before one of these marks gets one more:
/// taking one apostrophe away from every text cell that begins with apostrophes and one of these marks gives back
/// exactly what was recorded. Numbers (`-5`), times and the like are not text and stand as they are. Whoever reads by
/// program should take JSON Lines, where nothing needs guarding.
///
/// A missing value is an empty cell, an empty text is `""`; in a table of one column both are `""`, because an empty
/// line would be no row to most readers. The elements of a list are joined by a space.
package struct CSVExporter: Exporter {
  package let format = "csv"
  package let mediaType = "text/csv; charset=utf-8; header=present"

  package init() {}

  package func encode(_ table: Table) -> [UInt8] {
    var output: [UInt8] = []
    for (index, column) in table.columns.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      Self.write(Self.guarded(column.name), to: &output)
    }
    output += Self.lineEnd
    for row in 0..<table.count {
      for column in table.columns.indices {
        if column > 0 { output.append(UInt8(ascii: ",")) }
        let start = output.count
        Self.write(table[column, row], to: &output)
        if table.columns.count == 1, output.count == start { output += [0x22, 0x22] }
      }
      output += Self.lineEnd
    }
    return output
  }

  private static let lineEnd: [UInt8] = [0x0D, 0x0A]
  private static let formulaMarks: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]

  private static func write(_ value: Value, to output: inout [UInt8]) {
    switch value {
    case .null, .optional(nil): break
    case .optional(.some(let boxed)): write(boxed.value, to: &output)
    case .double, .int, .uint, .bool, .timestamp, .duration, .address, .network, .bytes:
      write(text(of: value), to: &output)
    case .string, .list, .map, .calendar, .record, .table, .row, .type, .partial:
      write(guarded(text(of: value)), to: &output)
    }
  }

  private static func text(of value: Value) -> String {
    switch value {
    case .null: ""
    case .list(let values): values.map(text).joined(separator: " ")
    case .double(let number) where !number.isFinite: value.json.text ?? value.displayText
    default: value.displayText
    }
  }

  /// The text with an apostrophe before it, if a spreadsheet might take it for a formula.
  static func guarded(_ text: String) -> String {
    guard let first = text.unicodeScalars.first(where: { $0 != "'" }), formulaMarks.contains(first) else { return text }
    return "'" + text
  }

  private static func write(_ text: String, to output: inout [UInt8]) {
    let needsQuotes =
      text.isEmpty || text.utf8.contains { [0x22, 0x2C, 0x0D, 0x0A, 0x09].contains($0) }
      || text.utf8.first == 0x20 || text.utf8.last == 0x20
    guard needsQuotes else {
      output += text.utf8
      return
    }
    output.append(0x22)
    for byte in text.utf8 {
      if byte == 0x22 { output.append(0x22) }
      output.append(byte)
    }
    output.append(0x22)
  }
}
