import GRDB
import RunbookPorts
import Values

/// Values as SQLite is given them. A value never becomes a part of a query's text.
enum SQLBinding {
  static func arguments(
    for statement: SQLStatementText, _ values: [String: Value]
  ) throws(AdapterError) -> StatementArguments {
    var arguments: [(any DatabaseValueConvertible)?] = []
    for (name, place) in statement.parameters {
      guard let value = values[name] else { throw .rejected("the parameter ${\(name)} has no value") }
      switch place {
      case .single: arguments.append(try scalar(value, name))
      case .list, .listInParentheses: arguments.append(try list(value, name))
      }
    }
    return StatementArguments(arguments)
  }

  private static func scalar(
    _ value: Value, _ name: String
  ) throws(AdapterError) -> (any DatabaseValueConvertible)? {
    switch value {
    case .null, .optional(nil): return nil
    case .optional(let boxed?): return try scalar(boxed.value, name)
    case .bool(let flag): return flag ? 1 : 0
    case .int(let number): return number
    case .uint(let number):
      guard let number = Int64(exactly: number) else {
        throw .rejected("${\(name)} is too large a number for SQLite")
      }
      return number
    case .double(let number): return number
    case .string(let text): return text
    case .timestamp(let instant): return instant.description
    case .duration(let duration): return duration.inSeconds
    case .address(let box): return box.address.description
    case .network(let box): return box.block.description
    case .list, .table:
      throw .rejected("${\(name)} is a list; a list stands only behind IN, as in `IN ${\(name)}`")
    case .bytes, .map, .calendar, .record, .row, .type, .partial:
      throw .rejected("${\(name)} is of a type that SQL has no value for")
    }
  }

  /// The list as a JSON text, which `json_each` takes apart again.
  private static func list(_ value: Value, _ name: String) throws(AdapterError) -> String {
    let values: [Value] =
      switch value {
      case .list(let values): values
      default: [value]
      }
    var elements: [JSON] = []
    elements.reserveCapacity(values.count)
    for value in values { elements.append(try element(value, name)) }
    return JSON.array(elements).compactText
  }

  private static func element(_ value: Value, _ name: String) throws(AdapterError) -> JSON {
    switch try scalar(value, name) {
    case nil: .null
    case let number as Int: .integer(Int64(number))
    case let number as Int64: .integer(number)
    case let number as Double: .double(number)
    case let text as String: .string(text)
    default: throw .rejected("${\(name)} holds a value that SQL has no list for")
    }
  }
}

extension SQLStatementText {
  /// Whether the text is given an instant, so that it may ask by time.
  func namesInstants(_ values: [String: Value]) -> Bool {
    parameters.contains { if case .timestamp? = values[$0.name] { true } else { false } }
  }
}
