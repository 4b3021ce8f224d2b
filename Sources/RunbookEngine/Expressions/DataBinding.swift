internal import Diagnostics
internal import Foundation
package import Values

/// JSON as values of declared types.
package enum DataBinding {
  /// - Parameter path: How messages name the value: `rows[3].status`.
  /// - Throws: where the JSON is not of the type, naming the place. A record may lack fields; it has none that its type
  ///   does not have.
  package static func value(_ json: JSON, as type: ValueType, path: String) throws(TrialProblem) -> Value {
    switch (type, json) {
    case (.dyn, _): return Value(json)
    case (.optional, .null): return .optional(nil)
    case (.optional(let wrapped), _): return .optional(Boxed(try value(json, as: wrapped, path: path)))
    case (_, .null): return .null
    case (.uint, .integer(let number)) where number >= 0: return .uint(UInt64(number))
    case (.uint, .number(let text)): if let number = UInt64(text) { return .uint(number) }
    case (.double, .number(let text)): if let number = Double(text) { return .double(number) }
    case (.bytes, .string(let text)): if let data = Data(base64Encoded: text) { return .bytes(Array(data)) }
    case (.choice(let labels), .string(let text)):
      if labels.contains(where: { ExactString($0) == ExactString(text) }) { return .string(text) }
    case (.list(.record(let row)), .array(let elements)): return try rows(elements, of: row, path: path)
    case (.list(let element), .array(let elements)): return .list(try list(elements, of: element, path: path))
    case (.map(let key, let element), .object(let members)):
      return try map(members, from: key, to: element, path: path)
    case (.record(let type), .object(let members)):
      return .record(Record(type, try fields(members, of: type, path: path)))
    default: if let value = columnType(of: type)?.admit(Value(json)) { return value }
    }
    let shown = json.compactText
    throw TrialProblem(.data, "'\(path)' must be \(type)\(note(on: type)), not \(shown.prefix(60))")
  }

  private static func note(on type: ValueType) -> String {
    switch type {
    case .timestamp: " (as in \"2026-03-02T10:00:00Z\")"
    case .duration: " (as in \"90s\")"
    case .bytes: " (as base64)"
    default: ""
    }
  }

  private static func list(_ elements: [JSON], of type: ValueType, path: String) throws(TrialProblem) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      values.append(try value(element, as: type, path: "\(path)[\(index)]"))
    }
    return values
  }

  private static func map(
    _ members: [JSON.Member], from key: ValueType, to type: ValueType, path: String
  ) throws(TrialProblem) -> Value {
    var entries: [(key: Value, value: Value)] = []
    for member in members {
      let place = "\(path)[\"\(member.name.prefix(40))\"]"
      guard let name = mapKey(member.name, of: key) else {
        throw TrialProblem(.data, "the key of '\(place)' is not of type \(key)")
      }
      entries.append((name, try value(member.value, as: type, path: place)))
    }
    guard let map = ValueMap(entries) else { throw TrialProblem(.data, "a key stands twice in '\(path)'") }
    return .map(map)
  }

  private static func mapKey(_ text: String, of type: ValueType) -> Value? {
    switch type {
    case .string, .dyn: .string(text)
    case .int: Int64(text).map(Value.int)
    case .uint: UInt64(text).map(Value.uint)
    case .bool: text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
    default: nil
    }
  }

  /// One value for each field of the type, `nil` where the JSON has none.
  private static func fields(
    _ members: [JSON.Member], of type: RecordType, path: String
  ) throws(TrialProblem) -> [Value?] {
    var values = [Value?](repeating: nil, count: type.fields.count)
    for member in members {
      guard let slot = type.slot(of: member.name) else {
        let known = type.fields.map(\.name)
        let near = nearestName(to: member.name, among: known).map { "; did you mean '\($0)'?" }
        throw TrialProblem(
          .data,
          "'\(path)' has '\(member.name.prefix(40))', which its type does not have"
            + (near ?? "; it has \(quotedList(known))"))
      }
      values[slot] = try value(member.value, as: type.fields[slot].type, path: "\(path).\(member.name)")
    }
    return values
  }

  /// A table where every field fits a column, a list of records otherwise.
  private static func rows(_ elements: [JSON], of type: RecordType, path: String) throws(TrialProblem) -> Value {
    let columns = type.fields.compactMap { field in columnType(of: field.type).map { Column(field.name, $0) } }
    guard columns.count == type.fields.count else {
      return .list(try list(elements, of: .record(type), path: path))
    }
    var builder = TableBuilder(columns: columns)
    for (index, element) in elements.enumerated() {
      let place = "\(path)[\(index)]"
      guard case .object(let members) = element else {
        throw TrialProblem(.data, "'\(place)' must be an object, not \(element.compactText.prefix(60))")
      }
      let cells = try fields(members, of: type, path: place).map { $0 ?? .null }
      // Each cell was made a value of its column's type.
      if let column = builder.append(cells) {
        throw TrialProblem(.data, "'\(place).\(column.name)' must be \(column.type)")
      }
    }
    return .table(builder.build(name: type.name))
  }

  private static func columnType(of type: ValueType) -> ColumnType? {
    switch type {
    case .bool: .bool
    case .int: .int
    case .double: .double
    case .string: .string
    case .timestamp: .timestamp
    case .duration: .duration
    case .address: .ip
    case .network: .cidr
    case .list(let element): columnType(of: element).map { .list($0) }
    default: nil
    }
  }
}
