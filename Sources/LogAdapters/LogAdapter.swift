import RunbookPorts
import Values

/// Answers SQL over the tables of log files.
struct LogAdapter: DataAdapter {
  let schema: SourceSchema
  let tables: [any RecordTable]
  let files: FileSet
  /// What the log's clock can tell apart.
  let resolution: Duration
  /// Whether the same records may also be written without times; a source in which none has one has no extent.
  let timesAreOptional: Bool

  init(
    tables: [any RecordTable], files: FileSet, resolution: Duration, hasTimes: Bool = true,
    timesAreOptional: Bool = false
  ) {
    self.timesAreOptional = timesAreOptional
    self.tables = tables
    self.files = files
    self.resolution = resolution
    schema = SourceSchema(languages: ["sql"], tables: tables.map(\.schema), hasTimes: hasTimes)
  }

  func fetch(_ query: BoundQuery) async throws(AdapterError) -> QueryResult {
    let (statement, columns) = try SQLRequest.read(query)
    let outcome = try await SQLSession(source: query.source, limits: query.limits)
      .run(statement, query, columns: columns, tables: tables) { control throws(FileProblem) in
        try files.snapshot(control)
      }
    let snapshot = outcome.snapshot
    return QueryResult(
      payload: .table(outcome.table),
      completeness: Self.completeness(
        cut: outcome.cut, gaps: snapshot.gaps + outcome.scan.gaps, hidden: outcome.scan.hidden,
        isMonotone: statement.isMonotone),
      isMonotone: statement.isMonotone, extent: extent(of: snapshot, outcome.scan), warnings: outcome.scan.warnings,
      statistics: outcome.scan.statistics)
  }

  /// Records that nobody understood leave the rows of a plain selection right and may have added more; what is counted
  /// or grouped without them may be wrong.
  static func completeness(
    cut: String?, gaps: [String], hidden: [String] = [], isMonotone: Bool = true
  ) -> Completeness {
    let gaps = gaps + (isMonotone ? [] : hidden)
    let missing = (cut.map { [$0] } ?? []) + (isMonotone ? hidden : [])
    if !gaps.isEmpty { return .partial((gaps + (cut.map { [$0] } ?? [])).joined(separator: "; ")) }
    return missing.isEmpty ? .complete : .truncated(missing.joined(separator: "; "))
  }

  private func extent(of snapshot: FileSet.Snapshot, _ scan: ScanSummary) -> SourceExtent? {
    guard schema.hasTimes else { return SourceExtent(kind: .untimed, first: nil, last: nil, resolution: .zero) }
    let (first, last) = scan.isWhole ? (scan.first, scan.last) : (snapshot.first, snapshot.last)
    if timesAreOptional, last == nil, scan.statistics.recordsRead > 0 { return nil }
    return SourceExtent(first: first, last: last, resolution: resolution, silence: scan.silence)
  }
}
