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

/// `container[?index]`: an optional that is none where nothing stands there.
final class OptionalIndexNode: Node {
  let element: IndexNode
  let place: Place

  init(element: IndexNode, place: Place) {
    self.element = element
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try run.charge(1, place)
    let container = try element.container.evaluate(&run)
    let index = try element.index.evaluate(&run)
    if case .optional(let box) = container {
      guard let box else { return .optional(nil) }
      return .optional(try element.element(of: box.value, at: index, &run).map { Boxed($0) })
    }
    return .optional(try element.element(of: container, at: index, &run).map { Boxed($0) })
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
    run.locals[slot] = box.value
    let mapped = try result.evaluate(&run)
    guard isFlat else { return .optional(Boxed(mapped)) }
    guard case .optional = mapped else { throw run.noOverload("optFlatMap", mapped, at: result.place) }
    return mapped
  }
}

/// What stands behind a `?` in a list or a map: `nil` if it is none.
private func wrapped(_ node: any Node, _ run: inout Run) throws(EvaluationFailure) -> Value? {
  let value = try node.evaluate(&run)
  guard case .optional(let box) = value else { throw run.noOverload("?", value, at: node.place) }
  return box?.value
}

/// A list some of whose elements are left out when they are none.
final class GappedListNode: Node {
  let elements: [(node: any Node, isOptional: Bool)]
  let place: Place

  init(elements: [(node: any Node, isOptional: Bool)], place: Place) {
    self.elements = elements
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try run.charge(1 + elements.count, place)
    try run.create(elements: elements.count, place)
    var values: [Value] = []
    for (node, isOptional) in elements {
      if !isOptional {
        values.append(try node.evaluate(&run))
      } else if let value = try wrapped(node, &run) {
        values.append(value)
      }
    }
    return .list(values)
  }
}

/// A map some of whose entries are left out when their values are none.
final class GappedMapNode: Node {
  let entries: [(key: any Node, value: any Node, isOptional: Bool)]
  let place: Place

  init(entries: [(key: any Node, value: any Node, isOptional: Bool)], place: Place) {
    self.entries = entries
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try run.charge(1 + entries.count * 2, place)
    try run.create(elements: 2 * entries.count, place)
    var values: [(key: Value, value: Value)] = []
    for (key, value, isOptional) in entries {
      let name = try key.evaluate(&run)
      try run.charge(key: name, place)
      guard MapKey(name) != nil else { throw run.noOverload("key of a map", name, at: key.place) }
      if !isOptional {
        values.append((name, try value.evaluate(&run)))
      } else if let value = try wrapped(value, &run) {
        values.append((name, value))
      }
    }
    guard let map = ValueMap(values) else {
      throw EvaluationFailure(.error, "a key stands twice in the map", at: place)
    }
    return .map(map)
  }
}
