package import RunbookPorts
package import Values

/// Joins what other queries fetched, in SQL.
package struct TableJoiner: ResultJoiner {
  package init() {}

  package func join(
    _ query: BoundQuery, inputs: [(name: String, table: Table)]
  ) async throws(AdapterError) -> QueryResult {
    let (statement, columns) = try SQLRequest.read(query)
    let outcome = try await SQLSession(source: query.source, limits: query.limits)
      .join(statement, query, columns: columns, inputs: inputs)
    return QueryResult(
      payload: .table(outcome.table), completeness: outcome.cut.map(Completeness.truncated) ?? .complete,
      isMonotone: statement.isMonotone)
  }
}

/// The parts of a bound query that SQL needs.
enum SQLRequest {
  static func read(_ query: BoundQuery) throws(AdapterError) -> (SQLStatementText, [Column]) {
    guard query.language == "sql", case .text(let template) = query.body else {
      throw .rejected("this source is asked in SQL")
    }
    guard case .rows(let columns, _) = query.shape else {
      throw .rejected("SQL gives rows; a series needs a source of measured values")
    }
    do { return (try SQLStatementText(template), columns) } catch { throw .rejected(error.message) }
  }
}
