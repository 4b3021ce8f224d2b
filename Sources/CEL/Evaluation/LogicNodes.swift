import Values

/// `&&` or `||`. One operand that decides does so whatever became of the others; if none decides, the first failure
/// comes out, with the reasons of the others.
final class LogicNode: ConditionNode {
  let operands: [any Node]
  /// The answer of an operand that decides: false for `&&`, true for `||`.
  let decisive: Bool
  let place: Place

  init(operands: [any Node], isAnd: Bool, place: Place) {
    self.operands = operands
    decisive = !isAnd
    self.place = place
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    var failure: EvaluationFailure?
    for operand in operands {
      do throws(EvaluationFailure) {
        if try operand.condition(&run) == decisive { return decisive }
      } catch {
        if error.isLimit { throw error }
        failure = failure?.joined(with: error) ?? error
      }
    }
    if let failure { throw failure }
    return !decisive
  }
}

final class NotNode: ConditionNode {
  let operand: any Node
  let place: Place

  init(operand: any Node, place: Place) {
    self.operand = operand
    self.place = place
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool { !(try operand.condition(&run)) }
}

final class ConditionalNode: Node {
  let test: any Node
  let then: any Node
  let otherwise: any Node
  let place: Place

  init(condition: any Node, then: any Node, otherwise: any Node, place: Place) {
    test = condition
    self.then = then
    self.otherwise = otherwise
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try test.condition(&run) ? try then.evaluate(&run) : try otherwise.evaluate(&run)
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    try test.condition(&run) ? try then.condition(&run) : try otherwise.condition(&run)
  }
}
