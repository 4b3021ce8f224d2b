package import Diagnostics

/// A column of a query's answer that is plainly one of the tables' columns: itself, or called something else.
package struct SQLPlainColumn {
  /// What the answer calls it, in lower case.
  package let name: String
  /// What the table calls it, with the table's name before it if that was written.
  package let column: String
  package let location: SourceLocation

  /// - Parameter names: The answer's columns, which `SELECT *` has for its own.
  /// - Returns: None for a statement with more than one SELECT, where a name may be anything.
  package static func all(of text: PlacedText, answering names: [String]) -> [SQLPlainColumn] {
    let holed = HoledText(text)
    guard let dialect = QueryDialect.of("sql"), let holes = holed.holes else { return [] }
    let read = QueryTokens(holed.bytes, holes: holes, in: dialect)
    let sql = SQLText(read.tokens, of: holed.bytes)
    guard read.defects.isEmpty, let main = sql.mainSelect, sql.words.count(where: { $0 == .select }) == 1 else {
      return []
    }
    if main + 2 < sql.tokens.count, sql.tokens[main + 1].isMark("*"), sql.words[main + 2] == .from {
      let star = text.location(of: sql.tokens[main + 1].range)
      return names.map { SQLPlainColumn(name: $0.lowercased(), column: $0, location: star) }
    }
    return (SQLAnswer(sql, of: main).columns ?? []).compactMap { answered in
      answered.origin.map { origin in
        SQLPlainColumn(
          name: answered.name, column: String(decoding: holed.bytes[origin], as: UTF8.self),
          location: text.location(of: origin))
      }
    }
  }
}
