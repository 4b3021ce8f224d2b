/// What a SELECT answers, as far as it can be told without the tables.
struct SQLAnswer {
  /// A column by its name in lower case, with its place in UTF-8 offsets of the text.
  struct Column: Equatable {
    let name: String
    let place: Range<Int>
    /// What it is before it is called anything, where that is a name alone.
    var origin: Range<Int>?
  }

  private let text: SQLText
  private let main: Int
  private var tokens: [QueryToken] { text.tokens }
  private var words: [SQLWord?] { text.words }
  private var bytes: [UInt8] { text.bytes }

  /// - Parameter main: The index of SELECT.
  init(_ text: SQLText, of main: Int) {
    self.text = text
    self.main = main
  }

  /// `nil` where only an adapter knows.
  var columns: [Column]? {
    var start = main + 1
    if start < tokens.count, words[start] == .distinct {
      start += 1
      // PostgreSQL's `DISTINCT ON (…)`.
      if start < tokens.count, words[start] == .on { return nil }
    }
    var columns: [Column] = []
    var depth = 0
    var first = start
    for index in start...tokens.count where index >= first {
      let isOver = index == tokens.count || depth == 0 && (words[index] == .from || isOfClause(index))
      if isOver || depth == 0 && tokens[index].isMark(",") {
        guard var column = column(first..<index) else { return nil }
        column.origin = origin(first..<index)
        columns.append(column)
        if isOver { return columns }
        first = index + 1
      } else if tokens[index].isMark("(") {
        depth += 1
      } else if tokens[index].isMark(")") {
        depth -= 1
      }
    }
    return columns
  }

  private func isOfClause(_ index: Int) -> Bool {
    tokens[index].isMark(";") || words[index].map { $0.beginsClause || $0 == .except } ?? false
  }

  /// What a part of a SELECT list is called; `nil`: only an adapter knows.
  private func column(_ range: Range<Int>) -> Column? {
    guard let last = range.last else { return nil }
    let token = tokens[last]
    let isName = token.kind == .word && words[last] == nil || token.kind == .quotation
    if range.count == 1 || words[last - 1] == .as || isName && isOperandEnd(last - 1, in: range) {
      return isName ? name(of: last) : nil
    }
    // Some dialects call what a function gives by the function's name.
    let first = tokens[range.lowerBound]
    guard first.kind == .word, words[range.lowerBound] == nil, tokens[range.lowerBound + 1].isMark("("),
      token.isMark(")"), text.lowercased(range.lowerBound) != "columns", closes(range.lowerBound + 1, last)
    else { return nil }
    return Column(name: text.lowercased(range.lowerBound), place: first.range)
  }

  /// The name with which a part of a SELECT list begins, if nothing follows it but what it is called.
  private func origin(_ range: Range<Int>) -> Range<Int>? {
    let first = range.lowerBound
    let isCalled = range.count == 3 && words[first + 1] == .as || range.count == 2
    guard range.count == 1 || isCalled else { return nil }
    switch tokens[first].kind {
    case .word where words[first] == nil && !(48...57).contains(bytes[tokens[first].range.lowerBound]):
      return tokens[first].range
    case .quotation where bytes[tokens[first].range.lowerBound] != UInt8(ascii: "'"):
      return tokens[first].range.lowerBound + 1..<tokens[first].range.upperBound - 1
    default: return nil
    }
  }

  /// Whether a bracket is closed by that one.
  private func closes(_ opening: Int, _ closing: Int) -> Bool {
    var depth = 0
    for index in opening..<closing {
      if tokens[index].isMark("(") { depth += 1 } else if tokens[index].isMark(")") { depth -= 1 }
      if depth == 0 { return false }
    }
    return true
  }

  private func isOperandEnd(_ index: Int, in range: Range<Int>) -> Bool {
    guard range.contains(index), !text.isOther(index) else { return false }
    switch tokens[index].kind {
    case .hole, .quotation: return true
    case .word: return words[index] == nil || words[index] == .end || words[index] == .null
    case .mark(let byte): return byte == UInt8(ascii: ")")
    }
  }

  /// The last part of a name, without its quotation marks.
  private func name(of index: Int) -> Column? {
    let token = tokens[index]
    if token.kind == .quotation {
      let inner = token.range.lowerBound + 1..<token.range.upperBound - 1
      return Column(name: text.lowercased(inner), place: inner)
    }
    guard !bytes[token.range].contains(UInt8(ascii: ":")), bytes[token.range].last != UInt8(ascii: ".") else {
      return nil
    }
    let start = bytes[token.range].lastIndex(of: UInt8(ascii: ".")).map { $0 + 1 } ?? token.range.lowerBound
    return Column(name: text.lowercased(start..<token.range.upperBound), place: start..<token.range.upperBound)
  }
}
