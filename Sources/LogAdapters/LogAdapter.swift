import RunbookPorts
import Values

/// Answers SQL over the tables of log files.
struct LogAdapter: DataAdapter {
  let schema: SourceSchema
  let tables: [any RecordTable]
  let files: FileSet
  /// What the log's clock can tell apart.
  let resolution: Duration
  /// Whether records have times.
  var hasTimes = true

  init(tables: [any RecordTable], files: FileSet, resolution: Duration, hasTimes: Bool = true) {
    self.tables = tables
    self.files = files
    self.resolution = resolution
    self.hasTimes = hasTimes
    schema = SourceSchema(languages: ["sql"], tables: tables.map(\.schema))
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
      completeness: Self.completeness(cut: outcome.cut, gaps: snapshot.gaps + outcome.scan.gaps),
      isMonotone: statement.isMonotone, extent: extent(of: snapshot, outcome.scan), warnings: outcome.scan.warnings,
      statistics: outcome.scan.statistics)
  }

  static func completeness(cut: String?, gaps: [String]) -> Completeness {
    if !gaps.isEmpty { return .partial((gaps + (cut.map { [$0] } ?? [])).joined(separator: "; ")) }
    return cut.map(Completeness.truncated) ?? .complete
  }

  private func extent(of snapshot: FileSet.Snapshot, _ scan: ScanSummary) -> SourceExtent? {
    guard hasTimes else { return nil }
    let isKnown = scan.isWhole
    return SourceExtent(
      first: isKnown ? scan.first : snapshot.first, last: isKnown ? scan.last : snapshot.last, resolution: resolution)
  }
}
