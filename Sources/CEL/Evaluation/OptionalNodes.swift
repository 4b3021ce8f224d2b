import Values

/// `operand.?field`: an optional that is none where the field is not there.
final class OptionalSelectNode: Node {
  let selection: SelectNode
  let place: Place

  init(selection: SelectNode, place: Place) {
    self.selection = selection
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try run.charge(1, place)
    let operand = try selection.operand.evaluate(&run)
    return .optional(try selection.presentValue(in: operand).map { Boxed($0) })
  }
}

/// `optional.or(other)` and `optional.orValue(other)`. The other is evaluated only if the optional is none.
final class FallbackNode: Node {
  let optional: any Node
  let other: any Node
  /// Whether the value itself is wanted, as of `orValue`.
  let unwraps: Bool
  let place: Place

  init(optional: any Node, other: any Node, unwraps: Bool, place: Place) {
    self.optional = optional
    self.other = other
    self.unwraps = unwraps
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try run.charge(1, place)
    let value = try optional.evaluate(&run)
    guard case .optional(let box) = value else {
      throw run.noOverload(unwraps ? "orValue" : "or", value, at: place)
    }
    if let box { return unwraps ? box.value : value }
    let result = try other.evaluate(&run)
    if !unwraps, case .optional = result { return result }
    if unwraps { return result }
    throw run.noOverload("or", value, result, at: place)
  }
}

/// `optional.optMap(x, …)` and `optional.optFlatMap(x, …)`.
final class OptionalMapNode: Node {
  let optional: any Node
  let slot: Int
  let result: any Node
  /// Whether the result is an optional already, as of `optFlatMap`.
  let isFlat: Bool
  let place: Place

  init(optional: any Node, slot: Int, result: any Node, isFlat: Bool, place: Place) {
    self.optional = optional
    self.slot = slot
    self.result = result
    self.isFlat = isFlat
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try run.charge(1, place)
    let value = try optional.evaluate(&run)
    guard case .optional(let box) = value else {
      throw run.noOverload(isFlat ? "optFlatMap" : "optMap", value, at: place)
    }
    guard let box else { return value }
    run.set(local: slot, to: box.value)
    let mapped = try result.evaluate(&run)
    guard isFlat else { return .optional(Boxed(mapped)) }
    guard case .optional = mapped else { throw run.noOverload("optFlatMap", mapped, at: result.place) }
    return mapped
  }
}
