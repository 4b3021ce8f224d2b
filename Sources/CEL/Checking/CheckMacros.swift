import Values

// Macros with one variable, and `has`.
extension Checker {
  mutating func check(
    _ macro: Macro, target: Syntax?, arguments: [Syntax], whole: Place, namePlace: Place
  ) -> Typed {
    guard let target, macro != .has else { return check(has: arguments[0], at: whole) }
    guard variables.count + 2 <= CELLimits.variables else {
      report(.tooManyVariables(at: namePlace))
      return failing("macros name too many variables", at: whole)
    }
    switch macro {
    case .bind: return check(bind: arguments, at: whole)
    case .optMap, .optFlatMap: return check(optionalMap: macro, target, arguments, at: whole)
    default: break
    }
    let range = check(target)
    guard loops < CELLimits.comprehensionNesting else {
      report(.comprehensionsTooDeep(at: namePlace))
      return failing("macros are nested too deep", at: whole)
    }
    if macro.hasTwoVariables(of: arguments.count) {
      return check(pairs: macro, over: range, target.place, arguments, at: whole)
    }
    let element = elementType(of: range.type, macro: macro, at: target.place)
    guard let name = variableName(arguments[0], macro) else {
      return failing("'\(macro.rawValue)' has no variable", at: whole)
    }
    return withVariable(name, element, isLoop: true) { checker, slot in
      checker.body(macro, range: range.node, slot: slot, element: element, arguments, at: whole)
    }
  }

  /// The name that an argument gives to a variable; reports anything else.
  mutating func variableName(_ argument: Syntax, _ macro: Macro) -> String? {
    guard case .name(let name, false) = argument.kind else {
      report(.badVariable(macro, at: argument.place))
      return nil
    }
    return name
  }

  private mutating func body(
    _ macro: Macro, range: any Node, slot: Int, element: ValueType, _ arguments: [Syntax], at place: Place
  ) -> Typed {
    let role = "what \(macro.rawValue) asks of each element"
    switch macro {
    case .all, .exists:
      let test = condition(arguments[1], role)
      let node = QuantifierNode(range: range, slot: slot, test: test, decides: macro == .exists, place: place)
      return Typed(type: .bool, node: node)
    case .existsOne, .existsOneInWords:
      let test = condition(arguments[1], role)
      return Typed(type: .bool, node: ExistsOneNode(range: range, slot: slot, test: test, place: place))
    case .filter:
      let test = condition(arguments[1], role)
      let node = TransformNode(range: range, slot: slot, test: test, result: nil, place: place)
      return Typed(type: .list(element), node: node)
    default:
      let test = arguments.count == 3 ? condition(arguments[1], role) : nil
      let result = check(arguments[arguments.count - 1])
      let node = TransformNode(range: range, slot: slot, test: test, result: result.node, place: place)
      return Typed(type: .list(result.type), node: node)
    }
  }

  private mutating func elementType(of type: ValueType, macro: Macro, at place: Place) -> ValueType {
    switch inference.known(type) {
    case .list(let element): return element
    case .map(let key, _): return key
    case .dyn, .parameter: return .dyn
    case let other:
      report(.notIterable(inference.final(other), macro: macro.rawValue, at: place))
      return .dyn
    }
  }

  private mutating func check(has argument: Syntax, at place: Place) -> Typed {
    guard case .select = argument.kind else {
      report(.badPresenceTest(at: argument.place))
      return failing("has asks for a field", at: place)
    }
    let typed = checkPart(argument)
    guard let selection = typed.node as? SelectNode else {
      // A declared name with dots, which is there.
      return constant(.bool(true), at: place)
    }
    return Typed(type: .bool, node: PresenceNode(selection: selection, place: place))
  }
}
