// Operators, from the weakest to the strongest.
extension Parser {
  /// Goes one level deeper; `leave` comes back.
  ///
  /// - Returns: `false` beyond `CELLimits.nesting`: then it stays where it is, and nothing more is read.
  private mutating func enter() -> Bool {
    guard depth < CELLimits.nesting else {
      giveUp(.tooDeep(at: current.place))
      return false
    }
    depth += 1
    return true
  }

  private mutating func leave() { depth -= 1 }

  mutating func expression() -> Syntax {
    guard enter() else { return Syntax(.invalid, current.place) }
    defer { leave() }
    let condition = logic(isAnd: false)
    return current.kind == .question ? conditional(on: condition) : condition
  }

  /// `? then : otherwise`. The grammar has no conditional directly behind `?`, which is hard to read; it is reported,
  /// and read nevertheless.
  private mutating func conditional(on condition: Syntax) -> Syntax {
    guard enter() else { return Syntax(.invalid, current.place) }
    defer { leave() }
    let question = current
    advance()
    let selects = current.kind == .dot && current.place.lowerBound == question.place.upperBound
    var then = logic(isAnd: false)
    if current.kind == .question {
      report(.nestedConditional(at: current.place))
      then = conditional(on: then)
    }
    if selects, current.kind != .colon {
      report(.foreignOperator("?.", means: ".?", at: question.place.lowerBound..<question.place.upperBound + 1))
      return Syntax(.invalid, condition.place)
    }
    guard expect(.colon, "':' and what holds otherwise") else { return Syntax(.invalid, condition.place) }
    let otherwise = expression()
    return make(
      .conditional(condition, then: then, otherwise: otherwise),
      condition.place.lowerBound..<otherwise.place.upperBound, [condition, then, otherwise])
  }

  private mutating func logic(isAnd: Bool) -> Syntax {
    let first = isAnd ? binary(above: 0) : logic(isAnd: true)
    guard isLogic(isAnd: isAnd) else { return first }
    var operands = [first]
    while isLogic(isAnd: isAnd) {
      advance()
      operands.append(isAnd ? binary(above: 0) : logic(isAnd: true))
    }
    let end = operands[operands.count - 1].place.upperBound
    return make(.logic(isAnd: isAnd, operands), first.place.lowerBound..<end, operands)
  }

  /// Whether here stands `&&` (or `||`), or what other languages write for it, which is reported.
  private mutating func isLogic(isAnd: Bool) -> Bool {
    if current.kind == (isAnd ? .and : .or) { return true }
    guard current.kind == .identifier || current.kind == .foreign else { return false }
    let written = text(current)
    let names = isAnd ? ["and", "AND", "And", "&"] : ["or", "OR", "Or", "|"]
    guard names.contains(written) else { return false }
    report(.foreignOperator(written, means: isAnd ? "&&" : "||", at: current.place))
    return true
  }

  private mutating func binary(above strength: Int) -> Syntax {
    var left = unary()
    while let found = binaryOperator(), found.strength > strength {
      advance()
      let right = binary(above: found.strength)
      left = make(.binary(found, left, right), left.place.lowerBound..<right.place.upperBound, [left, right])
    }
    return left
  }

  private mutating func binaryOperator() -> BinaryOperator? {
    if let found = BinaryOperator(current.kind) { return found }
    guard current.kind == .foreign else { return nil }
    let written = text(current)
    let meant: BinaryOperator
    switch written {
    case "=", "===": meant = .equal
    case "<>", "!==": meant = .notEqual
    default: return nil
    }
    report(.foreignOperator(written, means: meant.rawValue, at: current.place))
    return meant
  }

  private mutating func unary() -> Syntax {
    let start = current
    switch start.kind {
    case .not: return prefixed(.not)
    case .minus:
      if let number = negativeNumber() { return members(of: number) }
      return prefixed(.negate)
    case .identifier
    where (text(start) == "not" || text(start) == "NOT") && startsOperand(peek(1).kind)
      && peek(1).kind != .leftBracket:
      report(.foreignOperator(text(start), means: "!", at: start.place))
      return prefixed(.not)
    default:
      return members(of: primary())
    }
  }

  private mutating func prefixed(_ sign: PrefixOperator) -> Syntax {
    guard enter() else { return Syntax(.invalid, current.place) }
    defer { leave() }
    let start = current.place.lowerBound
    advance()
    let operand = unary()
    return make(.prefix(sign, operand), start..<operand.place.upperBound, [operand])
  }
}
