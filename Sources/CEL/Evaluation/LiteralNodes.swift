import Values

final class ConstantNode: Node {
  let value: Value
  let place: Place

  init(value: Value, place: Place) {
    self.value = value
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value { value }

  /// The constant as a whole number, which most comparisons are with.
  var whole: Int64? { if case .int(let number) = value { number } else { nil } }
}

/// A part that cannot be evaluated.
final class FailureNode: Node {
  let reason: String
  let place: Place

  init(reason: String, place: Place) {
    self.reason = reason
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    throw EvaluationFailure(.error, reason, at: place)
  }
}

/// A list that is written out. Elements written with `?` are left out when they are none.
final class ListNode: Node {
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
    values.reserveCapacity(elements.count)
    for (node, isOptional) in elements {
      if let value = try node.value(isOptional: isOptional, &run) { values.append(value) }
    }
    return .list(values)
  }
}

/// A map that is written out. Entries whose values are written with `?` are left out when these are none.
final class MapNode: Node {
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
    values.reserveCapacity(entries.count)
    for (key, value, isOptional) in entries {
      let name = try key.evaluate(&run)
      try run.charge(key: name, place)
      guard MapKey(name) != nil else { throw run.noOverload("key of a map", name, at: key.place) }
      if let value = try value.value(isOptional: isOptional, &run) { values.append((name, value)) }
    }
    guard let map = ValueMap(values) else {
      throw EvaluationFailure(.error, "a key stands twice in the map", at: place)
    }
    return .map(map)
  }
}

extension Node {
  /// What a literal takes: the value, or what is in an optional; `nil` if that is none.
  fileprivate func value(isOptional: Bool, _ run: inout Run) throws(EvaluationFailure) -> Value? {
    let value = try evaluate(&run)
    guard isOptional else { return value }
    guard case .optional(let box) = value else { throw run.noOverload("?", value, at: place) }
    return box?.value
  }
}
