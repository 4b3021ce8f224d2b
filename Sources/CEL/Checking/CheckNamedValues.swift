import Values

// `cel.bind`, and macros of optionals: one value gets a name.
extension Checker {
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
    return withVariable(name, inner) { checker, slot in
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
