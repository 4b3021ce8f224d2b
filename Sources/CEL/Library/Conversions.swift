import Values

extension Library {
  /// Conversions whose argument is checked where it is written out, and what it must be.
  static let foldedConversions: [String: String] = [
    "ip": "an IPv4 or IPv6 address", "cidr": "a block of addresses such as 192.0.2.0/24",
    "timestamp": "an instant such as 2026-01-31T12:00:00Z", "duration": "a duration such as 1h30m or 90s",
  ]

  static let conversions: [Function] = [
    conversion("int", .int, from: [.int, .uint, .double, .string, .timestamp], toInt),
    conversion("uint", .uint, from: [.uint, .int, .double, .string], toUInt),
    conversion("double", .double, from: [.double, .int, .uint, .string], toDouble),
    conversion(
      "string", .string,
      from: [.string, .int, .uint, .double, .bytes, .bool, .timestamp, .duration, .address, .network], toString),
    conversion("bytes", .bytes, from: [.bytes, .string], toBytes),
    conversion("bool", .bool, from: [.bool, .string], toBool),
    conversion("timestamp", .timestamp, from: [.timestamp, .string, .int], toTimestamp),
    conversion("duration", .duration, from: [.duration, .string], toDuration),
    Function(
      "type", [Overload([.parameter("A")], .type(.parameter("A")))],
      .unary { (value, _, _) throws(EvaluationFailure) -> Value in .type(runtimeType(of: value)) }),
    Function(
      "dyn", [Overload([.parameter("A")], .dyn)],
      .unary { (value, _, _) throws(EvaluationFailure) -> Value in value }),
  ]

  private static func conversion(
    _ name: String, _ result: ValueType, from types: [ValueType], _ body: @escaping Implementation.Unary
  ) -> Function {
    Function(name, types.map { Overload([$0], result) }, .unary(body))
  }

  private static func outOfRange(_ value: Value, _ type: String, _ place: Place) -> EvaluationFailure {
    EvaluationFailure(.error, "'\(value.displayText.prefix(80))' is not a value that \(type) can hold", at: place)
  }

  @Sendable
  private static func toInt(_ value: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    let result: Int64?
    switch value {
    case .int: return value
    case .uint(let number): result = Int64(exactly: number)
    // The bounds themselves are excluded: a double so large stands for a whole range of numbers.
    case .double(let number): result = number.magnitude < 0x1p63 ? Int64(number) : nil
    case .string(let text): result = Int64(text)
    case .timestamp(let instant): return .int(instant.seconds)
    default: throw run.noOverload("int", value, at: place)
    }
    guard let result else { throw outOfRange(value, "int", place) }
    return .int(result)
  }

  @Sendable
  private static func toUInt(_ value: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    let result: UInt64?
    switch value {
    case .uint: return value
    case .int(let number): result = UInt64(exactly: number)
    case .double(let number): result = number >= 0 && number < 0x1p64 ? UInt64(number) : nil
    case .string(let text): result = UInt64(text)
    default: throw run.noOverload("uint", value, at: place)
    }
    guard let result else { throw outOfRange(value, "uint", place) }
    return .uint(result)
  }

  @Sendable
  private static func toDouble(_ value: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    switch value {
    case .double: return value
    case .int(let number): return .double(Double(number))
    case .uint(let number): return .double(Double(number))
    case .string(let text):
      guard let number = Double(text) else { throw outOfRange(value, "double", place) }
      return .double(number)
    case .partial(let partial) where numericOrder(partial.known, .int(0)) != nil:
      return .partial(PartialValue(try toDouble(partial.known, &run, place), because: partial.reason))
    default: throw run.noOverload("double", value, at: place)
    }
  }

  @Sendable
  private static func toString(_ value: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    switch value {
    case .string: return value
    case .bytes(let bytes):
      try run.charge(bytes: bytes.count, place)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw EvaluationFailure(.error, "the bytes are not UTF-8", at: place)
      }
      return .string(text)
    case .double(let number) where !number.isFinite:
      return .string(number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity")
    case .duration(let duration): return .string(DurationText.text(of: duration))
    case .bool, .int, .uint, .double, .timestamp, .address, .network: return .string(value.displayText)
    default: throw run.noOverload("string", value, at: place)
    }
  }

  @Sendable
  private static func toBytes(_ value: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    switch value {
    case .bytes: return value
    case .string(let text):
      try run.charge(bytes: text.utf8.count, place)
      return .bytes(Array(text.utf8))
    default: throw run.noOverload("bytes", value, at: place)
    }
  }

  @Sendable
  private static func toBool(_ value: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    switch value {
    case .bool: return value
    case .string("1"), .string("t"), .string("true"), .string("TRUE"), .string("True"): return .bool(true)
    case .string("0"), .string("f"), .string("false"), .string("FALSE"), .string("False"): return .bool(false)
    case .string: throw outOfRange(value, "bool", place)
    default: throw run.noOverload("bool", value, at: place)
    }
  }

  @Sendable
  private static func toTimestamp(
    _ value: Value, _ run: inout Run, _ place: Place
  ) throws(EvaluationFailure) -> Value {
    switch value {
    case .timestamp: return value
    case .string(let text):
      guard let instant = Timestamp(rfc3339: text) else { throw outOfRange(value, "timestamp", place) }
      return .timestamp(instant)
    case .int(let seconds):
      guard Timestamp.validSeconds.contains(seconds) else { throw outOfRange(value, "timestamp", place) }
      return .timestamp(Timestamp(seconds: seconds))
    default: throw run.noOverload("timestamp", value, at: place)
    }
  }

  @Sendable
  private static func toDuration(_ value: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    switch value {
    case .duration: return value
    case .string(let text):
      guard let duration = DurationText.duration(text) else { throw outOfRange(value, "duration", place) }
      return .duration(duration)
    default: throw run.noOverload("duration", value, at: place)
    }
  }
}
