import Values

// Tocsin's additions to CEL: what a list of numbers comes to. Null elements, such as empty cells of a column, are
// skipped.
extension Library {
  static let aggregates: [Function] = [
    Function(
      "sum", [.int, .uint, .double, .duration].map { .member(.list($0), [], $0) },
      .unaryByResult { type in
        { (value, run, place) throws(EvaluationFailure) -> Value in
          try sum(value, from: zero(of: type), &run, place)
        }
      }),
    Function(
      "max", extremes,
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        try extreme(value, .greater, "max", &run, place)
      }),
    Function(
      "min", extremes,
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        try extreme(value, .less, "min", &run, place)
      }),
    Function("avg", [.int, .uint, .double].map { .member(.list($0), [], .double) }, .unary(average)),
    Function("distinct", [.member(.list(.parameter("A")), [], .list(.parameter("A")))], .unary(distinct)),
  ]

  private static let extremes: [Overload] = ([.int, .uint, .double, .string, .timestamp, .duration] as [ValueType])
    .map { .member(.list($0), [], $0) }

  /// The sum of nothing.
  private static func zero(of type: ValueType) -> Value {
    switch type {
    case .uint: .uint(0)
    case .double: .double(0)
    case .duration: .duration(.zero)
    default: .int(0)
    }
  }

  /// The elements that are not null, and why others are missing.
  static func present(
    _ value: Value, _ name: String, _ run: inout Run, _ place: Place
  ) throws(EvaluationFailure) -> ([Value], PartialValue?) {
    let (elements, missing) = try Elements.of(value, for: name, &run, place)
    if case .keys = elements { throw run.noOverload(name, value, at: place) }
    try run.charge(1 + elements.count, place)
    return (
      elements.values.filter {
        if case .null = $0 { false } else { true }
      }, missing
    )
  }

  private static func sum(
    _ value: Value, from zero: Value, _ run: inout Run, _ place: Place
  ) throws(EvaluationFailure) -> Value {
    let (values, missing) = try present(value, "sum", &run, place)
    let total = try total(values, from: zero, &run, place)
    guard let missing else { return total }
    guard numericOrder(total, .int(0)) != nil,
      values.allSatisfy({ numericOrder($0, .int(0)) == .greater || numericOrder($0, .int(0)) == .equal })
    else { throw missing.failure(at: place) }
    return .partial(PartialValue(total, because: missing.reason))
  }

  private static func total(
    _ values: [Value], from zero: Value, _ run: inout Run, _ place: Place
  ) throws(EvaluationFailure) -> Value {
    guard let first = values.first else { return zero }
    switch first {
    case .int:
      var sum: Int64 = 0
      for value in values {
        guard case .int(let number) = value else { throw run.noOverload("sum", first, value, at: place) }
        sum = try Arithmetic.compute(.add, sum, number, "int", place)
      }
      return .int(sum)
    case .uint:
      var sum: UInt64 = 0
      for value in values {
        guard case .uint(let number) = value else { throw run.noOverload("sum", first, value, at: place) }
        sum = try Arithmetic.compute(.add, sum, number, "uint", place)
      }
      return .uint(sum)
    case .double:
      var sum = CompensatedSum()
      for value in values {
        guard case .double(let number) = value else { throw run.noOverload("sum", first, value, at: place) }
        sum.add(number)
      }
      return .double(sum.value)
    case .duration:
      var sum = first
      for value in values.dropFirst() {
        guard let next = try Arithmetic.computeTime(.add, sum, value, place), case .duration = value else {
          throw run.noOverload("sum", first, value, at: place)
        }
        sum = next
      }
      return sum
    default: throw run.noOverload("sum", first, at: place)
    }
  }

  private static func extreme(
    _ value: Value, _ wanted: Order, _ name: String, _ run: inout Run, _ place: Place
  ) throws(EvaluationFailure) -> Value {
    let (values, missing) = try present(value, name, &run, place)
    guard var best = values.first else {
      throw missing?.failure(at: place) ?? EvaluationFailure(.error, "\(name) of no values", at: place)
    }
    for value in values {
      try run.charge(key: value, place)
      guard let order = order(value, best), order != .none else {
        throw run.noOverload(name, value, best, at: place)
      }
      if order == wanted { best = value }
    }
    guard let missing else { return best }
    guard wanted == .greater, numericOrder(best, .int(0)) != nil else { throw missing.failure(at: place) }
    return .partial(PartialValue(best, because: missing.reason))
  }

  @Sendable
  private static func average(_ value: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    let (values, missing) = try present(value, "avg", &run, place)
    if let missing { throw missing.failure(at: place) }
    guard !values.isEmpty else { throw EvaluationFailure(.error, "avg of no values", at: place) }
    var sum = CompensatedSum()
    for value in values {
      switch value {
      case .int(let number): sum.add(Double(number))
      case .uint(let number): sum.add(Double(number))
      case .double(let number): sum.add(number)
      default: throw run.noOverload("avg", value, at: place)
      }
    }
    return .double(sum.value / Double(values.count))
  }

  /// Each value once, in the order of first appearance.
  @Sendable
  private static func distinct(_ value: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    let (values, missing) = try present(value, "distinct", &run, place)
    var seen: Set<DistinctKey> = []
    // Values that have no key are compared with each other.
    var others: [Value] = []
    var result: [Value] = []
    for value in values {
      try run.charge(key: value, place)
      if let key = DistinctKey(value) {
        if seen.insert(key).inserted { result.append(value) }
        continue
      }
      var isKnown = false
      for other in others where !isKnown { isKnown = try equal(other, value, &run, place) }
      if !isKnown {
        others.append(value)
        result.append(value)
      }
    }
    return missing.map { .partial(PartialValue(.list(result), because: $0.reason)) } ?? .list(result)
  }
}

/// A sum of doubles that hardly depends on their order (A. Neumaier, 1974).
private struct CompensatedSum {
  private var sum = 0.0
  private var compensation = 0.0

  mutating func add(_ number: Double) {
    let next = sum + number
    compensation += sum.magnitude >= number.magnitude ? (sum - next) + number : (number - next) + sum
    sum = next
  }

  var value: Double {
    let result = sum + compensation
    return result.isNaN ? sum : result
  }
}
