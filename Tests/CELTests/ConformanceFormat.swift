import CEL
import Foundation
import Values

/// The suite's notation of types and values.
enum ConformanceFormat {
  struct Unreadable: Error { let json: String }

  static func type(_ json: JSON) throws -> ValueType {
    switch json {
    case .string("bool"): return .bool
    case .string("int"): return .int
    case .string("uint"): return .uint
    case .string("double"): return .double
    case .string("string"): return .string
    case .string("bytes"): return .bytes
    case .string("dyn"): return .dyn
    case .string("null_type"): return .null
    case .string("timestamp"): return .timestamp
    case .string("duration"): return .duration
    default: break
    }
    if let element = json["list"] { return .list(try type(element)) }
    if let map = json["map"]?.elements, map.count == 2 { return .map(try type(map[0]), try type(map[1])) }
    if let inner = json["type"] { return .type(try type(inner)) }
    if let name = json["type_param"]?.text { return .parameter(name) }
    if let abstract = json["abstract"], abstract["name"]?.text == "optional_type" {
      return .optional(try type(abstract["params"]?.elements?.first ?? .null))
    }
    if let parameters = json["abstract"]?["params"]?.elements, let last = parameters.last {
      // Tocsin has no abstract types. Nested maps have as many parameters and nothing in common with the others.
      return try parameters.dropLast().reversed().reduce(try type(last)) { .map(try type($1), $0) }
    }
    throw Unreadable(json: json.compactText)
  }

  static func value(_ json: JSON) throws -> Value {
    guard let member = json.members?.first else { throw Unreadable(json: json.compactText) }
    let text = member.value.text ?? ""
    switch member.name {
    case "null": return .null
    case "bool": if case .bool(let value) = member.value { return .bool(value) }
    case "int64": if let value = Int64(text) { return .int(value) }
    case "uint64": if let value = UInt64(text) { return .uint(value) }
    case "double": if let value = Double(text) { return .double(value) }
    case "string": return .string(text)
    case "bytes": if let data = Data(base64Encoded: text) { return .bytes(Array(data)) }
    case "list": return .list(try (member.value.elements ?? []).map(value))
    case "map":
      let entries = try (member.value.elements ?? []).map { entry in
        (key: try value(entry.elements?.first ?? .null), value: try value(entry.elements?.last ?? .null))
      }
      if let map = ValueMap(entries) { return .map(map) }
    case "type": if let type = typeNames[text] { return .type(type) }
    case "duration":
      return .duration(.seconds(number(member.value["seconds"])) + .nanoseconds(number(member.value["nanos"])))
    case "timestamp":
      return .timestamp(
        Timestamp(seconds: number(member.value["seconds"]), nanoseconds: Int32(number(member.value["nanos"]))))
    default: break
    }
    throw Unreadable(json: json.compactText)
  }

  private static func number(_ json: JSON?) -> Int64 { json?.integer ?? json?.text.flatMap { Int64($0) } ?? 0 }

  private static let typeNames: [String: ValueType] = [
    "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string, "bytes": .bytes,
    "list": .list(.dyn), "map": .map(.dyn, .dyn), "null_type": .null, "type": .type(.dyn),
    "optional_type": .optional(.dyn), "google.protobuf.Timestamp": .timestamp, "google.protobuf.Duration": .duration,
  ]

  /// Whether values are the same by the suite's measure: of one kind, NaN equal to NaN, maps without order.
  static func same(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.int(let left), .int(let right)): left == right
    case (.uint(let left), .uint(let right)): left == right
    case (.double(let left), .double(let right)): left == right || (left.isNaN && right.isNaN)
    case (.string(let left), .string(let right)): ExactString(left) == ExactString(right)
    case (.bytes(let left), .bytes(let right)): left == right
    case (.timestamp(let left), .timestamp(let right)): left == right
    case (.duration(let left), .duration(let right)): left == right
    case (.type(let left), .type(let right)): left.type == right.type
    case (.list(let left), .list(let right)): left.count == right.count && zip(left, right).allSatisfy(same)
    case (.map(let left), .map(let right)):
      left.count == right.count
        && left.entries.allSatisfy { entry in
          right.entries.contains { same($0.key, entry.key) && same($0.value, entry.value) }
        }
    default: false
    }
  }
}

/// Bindings from a table.
struct TableBindings: Bindings {
  var values: [String: Value] = [:]

  func value(of name: String) -> Evaluation {
    values[name].map { .value($0) } ?? .failure(EvaluationFailure(.unknown, "'\(name)' is not bound"))
  }
}
