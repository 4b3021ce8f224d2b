import Diagnostics
import RunbookLanguage
import Values

/// Reads recorded answers from files: comma-separated values with a line of column names, or JSON Lines with an object
/// a row. Columns that a query does not declare are left out; declared ones that the file lacks are null.
struct RecordedRows {
  let columns: [Column]
  let at: Timestamp
  let findings: Findings

  func read(_ file: SourceText, name: String) -> Table? {
    file.name.hasSuffix(".jsonl") || file.name.hasSuffix(".json") ? lines(file, name) : values(file, name)
  }

  private func values(_ file: SourceText, _ name: String) -> Table? {
    var records = CSVRecords(file)
    guard let head = records.next() else { return nil }
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
      guard builder.count <= GivenTable.rowLimit else { return tooMany(file) }
    }
    return builder.build(name: name)
  }

  private func lines(_ file: SourceText, _ name: String) -> Table? {
    var builder = TableBuilder(columns: columns)
    for line in 1...file.lineCount {
      let range = file.contents(ofLine: line)
      guard file.bytes[range].contains(where: { $0 > 0x20 }) else { continue }
      let place = SourceLocation(file, SourceRange(range.lowerBound, range.upperBound))
      let json: JSON
      do { json = try JSON(parsing: Array(file.bytes[range])) } catch {
        findings.add(.badGiven(name, expected: "the line is not JSON: \(error)", at: place))
        return nil
      }
      let row = columns.map { column -> Value in
        guard let value = json[column.name].map(Value.init) else { return .null }
        if let cell = column.type.admit(value) { return cell }
        findings.add(
          .badCell(value.displayText, column: column.name, type: column.type.description, at: place))
        return .null
      }
      _ = builder.append(row)
      guard builder.count <= GivenTable.rowLimit else { return tooMany(file) }
    }
    return builder.build(name: name)
  }

  private func tooMany(_ file: SourceText) -> Table? {
    findings.add(.tooManyGiven("rows", limit: GivenTable.rowLimit, at: SourceLocation(file, SourceRange(0, 0))))
    return nil
  }
}
