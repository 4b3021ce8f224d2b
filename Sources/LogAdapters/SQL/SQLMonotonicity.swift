/// Decides from a query's text alone whether more records could only add rows to its answer.
///
/// Careful: in doubt the answer is no. A plain selection is monotone, with inner joins, `DISTINCT`, `UNION`,
/// `INTERSECT`, and `IN` or `EXISTS` over a subquery as a condition of its own. Groups, aggregates, negated subqueries,
/// outer joins, windows, cuts and subqueries that stand for a value are not.
struct SQLMonotonicity {
  private enum Clause { case start, select, from, condition, other }

  private struct Frame {
    var clause = Clause.start
    let isQuery: Bool
    /// A subquery behind `IN` or `EXISTS`.
    let isMembership: Bool
  }

  private static let aggregates: Set<String> = [
    "COUNT", "SUM", "TOTAL", "AVG", "GROUP_CONCAT", "STRING_AGG", "JSON_GROUP_ARRAY", "JSON_GROUP_OBJECT",
  ]
  private static let spoilers: Set<String> = [
    "GROUP", "HAVING", "EXCEPT", "LEFT", "RIGHT", "FULL", "OUTER", "LIMIT", "OFFSET", "OVER", "WINDOW", "FILTER",
    "RECURSIVE",
  ]
  private static let queryWords: Set<String> = ["SELECT", "WITH", "VALUES"]
  /// What may follow a membership condition that stands by itself.
  private static let followers: Set<String> = ["AND", "OR", "ORDER", "UNION", "INTERSECT"]

  private let tokens: [SQLToken]
  private var frames = [Frame(isQuery: true, isMembership: false)]

  static func holds(for tokens: [SQLToken]) -> Bool {
    var reading = SQLMonotonicity(tokens: tokens)
    return reading.run()
  }

  private init(tokens: [SQLToken]) { self.tokens = tokens }

  private mutating func run() -> Bool {
    for index in tokens.indices {
      switch tokens[index].kind {
      case .mark(UInt8(ascii: "(")):
        guard open(at: index) else { return false }
      case .mark(UInt8(ascii: ")")):
        guard close(at: index) else { return false }
      case .word(let word):
        guard accept(word, at: index) else { return false }
      default: break
      }
    }
    return true
  }

  private func word(at index: Int) -> String? {
    guard tokens.indices.contains(index), case .word(let word) = tokens[index].kind else { return nil }
    return word
  }

  private mutating func accept(_ word: String, at index: Int) -> Bool {
    let follower = index + 1 < tokens.count ? tokens[index + 1] : nil
    if Self.spoilers.contains(word) { return false }
    if follower?.isMark("(") == true, isAggregate(word, at: index + 1) { return false }
    // `x IN table` reads a whole table.
    if word == "IN", let follower, follower.kind == .quotedName || self.word(at: index + 1) != nil { return false }
    let last = frames.count - 1
    switch word {
    case "SELECT": frames[last].clause = .select
    case "FROM", "JOIN": frames[last].clause = .from
    case "WHERE", "ON": frames[last].clause = .condition
    case "ORDER", "UNION", "INTERSECT": frames[last].clause = .other
    default: break
    }
    return true
  }

  private mutating func open(at index: Int) -> Bool {
    guard let next = word(at: index + 1), Self.queryWords.contains(next) else {
      // A pair of parentheses among expressions keeps the clause around it, but is no place for a membership.
      let clause = frames.last?.clause ?? .other
      frames.append(Frame(clause: clause == .from ? .from : .other, isQuery: false, isMembership: false))
      return true
    }
    guard let around = frames.last else { return false }
    let before = word(at: index - 1)
    if around.clause == .from || around.clause == .start && (before == "AS" || before == "MATERIALIZED") || index == 0 {
      frames.append(Frame(isQuery: true, isMembership: false))
      return true
    }
    guard around.isQuery, around.clause == .condition, !hasNegation(before: index) else { return false }
    switch before {
    case "IN": break
    case "EXISTS":
      guard let leader = word(at: index - 2), ["WHERE", "ON", "AND", "OR"].contains(leader) else { return false }
    default: return false
    }
    frames.append(Frame(isQuery: true, isMembership: true))
    return true
  }

  private mutating func close(at index: Int) -> Bool {
    guard frames.count > 1 else { return false }
    let closed = frames.removeLast()
    guard closed.isMembership, index + 1 < tokens.count else { return true }
    let follower = tokens[index + 1]
    if follower.isMark(")") || follower.isMark(";") { return true }
    return word(at: index + 1).map(Self.followers.contains) ?? false
  }

  /// `min` and `max` are aggregates when they have one argument.
  private func isAggregate(_ word: String, at opening: Int) -> Bool {
    if Self.aggregates.contains(word) { return true }
    guard word == "MIN" || word == "MAX" else { return false }
    var depth = 0
    for token in tokens[opening...] {
      if token.isMark("(") { depth += 1 }
      if token.isMark(")") { depth -= 1 }
      if depth == 0 { return true }
      if depth == 1, token.isMark(",") { return false }
    }
    return true
  }

  /// Whether a word stands anywhere before that might turn what follows round.
  private func hasNegation(before index: Int) -> Bool {
    tokens[..<index].contains { $0.isWord("NOT") || $0.isWord("CASE") }
  }
}
