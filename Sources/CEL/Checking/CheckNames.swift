import Values

// Names, fields and elements.
extension Checker {
  mutating func check(name: String, isAbsolute: Bool, at place: Place, isSelected: Bool) -> Typed {
    if !isAbsolute, let slot = variableSlot(name) {
      usedSlots |= 1 << UInt(slot)
      return Typed(type: variables[slot].type, node: LocalNode(slot: slot, place: place))
    }
    if let found = resolve(name, isAbsolute: isAbsolute, at: place) {
      if !isSelected { recordUse(of: found) }
      return found
    }
    if reports {
      report(.unknownName(name, at: place, known: variables.map(\.name) + environment.variableNames))
    }
    return failing("the name '\(name)' is not declared", at: place)
  }

  /// A declared name or a type, looked up in the container and in those around it, the innermost first.
  private mutating func resolve(_ name: String, isAbsolute: Bool, at place: Place) -> Typed? {
    if !isAbsolute, !environment.container.isEmpty {
      var parts = environment.container.split(separator: ".")
      while !parts.isEmpty {
        if let found = declared(parts.joined(separator: ".") + "." + name, at: place) { return found }
        parts.removeLast()
      }
    }
    return declared(name, at: place)
  }

  private mutating func declared(_ name: String, at place: Place) -> Typed? {
    if let type = environment.variables[name] {
      let index = reference(to: name, at: place)
      return Typed(type: type, node: NameNode(index: index, place: place), origin: (index, []))
    }
    guard let type = Library.typeNames[name] else { return nil }
    let value = Value.type(type)
    return Typed(type: .type(type), node: ConstantNode(value: value, place: place), constant: value)
  }

  mutating func check(
    select field: String, at fieldPlace: Place, from operand: Syntax, whole: Syntax, isSelected: Bool
  ) -> Typed {
    if let found = qualified(whole) {
      if !isSelected { recordUse(of: found) }
      return found
    }
    let base = check(operand, isSelected: true)
    var result = select(field, at: fieldPlace, from: base, whole: whole.place)
    if let origin = base.origin {
      result.origin = (origin.reference, origin.path + [field])
      if !isSelected { recordUse(of: result) }
    }
    return result
  }

  /// What selections name as a whole, such as `a.b` if a name `a.b` is declared.
  private mutating func qualified(_ syntax: Syntax) -> Typed? {
    var parts: [String] = []
    var part = syntax
    while case .select(let operand, let field, _) = part.kind {
      parts.append(field)
      part = operand
    }
    guard case .name(let root, let isAbsolute) = part.kind else { return nil }
    guard isAbsolute || variableSlot(root) == nil else { return nil }
    guard environment.hasQualifiedNames || root == "google" else { return nil }
    return resolve(([root] + parts.reversed()).joined(separator: "."), isAbsolute: isAbsolute, at: syntax.place)
  }

  private mutating func select(_ field: String, at fieldPlace: Place, from base: Typed, whole: Place) -> Typed {
    func node(_ slot: Int? = nil) -> SelectNode {
      SelectNode(operand: base.node, field: field, slot: slot, place: whole)
    }
    switch inference.known(base.type) {
    case .dyn, .parameter: return Typed(type: .dyn, node: node())
    case .map(let key, let value):
      if !inference.assign(.string, to: key) { report(.badIndex(.string, of: .map(key, value), at: fieldPlace)) }
      return Typed(type: value, node: node())
    case .record(let type): return select(field, at: fieldPlace, of: type, node) { $0 }
    case .list(let element):
      switch inference.known(element) {
      case .record(let type): return select(field, at: fieldPlace, of: type, node) { .list($0) }
      case .dyn, .parameter: return Typed(type: .dyn, node: node())
      default: break
      }
    default: break
    }
    report(.noFields(inference.final(base.type), field: field, at: fieldPlace))
    return Typed(type: .dyn, node: node())
  }

  private mutating func select(
    _ field: String, at place: Place, of type: RecordType, _ node: (Int?) -> SelectNode,
    _ wrap: (ValueType) -> ValueType
  ) -> Typed {
    guard let slot = type.slot(of: field) else {
      if reports { report(.noSuchField(field, in: type, at: place)) }
      return Typed(type: .dyn, node: node(nil))
    }
    return Typed(type: wrap(type.fields[slot].type), node: node(slot))
  }

  mutating func check(index: Syntax, of container: Syntax, at place: Place) -> Typed {
    let base = check(container)
    let key = check(index)
    let node = IndexNode(container: base.node, index: key.node, place: place)
    let keyType = inference.known(key.type)
    switch inference.known(base.type) {
    case .dyn, .parameter: return Typed(type: .dyn, node: node)
    case .list(let element):
      if !isPlace(keyType) { report(.badIndex(inference.final(keyType), of: .list(.dyn), at: index.place)) }
      return Typed(type: element, node: node)
    case .map(let wanted, let value):
      let isNumber = Self.isNumber(keyType) && Self.isNumber(inference.known(wanted))
      if !isNumber, !inference.assign(keyType, to: wanted) {
        report(.badIndex(inference.final(keyType), of: .map(inference.final(wanted), .dyn), at: index.place))
      }
      return Typed(type: value, node: node)
    case let other:
      report(.badIndex(inference.final(keyType), of: inference.final(other), at: container.place))
      return Typed(type: .dyn, node: node)
    }
  }

  private func isPlace(_ type: ValueType) -> Bool {
    switch type {
    case .int, .uint, .dyn, .parameter: true
    default: false
    }
  }

  static func isNumber(_ type: ValueType) -> Bool {
    switch type {
    case .int, .uint, .double: true
    default: false
    }
  }
}
