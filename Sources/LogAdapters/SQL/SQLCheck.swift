import GRDB
package import RunbookPorts
import Values

/// Checks a query's SQL against the tables of its source, without any data.
package enum SQLCheck {
  /// The columns of the query's answer, in order.
  ///
  /// - Parameters:
  ///   - tables: The tables with the names that they have in the SQL.
  /// - Throws: what SQLite says about the text, with the place of it where SQLite knows one.
  package static func columns(
    of template: QueryTemplate, tables: [(name: String, columns: [String])]
  ) throws(SQLProblem) -> [String] {
    let statement = try SQLStatementText(template)
    let connected = tables.map { table in
      let schema = TableSchema(name: nil, about: "", columns: table.columns.map { ColumnSchema($0, .string, "") })
      return ConnectedTable(
        name: table.name, table: EmptyTable(schema: schema), snapshot: FileSet.Snapshot(), window: nil, judged: nil,
        namesInstants: false, control: ScanControl(time: .seconds(10)))
    }
    let result: Result<[String], SQLProblem>
    do { result = try prepare(statement, connected) } catch {
      throw SQLProblem("SQLite could not be started", at: nil)
    }
    return try result.get()
  }

  /// The same, for a query of one source.
  package static func columns(
    of template: QueryTemplate, schema: SourceSchema, source: String
  ) throws(SQLProblem) -> [String] {
    try columns(of: template, tables: schema.tables.map { ($0.sqlName(in: source), $0.columns.map(\.name)) })
  }

  private static func prepare(
    _ statement: SQLStatementText, _ tables: [ConnectedTable]
  ) throws -> Result<[String], SQLProblem> {
    let queue = try DatabaseQueue()
    return queue.inDatabase { database in
      for function in PathFunctions.all + TextFunctions.all { database.add(function: function) }
      let bridge: SQLiteBridge
      do throws(AdapterError) {
        bridge = try SQLiteBridge(
          database, tables: tables, control: ScanControl(time: .seconds(10)), readable: tables.map(\.name))
      } catch {
        return .failure(SQLProblem(error.message, at: nil))
      }
      defer { bridge.release() }
      do {
        let names = try database.makeStatement(sql: statement.text).columnNames
        guard !names.isEmpty else { return .failure(SQLProblem("only SELECT can be used", at: 0)) }
        return .success(names)
      } catch {
        let offset = SQLSession.isMoreThanOneStatement(error) ? nil : bridge.errorOffset.map(statement.templateOffset)
        return .failure(SQLProblem(bridge.refusal ?? SQLSession.message(of: error), at: offset))
      }
    }
  }
}

/// A table without rows.
private struct EmptyTable: RecordTable {
  let schema: TableSchema

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor { Cursor() }

  private final class Cursor: RecordCursor {
    func advance() throws(ScanFailure) -> Bool { false }
    func cell(_ column: Int) -> Cell { .null }
  }
}
