import Values

/// `text.matches("…")` with a pattern known beforehand.
final class PatternNode: ConditionNode {
  let text: any Node
  let pattern: Pattern
  let place: Place

  init(text: any Node, pattern: Pattern, place: Place) {
    self.text = text
    self.pattern = pattern
    self.place = place
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    let value = try text.evaluate(&run)
    guard case .string(let text) = value else { throw run.noOverload("matches", value, at: place) }
    try run.charge(bytes: text.utf8.count, place)
    return pattern.matches(text)
  }
}

extension Library {
  static let sizeFunctions: [Function] = [
    Function(
      "size",
      [
        Overload([.string], .int), Overload([.bytes], .int), Overload([.list(.parameter("A"))], .int),
        Overload([.map(.parameter("A"), .parameter("B"))], .int), .member(.string, [], .int),
        .member(.bytes, [], .int), .member(.list(.parameter("A")), [], .int),
        .member(.map(.parameter("A"), .parameter("B")), [], .int),
      ], .unary(size))
  ]

  @Sendable
  private static func size(_ value: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    switch value {
    case .string(let text):
      try run.charge(bytes: text.utf8.count, place)
      return .int(Int64(text.unicodeScalars.count))
    case .bytes(let bytes): return .int(Int64(bytes.count))
    case .partial(let partial):
      guard let elements = Elements(partial.known) else { throw run.noOverload("size", value, at: place) }
      return .partial(PartialValue(.int(Int64(elements.count)), because: partial.reason))
    default:
      guard let elements = Elements(value) else { throw run.noOverload("size", value, at: place) }
      return .int(Int64(elements.count))
    }
  }

  static let textFunctions: [Function] = [
    text("startsWith") { hasPrefix($0, $1) },
    text("endsWith") { hasSuffix($0, $1) },
    text("contains") { hasPart($0, $1) },
    Function(
      "matches", [.member(.string, [.string], .bool), Overload([.string, .string], .bool)], .binary(matches)),
  ]

  private static func text(
    _ name: String, _ answer: @escaping @Sendable (_ text: String, _ part: String) -> Bool
  ) -> Function {
    Function(
      name, [.member(.string, [.string], .bool)],
      .binary { (left, right, run, place) throws(EvaluationFailure) -> Value in
        guard case .string(let text) = left, case .string(let part) = right else {
          throw run.noOverload(name, left, right, at: place)
        }
        try run.charge(bytes: text.utf8.count + part.utf8.count, place)
        return .bool(answer(text, part))
      })
  }

  @Sendable
  private static func matches(
    _ left: Value, _ right: Value, _ run: inout Run, _ place: Place
  ) throws(EvaluationFailure) -> Value {
    guard case .string(let text) = left, case .string(let pattern) = right else {
      throw run.noOverload("matches", left, right, at: place)
    }
    try run.charge(bytes: text.utf8.count, place)
    return .bool(try run.pattern(pattern, place).matches(text))
  }
}
