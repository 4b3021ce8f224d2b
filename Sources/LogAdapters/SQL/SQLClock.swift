/// Where a statement asks the machine's clock: it would answer otherwise when it is put again, as a resumed run does, and
/// know nothing of the instant that a run takes for now.
enum SQLClock {
  /// As the functions that SQLite takes them for.
  static let constants: Set<String> = ["current_timestamp", "current_date", "current_time"]

  /// With how many arguments, at most, each of them means now.
  private static let functions: [String: Int] = [
    "DATE": 0, "TIME": 0, "DATETIME": 0, "JULIANDAY": 0, "UNIXEPOCH": 0, "STRFTIME": 1, "TIMEDIFF": 0,
  ]

  static func refusal(of name: String) -> String {
    "`\(name)` asks the machine's clock; ${now}, ${at}, ${from} and ${to} are the instants of the run"
  }

  /// - Throws: for a function of dates and times that is given `'now'`, or nothing to begin with.
  static func refuse(in tokens: [SQLToken]) throws(SQLProblem) {
    for (index, token) in tokens.enumerated() {
      guard case .word(let word) = token.kind, let count = functions[word], index + 1 < tokens.count,
        tokens[index + 1].isMark("("), asksNow(tokens[(index + 2)...], upTo: count)
      else { continue }
      throw SQLProblem(refusal(of: word.lowercased()), at: token.offset)
    }
  }

  /// - Parameter count: So many arguments still mean now.
  private static func asksNow(_ rest: ArraySlice<SQLToken>, upTo count: Int) -> Bool {
    var depth = 0
    var arguments = rest.first?.isMark(")") == true ? 0 : 1
    for token in rest {
      if token.isMark("(") { depth += 1 }
      if token.isMark(")") {
        if depth == 0 { return arguments <= count }
        depth -= 1
      }
      guard depth == 0 else { continue }
      if token.isMark(",") { arguments += 1 }
      if case .string(let text) = token.kind, text == "now" { return true }
    }
    return false
  }
}
