import Values

/// Reads tokens into `Syntax`, goes on behind mistakes, and says what other languages' words are called here.
struct Parser {
  let bytes: [UInt8]
  private(set) var problems: [CELProblem]
  let tokens: [Token]
  private var position = 0
  private var depth = 0
  /// A limit was reached: the rest is not looked at.
  private(set) var hasGivenUp = false
  private var reportedPlaces: Set<Int> = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var lexer = Lexer(bytes)
    lexer.run()
    tokens = lexer.tokens
    problems = lexer.problems
    reportedPlaces = Set(problems.map(\.range.lowerBound))
  }

  var current: Token { tokens[position] }
  func peek(_ ahead: Int) -> Token { tokens[min(position + ahead, tokens.count - 1)] }
  func text(_ token: Token) -> String { String(decoding: bytes[token.place], as: UTF8.self) }

  mutating func advance() {
    if position < tokens.count - 1 { position += 1 }
  }

  mutating func accept(_ kind: Token.Kind) -> Bool {
    guard current.kind == kind else { return false }
    advance()
    return true
  }

  mutating func report(_ problem: CELProblem) {
    guard !hasGivenUp, problems.count < CELLimits.problems else { return }
    // One mistake is one report: what else stands at the same place follows from it.
    if reportedPlaces.insert(problem.range.lowerBound).inserted { problems.append(problem) }
  }

  mutating func giveUp(_ problem: CELProblem) {
    if !hasGivenUp { problems.append(problem) }
    hasGivenUp = true
    position = tokens.count - 1
  }

  /// The whole text as one expression.
  mutating func parse() -> Syntax {
    if current.kind == .end {
      if problems.isEmpty { report(.emptyExpression(at: current.place)) }
      return Syntax(.invalid, current.place)
    }
    var result = expression()
    while current.kind != .end {
      // Something is left over: report it, and look at it as well.
      report(.unexpected(describe(current), expecting: "an operator or the end", at: current.place))
      let before = position
      if current.kind == .invalid { advance() }
      if startsOperand(current.kind) { _ = expression() }
      if position == before { advance() }
      result = Syntax(.invalid, result.place)
    }
    return result
  }

  // MARK: Operators

  mutating func expression() -> Syntax {
    depth += 1
    defer { depth -= 1 }
    guard depth <= CELLimits.nesting else {
      giveUp(.tooDeep(at: current.place))
      return Syntax(.invalid, current.place)
    }
    let condition = logic(isAnd: false)
    return current.kind == .question ? conditional(on: condition) : condition
  }

  /// `? then : otherwise`. The grammar has no conditional directly behind `?`, which is hard to read; it is reported,
  /// and read nevertheless.
  private mutating func conditional(on condition: Syntax) -> Syntax {
    depth += 1
    defer { depth -= 1 }
    guard depth <= CELLimits.nesting else {
      giveUp(.tooDeep(at: current.place))
      return Syntax(.invalid, current.place)
    }
    advance()
    var then = logic(isAnd: false)
    if current.kind == .question {
      report(.nestedConditional(at: current.place))
      then = conditional(on: then)
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
    depth += 1
    defer { depth -= 1 }
    guard depth <= CELLimits.nesting else {
      giveUp(.tooDeep(at: current.place))
      return Syntax(.invalid, current.place)
    }
    let start = current.place.lowerBound
    advance()
    let operand = unary()
    return make(.prefix(sign, operand), start..<operand.place.upperBound, [operand])
  }

  // MARK: Making nodes

  /// A node over others, unless it would be too high.
  mutating func make(_ kind: Syntax.Kind, _ place: Place, _ children: [Syntax]) -> Syntax {
    var height = 0
    for child in children { height = max(height, child.height) }
    guard height < CELLimits.chain else {
      giveUp(.chainTooLong(at: place))
      return Syntax(.invalid, place)
    }
    return Syntax(kind, place, over: height)
  }

  /// Takes the token, or reports that it is missing.
  mutating func expect(_ kind: Token.Kind, _ wanted: String) -> Bool {
    if accept(kind) { return true }
    report(.unexpected(describe(current), expecting: wanted, at: current.place))
    return false
  }

  func describe(_ token: Token) -> String {
    token.kind == .end ? "the end" : "'\(text(token).prefix(40))'"
  }

  func startsOperand(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .identifier, .int, .uint, .double, .string, .bytes, .trueWord, .falseWord, .nullWord, .leftParenthesis,
      .leftBracket, .leftBrace, .not, .minus, .dot, .invalid:
      true
    default: false
    }
  }
}
