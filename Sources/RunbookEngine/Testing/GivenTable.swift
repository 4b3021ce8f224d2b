import Diagnostics
import RunbookLanguage
import Values

/// Reads tables as case notes have them: a line of column names, then a line for each row, cells divided by two or
/// more spaces. A column that is not named is null in every row.
struct GivenTable {
  /// Most rows that a case may give of one query.
  static let rowLimit = 10_000

  let columns: [Column]
  let at: Timestamp
  let findings: Findings

  /// - Returns: The rows that could be read; findings tell of the others.
  func read(_ text: PlacedText, name: String) -> Table? {
    var lines = Self.lines(text.text)
    guard !lines.isEmpty else { return nil }
    let places = lines.removeFirst().compactMap { cell -> Int? in
      let place = columns.firstIndex { $0.name == cell.text }
      if place == nil {
        findings.add(
          .unknownNameInCase(
            cell.text, "column", known: columns.map(\.name), at: text.location(of: cell.range)))
      }
      return place ?? -1
    }
    guard lines.count <= Self.rowLimit else {
      findings.add(.tooManyGiven("rows", limit: Self.rowLimit, at: text.location))
      return nil
    }
    var builder = TableBuilder(columns: columns)
    for line in lines {
      guard line.count == places.count else {
        let whole = line[0].range.lowerBound..<(line.last?.range.upperBound ?? 0)
        findings.add(.badRow(cells: line.count, columns: places.count, at: text.location(of: whole)))
        continue
      }
      var row = [Value](repeating: .null, count: columns.count)
      for (place, cell) in zip(places, line) where place >= 0 {
        row[place] = value(cell.text, of: columns[place], at: text.location(of: cell.range))
      }
      _ = builder.append(row)
    }
    return builder.build(name: name)
  }

  /// A cell as its column's type: `null`, the type's own notation, elements of a list divided by commas, and for an
  /// instant also a span from the alert's, such as `-5m`. A cell that is nothing of it is told, and null.
  func value(_ text: String, of column: Column, at location: @autoclosure () -> SourceLocation) -> Value {
    if text == "null" { return .null }
    if column.type == .timestamp, let span = Duration(shorthand: text), let first = text.first, "+-".contains(first),
      let instant = at.adding(span)
    {
      return .timestamp(instant)
    }
    let written: Value =
      if case .list = column.type {
        .list(text.split(separator: ",").map { .string(Self.trimmed($0)) })
      } else {
        .string(text)
      }
    if let value = column.type.admit(written) { return value }
    findings.add(.badCell(text, column: column.name, type: column.type.description, at: location()))
    return .null
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  private typealias Cell = (text: String, range: Range<Int>)

  /// The cells of each line that has any, with their UTF-8 offsets in the text.
  private static func lines(_ text: String) -> [[Cell]] {
    let bytes = Array(text.utf8)
    var lines: [[Cell]] = []
    var line: [Cell] = []
    var start: Int?
    func cell(from start: Int, to end: Int) -> Cell {
      (String(decoding: bytes[start..<end], as: UTF8.self), start..<end)
    }
    var index = 0
    while index <= bytes.count {
      let isEnd = index == bytes.count || bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "\r")
      let isSpace = !isEnd && (bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t"))
      let isDivider =
        isSpace
        && (bytes[index] == UInt8(ascii: "\t") || index + 1 == bytes.count
          || [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(bytes[index + 1]))
      if isEnd || isDivider {
        if let begun = start { line.append(cell(from: begun, to: index)) }
        start = nil
      } else if start == nil, !isSpace {
        start = index
      }
      if isEnd {
        if !line.isEmpty { lines.append(line) }
        line = []
      }
      index += 1
    }
    return lines
  }
}
