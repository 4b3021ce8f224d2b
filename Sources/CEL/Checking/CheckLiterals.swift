import Values

// Literals of lists and maps.
extension Checker {
  mutating func check(list elements: [Syntax], at place: Place) -> Typed {
    var type: ValueType?
    var nodes: [(node: any Node, isOptional: Bool)] = []
    var constants: [Value]? = []
    nodes.reserveCapacity(elements.count)
    for element in elements {
      let typed = check(element)
      let isOptional = element.isOptionalElement
      let elementType = isOptional ? unwrapped(typed, "an element written with '?'", at: element.place) : typed.type
      nodes.append((typed.node, isOptional))
      if let constant = typed.constant, !isOptional { constants?.append(constant) } else { constants = nil }
      type = type.map { inference.join($0, elementType) ?? .dyn } ?? elementType
    }
    let listType = ValueType.list(type ?? inference.open())
    guard let constants else { return Typed(type: listType, node: ListNode(elements: nodes, place: place)) }
    let value = Value.list(constants)
    return Typed(type: listType, node: ConstantNode(value: value, place: place), constant: value)
  }

  mutating func check(map entries: [(key: Syntax, value: Syntax)], at place: Place) -> Typed {
    var keyType: ValueType?
    var valueType: ValueType?
    var nodes: [(key: any Node, value: any Node, isOptional: Bool)] = []
    for entry in entries {
      let key = check(entry.key)
      let value = check(entry.value)
      checkKey(key.type, at: entry.key.place)
      let isOptional = entry.value.isOptionalElement
      let type = isOptional ? unwrapped(value, "a value written with '?'", at: entry.value.place) : value.type
      nodes.append((key.node, value.node, isOptional))
      keyType = keyType.map { inference.join($0, key.type) ?? .dyn } ?? key.type
      valueType = valueType.map { inference.join($0, type) ?? .dyn } ?? type
    }
    let type = ValueType.map(keyType ?? inference.open(), valueType ?? inference.open())
    return Typed(type: type, node: MapNode(entries: nodes, place: place))
  }

  mutating func checkKey(_ type: ValueType, at place: Place) {
    switch inference.known(type) {
    case .int, .uint, .bool, .string, .choice, .dyn, .parameter: break
    case let other: report(.badKey(inference.final(other), at: place))
    }
  }

  /// The type in an optional; reports what is none.
  mutating func unwrapped(_ typed: Typed, _ what: String, at place: Place) -> ValueType {
    switch inference.known(typed.type) {
    case .optional(let inner): return inner
    case .dyn, .parameter: return .dyn
    case let other:
      report(.notOptional(inference.final(other), what: what, at: place))
      return .dyn
    }
  }
}
