import Values

// Operators.
extension Checker {
  mutating func check(prefix sign: PrefixOperator, _ operand: Syntax, at place: Place) -> Typed {
    let inner = check(operand)
    switch (sign, inference.known(inner.type)) {
    case (.not, .bool), (.not, .dyn), (.not, .parameter):
      return Typed(type: .bool, node: NotNode(operand: inner.node, place: place))
    case (.not, let type):
      report(.noPrefix("!", inference.final(type), at: place))
      return Typed(type: .bool, node: NotNode(operand: inner.node, place: place))
    case (.negate, let type):
      let node = NegateNode(operand: inner.node, place: place)
      switch type {
      case .int, .double: return Typed(type: type, node: node)
      case .dyn, .parameter: break
      default: report(.noPrefix("-", inference.final(type), at: place))
      }
      return Typed(type: .dyn, node: node)
    }
  }

  mutating func check(logic operands: [Syntax], isAnd: Bool, at place: Place) -> Typed {
    let name = isAnd ? "'&&'" : "'||'"
    let nodes = operands.map { operand in condition(operand, "an operand of \(name)") }
    warnOfContradiction(operands, isAnd: isAnd)
    return Typed(type: .bool, node: LogicNode(operands: nodes, isAnd: isAnd, place: place))
  }

  /// A part that must be true or false.
  mutating func condition(_ syntax: Syntax, _ role: String) -> any Node {
    let typed = check(syntax)
    if !inference.assign(typed.type, to: .bool) {
      report(.notBool(inference.final(typed.type), operand: role, at: syntax.place))
    }
    warnOfConstant(syntax)
    return typed.node
  }

  mutating func check(
    conditional condition: Syntax, _ then: Syntax, _ otherwise: Syntax, at place: Place
  ) -> Typed {
    let test = self.condition(condition, "the condition of '?:'")
    let left = check(then)
    let right = check(otherwise)
    let node = ConditionalNode(condition: test, then: left.node, otherwise: right.node, place: place)
    if let type = inference.join(left.type, right.type) { return Typed(type: type, node: node) }
    switch (inference.known(left.type), inference.known(right.type)) {
    case (.null, _), (_, .null): break
    case (let left, let right):
      report(.branchesDiffer(inference.final(left), inference.final(right), at: place))
    }
    return Typed(type: .dyn, node: node)
  }

  mutating func check(_ sign: BinaryOperator, _ left: Syntax, _ right: Syntax, at place: Place) -> Typed {
    let first = check(left)
    let usedByLeft = usedSlots
    usedSlots = 0
    isTextDue = isText(first.type) && (sign == .equal || sign == .notEqual)
    let second = check(right)
    isTextDue = false
    let usedByRight = usedSlots
    usedSlots |= usedByLeft
    switch sign {
    case .equal, .notEqual:
      checkEquality(sign, first, second, left, right, at: place)
      let node = EqualityNode(left: first.node, right: second.node, isNegated: sign == .notEqual, place: place)
      warnOfComparison(sign, first, second, node, at: place)
      return Typed(type: .bool, node: node)
    case .less, .lessEqual, .greater, .greaterEqual:
      if !isOrdered(first.type, second.type) { reportOperator(sign, first, second, at: place) }
      let node = ComparisonNode(left: first.node, right: second.node, comparison: Comparison(sign), place: place)
      warnOfComparison(sign, first, second, node, at: place)
      return Typed(type: .bool, node: node)
    case .isIn:
      if !isContained(first.type, in: second.type) { reportOperator(sign, first, second, at: place) }
      if case .choice(let labels) = inference.known(first.type), case .list(let elements) = right.kind {
        for element in elements { checkLabel(element, of: labels) }
      }
      if case .list(let elements) = right.kind, elements.isEmpty {
        warn(.constantComparison(false, why: "the list is empty", at: place))
      }
      let index = containerIndex(usedSlots: usedByRight)
      let node = MembershipNode(
        element: first.node, container: second.node, index: index, isInMacro: loops > 0, place: place)
      return Typed(type: .bool, node: node)
    case .add, .subtract, .multiply, .divide, .remainder:
      let node = ArithmeticNode(left: first.node, right: second.node, sign: sign, place: place)
      guard let type = arithmeticType(sign, first.type, second.type) else {
        reportOperator(sign, first, second, at: place)
        return Typed(type: .dyn, node: node)
      }
      return Typed(type: type, node: node)
    }
  }

  private func isText(_ type: ValueType) -> Bool {
    switch inference.known(type) {
    case .string, .choice: true
    default: false
    }
  }

