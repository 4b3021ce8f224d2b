import Foundation
package import Values

/// Types and values as the public conformance suite of CEL writes them in JSON: `{"int64":"1"}`, `{"list":[…]}`, types
/// as `"int"`, `{"list":"int"}`.
///
/// What CEL has no word for is written in the same manner: `{"ip":"192.0.2.1"}`, `{"cidr":"192.0.2.0/24"}`,
/// `{"optional":V}` with `null` for none, records and rows as maps by the names of their fields, tables as lists of them.
package enum SuiteNotation {
  package struct Unreadable: Error, CustomStringConvertible {
    /// What was read.
    package let json: String

    package var description: String { "'\(json.prefix(80))' is no type or value in the notation of CEL's suite" }
  }

  // MARK: Types

  package static func type(_ json: JSON) throws(Unreadable) -> ValueType {
    if let name = json.text, let known = plainTypes.first(where: { $0.name == name }) { return known.type }
    if let element = json["list"] { return .list(try type(element)) }
    if let map = json["map"]?.elements, map.count == 2 { return .map(try type(map[0]), try type(map[1])) }
    if let inner = json["type"] { return .type(try type(inner)) }
    if let name = json["type_param"]?.text { return .parameter(name) }
    if let abstract = json["abstract"], let parameters = abstract["params"]?.elements {
      if let known = opaqueTypes.first(where: { $0.name == abstract["name"]?.text }) { return known.type }
      guard let last = parameters.last else { throw Unreadable(json: json.compactText) }
      if abstract["name"]?.text == "optional_type" { return .optional(try type(last)) }
      // There are no other abstract types here. Nested maps have as many parameters and nothing in common with others.
      var nested = try type(last)
      for parameter in parameters.dropLast().reversed() { nested = .map(try type(parameter), nested) }
      return nested
    }
    throw Unreadable(json: json.compactText)
  }

  package static func json(of type: ValueType) -> JSON {
    if let known = plainTypes.first(where: { $0.type == type }) { return .string(known.name) }
    if let known = opaqueTypes.first(where: { $0.type == type }) { return abstract(known.name, []) }
    switch type {
    case .list(let element): return .object(["list": json(of: element)])
    case .map(let key, let value): return .object(["map": .array([json(of: key), json(of: value)])])
    case .optional(let wrapped): return abstract("optional_type", [json(of: wrapped)])
    case .record(let type): return .object(["message": .string(type.name)])
    case .type(let inner): return .object(["type": json(of: inner)])
    case .parameter(let name): return .object(["type_param": .string(name)])
    case .choice: return .string("string")
    default: return .string(type.description)
    }
  }

  private static func abstract(_ name: String, _ parameters: [JSON]) -> JSON {
    .object(["abstract": .object(["name": .string(name), "params": .array(parameters)])])
  }

  private static let plainTypes: [(name: String, type: ValueType)] = [
    ("bool", .bool), ("int", .int), ("uint", .uint), ("double", .double), ("string", .string), ("bytes", .bytes),
    ("dyn", .dyn), ("null_type", .null), ("timestamp", .timestamp), ("duration", .duration),
  ]

  /// Types with names of their own and nothing inside.
  private static let opaqueTypes: [(name: String, type: ValueType)] = [
    ("net.IP", .address), ("net.CIDR", .network), ("calendar", .calendar),
  ]

  // MARK: Reading values

  package static func value(_ json: JSON) throws(Unreadable) -> Value {
    guard let members = json.members, members.count == 1, let value = try value(members[0].name, members[0].value)
    else { throw Unreadable(json: json.compactText) }
    return value
  }

  private static func value(_ kind: String, _ json: JSON) throws(Unreadable) -> Value? {
    let text = json.text ?? ""
    switch kind {
    case "null": return .null
    case "bool": if case .bool(let value) = json { return .bool(value) } else { return nil }
    case "int64": return Int64(text).map(Value.int)
    case "uint64": return UInt64(text).map(Value.uint)
    case "double": return Double(text).map(Value.double)
    case "string": return json.text.map(Value.string)
    case "bytes": return Data(base64Encoded: text).map { .bytes(Array($0)) }
    case "type": return Library.typeNames[text].map { .type($0) }
    case "ip": return NetworkAddress(text).map { .address($0) }
    case "cidr": return NetworkBlock(text).map { .network($0) }
    case "duration": return .duration(.seconds(number(json["seconds"])) + .nanoseconds(number(json["nanos"])))
    case "timestamp":
      guard let nanoseconds = Int32(exactly: number(json["nanos"])), 0..<1_000_000_000 ~= nanoseconds else {
        return nil
      }
      return .timestamp(Timestamp(seconds: number(json["seconds"]), nanoseconds: nanoseconds))
    case "optional":
      if case .null = json { return .optional(nil) }
      return .optional(Boxed(try value(json)))
    case "list":
      var elements: [Value] = []
      for element in json.elements ?? [] { elements.append(try value(element)) }
      return .list(elements)
    case "map":
      var entries: [(key: Value, value: Value)] = []
      for entry in json.elements ?? [] {
        guard let pair = entry.elements, pair.count == 2 else { return nil }
        entries.append((try value(pair[0]), try value(pair[1])))
      }
      return ValueMap(entries).map(Value.map)
    default: return nil
    }
  }

  private static func number(_ json: JSON?) -> Int64 { json?.integer ?? json?.text.flatMap { Int64($0) } ?? 0 }

  // MARK: Writing values

  package static func json(of value: Value) -> JSON {
    switch value {
    case .null: .object(["null": .null])
    case .bool(let value): .object(["bool": .bool(value)])
    case .int(let value): .object(["int64": .string(String(value))])
    case .uint(let value): .object(["uint64": .string(String(value))])
    case .double(let value): .object(["double": .string(text(of: value))])
    case .string(let text): .object(["string": .string(text)])
    case .bytes(let bytes): .object(["bytes": .string(Data(bytes).base64EncodedString())])
    case .timestamp(let instant): .object(["timestamp": parts(instant.seconds, Int64(instant.nanoseconds))])
    case .duration(let duration):
      .object(["duration": parts(duration.components.seconds, duration.components.attoseconds / 1_000_000_000)])
    case .list(let values): .object(["list": .array(values.map(json))])
    case .map(let map): .object(["map": .array(map.entries.map { .array([json(of: $0.key), json(of: $0.value)]) })])
    case .optional(let box): .object(["optional": box.map { json(of: $0.value) } ?? .null])
    case .address(let box): .object(["ip": .string(box.address.description)])
    case .network(let box): .object(["cidr": .string(box.block.description)])
    case .calendar(let box): .object(["calendar": .string(box.calendar.name)])
    case .record(let record):
      fields(zip(record.type.fields, record.values).compactMap { field, value in value.map { (field.name, $0) } })
    case .table(let table): .object(["list": .array(table.rows.map { json(of: .row($0)) })])
    case .row(let row): fields(row.table.columns.enumerated().map { ($1.name, row[$0]) })
    case .type(let box): .object(["type": .string(Library.name(of: box.type))])
    case .partial(let partial):
      .object(["partial": .object(["known": json(of: partial.known), "because": .string(partial.reason)])])
    }
  }

  private static func fields(_ fields: [(name: String, value: Value)]) -> JSON {
    .object(["map": .array(fields.map { .array([json(of: .string($0.name)), json(of: $0.value)]) })])
  }

  private static func parts(_ seconds: Int64, _ nanoseconds: Int64) -> JSON {
    .object(["seconds": .string(String(seconds)), "nanos": .integer(nanoseconds)])
  }

  /// The shortest digits that read back as the number, whole ones with `.0`.
  package static func text(of number: Double) -> String {
    number.isFinite ? number.description : number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
  }
}

extension CELEnvironment {
  /// Declares what the suite's `type_env` says: names with their types, and functions that can only be checked.
  package mutating func declare(suite declarations: [JSON]) throws(SuiteNotation.Unreadable) {
    for declaration in declarations {
      guard let name = declaration["name"]?.text else { throw .init(json: declaration.compactText) }
      if let type = declaration["type"] { declare(name, try SuiteNotation.type(type)) }
      for overload in declaration["overloads"]?.elements ?? [] {
        var parameters: [ValueType] = []
        for parameter in overload["params"]?.elements ?? [] { parameters.append(try SuiteNotation.type(parameter)) }
        var isMember = false
        if case .bool(true)? = overload["member"] { isMember = true }
        declareSignature(
          name, parameters: parameters, result: try SuiteNotation.type(overload["result"] ?? .null), isMember: isMember)
      }
    }
  }
}
