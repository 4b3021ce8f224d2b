import GRDB
import RunbookPorts
import Values

// GRDB has types of the same names.
import struct Values.Column
import class Values.Table

/// Takes SQL's rows in as the columns that the runbook declares.
struct ResultAdmission {
  let columns: [Column]
  /// For each declared column, its place in SQL's answer.
  private let places: [Int]
  private let limits: FetchLimits
  private var builder: TableBuilder
  private var textBytes = 0
  private(set) var cut: String?

  /// - Parameter names: The columns of SQL's answer.
  init(_ columns: [Column], from names: [String], limits: FetchLimits) throws(AdapterError) {
    self.columns = columns
    self.limits = limits
    builder = TableBuilder(columns: columns)
    var places: [Int] = []
    for column in columns {
      guard let place = names.firstIndex(of: column.name) else {
        throw .mismatched("the answer has no column `\(column.name)`; it has \(Self.listed(names))")
      }
      places.append(place)
    }
    if let name = names.first(where: { name in !columns.contains { $0.name == name } }) {
      throw .mismatched(
        "the answer has a column `\(name)` that is not declared; declared are \(Self.listed(columns.map(\.name)))")
    }
    guard names.count == columns.count else { throw .mismatched("the answer has two columns of one name") }
    self.places = places
  }

  private static func listed(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }

  /// Adds a row.
  ///
  /// - Returns: `false` when a limit is reached and the row was left out.
  mutating func append(_ row: Row) throws(AdapterError) -> Bool {
    if builder.count == limits.rows {
      cut = "cut at \(limits.rows) rows"
      return false
    }
    var values: [Value] = []
    values.reserveCapacity(columns.count)
    for (column, place) in zip(columns, places) {
      let value = Self.value(row[place] as DatabaseValue, for: column.type)
      if case .string(let text) = value { textBytes += text.utf8.count }
      values.append(value)
    }
    if textBytes > limits.bytes {
      cut = "cut at \(limits.bytes) bytes after \(builder.count) rows"
      return false
    }
    if let column = builder.append(values) {
      let value = values[columns.firstIndex(of: column) ?? 0]
      throw .mismatched(
        "the column `\(column.name)` is declared \(column.type), but row \(builder.count + 1) holds "
          + "\(Self.name(of: value))")
    }
    return true
  }

  func build() -> Table { builder.build() }

  private static func value(_ cell: DatabaseValue, for type: ColumnType) -> Value {
    switch cell.storage {
    case .null: return .null
    case .int64(let number): return .int(number)
    case .double(let number): return .double(number)
    case .blob(let data): return .bytes(Array(data))
    case .string(let text):
      // SQL has no lists; a JSON array stands for one.
      guard case .list(let element) = type, let json = try? JSON(parsing: text.utf8), let elements = json.elements
      else {
        return .string(text)
      }
      return .list(elements.map { element.admit(Value($0)) ?? Value($0) })
    }
  }

  /// The kind of a value; never the value itself, which an attacker may have written.
  private static func name(of value: Value) -> String {
    switch value {
    case .int: "a whole number"
    case .double: "a number with a fraction"
    case .string: "text of another form"
    case .bytes: "bytes"
    case .list: "a list of other elements"
    default: "another kind of value"
    }
  }
}
