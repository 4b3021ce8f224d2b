/// A statement in SQL as its tokens, with those words that are SQL's own.
struct SQLText {
  let tokens: [QueryToken]
  /// For each token the word of SQL that it is, if it is one.
  let words: [SQLWord?]
  let bytes: [UInt8]

  init(_ tokens: [QueryToken], of bytes: [UInt8]) {
    self.tokens = tokens
    self.bytes = bytes
    words = tokens.map { $0.kind == .word ? SQLWord(bytes[$0.range]) : nil }
  }

  /// The first SELECT that stands in no brackets.
  var mainSelect: Int? {
    var depth = 0
    for (index, token) in tokens.enumerated() {
      if token.isMark("(") { depth += 1 } else if token.isMark(")") { depth -= 1 }
      if depth == 0, words[index] == .select { return index }
    }
    return nil
  }

  /// Whether it is a word that some dialect may have for its own.
  func isOther(_ index: Int) -> Bool {
    tokens[index].kind == .word && SQLWord.others.contains(lowercased(index))
  }

  /// Whether it is no word of a dialect, or one that columns are often called by.
  func mayBeName(_ index: Int) -> Bool {
    !isOther(index) || ["time", "date", "timestamp"].contains(lowercased(index))
  }

  func lowercased(_ index: Int) -> String { lowercased(tokens[index].range) }

  /// - Parameter range: UTF-8 offsets.
  func lowercased(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self).lowercased() }
}