  private mutating func reportOperator(_ sign: BinaryOperator, _ left: Typed, _ right: Typed, at place: Place) {
    report(
      .noOperator(
        sign, inference.final(left.type), inference.final(right.type), joinsComparisons: left.node is ComparisonNode,
        at: place))
  }

  private mutating func checkEquality(
    _ sign: BinaryOperator, _ first: Typed, _ second: Typed, _ left: Syntax, _ right: Syntax, at place: Place
  ) {
    switch (inference.known(first.type), inference.known(second.type)) {
    case (.null, _), (_, .null): return
    case (.choice(let labels), _): checkLabel(right, of: labels)
    case (_, .choice(let labels)): checkLabel(left, of: labels)
    case (let left, let right) where Self.isNumber(left) && Self.isNumber(right): return
    default: break
    }
    if !inference.assign(second.type, to: first.type) { reportOperator(sign, first, second, at: place) }
  }

  private mutating func checkLabel(_ syntax: Syntax, of labels: [String]) {
    guard case .literal(.string(let label)) = syntax.kind, !labels.contains(label) else { return }
    report(.unknownLabel(label, of: labels, at: syntax.place))
  }

  private func isOrdered(_ left: ValueType, _ right: ValueType) -> Bool {
    switch (inference.known(left), inference.known(right)) {
    case (.dyn, let other), (let other, .dyn), (.parameter, let other), (let other, .parameter): hasOrder(other)
    case (.bool, .bool), (.string, .string), (.bytes, .bytes), (.timestamp, .timestamp), (.duration, .duration): true
    case (.choice, .string), (.string, .choice), (.choice, .choice): true
    case (let left, let right): Self.isNumber(left) && Self.isNumber(right)
    }
  }

  private func hasOrder(_ type: ValueType) -> Bool {
    switch type {
    case .dyn, .parameter, .bool, .string, .choice, .bytes, .timestamp, .duration: true
    default: Self.isNumber(type)
    }
  }

  private mutating func isContained(_ element: ValueType, in container: ValueType) -> Bool {
    let element = inference.known(element)
    switch inference.known(container) {
    case .dyn, .parameter: return true
    case .list(let inner):
      switch (element, inference.known(inner)) {
      case (.address, .network), (.null, _): return true
      case (let left, let right) where Self.isNumber(left) && Self.isNumber(right): return true
      default: return inference.assign(element, to: inner)
      }
    case .map(let key, _):
      if Self.isNumber(element), Self.isNumber(inference.known(key)) { return true }
      return inference.assign(element, to: key)
    case .network:
      switch element {
      case .address, .network, .dyn, .parameter: return true
      default: return false
      }
    case .calendar: return inference.assign(element, to: .timestamp)
    default: return false
    }
  }

  private mutating func arithmeticType(_ sign: BinaryOperator, _ left: ValueType, _ right: ValueType) -> ValueType? {
    switch (inference.known(left), inference.known(right)) {
    case (.dyn, .timestamp), (.parameter, .timestamp):
      return sign == .add ? .timestamp : sign == .subtract ? .duration : nil
    case (.timestamp, .dyn), (.timestamp, .parameter):
      return sign == .add ? .timestamp : sign == .subtract ? .dyn : nil
    case (.duration, .dyn), (.duration, .parameter):
      return sign == .subtract ? .duration : sign == .add ? .dyn : nil
    case (.dyn, let other), (let other, .dyn), (.parameter, let other), (let other, .parameter):
      switch other {
      // What is known of one side tells the result only where no other is possible.
      case .int, .uint, .double: return other
      case .string where sign == .add, .choice where sign == .add: return .string
      case .bytes where sign == .add: return .bytes
      case .duration where sign == .add || sign == .subtract: return .dyn
      case .dyn, .parameter: return .dyn
      case .list where sign == .add: return .list(.dyn)
      default: return nil
      }
    case (.int, .int): return .int
    case (.uint, .uint): return .uint
    case (.double, .double): return sign == .remainder ? nil : .double
    case (.string, .string), (.string, .choice), (.choice, .string), (.choice, .choice):
      return sign == .add ? .string : nil
    case (.bytes, .bytes): return sign == .add ? .bytes : nil
    case (.list(let left), .list(let right)):
      return sign == .add ? inference.join(left, right).map { .list($0) } : nil
    case (.timestamp, .duration): return sign == .add || sign == .subtract ? .timestamp : nil
    case (.duration, .timestamp): return sign == .add ? .timestamp : nil
    case (.timestamp, .timestamp): return sign == .subtract ? .duration : nil
    case (.duration, .duration): return sign == .add || sign == .subtract ? .duration : nil
    default: return nil
    }
  }
}
