import Diagnostics
import YAMLTree

/// A list file as records of cells.
///
/// - `.csv`: RFC 4180 with a header line.
/// - `.yaml`, `.yml`: a list of values, or of mappings.
/// - Anything else: a record a line, `#` comments, at most two cells.
struct ListRows {
  /// The wanted cells of each record in the order in which they were asked for.
  let records: [[Placed<String>]]

  /// Most records of a list file.
  static let recordLimit = 1_000_000

  /// - Parameter columns: The names of the wanted cells; `nil` for the first of each record.
  /// - Returns: `nil` when the file does not have those columns, or is no list; that has been told.
  init?(_ file: SourceText, columns: [String]?, _ findings: Findings) {
    let read: [[Placed<String>]]? =
      if file.name.hasSuffix(".csv") {
        Self.csv(file, columns, findings)
      } else if file.name.hasSuffix(".yaml") || file.name.hasSuffix(".yml") {
        Self.yaml(file, columns, findings)
      } else {
        Self.lines(file, columns, findings)
      }
    guard let read else { return nil }
    if read.count > Self.recordLimit, let place = read[Self.recordLimit].first?.location {
      findings.add(.listShape("a list has at most \(Self.recordLimit) records", at: place))
    }
    records = read
  }

  // MARK: Forms

  private static func lines(_ file: SourceText, _ columns: [String]?, _ findings: Findings) -> [[Placed<String>]]? {
    guard Set(columns ?? []).count <= 2 else {
      let message = "a file of lines has two columns at most, a word and the rest; write the list as '.csv' or '.yaml'"
      findings.add(.listShape(message, at: start(of: file)))
      return nil
    }
    let records = ListLines.records(of: file)
    guard let columns else { return records }
    // The key is asked for besides the columns, which may name it again.
    let distinct = columns.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let places = columns.compactMap(distinct.firstIndex)
    return records.map { record in places.prefix { $0 < record.count }.map { record[$0] } }
  }

  private static func csv(_ file: SourceText, _ columns: [String]?, _ findings: Findings) -> [[Placed<String>]]? {
    var reader = CSVRecords(file)
    guard let header = reader.next() else {
      findings.add(.listShape("the header line with the names of the columns is missing", at: start(of: file)))
      return nil
    }
    let names = header.map(\.value)
    var places = [0]
    if let columns {
      places = columns.compactMap { name in
        if let place = names.firstIndex(of: name) { return place }
        let last = header.last?.location.range.end ?? 0
        let line = SourceLocation(file, SourceRange(header.first?.location.range.start ?? 0, last))
        findings.add(.unknownName(name, "column", known: names, at: line))
        return nil
      }
      guard places.count == columns.count else { return nil }
    }
    var records: [[Placed<String>]] = []
    while records.count <= recordLimit, let record = reader.next(), reader.unclosed == nil {
      if record.count != header.count, let first = record.first, let last = record.last {
        let place = SourceLocation(file, SourceRange(first.location.range.start, last.location.range.end))
        findings.add(.listShape("the header names \(header.count) cells, and here are \(record.count)", at: place))
      } else {
        records.append(places.map { record[$0] })
      }
    }
    if let unclosed = reader.unclosed {
      findings.add(.listShape("the quotation that begins here does not end", at: unclosed))
    }
    return records
  }

  private static func yaml(_ file: SourceText, _ columns: [String]?, _ findings: Findings) -> [[Placed<String>]]? {
    let document = YAMLReader.read(file)
    findings.add(document.diagnostics)
    guard let root = document.root, document.isComplete else { return nil }
    let reader = NodeReader(source: file, findings: findings)
    let elements = reader.elements(root, "a list file")
    func cell(_ node: YAMLNode, _ what: String) -> Placed<String>? {
      reader.text(node, what).map { Placed($0.text, at: $0.location) }
    }
    guard let columns else { return elements.compactMap { cell($0, "a value").map { [$0] } } }
    return elements.compactMap { element in
      guard element.pairs != nil else {
        _ = reader.pairs(element, "a record")
        return nil
      }
      return columns.map { name in
        element[name].flatMap { cell($0, "'\(name)'") } ?? Placed("", at: reader.location(element))
      }
    }
  }

  private static func start(of file: SourceText) -> SourceLocation {
    SourceLocation(file, SourceRange(0, file.contents(ofLine: 1).upperBound))
  }
}
