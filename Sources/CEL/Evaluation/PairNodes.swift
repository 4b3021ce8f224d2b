import Values

// Macros with two variables: the place and the element of a list, or the key and the value of a map.

/// What goes over a list or a map with two variables.
struct PairLoop {
  let range: any Node
  /// Of the place or the key.
  let firstSlot: Int
  /// Of the element or the value.
  let secondSlot: Int
  let name: String

  func pairs(_ run: inout Run) throws(EvaluationFailure) -> (Elements, PartialValue?) {
    let value = try range.evaluate(&run)
    if case .partial(let partial) = value, Elements(partial.known) != nil, !isMap(partial.known) {
      // Where an element stands is not known while others are missing.
      throw partial.failure(at: range.place)
    }
    return try Elements.of(value, for: name, &run, range.place)
  }

  private func isMap(_ value: Value) -> Bool { if case .map = value { true } else { false } }

  @inline(__always)
  func enter(_ index: Int, of elements: Elements, _ run: inout Run, _ place: Place) throws(EvaluationFailure) {
    try run.charge(1, place)
    if case .keys(let map) = elements {
      run.locals[firstSlot] = map.entries[index].key
      run.locals[secondSlot] = map.entries[index].value
    } else {
      run.locals[firstSlot] = .int(Int64(index))
      run.locals[secondSlot] = elements[index]
    }
  }
}

/// `exists` and `all` with two variables.
final class PairQuantifierNode: ConditionNode {
  let loop: PairLoop
  let test: any Node
  let decisive: Bool
  let place: Place

  init(loop: PairLoop, test: any Node, decides: Bool, place: Place) {
    self.loop = loop
    self.test = test
    decisive = decides
    self.place = place
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    let (elements, missing) = try loop.pairs(&run)
    var failure: EvaluationFailure?
    for index in 0..<elements.count {
      try loop.enter(index, of: elements, &run, place)
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

/// `existsOne` with two variables.
final class PairExistsOneNode: ConditionNode {
  let loop: PairLoop
  let test: any Node
  let place: Place

  init(loop: PairLoop, test: any Node, place: Place) {
    self.loop = loop
    self.test = test
    self.place = place
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    let (elements, missing) = try loop.pairs(&run)
    var found = 0
    for index in 0..<elements.count {
      try loop.enter(index, of: elements, &run, place)
      if try test.condition(&run) { found += 1 }
    }
    if let missing, found < 2 { throw missing.failure(at: loop.range.place) }
    return found == 1
  }
}

/// `transformList`, `transformMap` and `transformMapEntry`.
final class PairTransformNode: Node {
  enum Output {
    case list
    /// A map with the keys of the one gone over.
    case map
    /// A map of entries that are made anew.
    case entries(keys: any Node)
  }

  let loop: PairLoop
  let test: (any Node)?
  let result: any Node
  let output: Output
  let place: Place

  init(loop: PairLoop, test: (any Node)?, result: any Node, output: Output, place: Place) {
    self.loop = loop
    self.test = test
    self.result = result
    self.output = output
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    let (elements, missing) = try loop.pairs(&run)
    var values: [Value] = []
    var entries: [(key: Value, value: Value)] = []
    for index in 0..<elements.count {
      try loop.enter(index, of: elements, &run, place)
      if let test, !(try test.condition(&run)) { continue }
      try run.create(elements: 2, place)
      switch output {
      case .list: values.append(try result.evaluate(&run))
      case .map: entries.append((run.locals[loop.firstSlot], try result.evaluate(&run)))
      case .entries(let keys):
        let key = try keys.evaluate(&run)
        guard MapKey(key) != nil else { throw run.noOverload("key of a map", key, at: keys.place) }
        try run.charge(key: key, place)
        entries.append((key, try result.evaluate(&run)))
      }
    }
    let made: Value
    if case .list = output {
      made = .list(values)
    } else if let map = ValueMap(entries) {
      made = .map(map)
    } else {
      throw EvaluationFailure(.error, "a key stands twice in the map", at: place)
    }
    return missing.map { .partial(PartialValue(made, because: $0.reason)) } ?? made
  }
}
