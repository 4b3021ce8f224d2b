/// Decides from a query's text alone whether rows that are alike may be given to SQLite once, with their number, and
/// where in the text they are counted.
///
/// Careful: in doubt the answer is no. The query is one `SELECT` from one table that counts with `count(*)`; what else
/// it asks does not change with the number of alike rows: `min`, `max`, `count(DISTINCT …)`, and functions of a single
/// row.
enum SQLCounting {
  /// The column that a table gives beside its own: how many alike rows the row stands for.
  static let column = "#rows"
  /// What stands for `count(*)`: the same number, whatever is counted.
  static let sum = "coalesce(sum(\"\(column)\"), 0)"

  /// Words that say more than what can be judged here.
  private static let spoilers: Set<String> = [
    "JOIN", "NATURAL", "CROSS", "WITH", "UNION", "INTERSECT", "EXCEPT", "OVER", "WINDOW", "FILTER", "VALUES", "EXISTS",
    "ROWID", "OID", "_ROWID_", "INDEXED", "RECURSIVE", "RAISE",
  ]
  private static let scalars: Set<String> = [
    "ABS", "BASENAME", "COALESCE", "DATE", "DATETIME", "DIRNAME", "HEX", "IFNULL", "IIF", "INSTR", "JULIANDAY",
    "JSON_EXTRACT", "LENGTH", "LOWER", "LTRIM", "MAX", "MIN", "NULLIF", "PRINTF", "FORMAT", "REPLACE", "ROUND", "RTRIM",
    "STRFTIME", "SUBSTR", "SUBSTRING", "TIME", "TRIM", "UNIXEPOCH", "UPPER",
  ]
  /// Words that may stand before a parenthesis and are no functions.
  private static let operators: Set<String> = [
    "SELECT", "DISTINCT", "IN", "AND", "OR", "NOT", "WHERE", "BY", "HAVING", "WHEN", "THEN", "ELSE", "CASE", "BETWEEN",
    "LIKE", "GLOB", "ON", "LIMIT", "OFFSET", "IS", "ESCAPE",
  ]
  private static let clauses: Set<String> = ["WHERE", "GROUP", "HAVING", "ORDER", "LIMIT"]

  /// Where `count(*)` stands, by bytes of the template's text.
  ///
  /// - Returns: Nothing where alike rows must come one by one, or none are counted.
  static func places(in tokens: [SQLToken]) -> [Range<Int>] {
    guard tokens.first?.isWord("SELECT") == true, hasOneTable(tokens) else { return [] }
    var places: [Range<Int>] = []
    for (index, token) in tokens.enumerated() {
      let next = index + 1 < tokens.count ? tokens[index + 1] : nil
      switch token.kind {
      case .word("SELECT") where index > 0: return []
      case .word(let word) where spoilers.contains(word): return []
      case .word("COUNT") where next?.isMark("(") == true:
        if let end = endOfCount(tokens, index) {
          places.append(token.offset..<end)
        } else if index + 2 >= tokens.count || !tokens[index + 2].isWord("DISTINCT") {
          return []
        }
      case .word(let word) where next?.isMark("(") == true:
        guard operators.contains(word) || scalars.contains(word) else { return [] }
      case .quotedName where next?.isMark("(") == true: return []
      case .mark(UInt8(ascii: ";")) where next != nil: return []
      default: break
      }
    }
    return places
  }

  /// Behind `COUNT ( * )`.
  private static func endOfCount(_ tokens: [SQLToken], _ index: Int) -> Int? {
    guard index + 3 < tokens.count, tokens[index + 2].isMark("*"), tokens[index + 3].isMark(")") else { return nil }
    return tokens[index + 3].offset + 1
  }

  /// Whether one name, with another for it or without, stands behind a single `FROM`.
  private static func hasOneTable(_ tokens: [SQLToken]) -> Bool {
    let places = tokens.indices.filter { tokens[$0].isWord("FROM") }
    guard places.count == 1, let from = places.first else { return false }
    let names = tokens[(from + 1)...].prefix { token in
      if case .word(let word) = token.kind { return !clauses.contains(word) }
      return !token.isMark(";")
    }
    return (1...3).contains(names.count)
      && names.allSatisfy { token in
        if case .word = token.kind { return true }
        return token.kind == .quotedName
      }
  }
}
