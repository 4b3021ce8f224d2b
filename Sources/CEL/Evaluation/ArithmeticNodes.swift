import Values

final class NegateNode: Node {
  let operand: any Node
  let place: Place

  init(operand: any Node, place: Place) {
    self.operand = operand
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try run.charge(1, place)
    let value = try operand.evaluate(&run)
    switch value {
    case .int(let number):
      guard number != .min else { throw Arithmetic.overflow("int", at: place) }
      return .int(-number)
    case .double(let number): return .double(-number)
    default: throw run.noOverload("-", value, at: place)
    }
  }
}

final class ArithmeticNode: Node {
  let left: any Node
  let right: any Node
  let sign: BinaryOperator
  let place: Place

  init(left: any Node, right: any Node, sign: BinaryOperator, place: Place) {
    self.left = left
    self.right = right
    self.sign = sign
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try run.charge(1, place)
    let first = try left.evaluate(&run)
    let second = try right.evaluate(&run)
    switch (first, second) {
    case (.int(let left), .int(let right)): return .int(try Arithmetic.compute(sign, left, right, "int", place))
    case (.uint(let left), .uint(let right)): return .uint(try Arithmetic.compute(sign, left, right, "uint", place))
    case (.double(let left), .double(let right)):
      if let result = Arithmetic.compute(sign, left, right) { return .double(result) }
    case (.string(let left), .string(let right)) where sign == .add:
      try run.create(text: left.utf8.count + right.utf8.count, place)
      return .string(left + right)
    case (.bytes(let left), .bytes(let right)) where sign == .add:
      try run.create(text: left.count + right.count, place)
      return .bytes(left + right)
    case (.list, .list), (.list, .table), (.table, .list), (.table, .table):
      if sign == .add { return try concatenate(first, second, &run) }
    case (.partial, _), (_, .partial):
      if let result = try partialResult(first, second, &run) { return result }
    default:
      if let result = try Arithmetic.computeTime(sign, first, second, place) { return result }
    }
    throw run.noOverload(sign.rawValue, first, second, at: place)
  }

  private func concatenate(_ left: Value, _ right: Value, _ run: inout Run) throws(EvaluationFailure) -> Value {
    guard let left = Elements(left), let right = Elements(right) else {
      throw run.noOverload("+", left, right, at: place)
    }
    try run.charge(left.count + right.count, place)
    try run.create(elements: left.count + right.count, place)
    return .list(left.values + right.values)
  }

  private func partialResult(_ left: Value, _ right: Value, _ run: inout Run) throws(EvaluationFailure) -> Value? {
    if let (known, reason) = PartialValue.operands(of: sign, left, right) {
      let result = ArithmeticNode(
        left: ConstantNode(value: known.left, place: place), right: ConstantNode(value: known.right, place: place),
        sign: sign, place: place)
      return .partial(PartialValue(try result.evaluate(&run), because: reason))
    }
    return nil
  }
}

enum Arithmetic {
  static func overflow(_ type: String, at place: Place) -> EvaluationFailure {
    EvaluationFailure(.error, "the result is beyond what \(type) can hold", at: place)
  }

  @inline(__always)
  static func compute<Whole: FixedWidthInteger>(
    _ sign: BinaryOperator, _ left: Whole, _ right: Whole, _ type: String, _ place: Place
  ) throws(EvaluationFailure) -> Whole {
    let result: (partialValue: Whole, overflow: Bool)
    switch sign {
    case .add: result = left.addingReportingOverflow(right)
    case .subtract: result = left.subtractingReportingOverflow(right)
    case .multiply: result = left.multipliedReportingOverflow(by: right)
    default:
      guard right != 0 else { throw EvaluationFailure(.error, "division by zero", at: place) }
      result =
        sign == .divide ? left.dividedReportingOverflow(by: right) : left.remainderReportingOverflow(dividingBy: right)
    }
    guard !result.overflow else { throw overflow(type, at: place) }
    return result.partialValue
  }

  static func compute(_ sign: BinaryOperator, _ left: Double, _ right: Double) -> Double? {
    switch sign {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    case .divide: left / right
    default: nil
    }
  }

  /// Sums and differences of instants and durations; `nil` for other operations.
  static func computeTime(
    _ sign: BinaryOperator, _ left: Value, _ right: Value, _ place: Place
  ) throws(EvaluationFailure) -> Value? {
    switch (left, sign, right) {
    case (.timestamp(let instant), .add, .duration(let duration)),
      (.duration(let duration), .add, .timestamp(let instant)):
      return try shift(instant, by: duration, place)
    case (.timestamp(let instant), .subtract, .duration(let duration)):
      return try shift(instant, by: .zero - duration, place)
    case (.timestamp(let left), .subtract, .timestamp(let right)): return try admit(left.since(right), place)
    case (.duration(let left), .add, .duration(let right)): return try admit(left + right, place)
    case (.duration(let left), .subtract, .duration(let right)): return try admit(left - right, place)
    default: return nil
    }
  }

  private static func shift(
    _ instant: Timestamp, by duration: Duration, _ place: Place
  ) throws(EvaluationFailure) -> Value {
    guard let result = instant.adding(duration) else { throw overflow("timestamp", at: place) }
    return .timestamp(result)
  }

  private static func admit(_ duration: Duration, _ place: Place) throws(EvaluationFailure) -> Value {
    guard durationRange.contains(duration) else { throw overflow("duration", at: place) }
    return .duration(duration)
  }

  /// Nanoseconds of 64 bits: some 292 years to either side.
  static let durationRange = Duration.nanoseconds(Int64.min)...Duration.nanoseconds(Int64.max)
}
