import Values

// Calls of functions.
extension Checker {
  mutating func check(call syntax: Syntax) -> Typed {
    guard case .call(let name, let namePlace, let target, let arguments, let isAbsolute) = syntax.kind else {
      return failing("this is no call", at: syntax.place)
    }
    if let macro = Macro(name, target: target, arguments: arguments.count),
      macro != .bind || variableSlot("cel") == nil
    {
      return check(macro, target: target, arguments: arguments, whole: syntax.place, namePlace: namePlace)
    }
    if let macro = Macro(name, target: target) ?? Macro(rawValue: name), environment.function(name) == nil {
      report(.badMacro(macro, at: namePlace))
      return failing("'\(name)' is not written so", at: syntax.place)
    }
    if let target, let function = qualifiedFunction(target, name) {
      return call(function, isMember: false, arguments.map { check($0) }, arguments, namePlace, syntax.place)
    }
    if let target, case .name(let root, _) = target.kind, isNamespace(root) {
      if reports {
        let place = target.place.lowerBound..<namePlace.upperBound
        report(.unknownFunction("\(root).\(name)", at: place, known: Library.functionNames))
      }
      return failing("there is no function '\(root).\(name)'", at: syntax.place)
    }
    if environment.function(name) == nil, let meant = ForeignHabits.function(name), Macro(meant, target: target) != nil
    {
      // Its arguments are written with a variable that it does not name.
      report(.unknownFunction(name, at: namePlace, known: []))
      return failing("there is no function '\(name)'", at: syntax.place)
    }
    let typed = (target.map { [check($0)] } ?? []) + arguments.map { check($0) }
    guard let function = isAbsolute || target != nil ? environment.function(name) : functionInContainer(name) else {
      if reports {
        report(.unknownFunction(name, at: namePlace, known: Library.functionNames + Macro.names))
      }
      return Typed(type: .dyn, node: FailureNode(reason: "there is no function '\(name)'", place: syntax.place))
    }
    let written = (target.map { [$0] } ?? []) + arguments
    return call(function, isMember: target != nil, typed, written, namePlace, syntax.place)
  }

  private func functionInContainer(_ name: String) -> Function? {
    guard !environment.container.isEmpty else { return environment.function(name) }
    var parts = environment.container.split(separator: ".")
    while !parts.isEmpty {
      if let found = environment.function(parts.joined(separator: ".") + "." + name) { return found }
      parts.removeLast()
    }
    return environment.function(name)
  }

  /// A function whose name has dots, such as `math.abs`.
  private func qualifiedFunction(_ target: Syntax, _ name: String) -> Function? {
    if environment.declaredFunctions.isEmpty {
      guard case .name(let root, let isAbsolute) = target.kind, Library.namespaces.contains(root),
        isAbsolute || variableSlot(root) == nil
      else { return nil }
      return environment.function("\(root).\(name)")
    }
    var parts: [String] = [name]
    var part = target
    while case .select(let operand, let field, _) = part.kind {
      parts.append(field)
      part = operand
    }
    guard case .name(let root, let isAbsolute) = part.kind, isAbsolute || variableSlot(root) == nil else { return nil }
    let full = ([root] + parts.reversed()).joined(separator: ".")
    return isAbsolute ? environment.function(full) : functionInContainer(full)
  }

  /// Whether a name is nothing but the first part of functions' names, as `math` of `math.abs`.
  private func isNamespace(_ name: String) -> Bool {
    Library.namespaces.contains(name) && variableSlot(name) == nil && environment.variables[name] == nil
      && Library.functions[name] == nil
  }

