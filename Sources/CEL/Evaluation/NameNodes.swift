import Values

/// A name of the environment.
final class NameNode: Node {
  let index: Int
  let type: ValueType
  let place: Place

  init(index: Int, type: ValueType, place: Place) {
    self.index = index
    self.type = type
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value { try run.value(ofName: index, place) }
}

/// A variable of a macro.
final class LocalNode: Node {
  let slot: Int
  let place: Place

  init(slot: Int, place: Place) {
    self.slot = slot
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value { run.local(slot) }
}
