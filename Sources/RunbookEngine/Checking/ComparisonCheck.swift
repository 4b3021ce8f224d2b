import Diagnostics
import RunbookLanguage
import Values

/// A table that a query may read, by the name that it has in the query's text.
struct QueriedTable {
  let name: String
  let columns: [Column]
}

/// What a query's text does with columns, held against the types that its tables declare: SQL takes everything without
/// a word.
struct ComparisonCheck {
  private let tables: [QueriedTable]
  /// The types of what is bound, by the names in `${…}`.
  private let parameters: [String: ValueType]

  init(tables: [QueriedTable], parameters: [(path: String, expression: Expression)]) {
    self.tables = tables
    self.parameters = Dictionary(parameters.map { ($0.path, $0.expression.type) }) { first, _ in first }
  }

  /// Columns that are declared as what no value of the table's column can be.
  func findings(on text: PlacedText, answering declared: [Column]) -> [Diagnostic] {
    SQLPlainColumn.all(of: text, answering: declared.map(\.name)).compactMap { answered in
      guard let wanted = declared.first(where: { $0.name.lowercased() == answered.name }),
        let column = column(answered.column, without: []), !wanted.type.mayHold(column.type)
      else { return nil }
      return .columnOfAnotherType(
        wanted.name, wanted.type, selected: answered.column, column.type, at: answered.location)
    }
  }

  /// Comparisons of columns with what they never hold.
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
    case .parameter(let name):
      guard let type = parameters[name]?.single,
        !column.type.isComparable(with: type, isOrder: comparison.sign == .less || comparison.sign == .greater)
      else { return nil }
      return .comparedWithAnotherType(
        comparison.column, column.type, bound: name, type, at: text.location(of: comparison.range))
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

  private var isText: Bool { valueType == .string }

  /// Whether some value of a table's column, as SQL gives it, can be of this type.
  fileprivate func mayHold(_ column: ColumnType) -> Bool {
    if self == column || isText && column.isText { return true }
    switch (self, column) {
    case (.list, _), (_, .list), (.calendar, _), (_, .calendar): return true
    case (.bool, .int), (.int, .bool), (.int, .double), (.double, .bool), (.double, .int): return true
    // Text is read by the type's own notation.
    case (_, _) where column.isText: return true
    // Instants, addresses and blocks are text in SQL.
    case (_, .timestamp), (_, .ip), (_, .cidr): return isText || self == .cidr && column == .ip
    default: return self == .cidr && column == .ip || self == .double && column == .duration
    }
  }

  /// Whether a comparison of the column with a value of a type can be meant.
  fileprivate func isComparable(with type: ValueType, isOrder: Bool) -> Bool {
    let own = valueType
    if own == type { return true }
    switch (own, type) {
    case (.bool, .int), (.int, .bool), (.bool, .double), (.double, .bool), (.int, .double), (.double, .int): return true
    // A column of text may well hold numbers; but their order in it is not that of numbers.
    case (.string, .int), (.string, .double), (.string, .bool): return !isOrder
    case (.string, .address), (.string, .network), (.address, .string), (.network, .string): return true
    case (.address, .network), (.network, .address): return true
    case (.bool, _), (.int, _), (.double, _), (.timestamp, _), (.address, _), (.network, _), (.string, .timestamp):
      return !type.isPlain
    default: return true
    }
  }
}

extension ValueType {
  /// What is compared of it: of a list its elements, of what may be missing what it is; `nil` where that is not known.
  fileprivate var single: ValueType? {
    switch self {
    case .list(let element), .optional(let element): element.single
    case .choice: .string
    case .uint: .int
    case .dyn: nil
    default: self
    }
  }

  /// Whether SQL has one form for its values, and no other type's.
  fileprivate var isPlain: Bool {
    switch self {
    case .bool, .int, .double, .string, .timestamp, .address, .network: true
    default: false
    }
  }
}
