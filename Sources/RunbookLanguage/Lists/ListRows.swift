import Diagnostics
import YAMLTree

/// The lines of a list file that are neither empty nor comments.
enum ListLines {
  static func lines(of file: SourceText) -> [(text: String, location: SourceLocation)] {
    (1...file.lineCount).compactMap { number in
      let range = file.contents(ofLine: number)
      var start = range.lowerBound
      var end = range.upperBound
      while start < end, file.bytes[start] == 0x20 || file.bytes[start] == 0x09 { start += 1 }
      while end > start, file.bytes[end - 1] == 0x20 || file.bytes[end - 1] == 0x09 { end -= 1 }
      guard start < end, file.bytes[start] != UInt8(ascii: "#") else { return nil }
      let place = SourceRange(start, end)
      return (file.text(in: place), SourceLocation(file, place))
    }
  }
}

/// A list file as records of cells.
///
/// - `.csv`: RFC 4180 with a header line.
/// - `.yaml`, `.yml`: a list of values, or of mappings.
/// - Anything else: a record a line, `#` comments, cells divided by white space, the last one to the line's end.
struct ListRows {
  struct Cell {
    let text: String
    let location: SourceLocation
  }

  let records: [[Cell]]
  /// Names of the cells, if the file names them.
  private let header: [String]?

  /// Most records of a list file.
  static let recordLimit = 1_000_000

  init(_ file: SourceText, _ findings: Findings) {
    if file.name.hasSuffix(".csv") {
      let rows = Self.csv(file)
      header = rows.first.map { $0.map(\.text) } ?? []
      records = Array(rows.dropFirst().prefix(Self.recordLimit))
    } else if file.name.hasSuffix(".yaml") || file.name.hasSuffix(".yml") {
      (header, records) = Self.yaml(file, findings)
    } else {
      header = nil
      records = ListLines.lines(of: file).prefix(Self.recordLimit).map { Self.words($0.text, at: $0.location) }
    }
  }

  /// Where in each record the cells with these names stand.
  func places(of names: [String], in file: SourceText, _ findings: Findings) -> [Int]? {
    guard let header else { return Array(names.indices) }
    var places: [Int] = []
    for name in names {
      guard let place = header.firstIndex(of: name) else {
        let start = SourceLocation(file, SourceRange(0, min(file.bytes.count, file.contents(ofLine: 1).upperBound)))
        findings.add(.unknownName(name, "column", known: header, at: start))
        return nil
      }
      places.append(place)
    }
    return places
  }

  /// `value name`: the first word, and the rest of the line.
  private static func words(_ text: String, at location: SourceLocation) -> [Cell] {
    guard let space = text.utf8.firstIndex(where: { $0 == 0x20 || $0 == 0x09 }) else {
      return [Cell(text: text, location: location)]
    }
    let first = String(text[..<space])
    let rest = text[space...].drop { $0 == " " || $0 == "\t" }
    let split = location.range.start + first.utf8.count
    return [
      Cell(text: first, location: SourceLocation(location.source, SourceRange(location.range.start, split))),
      Cell(
        text: String(rest),
        location: SourceLocation(
          location.source, SourceRange(location.range.end - rest.utf8.count, location.range.end))),
    ]
  }

  private static func csv(_ file: SourceText) -> [[Cell]] {
    let bytes = file.bytes
    var rows: [[Cell]] = []
    var row: [Cell] = []
    var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while index < bytes.count {
      let start = index
      var text: [UInt8] = []
      if bytes[index] == UInt8(ascii: "\"") {
        index += 1
        while index < bytes.count {
          if bytes[index] == UInt8(ascii: "\"") {
            index += 1
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { break }
          }
          text.append(bytes[index])
          index += 1
        }
      }
      while index < bytes.count, ![0x2C, 0x0A, 0x0D].contains(bytes[index]) {
        text.append(bytes[index])
        index += 1
      }
      let location = SourceLocation(file, SourceRange(start, index))
      row.append(Cell(text: String(decoding: text, as: UTF8.self), location: location))
      if index < bytes.count, bytes[index] == 0x2C {
        index += 1
        if index < bytes.count { continue }
        row.append(Cell(text: "", location: SourceLocation(file, SourceRange(index, index))))
      }
      if index < bytes.count { index += bytes[index...].starts(with: [0x0D, 0x0A]) ? 2 : 1 }
      if row.count > 1 || row.first?.text.isEmpty == false { rows.append(row) }
      row = []
    }
    return rows
  }

  private static func yaml(_ file: SourceText, _ findings: Findings) -> (header: [String]?, records: [[Cell]]) {
    let document = YAMLReader.read(file)
    findings.add(document.diagnostics)
    let reader = NodeReader(source: file, findings: findings)
    let elements = document.root.map { reader.elements($0, "a list file") } ?? []
    guard elements.contains(where: { $0.pairs != nil }) else {
      let cells = elements.compactMap { reader.text($0, "a value") }
      return (nil, cells.map { [Cell(text: $0.text, location: $0.location)] })
    }
    var header: [String] = []
    let rows = elements.map { element in
      reader.pairs(element, "a record").compactMap { key, value in
        if !header.contains(key.value) { header.append(key.value) }
        return reader.text(value, "'\(key.value)'").map { (key.value, Cell(text: $0.text, location: $0.location)) }
      }
    }
    return (
      header,
      rows.map { row in
        header.map { name in
          row.first { $0.0 == name }?.1 ?? Cell(text: "", location: SourceLocation(file, SourceRange(0, 0)))
        }
      }
    )
  }
}
