/// The static type of a value.
public indirect enum ValueType: Hashable, Sendable {
  /// Anything: nothing is known before evaluation.
  case dyn
  case null
  case bool
  case int
  case uint
  case double
  case string
  case bytes
  case timestamp
  case duration
  case address
  case network
  case calendar
  case list(ValueType)
  case map(ValueType, ValueType)
  case optional(ValueType)
  case record(RecordType)
  /// A string out of a closed set, such as the labels of a choice question.
  case choice([String])
  case type(ValueType)
  /// A type that a function leaves open, such as `A` in `list(A)`.
  case parameter(String)
}

extension ValueType: CustomStringConvertible {
  /// The type as messages and CEL write it: `list(record host)`.
  public var description: String {
    switch self {
    case .dyn: "dyn"
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .address: "ip"
    case .network: "cidr"
    case .calendar: "calendar"
    case .list(let element): "list(\(element))"
    case .map(let key, let value): "map(\(key), \(value))"
    case .optional(let wrapped): "optional_type(\(wrapped))"
    case .record(let type): type.name
    case .choice(let labels): labels.joined(separator: " | ")
    case .type(let type): "type(\(type))"
    case .parameter(let name): name
    }
  }
}

/// A record type: named fields in a fixed order.
///
/// Two record types are equal when their names and fields are; the name is for messages.
public final class RecordType: Hashable, Sendable {
  public struct Field: Hashable, Sendable {
    public let name: String
    public let type: ValueType

    public init(_ name: String, _ type: ValueType) {
      self.name = name
      self.type = type
    }
  }

  public let name: String
  public let fields: [Field]
  private let slots: [String: Int]

  /// - Precondition: field names differ.
  public init(_ name: String, _ fields: [Field]) {
    self.name = name
    self.fields = fields
    slots = Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1.name, $0) })
  }

  public func slot(of name: String) -> Int? { slots[name] }

  public static func == (left: RecordType, right: RecordType) -> Bool {
    left === right || (left.name == right.name && left.fields == right.fields)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(fields)
  }
}
