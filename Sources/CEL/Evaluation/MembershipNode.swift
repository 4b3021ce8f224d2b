import Values

/// `element in container`.
final class MembershipNode: ConditionNode {
  let element: any Node
  let container: any Node
  /// Where the evaluation keeps an index of the container, if that is the same however often it is asked.
  let index: Int?
  let isInMacro: Bool
  let place: Place

  init(element: any Node, container: any Node, index: Int?, isInMacro: Bool, place: Place) {
    self.element = element
    self.container = container
    self.index = index
    self.isInMacro = isInMacro
    self.place = place
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    let element = try element.evaluate(&run)
    let container = try container.evaluate(&run)
    return try contains(container, element, &run)
  }

  private func contains(
    _ container: Value, _ element: Value, _ run: inout Run
  ) throws(EvaluationFailure) -> Bool {
    switch (container, element) {
    case (.map(let map), _):
      try run.charge(1, place)
      if case .partial(let partial) = element { throw partial.failure(at: place) }
      if case .double = element { return mapKey(element).flatMap { map[$0] } != nil }
      try run.charge(key: element, place)
      guard let key = MapKey(element) else { throw run.noOverload("in", element, container, at: place) }
      return map[key] != nil
    case (.list, _), (.table, _):
      guard let elements = Elements(container) else { return false }
      return try find(element, in: elements, &run)
    case (.network(let block), .address(let box)): return block.block.contains(box.address)
    case (.network(let block), .network(let box)): return block.block.contains(box.block)
    case (.calendar(let box), .timestamp(let instant)):
      try run.charge(calendarSteps, place)
      return box.calendar.contains(instant)
    case (.partial(let partial), _):
      if try contains(partial.known, element, &run) { return true }
      throw partial.failure(at: place)
    default: throw run.noOverload("in", element, container, at: place)
    }
  }

  private func find(_ element: Value, in elements: Elements, _ run: inout Run) throws(EvaluationFailure) -> Bool {
    guard let index, isInMacro || run.isRepeated, elements.count >= MembershipIndex.leastElements,
      let key = DistinctKey(element)
    else { return try isAmong(elements, 0..<elements.count, element, &run) }
    if run.indices[index]?.isUsed != true {
      // What an earlier evaluation has found out about the same list costs this one as much.
      if let known = run.indices[index], known.isOf(elements) {
        try run.charge(known.steps, place)
      } else {
        let left = run.stepsLeft
        for position in 0..<elements.count { try run.charge(key: elements[position], place) }
        try run.charge(elements.count, place)
        run.indices[index] = MembershipIndex(elements, steps: left - run.stepsLeft)
      }
      run.indices[index]?.isUsed = true
    }
    try run.charge(1, place)
    try run.charge(key: element, place)
    guard let known = run.indices[index] else { return false }
    if known.keys.contains(key) { return true }
    return try isAmong(elements, known.others, element, &run)
  }

  private func isAmong(
    _ elements: Elements, _ positions: some Sequence<Int>, _ element: Value, _ run: inout Run
  ) throws(EvaluationFailure) -> Bool {
    var failure: EvaluationFailure?
    for index in positions {
      do throws(EvaluationFailure) {
        if case .network(let block) = elements[index], case .address(let box) = element {
          try run.charge(1, place)
          if block.block.contains(box.address) { return true }
        } else if try equal(elements[index], element, &run, place) {
          return true
        }
      } catch {
        if error.isLimit { throw error }
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return false
  }
}

/// What looking into a calendar costs.
private let calendarSteps = 50

/// The elements of a list by what makes them equal, for looking up many values in it.
struct MembershipIndex {
  /// Shorter lists are looked through faster.
  static let leastElements = 8

  private(set) var keys: Set<DistinctKey> = []
  /// Places of elements that have no key, or that equal more than themselves, as blocks of addresses do.
  private(set) var others: [Int] = []
  /// Whether the present evaluation has paid for it.
  var isUsed = false
  /// What it costs an evaluation that uses it.
  let steps: Int
  private let elements: Elements

  /// Whether it was made of these very elements, and not only of equal ones.
  func isOf(_ others: Elements) -> Bool {
    switch (elements, others) {
    case (.list(let mine), .list(let theirs)):
      mine.count == theirs.count
        && mine.withUnsafeBufferPointer { mine in theirs.withUnsafeBufferPointer { mine.baseAddress == $0.baseAddress }
        }
    case (.rows(let mine), .rows(let theirs)): mine === theirs
    default: false
    }
  }

  init(_ elements: Elements, steps: Int) {
    self.elements = elements
    self.steps = steps
    for position in 0..<elements.count {
      let element = elements[position]
      if case .network = element {
        others.append(position)
      } else if let key = DistinctKey(element) {
        keys.insert(key)
      } else {
        others.append(position)
      }
    }
  }
}
