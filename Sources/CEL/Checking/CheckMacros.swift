import Values

// Macros: which one it is, and `has`.
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
    return check(loop: macro, over: range, target.place, arguments, at: whole)
  }

  /// The name that an argument gives to a variable; reports anything else.
  mutating func variableName(_ argument: Syntax, _ macro: Macro) -> String? {
    guard case .name(let name, false) = argument.kind else {
      report(.badVariable(macro, at: argument.place))
      return nil
    }
    return name
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
