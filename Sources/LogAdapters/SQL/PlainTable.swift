import GRDB
import RunbookPorts
import Values

// GRDB has types of the same names.
import class Values.Table

/// Copies a fetched table into a database in memory.
enum PlainTable {
  static func create(_ name: String, _ table: Table, in database: Database) throws(AdapterError) {
    let columns = table.columns.map { "\(ConnectedTable.quoted($0.name)) \(affinity(of: $0.type))" }
    let holes = Array(repeating: "?", count: table.columns.count).joined(separator: ", ")
    do {
      try database.execute(sql: "CREATE TABLE \(ConnectedTable.quoted(name)) (\(columns.joined(separator: ", ")))")
      let insertion = try database.makeStatement(sql: "INSERT INTO \(ConnectedTable.quoted(name)) VALUES (\(holes))")
      for row in 0..<table.count {
        let cells: [(any DatabaseValueConvertible)?] = table.cells.map { stored($0[row]) }
        try insertion.execute(arguments: StatementArguments(cells))
      }
    } catch {
      throw .rejected("the result `\(name)` cannot be joined: \(SQLSession.message(of: error))")
    }
  }

  private static func affinity(of type: ColumnType) -> String {
    switch type {
    case .bool, .int: "INTEGER"
    case .double: "REAL"
    default: "TEXT"
    }
  }

  private static func stored(_ value: Value) -> (any DatabaseValueConvertible)? {
    switch value {
    case .null: nil
    case .bool(let flag): flag ? 1 : 0
    case .int(let number): number
    case .double(let number): number
    case .timestamp(let instant): instant.description
    case .string(let text): text
    default: value.json.text ?? value.json.compactText
    }
  }
}
