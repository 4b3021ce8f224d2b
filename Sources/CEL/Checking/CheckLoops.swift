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

// Macros that go over elements.
extension Checker {
  mutating func check(
    loop macro: Macro, over range: Typed, _ rangePlace: Place, _ arguments: [Syntax], at place: Place
  ) -> Typed {
    let types = variableTypes(of: range.type, macro: macro, at: rangePlace)
    let whole = range.origin.flatMap { $0.path.isEmpty ? $0.reference : nil }
    guard macro.hasTwoVariables(of: arguments.count) else {
      guard let name = variableName(arguments[0], macro) else {
        return failing("'\(macro.rawValue)' has no variable", at: place)
      }
      return withVariable(name, types.single, isElement: true, of: whole) { checker, slot in
        let body = LoopBody(
          macro: macro, range: range.node, keySlot: nil, slot: slot, key: types.single, element: types.single,
          place: place)
        return checker.check(body, Array(arguments.dropFirst()))
      }
    }
    guard let keyName = variableName(arguments[0], macro), let name = variableName(arguments[1], macro) else {
      return failing("'\(macro.rawValue)' has no variables", at: place)
    }
    if keyName == name { report(.sameVariable(keyName, macro: macro.rawValue, at: arguments[1].place)) }
    return withVariable(keyName, types.key) { checker, keySlot in
      checker.withVariable(name, types.element, isElement: true) { checker, slot in
        let body = LoopBody(
          macro: macro, range: range.node, keySlot: keySlot, slot: slot, key: types.key, element: types.element,
          place: place)
        return checker.check(body, Array(arguments.dropFirst(2)))
      }
    }
  }

  /// The types of the variable of a macro with one, and of those of a macro with two.
  private mutating func variableTypes(
    of type: ValueType, macro: Macro, at place: Place
  ) -> (single: ValueType, key: ValueType, element: ValueType) {
    switch inference.known(type) {
    case .list(let element): return (element, .int, element)
    case .map(let key, let value): return (key, key, value)
    case .dyn, .parameter: return (.dyn, .dyn, .dyn)
    case let other:
      report(.notIterable(inference.final(other), macro: macro.rawValue, at: place))
      return (.dyn, .dyn, .dyn)
    }
  }

  /// A macro whose variables are in scope.
  private struct LoopBody {
    let macro: Macro
    let range: any Node
    let keySlot: Int?
    let slot: Int
    let key: ValueType
    let element: ValueType
    let place: Place

    var role: String { "what \(macro.rawValue) asks of each element" }

    /// Made when all that reads the element has been checked.
    func loop(_ checker: Checker) -> Loop {
      Loop(
        macro: macro, range: range, keySlot: keySlot, slot: slot, columns: checker.variables[slot].columns ?? [])
    }
  }

  /// - Parameter arguments: Those behind the variables.
  private mutating func check(_ body: LoopBody, _ arguments: [Syntax]) -> Typed {
    switch body.macro {
    case .all, .exists:
      let test = condition(arguments[0], body.role)
      return Typed(type: .bool, node: QuantifierNode(loop: body.loop(self), test: test, place: body.place))
    case .existsOne, .existsOneInWords:
      let test = condition(arguments[0], body.role)
      return Typed(type: .bool, node: ExistsOneNode(loop: body.loop(self), test: test, place: body.place))
    case .filter:
      let test = condition(arguments[0], body.role)
      let result = LocalNode(slot: body.slot, place: body.place)
      let node = TransformNode(loop: body.loop(self), test: test, result: result, place: body.place)
      return Typed(type: .list(body.element), node: node)
    default: return check(transform: body, arguments)
    }
  }

  private mutating func check(transform body: LoopBody, _ arguments: [Syntax]) -> Typed {
    let test = arguments.count == 2 ? condition(arguments[0], body.role) : nil
    let last = arguments[arguments.count - 1]
    if body.macro == .transformMapEntry {
      guard case .map(let entries) = last.kind, entries.count == 1, !entries[0].value.isOptionalElement else {
        report(.badEntry(at: last.place))
        return failing("transformMapEntry makes no entry", at: body.place)
      }
      let (key, value) = (check(entries[0].key), check(entries[0].value))
      checkKey(key.type, at: entries[0].key.place)
      let node = TransformNode(
        loop: body.loop(self), test: test, result: value.node, output: .entries(keys: key.node), place: body.place)
      return Typed(type: .map(key.type, value.type), node: node)
    }
    let result = check(last)
    let isMap = body.macro == .transformMap
    let node = TransformNode(
      loop: body.loop(self), test: test, result: result.node, output: isMap ? .map : .list, place: body.place)
    return Typed(type: isMap ? .map(body.key, result.type) : .list(result.type), node: node)
  }
}