  private mutating func call(
    _ function: Function, isMember: Bool, _ arguments: [Typed], _ written: [Syntax], _ namePlace: Place,
    _ place: Place
  ) -> Typed {
    let type = resultType(of: function, isMember: isMember, arguments, namePlace)
    if let folded = fold(function, arguments, written, place) { return folded }
    let node: any Node
    switch (function.implementation, arguments.count) {
    case (.none(let value), 0): return Typed(type: type, node: ConstantNode(value: value, place: place))
    case (.many(let body), _) where function.takes(arguments.count, isMember: isMember):
      node = CallNode(name: function.name, body: body, arguments: arguments.map(\.node), place: place)
    case (.fallback(let unwraps), 2):
      node = FallbackNode(
        optional: arguments[0].node, other: arguments[1].node, unwraps: unwraps, place: place)
    case (.unary(let body), 1), (.unaryOrBinary(let body, _), 1):
      node = UnaryCallNode(name: function.name, body: body, argument: arguments[0].node, place: place)
    case (.unaryByResult(let choose), 1):
      let body = choose(inference.final(type))
      node = UnaryCallNode(name: function.name, body: body, argument: arguments[0].node, place: place)
    case (.binary(let body), 2), (.unaryOrBinary(_, let body), 2):
      if let pattern = constantPattern(function, arguments, written) {
        node = PatternNode(text: arguments[0].node, pattern: pattern, place: place)
      } else {
        node = BinaryCallNode(
          name: function.name, body: body, left: arguments[0].node, right: arguments[1].node, place: place)
      }
    default: node = FailureNode(reason: "there is no \(function.name) with these arguments", place: place)
    }
    var typed = Typed(type: type, node: node)
    typed.bounds = Bounds.ofResult(function.name, on: arguments.first.map { inference.known($0.type) })
    return typed
  }

  /// The type that the forms of a function give for these arguments; reports when none fits.
  private mutating func resultType(
    of function: Function, isMember: Bool, _ arguments: [Typed], _ namePlace: Place
  ) -> ValueType {
    let before = inference
    var found: (type: ValueType, after: Inference)?
    for overload in function.overloads
    where overload.isMember == isMember && overload.takes(arguments.count) {
      // The form that takes numbers of all types counts only where no other surely does.
      if overload.isMixed, found != nil, arguments.allSatisfy({ Self.isNumber(inference.known($0.type)) }) { continue }
      inference = before
      let (parameters, result) = inference.instantiate(overload)
      var fits = true
      for (index, argument) in arguments.enumerated() where fits {
        fits =
          overload.isMixed
          ? isNumberOrUnknown(argument.type)
          : inference.assign(argument.type, to: parameters[min(index, parameters.count - 1)])
      }
      guard fits else { continue }
      guard let earlier = found else {
        found = (result, inference)
        continue
      }
      // Several forms fit, because some argument may be anything: they agree on the result, or it may be anything.
      if earlier.after.final(earlier.type) != inference.final(result) { found = (.dyn, before) }
    }
    guard let found else {
      inference = before
      let types = arguments.map { inference.final($0.type) }
      report(.noOverload(function, isMember: isMember, types, at: namePlace))
      return .dyn
    }
    inference = found.after
    return found.type
  }

  private func isNumberOrUnknown(_ type: ValueType) -> Bool {
    switch inference.known(type) {
    case .int, .uint, .double, .dyn, .parameter: true
    default: false
    }
  }

  /// The value of a conversion whose argument is written out, such as `ip("192.0.2.1")`; reports text that it does not
  /// take.
  private mutating func fold(_ function: Function, _ arguments: [Typed], _ written: [Syntax], _ place: Place) -> Typed?
  {
    guard arguments.count == 1, case .string(let text)? = arguments[0].constant,
      let meant = Library.foldedConversions[function.name], case .unary(let body) = function.implementation
    else { return nil }
    var run = Run(names: [], slots: [], layout: Run.Layout(), budget: CELLimits.budget)
    do throws(EvaluationFailure) {
      return constant(try body(.string(text), &run, place), at: place)
    } catch {
      report(.badLiteral(text, meant, at: written[0].place))
      return nil
    }
  }

  private mutating func constantPattern(_ function: Function, _ arguments: [Typed], _ written: [Syntax]) -> Pattern? {
    guard function.name == "matches" else { return nil }
    guard case .string(let text)? = arguments[1].constant else {
      if let origin = arguments[1].origin, origin.path.isEmpty {
        patterns.insert(origin.reference)
      } else if case .name(let name, false) = written[1].kind, let slot = variableSlot(name),
        let reference = variables[slot].elementsOf
      {
        patterns.insert(reference)
      }
      return nil
    }
    do throws(Pattern.Mistake) {
      return try Pattern(text)
    } catch {
      report(.badPattern(text, why: error.reason, at: written[1].place))
      return nil
    }
  }
}
