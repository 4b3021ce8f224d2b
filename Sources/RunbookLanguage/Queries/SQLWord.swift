/// The words of SQL that statements and their conditions are told by; names cannot be written like them.
enum SQLWord: String, CaseIterable {
  case select, from, `where`, on, having, group, order, limit, union, intersect, except, join
  case `case`, end, between, and, or, not, null, `as`, by, with, distinct

  /// By the words' lengths.
  private static let known: [[(letters: [UInt8], word: SQLWord)]] = (0...9).map { length in
    allCases.filter { $0.rawValue.utf8.count == length }.map { (Array($0.rawValue.utf8), $0) }
  }

  init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.count < Self.known.count else { return nil }
    for (letters, word) in Self.known[bytes.count]
    where letters.elementsEqual(bytes, by: { $0 == $1 | 0x20 }) {
      self = word
      return
    }
    return nil
  }

  /// Whether a part of a statement begins with it.
  var beginsClause: Bool {
    switch self {
    case .where, .having, .group, .order, .limit, .union, .intersect: true
    default: false
    }
  }

  /// Whether something must stand behind it in every dialect.
  var needsOperand: Bool {
    switch self {
    case .from, .where, .having, .by, .and, .or, .not, .between, .join: true
    default: false
    }
  }

  static func isOther(_ word: String) -> Bool { others.contains(word.lowercased()) }

  /// Words of dialects behind which a value stands, or that stand between two operands.
  static let others: Set<String> = [
    "like", "ilike", "glob", "regexp", "rlike", "match", "similar", "collate", "escape", "div", "mod", "is", "in",
    "overlaps", "contains", "at", "interval", "date", "time", "timestamp", "over", "filter", "within", "using", "asof",
    "array", "any", "some", "all", "exists", "rows", "range", "groups", "unbounded", "following", "preceding",
    "current",
    "partition", "then", "else", "when", "offset", "top", "first", "next", "fetch", "left", "right", "inner", "outer",
    "full", "cross", "natural", "values", "window", "asc", "desc", "nulls", "last", "final", "sample", "format",
    "settings", "isnull", "notnull", "recursive", "lateral", "qualify", "prewhere", "global", "semi", "anti", "limit",
    "sounds", "row", "only", "for", "to", "cast", "zone",
  ]
}
