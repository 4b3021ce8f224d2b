import Diagnostics
import RunbookLanguage
import RunbookPorts
import Values

/// Reads recorded series from files: an answer of Prometheus as it was kept, or comma-separated values with the columns
/// `timestamp` and `value`.
struct RecordedPoints {
  private static let columns = [Column("timestamp", .timestamp), Column("value", .double)]

  /// Of the series in comma-separated values; an answer of Prometheus has its own.
  let labels: [(name: String, value: String)]
  let at: Timestamp
  let findings: Findings

  /// - Returns: `nil` after a finding.
  func read(_ file: SourceText, name: String, _ completeness: Completeness) -> Given? {
    let start = SourceLocation(file, SourceRange(0, 0))
    let told = findings.all.count
    let given: Given
    if file.name.hasSuffix(".csv") {
      guard let series = values(file, name, at: start) else { return nil }
      given = .recorded([series], completeness)
    } else if file.name.hasSuffix(".json") {
      guard let answer = answer(file, name, completeness, at: start) else { return nil }
      given = answer
    } else {
      return refuse(
        name,
        "a recorded series is a '.csv' file with the columns 'timestamp' and 'value', or the '.json' of an answer of "
          + "Prometheus", at: start)
    }
    guard case .recorded(let series, _) = given,
      series.reduce(0, { $0 + $1.points.count }) <= GivenReader.pointLimit
    else {
      findings.add(.tooManyGiven("points", limit: GivenReader.pointLimit, at: start))
      return nil
    }
    // A cell that could not be read is no gap.
    return findings.all.count == told ? given : nil
  }

  private func answer(
    _ file: SourceText, _ name: String, _ completeness: Completeness, at start: SourceLocation
  ) -> Given? {
    guard labels.isEmpty else { return refuse(name, "an answer of Prometheus has labels of its own", at: start) }
    let answer: RecordedSeries
    do throws(RecordedSeriesProblem) { answer = try RecordedSeries(file.bytes) } catch {
      return refuse(name, error.message, at: start)
    }
    guard case .complete = completeness, !answer.warnings.isEmpty else { return .recorded(answer.series, completeness) }
    return .recorded(answer.series, .partial(answer.warnings.joined(separator: "; ")))
  }

  private func values(_ file: SourceText, _ name: String, at start: SourceLocation) -> Series? {
    var records = CSVRecords(file)
    let head = records.next() ?? []
    let names = Self.columns.map(\.name)
    guard head.count == names.count, Set(head.map(\.value)) == Set(names) else {
      let has = head.isEmpty ? "nothing" : quotedList(head.map(\.value))
      return refuse(
        name, "the columns of a recorded series are 'timestamp' and 'value'; the file has \(has)",
        at: head.first?.location ?? start)
    }
    let rows = RecordedRows(columns: Self.columns, at: at, findings: findings, limit: GivenReader.pointLimit)
    guard let table = rows.read(file, name: name) else { return nil }
    var points: [Series.Point] = []
    for row in table.rows {
      switch (row[0], row[1]) {
      case (.timestamp(let time), .double(let value)): points.append(.init(time, value))
      // Nothing was measured.
      case (.timestamp, _): continue
      default: return refuse(name, "row \(row.index + 1) has no timestamp", at: start)
      }
    }
    points.sort { $0.time < $1.time }
    if let twice = zip(points, points.dropFirst()).first(where: { $0.time == $1.time }) {
      return refuse(name, "two points are of \(twice.0.time)", at: start)
    }
    return Series(labels: labels, points: points)
  }

  private func refuse<Read>(_ name: String, _ reason: String, at place: SourceLocation) -> Read? {
    findings.add(.badGiven(name, expected: reason, at: place))
    return nil
  }
}
