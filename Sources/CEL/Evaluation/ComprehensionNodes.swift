import Values

/// What a failure costs that does not end the evaluation: making it takes longer than other steps.
let absorbedFailureSteps = 20

/// `exists` and `all`. One element decides, whatever became of the others.
final class QuantifierNode: ConditionNode {
  let range: any Node
  let slot: Int
  let test: any Node
  /// The answer for one element that decides for all: true for `exists`, false for `all`.
  let decisive: Bool
  let place: Place

  init(range: any Node, slot: Int, test: any Node, decides: Bool, place: Place) {
    self.range = range
    self.slot = slot
    self.test = test
    decisive = decides
    self.place = place
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    let value = try range.evaluate(&run)
    let (elements, missing) = try Elements.of(value, for: decisive ? "exists" : "all", &run, range.place)
    var failure: EvaluationFailure?
    for index in 0..<elements.count {
      try run.charge(1, place)
      run.locals[slot] = elements[index]
      do throws(EvaluationFailure) {
        if try test.condition(&run) == decisive { return decisive }
      } catch {
        if error.isLimit { throw error }
        try run.charge(absorbedFailureSteps, place)
        failure = failure?.joined(with: error) ?? error
      }
    }
    if let missing {
      let unknown = missing.failure(at: range.place)
      throw failure?.joined(with: unknown) ?? unknown
    }
    if let failure { throw failure }
    return !decisive
  }
}

final class ExistsOneNode: ConditionNode {
  let range: any Node
  let slot: Int
  let test: any Node
  let place: Place

  init(range: any Node, slot: Int, test: any Node, place: Place) {
    self.range = range
    self.slot = slot
    self.test = test
    self.place = place
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    let value = try range.evaluate(&run)
    let (elements, missing) = try Elements.of(value, for: "exists_one", &run, range.place)
    var found = 0
    // Unlike `exists`, a failure of one element is the failure of all: nothing is absorbed.
    for index in 0..<elements.count {
      try run.charge(1, place)
      run.locals[slot] = elements[index]
      if try test.condition(&run) { found += 1 }
    }
    if let missing, found < 2 { throw missing.failure(at: range.place) }
    return found == 1
  }
}

/// `filter` and `map`.
final class TransformNode: Node {
  let range: any Node
  let slot: Int
  /// Which elements are taken; `nil` for all.
  let test: (any Node)?
  /// What becomes of them; `nil` for nothing.
  let result: (any Node)?
  let place: Place

  init(range: any Node, slot: Int, test: (any Node)?, result: (any Node)?, place: Place) {
    self.range = range
    self.slot = slot
    self.test = test
    self.result = result
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    let value = try range.evaluate(&run)
    let (elements, missing) = try Elements.of(value, for: result == nil ? "filter" : "map", &run, range.place)
    var output: [Value] = []
    if test == nil {
      try run.create(elements: elements.count, place)
      output.reserveCapacity(elements.count)
    }
    for index in 0..<elements.count {
      try run.charge(1, place)
      let element = elements[index]
      run.locals[slot] = element
      if let test {
        guard try test.condition(&run) else { continue }
        try run.create(elements: 1, place)
      }
      output.append(try result?.evaluate(&run) ?? element)
    }
    return missing.map { .partial(PartialValue(.list(output), because: $0.reason)) } ?? .list(output)
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
