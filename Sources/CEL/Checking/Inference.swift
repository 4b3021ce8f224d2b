import Values

/// What has been found out about types that were left open, such as the elements of `[]`.
struct Inference {
  private var bound: [String: ValueType] = [:]
  private var count = 0

  /// A type that nothing is known of yet.
  mutating func open() -> ValueType {
    count += 1
    return .parameter("%\(count)")
  }

  /// The type as far as it is known, at its outermost level.
  func known(_ type: ValueType) -> ValueType {
    var type = type
    while case .parameter(let name) = type, let next = bound[name] { type = next }
    return type
  }

  /// The type with everything in it that is known; what stays open is `dyn`.
  func final(_ type: ValueType) -> ValueType {
    switch known(type) {
    case .parameter: .dyn
    case .list(let element): .list(final(element))
    case .map(let key, let value): .map(final(key), final(value))
    case .optional(let wrapped): .optional(final(wrapped))
    case .type(let inner): .type(final(inner))
    case let other: other
    }
  }

  /// Whether a value of type `actual` may stand where `formal` is wanted; binds what is open in either.
  mutating func assign(_ actual: ValueType, to formal: ValueType) -> Bool {
    switch (known(actual), known(formal)) {
    case (.parameter(let left), .parameter(let right)) where left == right: return true
    case (let type, .parameter(let name)), (.parameter(let name), let type):
      guard !mentions(type, name) else { return false }
      bound[name] = type
      return true
    case (.dyn, _), (_, .dyn): return true
    case (.list(let left), .list(let right)), (.optional(let left), .optional(let right)):
      return assign(left, to: right)
    // Types are values of one type: `type(1) == string` is a question, not a mistake.
    case (.type, .type): return true
    case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
      return assign(leftKey, to: rightKey) && assign(leftValue, to: rightValue)
    case (.choice, .string), (.string, .choice), (.choice, .choice): return true
    case (let left, let right): return left == right
    }
  }

  /// The narrowest type that holds values of both; `nil` if that would be `dyn` though neither is.
  mutating func join(_ left: ValueType, _ right: ValueType) -> ValueType? {
    switch (known(left), known(right)) {
    case (.dyn, _), (_, .dyn): return .dyn
    case (.list(let left), .list(let right)): return join(left, right).map { .list($0) }
    case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
      guard let key = join(leftKey, rightKey), let value = join(leftValue, rightValue) else { return nil }
      return .map(key, value)
    case (.optional(let left), .optional(let right)): return join(left, right).map { .optional($0) }
    // Null stands for none where optionals stand.
    case (.optional, .null): return known(left)
    case (.null, .optional): return known(right)
    case (.choice(let left), .choice(let right)): return left == right ? .choice(left) : .string
    case (.choice, .string), (.string, .choice): return .string
    case (let left, let right):
      let before = self
      if assign(right, to: left) { return known(left) }
      self = before
      return nil
    }
  }

  /// A generic overload with types of its own for its parameters.
  mutating func instantiate(_ overload: Overload) -> (parameters: [ValueType], result: ValueType) {
    guard overload.isGeneric else { return (overload.parameters, overload.result) }
    var names: [String: ValueType] = [:]
    let parameters = overload.parameters.map { replace($0, &names) }
    return (parameters, replace(overload.result, &names))
  }

  private mutating func replace(_ type: ValueType, _ names: inout [String: ValueType]) -> ValueType {
    switch type {
    case .parameter(let name):
      if let known = names[name] { return known }
      let fresh = open()
      names[name] = fresh
      return fresh
    case .list(let element): return .list(replace(element, &names))
    case .map(let key, let value): return .map(replace(key, &names), replace(value, &names))
    case .optional(let wrapped): return .optional(replace(wrapped, &names))
    case .type(let inner): return .type(replace(inner, &names))
    default: return type
    }
  }

  private func mentions(_ type: ValueType, _ name: String) -> Bool {
    switch known(type) {
    case .parameter(let other): other == name
    case .list(let inner), .optional(let inner), .type(let inner): mentions(inner, name)
    case .map(let key, let value): mentions(key, name) || mentions(value, name)
    default: false
    }
  }

  static func mentionsParameter(_ type: ValueType) -> Bool {
    switch type {
    case .parameter: true
    case .list(let inner), .optional(let inner), .type(let inner): mentionsParameter(inner)
    case .map(let key, let value): mentionsParameter(key) || mentionsParameter(value)
    default: false
    }
  }

  /// A type as messages show it: what is open has no name that anybody wrote.
  static func readable(_ type: ValueType) -> ValueType {
    switch type {
    case .parameter(let name) where name.hasPrefix("%"): .dyn
    case .list(let inner): .list(readable(inner))
    case .map(let key, let value): .map(readable(key), readable(value))
    case .optional(let inner): .optional(readable(inner))
    default: type
    }
  }
}
