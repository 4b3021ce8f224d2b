import Investigation
import RunbookPorts
import Values

/// Looks whether an answer is what the query declares. Adapters are not taken at their word.
enum ResultInspection {
  static func admit(_ result: QueryResult, to request: FetchRequest) throws(AdapterError) -> QueryResult {
    switch (request.shape, result.payload) {
    case (.rows(let columns, _), .table(let table)):
      let (admitted, isCut) = try admit(table, columns, request)
      return result.with(.table(admitted), cutAt: isCut ? "\(request.rowLimit) rows" : nil)
    case (.series, .series(let series)):
      for one in series { try inspect(one) }
      let series = series.map { one in
        Series(labels: one.labels, points: one.points.map { Series.Point($0.time, $0.value + 0) })
      }
      let count = series.reduce(0) { $0 + $1.points.count }
      guard count <= request.rowLimit else {
        throw .mismatched("the answer has \(count) points, and at most \(request.rowLimit) were asked for")
      }
      return result.with(.series(series), cutAt: nil)
    case (.rows, .series): throw .mismatched("the answer is a series, and rows were asked for")
    case (.series, .table): throw .mismatched("the answer is rows, and a series was asked for")
    }
  }

  private static func admit(
    _ table: Table, _ columns: [Column], _ request: FetchRequest
  ) throws(AdapterError) -> (Table, isCut: Bool) {
    guard table.columns == columns else {
      throw .mismatched("the answer does not have the declared columns")
    }
    let isCut = table.count > request.rowLimit
    let count = min(table.count, request.rowLimit)
    var cells: [[Value]] = []
    for (column, found) in zip(columns, table.cells) {
      let admitted = found.prefix(count).compactMap { column.type.admit($0)?.asRecorded }
      guard admitted.count == count else {
        throw .mismatched("the column `\(column.name)` holds something that is no \(column.type)")
      }
      cells.append(admitted)
    }
    // Rows bear the query's name, as the expressions about them were checked.
    return (
      Table(columns: columns, cells: cells, count: count, name: request.id.query), isCut
    )
  }

  private static func inspect(_ series: Series) throws(AdapterError) {
    let times = series.points.map(\.time)
    guard zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw .mismatched("the points of a series are not in the order of time")
    }
  }
}

extension Value {
  /// JSON has one zero only, and a replay must see what the run saw.
  fileprivate var asRecorded: Value {
    if case .double(0) = self { .double(0) } else { self }
  }
}

extension QueryResult {
  /// The same with another payload; an answer that had to be cut here is no longer complete.
  fileprivate func with(_ payload: Payload, cutAt limit: String?) -> QueryResult {
    var completeness = completeness
    if let limit, case .complete = completeness { completeness = .truncated("cut at \(limit)") }
    return QueryResult(
      payload: payload, completeness: completeness, isMonotone: isMonotone, extent: extent, warnings: warnings,
      statistics: statistics, baseline: baseline)
  }
}
