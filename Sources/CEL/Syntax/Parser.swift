import Values

/// Reads tokens into `Syntax`, goes on behind mistakes, and says what other languages' words are called here.
struct Parser {
  let bytes: [UInt8]
  private(set) var problems: [CELProblem]
  let tokens: [Token]
  private var position = 0
  var depth = 0
  /// A limit was reached, or what follows is of another language: the rest is not looked at.
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
      if let habit = habit() {
        giveUp(habit)
        break
      }
      report(.unexpected(describe(current), expecting: "an operator or the end", at: current.place))
      let before = position
      if current.kind == .invalid { advance() }
      if startsOperand(current.kind) { _ = expression() }
      if position == before { advance() }
      result = Syntax(.invalid, result.place)
    }
    return result
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
    report(habit() ?? .unexpected(describe(current), expecting: wanted, at: current.place))
    return false
  }

  /// What is wrong with the token here, which stands where an operator is due, if other languages have it there.
  func habit() -> CELProblem? {
    let token = current
    let written = text(token)
    switch token.kind {
    case .identifier:
      if written.lowercased() == "not", peek(1).kind != .inWord { return nil }
      return ForeignHabits.advice(forWord: written).map { .foreignWord($0, at: token.place) }
    case .foreign: return ForeignHabits.advice(forSign: written).map { .foreignSign(written, $0, at: token.place) }
    case .colon where depth == 0: return .foreignOperator(":", means: "==", at: token.place)
    case .string where position > 0 && tokens[position - 1].kind == .string:
      guard tokens[position - 1].place.upperBound == token.place.lowerBound else { return nil }
      return .adjacentTexts(at: token.place)
    default: return nil
    }
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
