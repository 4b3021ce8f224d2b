import Values

/// `cel.bind(name, value, body)`. If the value fails, the body fails only where it needs the name.
final class BindNode: Node {
  let index: Int
  let value: any Node
  let body: any Node
  let place: Place

  init(index: Int, value: any Node, body: any Node, place: Place) {
    self.index = index
    self.value = value
    self.body = body
    self.place = place
  }

  private func bind(_ run: inout Run) throws(EvaluationFailure) {
    try run.charge(1, place)
    do throws(EvaluationFailure) {
      run.bound[index] = .value(try value.evaluate(&run))
    } catch {
      if error.isLimit { throw error }
      run.bound[index] = .failure(error)
    }
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try bind(&run)
    return try body.evaluate(&run)
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    try bind(&run)
    return try body.condition(&run)
  }
}

/// A variable of `cel.bind`.
final class BoundNode: Node {
  let index: Int
  let place: Place

  init(index: Int, place: Place) {
    self.index = index
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    switch run.bound[index] {
    case .value(let value)?: return value
    case .failure(let failure)?: throw failure
    case nil: throw EvaluationFailure(.error, "the variable has no value here", at: place)
    }
  }
}

/// A part of a macro's body that is the same for all elements: evaluated when first needed, and then kept.
final class OnceNode: Node {
  let part: any Node
  let index: Int
  var place: Place { part.place }

  init(part: any Node, index: Int) {
    self.part = part
    self.index = index
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    switch run.kept[index] {
    case .value(let value)?:
      try run.charge(1, place)
      return value
    case .failure(let failure)?: throw failure
    case nil: break
    }
    do throws(EvaluationFailure) {
      let value = try part.evaluate(&run)
      run.kept[index] = .value(value)
      return value
    } catch {
      run.kept[index] = .failure(error)
      throw error
    }
  }
}
