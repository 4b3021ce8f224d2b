import Diagnostics
import RunbookLanguage
import Values

/// A table that a query may read, by the name that it has in the query's text.
struct QueriedTable {
  let name: String
  let columns: [Column]
}

/// Comparisons of columns with what they never hold: SQL answers them without a word.
struct ComparisonCheck {
  private let tables: [QueriedTable]

  init(tables: [QueriedTable]) {
    self.tables = tables
  }

  func findings(on text: PlacedText) -> [Diagnostic] {
    guard let conditions = SQLConditions(text) else { return [] }
    return conditions.comparisons.compactMap { comparison in
      guard let column = column(comparison.column, without: conditions.aliases) else { return nil }
      return finding(comparison, column, text)
    }
  }

  private func finding(_ comparison: SQLConditions.Comparison, _ column: Column, _ text: PlacedText) -> Diagnostic? {
    switch comparison.value {
    case .parameter(let name) where name == "from" || name == "to":
      if column.type == .timestamp { return nil }
      return .notAnInstant(comparison.column, column.type, bound: name, at: text.location(of: comparison.range))
    case .parameter: return nil
    case .text(let value):
      guard comparison.sign == .equal || comparison.sign == .different, column.type.isNumberInSQL,
        Double(value) == nil
      else { return nil }
      return .neverEqual(
        comparison.column, column.type, value, at: text.location(of: comparison.range),
        valueAt: text.location(of: comparison.valueRange))
    }
  }

  /// The column that a name stands for; `nil` where that is not certain.
  private func column(_ name: String, without aliases: Set<String>) -> Column? {
    let parts = name.split(separator: ".").map { $0.lowercased() }
    guard let last = parts.last, !aliases.contains(last) else { return nil }
    let named = tables.filter { parts.count > 1 && $0.name.lowercased() == parts[parts.count - 2] }
    let found = (named.isEmpty ? tables : named).flatMap(\.columns).filter { $0.name.lowercased() == last }
    return Set(found.map(\.type)).count == 1 ? found.first : nil
  }
}

extension ColumnType {
  /// Whether SQL has its values as numbers.
  fileprivate var isNumberInSQL: Bool { [.bool, .int, .double].contains(self) }
}
