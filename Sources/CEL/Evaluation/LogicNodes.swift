import Values

/// `&&` or `||`. One operand that decides does so whatever became of the others; if none decides, the first failure
/// comes out, with the reasons of the others.
final class LogicNode: ConditionNode {
  /// All of them, two at least.
  let operands: ArraySlice<any Node>
  /// The answer of an operand that decides: false for `&&`, true for `||`.
  let decisive: Bool
  let place: Place
  /// Half of the operands, and the others: going over an array would count references to each.
  let first: any Node
  let second: any Node

  convenience init(operands: [any Node], isAnd: Bool, place: Place) {
    self.init(operands[...], decisive: !isAnd, place)
  }

  private init(_ operands: ArraySlice<any Node>, decisive: Bool, _ place: Place) {
    self.operands = operands
    self.decisive = decisive
    self.place = place
    let middle = operands.startIndex + operands.count / 2
    first = Self.half(operands[..<middle], decisive: decisive, place)
    second = Self.half(operands[middle...], decisive: decisive, place)
  }

  private static func half(_ operands: ArraySlice<any Node>, decisive: Bool, _ place: Place) -> any Node {
    operands.count == 1 ? operands[operands.startIndex] : LogicNode(operands, decisive: decisive, place)
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    var failure: EvaluationFailure?
    do throws(EvaluationFailure) {
      if try first.condition(&run) == decisive { return decisive }
    } catch {
      if error.isLimit { throw error }
      failure = error
    }
    do throws(EvaluationFailure) {
      if try second.condition(&run) == decisive { return decisive }
    } catch {
      throw error.isLimit ? error : failure?.joined(with: error) ?? error
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
