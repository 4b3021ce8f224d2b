import Diagnostics
import Values

// Names, fields and elements.
extension Checker {
  mutating func check(name: String, isAbsolute: Bool, at place: Place, isSelected: Bool) -> Typed {
    if !isAbsolute, let slot = variableSlot(name) {
      noteUse(ofSlot: slot)
      let variable = variables[slot]
      guard let index = variable.boundIndex else {
        return Typed(type: variable.type, node: LocalNode(slot: slot, place: place))
      }
      return Typed(type: variable.type, node: BoundNode(index: index, place: place))
    }
    if let found = resolve(name, isAbsolute: isAbsolute, at: place) {
      if !isSelected { recordUse(of: found) }
      return found
    }
    if reports {
      report(
        .unknownName(
          name, at: place, known: variables.map(\.name) + environment.variableNames, advice: advice(forName: name)))
    }
    return failing("the name '\(name)' is not declared", at: place)
  }

  /// What may be meant by a name that is not declared: a field of one that is, or a text.
  private func advice(forName name: String) -> String? {
    for variable in variables {
      if case .record(let type) = inference.known(variable.type), type.slot(of: name) != nil {
        return "did you mean '\(variable.name).\(name)'?"
      }
    }
    for variable in environment.variableNames.prefix(suggestionCandidateLimit) {
      switch environment.variables[variable] {
      case .record(let type) where type.slot(of: name) != nil: return "did you mean '\(variable).\(name)'?"
      case .list(.record(let type)) where type.slot(of: name) != nil:
        return "it is a column of '\(variable)': \(variable).\(name), or r.\(name) in \(variable).exists(r, …)"
      case .choice(let labels) where labels.contains(name): return "a text stands in quotation marks: \"\(name)\""
      default: continue
      }
    }
    return isTextDue ? "a text stands in quotation marks: \"\(name)\"" : nil
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
      return Typed(type: type, node: NameNode(index: index, type: type, place: place), origin: (index, []))
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
    guard environment.hasQualifiedNames || root == "google" || root == "net" else { return nil }
    return resolve(([root] + parts.reversed()).joined(separator: "."), isAbsolute: isAbsolute, at: syntax.place)
  }

  private mutating func select(_ field: String, at fieldPlace: Place, from base: Typed, whole: Place) -> Typed {
    let found = self.field(field, at: fieldPlace, of: base.type)
    return Typed(type: found.type, node: selection(of: field, slot: found.slot, from: base.node, at: whole))
  }

  /// `operand.?field`.
  mutating func check(
    optionalSelect field: String, at fieldPlace: Place, from operand: Syntax, whole: Place
  ) -> Typed {
    let base = check(operand, isSelected: true)
    let found = self.field(field, at: fieldPlace, of: base.type)
    let selection = selection(of: field, slot: found.slot, from: base.node, at: whole)
    var result = Typed(type: .optional(found.type), node: OptionalSelectNode(selection: selection, place: whole))
    if case .optional = inference.known(base.type) { result.type = found.type }
    if let origin = base.origin {
      recordUse(of: Typed(type: .dyn, node: selection, origin: (origin.reference, origin.path + [field])))
    }
    return result
  }

  private mutating func selection(of field: String, slot: Int?, from operand: any Node, at place: Place) -> SelectNode {
    var column: (variable: Int, index: Int)?
    if let slot, let variable = operand as? LocalNode {
      column = columnIndex(of: field, slot: slot, ofVariable: variable.slot).map { (variable.slot, $0) }
    }
    return SelectNode(operand: operand, field: field, slot: slot, column: column, place: place)
  }

  /// A field's place in a record type, if it has one, and the type of what selecting it gives.
  private mutating func field(
    _ field: String, at place: Place, of type: ValueType
  ) -> (slot: Int?, type: ValueType) {
    switch inference.known(type) {
    case .dyn, .parameter: return (nil, .dyn)
    case .map(let key, let value):
      if !inference.assign(.string, to: key) { report(.badIndex(.string, of: .map(key, value), at: place)) }
      return (nil, value)
    case .record(let type):
      guard let slot = type.slot(of: field) else {
        if reports { report(.noSuchField(field, in: type, at: place)) }
        return (nil, .dyn)
      }
      return (slot, type.fields[slot].type)
    case .optional(let inner):
      let found = self.field(field, at: place, of: inner)
      return (found.slot, .optional(found.type))
    case .list(let element):
      switch inference.known(element) {
      case .record(let record):
        guard let slot = record.slot(of: field) else {
          if reports { report(.noSuchField(field, in: record, isColumn: true, at: place)) }
          return (nil, .dyn)
        }
        return (slot, .list(record.fields[slot].type))
      case .dyn, .parameter: return (nil, .dyn)
      default: break
      }
    default: break
    }
    report(.noFields(inference.final(type), field: field, at: place))
    return (nil, .dyn)
  }

  mutating func check(index: Syntax, of container: Syntax, at place: Place, isOptional: Bool) -> Typed {
    let base = check(container)
    let key = check(index)
    let node = IndexNode(container: base.node, index: key.node, isOptional: isOptional, place: place)
    let type = elementType(of: base.type, at: inference.known(key.type), index.place, container.place)
    guard isOptional else { return Typed(type: type, node: node) }
    if case .optional = inference.known(base.type) { return Typed(type: type, node: node) }
    return Typed(type: .optional(type), node: node)
  }

  /// The type of what stands in a container at a place or under a key.
  private mutating func elementType(
    of container: ValueType, at key: ValueType, _ keyPlace: Place, _ containerPlace: Place
  ) -> ValueType {
    switch inference.known(container) {
    case .dyn, .parameter: return .dyn
    case .optional(let inner): return .optional(elementType(of: inner, at: key, keyPlace, containerPlace))
    case .list(let element):
      if !isPlace(key) { report(.badIndex(inference.final(key), of: .list(.dyn), at: keyPlace)) }
      return element
    case .map(let wanted, let value):
      let isNumber = Self.isNumber(key) && Self.isNumber(inference.known(wanted))
      if !isNumber, !inference.assign(key, to: wanted) {
        report(.badIndex(inference.final(key), of: .map(inference.final(wanted), .dyn), at: keyPlace))
      }
      return value
    case let other:
      report(.badIndex(inference.final(key), of: inference.final(other), at: containerPlace))
      return .dyn
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
