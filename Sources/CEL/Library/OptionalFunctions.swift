import Values

// CEL's optional values.
extension Library {
  private static let wrapped = ValueType.parameter("A")
  private static let optional = ValueType.optional(wrapped)

  static let optionalFunctions: [Function] = [
    Function(
      "optional.of", [Overload([wrapped], optional)],
      .unary { (value, _, _) throws(EvaluationFailure) -> Value in .optional(Boxed(value)) }),
    Function("optional.none", [Overload([], optional)], .none(.optional(nil))),
    Function(
      "optional.ofNonZeroValue", [Overload([wrapped], optional)],
      .unary { (value, _, place) throws(EvaluationFailure) -> Value in
        try isZero(value, place) ? .optional(nil) : .optional(Boxed(value))
      }),
    Function(
      "optional.unwrap", [Overload([.list(optional)], .list(wrapped))], .unary(unwrap)),
    Function("unwrapOpt", [.member(.list(optional), [], .list(wrapped))], .unary(unwrap)),
    Function(
      "hasValue", [.member(optional, [], .bool)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .optional(let box) = value else { throw run.noOverload("hasValue", value, at: place) }
        return .bool(box != nil)
      }),
    Function(
      "value", [.member(optional, [], wrapped)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .optional(let box) = value else { throw run.noOverload("value", value, at: place) }
        guard let box else { throw EvaluationFailure(.error, "the optional is none", at: place) }
        return box.value
      }),
    Function("or", [.member(optional, [optional], optional)], .fallback(unwraps: false)),
    Function("orValue", [.member(optional, [wrapped], wrapped)], .fallback(unwraps: true)),
  ]

  /// Whether a value is the one that its type has when nothing was said: 0, false, empty, null, none.
  private static func isZero(_ value: Value, _ place: Place) throws(EvaluationFailure) -> Bool {
    switch value {
    case .null: return true
    case .bool(let answer): return !answer
    case .int, .uint, .double: return numericOrder(value, .int(0)) == .equal
    case .string(let text): return text.isEmpty
    case .bytes(let bytes): return bytes.isEmpty
    case .duration(let duration): return duration == .zero
    case .list, .table, .map: return Elements(value)?.count == 0
    case .optional(let box): return box == nil
    case .partial(let partial):
      // More data makes no list shorter and no number smaller.
      if let elements = Elements(partial.known), elements.count > 0 { return false }
      if numericOrder(partial.known, .int(0)) == .greater { return false }
      throw partial.failure(at: place)
    default: return false
    }
  }

  @Sendable
  private static func unwrap(_ value: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    let (elements, missing) = try Elements.of(value, for: "unwrap", &run, place)
    try run.charge(1 + elements.count, place)
    try run.create(elements: elements.count, place)
    var values: [Value] = []
    for element in elements.values {
      guard case .optional(let box) = element else { throw run.noOverload("unwrap", element, at: place) }
      if let box { values.append(box.value) }
    }
    return missing.map { .partial(PartialValue(.list(values), because: $0.reason)) } ?? .list(values)
  }
}
