import Values

/// A part of an expression, ready to be evaluated. Nodes never change, so evaluations may share them.
protocol Node: AnyObject, Sendable {
  var place: Place { get }
  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value
  /// The value where true or false is wanted.
  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool
}

extension Node {
  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    let value = try evaluate(&run)
    guard case .bool(let answer) = value else { throw notBool(value) }
    return answer
  }

  @inline(never)
  func notBool(_ value: Value) -> EvaluationFailure {
    if case .partial(let partial) = value { return EvaluationFailure(.unknown, partial.reason, at: place) }
    if case .null = value { return EvaluationFailure(.error, "null is neither true nor false", at: place) }
    return EvaluationFailure(.error, "\(runtimeType(of: value)) is neither true nor false", at: place)
  }
}

/// A node that always gives true or false.
protocol ConditionNode: Node {}

extension ConditionNode {
  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value { .bool(try condition(&run)) }
}
