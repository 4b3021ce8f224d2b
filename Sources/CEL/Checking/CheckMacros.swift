import Values

/// A call that is not a function: it names a variable, or asks for a field without reading it.
enum Macro: String, CaseIterable {
  case has, all, exists
  case existsOne = "exists_one"
  case filter, map

  static let names: [String] = allCases.map(\.rawValue)

  /// How it is written.
  var form: String {
    switch self {
    case .has: "has(record.field)"
    case .map: "list.map(x, value of x) or list.map(x, condition on x, value of x)"
    default: "list.\(rawValue)(x, condition on x)"
    }
  }

  /// - Returns: `nil` if a call of this form is one of a function.
  init?(_ name: String, isMember: Bool, arguments: Int) {
    guard let macro = Macro(rawValue: name) else { return nil }
    switch macro {
    case .has where !isMember && arguments == 1: break
    case .all where isMember && arguments == 2: break
    case .exists where isMember && arguments == 2: break
    case .existsOne where isMember && arguments == 2: break
    case .filter where isMember && arguments == 2: break
    case .map where isMember && (arguments == 2 || arguments == 3): break
    default: return nil
    }
    self = macro
  }
}

extension Checker {
  mutating func check(
    _ macro: Macro, target: Syntax?, arguments: [Syntax], whole: Place, namePlace: Place
  ) -> Typed {
    guard let target else { return check(has: arguments[0], at: whole) }
    let range = check(target)
    let element = elementType(of: range.type, macro: macro, at: target.place)
    guard case .name(let name, false) = arguments[0].kind else {
      report(.badVariable(macro: macro.rawValue, at: arguments[0].place))
      return failing("'\(macro.rawValue)' has no variable", at: whole)
    }
    guard variables.count < CELLimits.comprehensionNesting else {
      report(.comprehensionsTooDeep(at: namePlace))
      return failing("macros are nested too deep", at: whole)
    }
    return withVariable(name, element) { checker, slot in
      checker.body(macro, range: range.node, slot: slot, element: element, arguments, at: whole)
    }
  }

  private mutating func body(
    _ macro: Macro, range: any Node, slot: Int, element: ValueType, _ arguments: [Syntax], at place: Place
  ) -> Typed {
    let role = "what \(macro.rawValue) asks of each element"
    switch macro {
    case .has: return failing("has goes over nothing", at: place)
    case .all, .exists:
      let test = condition(arguments[1], role)
      let node = QuantifierNode(range: range, slot: slot, test: test, decides: macro == .exists, place: place)
      return Typed(type: .bool, node: node)
    case .existsOne:
      let test = condition(arguments[1], role)
      return Typed(type: .bool, node: ExistsOneNode(range: range, slot: slot, test: test, place: place))
    case .filter:
      let test = condition(arguments[1], role)
      let node = TransformNode(range: range, slot: slot, test: test, result: nil, place: place)
      return Typed(type: .list(element), node: node)
    case .map:
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
