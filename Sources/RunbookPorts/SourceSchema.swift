package import Values

/// What a bound source offers to queries: known to the checker, printed by `tocsin tables`.
package struct SourceSchema: Sendable {
  /// The query languages that the source's adapter understands, such as `sql`.
  package let languages: [String]
  /// Empty for sources that have no tables, such as a metrics store.
  package let tables: [TableSchema]
  /// Whether its records say when; `false` where the deployment names no column that does.
  package let hasTimes: Bool

  package init(languages: [String], tables: [TableSchema] = [], hasTimes: Bool = true) {
    self.languages = languages
    self.tables = tables
    self.hasTimes = hasTimes
  }
}

/// A table of a source.
package struct TableSchema: Sendable {
  /// `nil` for a source's main table, whose name in SQL is the source's id; any other is `id_name`.
  package let name: String?
  package let about: String
  package let columns: [ColumnSchema]

  package init(name: String? = nil, about: String, columns: [ColumnSchema]) {
    self.name = name
    self.about = about
    self.columns = columns
  }

  /// The table's name in the SQL of a runbook that calls the source `source`.
  package func sqlName(in source: String) -> String { name.map { "\(source)_\($0)" } ?? source }
}

/// A column of a source's table. Instants are UTC text with nine digits of fraction in SQL.
package struct ColumnSchema: Sendable {
  package let name: String
  package let type: ColumnType
  package let about: String

  package init(_ name: String, _ type: ColumnType, _ about: String) {
    self.name = name
    self.type = type
    self.about = about
  }
}
