import Diagnostics
import RunbookLanguage
import Values

/// Reads recorded answers from files: comma-separated values with a line of column names, or JSON Lines with an object
/// a row. Columns that a query does not declare are left out. One that it declares and that the file does not have is told,
/// because rows of nothing would answer `no`; a JSON object may leave out what is null, if another has it.
struct RecordedRows {
  let columns: [Column]
  let at: Timestamp
  let findings: Findings
  var limit = GivenTable.rowLimit

  func read(_ file: SourceText, name: String) -> Table? {
    if file.name.hasSuffix(".csv") { return values(file, name) }
    if file.name.hasSuffix(".jsonl") || file.name.hasSuffix(".json") { return lines(file, name) }
    findings.add(
      .badGiven(
        name, expected: "a recorded answer is a '.csv' file or a '.jsonl' file, an object a line",
        at: SourceLocation(file, SourceRange(0, 0))))
    return nil
  }

  /// Whether the file has all that the query declares.
  private func isWhole(_ present: [String], _ name: String, at place: SourceLocation) -> Bool {
    let missing = columns.map(\.name).filter { !present.contains($0) }
    guard !missing.isEmpty else { return true }
    findings.add(
      .badGiven(
        name,
        expected: "of the columns that the query declares the file lacks \(quotedList(missing)); it has "
          + quotedList(present),
        at: place))
    return false
  }

  private func values(_ file: SourceText, _ name: String) -> Table? {
    var records = CSVRecords(file)
    let start = SourceLocation(file, SourceRange(0, 0))
    guard let head = records.next() else {
      findings.add(.badGiven(name, expected: "the file has no line of column names", at: start))
      return nil
    }
    guard isWhole(head.map(\.value), name, at: head.first?.location ?? start) else { return nil }
    let table = GivenTable(columns: columns, at: at, findings: findings)
    let places = head.map { cell in columns.firstIndex { $0.name == cell.value } }
    var builder = TableBuilder(columns: columns)
    while let record = records.next() {
      guard record.count == head.count else {
        findings.add(.badRow(cells: record.count, columns: head.count, at: record[0].location))
        return nil
      }
      var row = [Value](repeating: .null, count: columns.count)
      for (place, cell) in zip(places, record) {
        guard let place, !cell.value.isEmpty else { continue }
        row[place] = table.value(cell.value, of: columns[place], at: cell.location)
      }
      _ = builder.append(row)
      guard builder.count <= limit else { return tooMany(file) }
    }
    return builder.build(name: name)
  }

  private func lines(_ file: SourceText, _ name: String) -> Table? {
    var builder = TableBuilder(columns: columns)
    var present: [String] = []
    for line in 1...file.lineCount {
      let range = file.contents(ofLine: line)
      guard file.bytes[range].contains(where: { $0 > 0x20 }) else { continue }
      let place = SourceLocation(file, SourceRange(range.lowerBound, range.upperBound))
      let json: JSON
      do { json = try JSON(parsing: Array(file.bytes[range])) } catch {
        findings.add(.badGiven(name, expected: "the line is not JSON: \(error)", at: place))
        return nil
      }
      guard let members = json.members else {
        findings.add(.badGiven(name, expected: "the line is no object; each line is a row, {column: value}", at: place))
        return nil
      }
      for member in members where !present.contains(member.name) { present.append(member.name) }
      let row = columns.map { column -> Value in
        guard let value = json[column.name].map(Value.init) else { return .null }
        if let cell = column.type.admit(value) { return cell }
        findings.add(
          .badCell(value.displayText, column: column.name, type: column.type.description, at: place))
        return .null
      }
      _ = builder.append(row)
      guard builder.count <= limit else { return tooMany(file) }
    }
    let start = SourceLocation(file, SourceRange(0, 0))
    guard builder.count == 0 || isWhole(present, name, at: start) else { return nil }
    return builder.build(name: name)
  }

  private func tooMany(_ file: SourceText) -> Table? {
    findings.add(.tooManyGiven("rows", limit: limit, at: SourceLocation(file, SourceRange(0, 0))))
    return nil
  }
}
