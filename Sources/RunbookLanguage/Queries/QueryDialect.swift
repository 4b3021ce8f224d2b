/// How the text of a query language is put together, as far as it matters for where a value can stand: quotations,
/// comments and brackets.
final class QueryDialect: Sendable {
  let language: String
  /// What begins and ends a text or a quoted name.
  let quotes: [UInt8]
  /// Quotes within which a backslash takes the next character for itself; in the others a doubled quote does.
  let escaping: [UInt8]
  let lineComments: [[UInt8]]
  /// Whether `/* … */` is a comment.
  let hasBlockComments: Bool
  let brackets: [(open: UInt8, close: UInt8)]
  /// Words behind which names stand, in lower case.
  let wordsBeforeNames: Set<String>
  /// Whether a query can begin with a value.
  let beginsWithName: Bool

  private init(
    _ language: String, quotes: String, escaping: String = "", lineComments: [String] = [], blockComments: Bool = false,
    brackets: [String] = ["()", "[]", "{}"], wordsBeforeNames: Set<String> = [], beginsWithName: Bool = true
  ) {
    self.language = language
    self.quotes = Array(quotes.utf8)
    self.escaping = Array(escaping.utf8)
    self.lineComments = lineComments.map { Array($0.utf8) }
    hasBlockComments = blockComments
    self.brackets = brackets.map { (Array($0.utf8)[0], Array($0.utf8)[1]) }
    self.wordsBeforeNames = wordsBeforeNames
    self.beginsWithName = beginsWithName
  }

  private static let sqlNames: Set<String> = ["from", "join", "into", "table", "as", "by", "collate"]

  static let all: [QueryDialect] = [
    // SQLite: `[x]` is a quoted name, and `?` and `$x` are parameters of its own, of which adapters tell.
    QueryDialect(
      "sql", quotes: "'\"`", lineComments: ["--"], blockComments: true, brackets: ["()", "[]"],
      wordsBeforeNames: sqlNames),
    QueryDialect(
      "promql", quotes: "\"'`", escaping: "\"'", lineComments: ["#"],
      wordsBeforeNames: ["by", "without", "on", "ignoring", "group_left", "group_right", "offset"]),
    QueryDialect(
      "logql", quotes: "\"'`", escaping: "\"'", lineComments: ["#"],
      wordsBeforeNames: ["by", "without", "on", "ignoring", "offset", "unwrap", "keep", "drop"]),
    QueryDialect(
      "nrql", quotes: "'\"`", escaping: "'\"", lineComments: ["--", "//"], blockComments: true, brackets: ["()", "[]"],
      wordsBeforeNames: ["from", "facet", "as", "by", "select", "join", "with"]),
    QueryDialect(
      "kql", quotes: "\"'", escaping: "\"'", lineComments: ["//"],
      wordsBeforeNames: ["join", "union", "by", "project", "extend", "as", "lookup"]),
    QueryDialect(
      "spl", quotes: "\"", escaping: "\"", wordsBeforeNames: ["by", "as", "table", "fields"], beginsWithName: false),
    QueryDialect(
      "esql", quotes: "\"`", escaping: "\"", lineComments: ["//"], blockComments: true,
      wordsBeforeNames: ["from", "by", "keep", "drop", "as", "enrich"]),
    QueryDialect(
      "influxql", quotes: "'\"", escaping: "'\"", lineComments: ["--"], wordsBeforeNames: ["from", "by", "into", "as"]),
    QueryDialect("flux", quotes: "\"", escaping: "\"", lineComments: ["//"], wordsBeforeNames: ["import", "package"]),
  ]

  static func of(_ language: String) -> QueryDialect? { all.first { $0.language == language } }

  func closing(_ byte: UInt8) -> UInt8? { brackets.first { $0.open == byte }?.close }
  func isClosing(_ byte: UInt8) -> Bool { brackets.contains { $0.close == byte } }
}
