import Values

/// What a failure costs that does not end the evaluation: making it takes longer than other steps.
let absorbedFailureSteps = 20

/// `exists` and `all`. One element decides, whatever became of the others.
final class QuantifierNode: ConditionNode {
  let loop: Loop
  let test: any Node
  /// The answer for one element that decides for all: true for `exists`, false for `all`.
  let decisive: Bool
  let place: Place

  init(loop: Loop, test: any Node, place: Place) {
    self.loop = loop
    self.test = test
    decisive = loop.macro == .exists
    self.place = place
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    let (elements, missing) = try loop.begin(&run)
    var failure: EvaluationFailure?
    for index in 0..<elements.count {
      try run.charge(1, place)
      loop.enter(index, of: elements, &run)
      do throws(EvaluationFailure) {
        if try test.condition(&run) == decisive { return decisive }
      } catch {
        if error.isLimit { throw error }
        try run.charge(absorbedFailureSteps, place)
        failure = failure?.joined(with: error) ?? error
      }
    }
    if let missing {
      let unknown = missing.failure(at: loop.range.place)
      throw failure?.joined(with: unknown) ?? unknown
    }
    if let failure { throw failure }
    return !decisive
  }
}

final class ExistsOneNode: ConditionNode {
  let loop: Loop
  let test: any Node
  let place: Place

  init(loop: Loop, test: any Node, place: Place) {
    self.loop = loop
    self.test = test
    self.place = place
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    let (elements, missing) = try loop.begin(&run)
    var found = 0
    // Unlike `exists`, a failure of one element is the failure of all: nothing is absorbed.
    for index in 0..<elements.count {
      try run.charge(1, place)
      loop.enter(index, of: elements, &run)
      if try test.condition(&run) { found += 1 }
    }
    if let missing, found < 2 { throw missing.failure(at: loop.range.place) }
    return found == 1
  }
}

/// `filter`, `map` and the macros that transform: a list or a map made of what is gone over.
final class TransformNode: Node {
  enum Output {
    case list
    /// A map with the keys of the one gone over.
    case map
    /// A map of entries that are made anew.
    case entries(keys: any Node)
  }

  let loop: Loop
  /// Which elements are taken; `nil` for all.
  let test: (any Node)?
  /// What becomes of them.
  let result: any Node
  let output: Output
  let place: Place

  init(loop: Loop, test: (any Node)?, result: any Node, output: Output = .list, place: Place) {
    self.loop = loop
    self.test = test
    self.result = result
    self.output = output
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    let (elements, missing) = try loop.begin(&run)
    let made: Value
    if case .list = output {
      made = .list(try list(of: elements, &run))
    } else {
      made = .map(try map(of: elements, &run))
    }
    return missing.map { .partial(PartialValue(made, because: $0.reason)) } ?? made
  }

  private func list(of elements: Elements, _ run: inout Run) throws(EvaluationFailure) -> [Value] {
    let (test, result) = (test, result)
    var values: [Value] = []
    if test == nil {
      try run.create(elements: elements.count, place)
      values.reserveCapacity(elements.count)
    }
    for index in 0..<elements.count {
      try run.charge(1, place)
      loop.enter(index, of: elements, &run)
      if let test {
        guard try test.condition(&run) else { continue }
        try run.create(elements: 1, place)
      }
      values.append(try result.evaluate(&run))
    }
    return values
  }

  private func map(of elements: Elements, _ run: inout Run) throws(EvaluationFailure) -> ValueMap {
    var entries: [(key: Value, value: Value)] = []
    for index in 0..<elements.count {
      try run.charge(1, place)
      loop.enter(index, of: elements, &run)
      if let test, !(try test.condition(&run)) { continue }
      try run.create(elements: 2, place)
      let key = try key(&run)
      entries.append((key, try result.evaluate(&run)))
    }
    guard let map = ValueMap(entries) else {
      throw EvaluationFailure(.error, "a key stands twice in the map", at: place)
    }
    return map
  }

  private func key(_ run: inout Run) throws(EvaluationFailure) -> Value {
    guard case .entries(let keys) = output else { return loop.keySlot.map { run.local($0) } ?? .null }
    let key = try keys.evaluate(&run)
    guard MapKey(key) != nil else { throw run.noOverload("key of a map", key, at: keys.place) }
    try run.charge(key: key, keys.place)
    return key
  }
}
