import Values

final class ComparisonNode: ConditionNode {
  let left: any Node
  let right: any Node
  let comparison: Comparison
  private let whole: Int64?
  let place: Place

  init(left: any Node, right: any Node, comparison: Comparison, place: Place) {
    self.left = left
    self.right = right
    self.comparison = comparison
    whole = (right as? ConstantNode)?.whole
    self.place = place
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    try run.charge(1, place)
    let first = try left.evaluate(&run)
    if let whole, case .int(let number) = first { return comparison.holds(Order(number, whole)) }
    let second = try right.evaluate(&run)
    if case .int(let left) = first, case .int(let right) = second { return comparison.holds(Order(left, right)) }
    if let order = order(first, second) {
      if case .string(let text) = first { try run.charge(bytes: text.utf8.count, place) }
      return comparison.holds(order)
    }
    switch (first, second) {
    case (.partial(let partial), _):
      if let answer = partial.compare(comparison, with: second) { return answer }
    case (_, .partial(let partial)):
      if let answer = partial.compare(comparison.mirrored, with: first) { return answer }
    default: break
    }
    throw run.noOverload(comparison.rawValue, first, second, at: place)
  }
}
