import Values

extension Macro {
  /// Whether it names two variables, the place or key and the element or value, when it has so many arguments.
  func hasTwoVariables(of arguments: Int) -> Bool {
    switch self {
    case .transformList, .transformMap, .transformMapEntry: true
    case .all, .exists, .existsOne, .existsOneInWords: arguments == 3
    default: false
    }
  }
}

// Macros with two variables, `cel.bind`, and macros of optionals.
extension Checker {
  mutating func check(
    pairs macro: Macro, over range: Typed, _ rangePlace: Place, _ arguments: [Syntax], at place: Place
  ) -> Typed {
    let (first, second) = pairTypes(of: range.type, macro: macro, at: rangePlace)
    guard let firstName = variableName(arguments[0], macro), let secondName = variableName(arguments[1], macro) else {
      return failing("'\(macro.rawValue)' has no variables", at: place)
    }
    if firstName == secondName {
      report(.sameVariable(firstName, macro: macro.rawValue, at: arguments[1].place))
    }
    return withVariable(firstName, first, isLoop: true) { checker, firstSlot in
      checker.withVariable(secondName, second, isLoop: false) { checker, secondSlot in
        let loop = PairLoop(
          range: range.node, firstSlot: firstSlot, secondSlot: secondSlot, name: macro.rawValue)
        return checker.pairBody(macro, loop, key: first, Array(arguments.dropFirst(2)), at: place)
      }
    }
  }

  private mutating func pairBody(
    _ macro: Macro, _ loop: PairLoop, key: ValueType, _ arguments: [Syntax], at place: Place
  ) -> Typed {
    let role = "what \(macro.rawValue) asks of each element"
    switch macro {
    case .all, .exists:
      let test = condition(arguments[0], role)
      let node = PairQuantifierNode(loop: loop, test: test, decides: macro == .exists, place: place)
      return Typed(type: .bool, node: node)
    case .existsOne, .existsOneInWords:
      let test = condition(arguments[0], role)
      return Typed(type: .bool, node: PairExistsOneNode(loop: loop, test: test, place: place))
    default: break
    }
    let test = arguments.count == 2 ? condition(arguments[0], role) : nil
    let last = arguments[arguments.count - 1]
    if macro == .transformMapEntry {
      guard case .map(let entries) = last.kind, entries.count == 1, !entries[0].value.isOptionalElement else {
        report(.badEntry(at: last.place))
        return failing("transformMapEntry makes no entry", at: place)
      }
      let (key, value) = (check(entries[0].key), check(entries[0].value))
      checkKey(key.type, at: entries[0].key.place)
      let node = PairTransformNode(
        loop: loop, test: test, result: value.node, output: .entries(keys: key.node), place: place)
      return Typed(type: .map(key.type, value.type), node: node)
    }
    let result = check(last)
    let isList = macro == .transformList
    let node = PairTransformNode(
      loop: loop, test: test, result: result.node, output: isList ? .list : .map, place: place)
    return Typed(type: isList ? .list(result.type) : .map(key, result.type), node: node)
  }

  private mutating func pairTypes(
    of type: ValueType, macro: Macro, at place: Place
  ) -> (ValueType, ValueType) {
    switch inference.known(type) {
    case .list(let element): return (.int, element)
    case .map(let key, let value): return (key, value)
    case .dyn, .parameter: return (.dyn, .dyn)
    case let other:
      report(.notIterable(inference.final(other), macro: macro.rawValue, at: place))
      return (.dyn, .dyn)
    }
  }

  // MARK: One value with a name

  mutating func check(bind arguments: [Syntax], at place: Place) -> Typed {
    let usedBefore = usedSlots
    usedSlots = 0
    let value = check(arguments[1])
    let dependencies = usedSlots
    usedSlots |= usedBefore
    guard let name = variableName(arguments[0], .bind) else {
      return failing("cel.bind has no variable", at: place)
    }
    let (typed, isUsed) = withBinding(name, value.type, dependencies: dependencies) { checker, index in
      let body = checker.check(arguments[2])
      let node = BindNode(index: index, value: value.node, body: body.node, place: place)
      return Typed(type: body.type, node: node)
    }
    if !isUsed { warn(.unusedVariable(name, at: arguments[0].place)) }
    return typed
  }

  mutating func check(optionalMap macro: Macro, _ target: Syntax, _ arguments: [Syntax], at place: Place) -> Typed {
    let optional = check(target)
    let inner = unwrapped(optional, "what \(macro.rawValue) works on", at: target.place)
    guard let name = variableName(arguments[0], macro) else {
      return failing("'\(macro.rawValue)' has no variable", at: place)
    }
    return withVariable(name, inner, isLoop: false) { checker, slot in
      let result = checker.check(arguments[1])
      let isFlat = macro == .optFlatMap
      let node = OptionalMapNode(
        optional: optional.node, slot: slot, result: result.node, isFlat: isFlat, place: place)
      guard isFlat else { return Typed(type: .optional(result.type), node: node) }
      return Typed(
        type: .optional(checker.unwrapped(result, "what optFlatMap makes", at: arguments[1].place)), node: node)
    }
  }
}
