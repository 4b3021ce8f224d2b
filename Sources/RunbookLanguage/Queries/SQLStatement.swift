import Diagnostics

/// A statement in SQL as far as every dialect has it: that it is one and reads, which tables it names, which columns it
/// answers, and where something is left out. What a dialect may know is let through; adapters have the last word.
struct SQLStatement {
  /// What no dialect reads, at UTF-8 offsets of the text.
  enum Defect: Equatable {
    /// It begins with another word than SELECT or WITH.
    case readsNothing(Range<Int>)
    /// A second statement.
    case another(Range<Int>)
    /// A WITH without its SELECT.
    case withoutSelect(Range<Int>)
    /// Nothing stands behind a word or an operator, or before a comma.
    case nothingBehind(Range<Int>)
    /// Nothing stands between two commas.
    case nothingBefore(Range<Int>)
    /// A word where only one of SQL's own can stand, and the one that is meant.
    case misspelt(Range<Int>, meant: String)
    /// A clause that comes twice.
    case twice(Range<Int>)
    /// A parameter as another program would write it.
    case foreignParameter(Range<Int>)
  }

  /// A parameter where no value can stand, and why, as a sentence part.
  private(set) var misplaced: [ParameterPlaces.Misplaced] = []
  private(set) var defects: [Defect] = []
  /// Tables that are read, without those that the statement makes itself.
  private(set) var tables: [Range<Int>] = []
  /// The columns of the answer, with their places; `nil` where they cannot be told without the tables.
  private(set) var answered: [SQLAnswer.Column]?
  private let text: SQLText
  private var tokens: [QueryToken] { text.tokens }
  private var words: [SQLWord?] { text.words }
  private var bytes: [UInt8] { text.bytes }
  private var levels = [Level()]

  init(_ tokens: [QueryToken], of bytes: [UInt8]) {
    text = SQLText(tokens, of: bytes)
    guard let main = begin() else { return }
    for index in tokens.indices where defects.isEmpty { read(index) }
    guard defects.isEmpty else { return }
    if words.contains(.with) {
      let made = namesMade
      tables = tables.filter { !made.contains(text.lowercased($0)) }
    }
    if words[0] != nil { answered = SQLAnswer(text, of: main).columns }
  }

  /// What stands between two brackets.
  private struct Level {
    var clause: SQLWord?
    var seen: Set<SQLWord> = []
    var expectsTable = false
  }

  /// The SELECT whose columns are the answer's, if the text begins as statements do that only read.
  private mutating func begin() -> Int? {
    guard let first = tokens.first else { return nil }
    switch words[0] {
    case .select: return 0
    case .with:
      if let main = text.mainSelect { return main }
      defects.append(.withoutSelect(first.range))
    default:
      if first.isMark("(") { return 0 }
      if first.kind != .hole { defects.append(.readsNothing(first.range)) }
    }
    return nil
  }

  // MARK: Reading

  private mutating func read(_ index: Int) {
    let token = tokens[index]
    switch token.kind {
    case .mark(UInt8(ascii: "(")):
      levels[top].expectsTable = false
      levels.append(Level())
    case .mark(UInt8(ascii: ")")): if levels.count > 1 { levels.removeLast() }
    case .mark(UInt8(ascii: ";")):
      if index + 1 < tokens.count { defects.append(.another(tokens[index + 1].range)) }
    case .mark(UInt8(ascii: ",")):
      readComma(index)
    case .mark(let byte): readMark(byte, index)
    case .hole: readHole(index)
    case .word, .quotation: readName(index)
    }
  }

  private var top: Int { levels.count - 1 }

  private mutating func readComma(_ index: Int) {
    let before = index > 0 ? tokens[index - 1] : nil
    if before.map({ $0.isMark(",") || $0.isMark("(") }) ?? true || words[index - 1] == .select {
      defects.append(.nothingBefore(tokens[index].range))
    }
    levels[top].expectsTable = levels[top].clause == .from
  }

  private mutating func readMark(_ byte: UInt8, _ index: Int) {
    let place = tokens[index].range
    if "=<>".utf8.contains(byte), isEnd(index + 1) { defects.append(.nothingBehind(place)) }
    let next = index + 1 < tokens.count ? tokens[index + 1] : nil
    let touches = next?.range.lowerBound == place.upperBound
    switch byte {
    case UInt8(ascii: "?") where takesOperand(index): defects.append(.foreignParameter(place))
    case UInt8(ascii: "%") where takesOperand(index) && touches && next?.kind == .word,
      UInt8(ascii: "$") where takesOperand(index) && touches && next?.kind == .word,
      UInt8(ascii: "{") where touches && next?.isMark("{") == true:
      defects.append(.foreignParameter(place.lowerBound..<(next?.range.upperBound ?? place.upperBound)))
    default: break
    }
  }

  private mutating func readName(_ index: Int) {
    let place = tokens[index].range
    if let word = words[index] {
      readWord(word, index)
    } else if levels[top].expectsTable {
      levels[top].expectsTable = false
      readTable(index)
    } else if tokens[index].kind == .word, let meant = meantWord(index) {
      defects.append(.misspelt(place, meant: meant))
    } else if tokens[index].kind == .word, bytes[place.lowerBound] == UInt8(ascii: ":"), place.count > 1,
      bytes[place.lowerBound + 1] != UInt8(ascii: ":"), takesOperand(index)
    {
      defects.append(.foreignParameter(place))
    }
  }

  private mutating func readWord(_ word: SQLWord, _ index: Int) {
    levels[top].expectsTable = false
    // `IS DISTINCT FROM`, and functions such as `extract(day FROM time)`.
    let isClause = word != .from || !levels[top].seen.isEmpty && (index == 0 || words[index - 1] != .distinct)
    if word.needsOperand, isEnd(index + 1), word != .from || isClause {
      defects.append(.nothingBehind(tokens[index].range))
    }
    switch word {
    case .select, .union, .intersect, .except:
      if word != .select { levels[top].seen = [] }
      levels[top].clause = word
      levels[top].seen.insert(word)
    case .from, .where, .having, .group:
      guard isClause else { return }
      // `WITHIN GROUP (ORDER BY …)`
      let isTwice = !levels[top].seen.insert(word).inserted
      if isTwice, word == .where || word == .from { defects.append(.twice(tokens[index].range)) }
      levels[top].clause = word
      levels[top].expectsTable = word == .from
    case .order, .limit: levels[top].clause = word
    case .by: if ![.group, .order].contains(levels[top].clause) { levels[top].clause = .by }
    case .join: levels[top].expectsTable = levels[top].seen.contains(.from)
    default: break
    }
  }

  private mutating func readTable(_ index: Int) {
    let token = tokens[index]
    // A function, a table of another schema, or a text.
    let isCalled = index + 1 < tokens.count && tokens[index + 1].isMark("(")
    let isText = bytes[token.range.lowerBound] == UInt8(ascii: "'")
    guard !isCalled, !isText, !bytes[token.range].contains(UInt8(ascii: ".")), !text.isOther(index) else { return }
    let isQuoted = token.kind == .quotation
    tables.append(isQuoted ? token.range.lowerBound + 1..<token.range.upperBound - 1 : token.range)
  }

  private mutating func readHole(_ index: Int) {
    levels[top].expectsTable = false
    let place = tokens[index].range
    func note(_ reason: String) { misplaced.append(.init(range: place, reason: reason)) }
    if index + 1 < tokens.count, tokens[index + 1].isMark("(") {
      note("names of functions are written out")
    } else if index > 0, isOperand(index - 1) {
      note("an operator or a comma stands here, and neither is a value")
    } else if [.group, .order].contains(levels[top].clause), isWholeKey(index) {
      note("a name stands behind 'by'; all rows have the same value")
    } else if index > 1, tokens[index - 1].isMark("["), index + 1 < tokens.count, tokens[index + 1].isMark("]"),
      [.where, .and, .or, .on, .by, .select].contains(words[index - 2])
    {
      note("what stands in such brackets is a name")
    }
  }

  // MARK: What stands around

  /// Whether nothing more comes that could be computed with.
  private func isEnd(_ index: Int) -> Bool {
    guard index < tokens.count else { return true }
    if tokens[index].isMark(")") || tokens[index].isMark(",") || tokens[index].isMark(";") { return true }
    guard let word = words[index] else { return false }
    return word.beginsClause || word == .and || word == .or
  }

  /// Whether a value is awaited.
  private func takesOperand(_ index: Int) -> Bool {
    guard index > 0 else { return false }
    if case .mark(let byte) = tokens[index - 1].kind { return "=<>(,".utf8.contains(byte) }
    return words[index - 1]?.needsOperand ?? false
      || tokens[index - 1].kind == .word
        && ["in", "like", "limit", "offset", "is"].contains(text.lowercased(index - 1))
  }

  /// Whether it is surely a value or a name, to which another cannot follow without a word of SQL between them.
  private func isOperand(_ index: Int) -> Bool {
    let token = tokens[index]
    switch token.kind {
    case .hole: return true
    case .mark(let byte): return byte == UInt8(ascii: ")")
    case .quotation:
      return bytes[token.range.lowerBound] == UInt8(ascii: "'") && !(index > 0 && text.isOther(index - 1))
    case .word:
      if (48...57).contains(bytes[token.range.lowerBound]) { return true }
      guard words[index] == nil, !text.isOther(index), index > 0 else { return false }
      return takesOperand(index) || words[index - 1] == .select
    }
  }

  private func isWholeKey(_ index: Int) -> Bool {
    guard index > 0, words[index - 1] == .by || tokens[index - 1].isMark(",") else { return false }
    // Behind BY it has been told already.
    guard words[index - 1] != .by else { return false }
    return isEnd(index + 1) || ["asc", "desc"].contains(text.lowercased(index + 1))
  }

  /// The word of SQL that is meant where two operands would stand side by side.
  private func meantWord(_ index: Int) -> String? {
    guard index > 0, index + 1 < tokens.count, words[index - 1] == nil else { return nil }
    if words[index + 1] == .by { return nearestName(to: text.lowercased(index), among: ["group", "order"]) }
    guard words[index + 1] == nil else { return nil }
    switch tokens[index + 1].kind {
    case .word, .hole: break
    case .quotation: guard bytes[tokens[index + 1].range.lowerBound] == UInt8(ascii: "'") else { return nil }
    case .mark(let byte): guard byte == UInt8(ascii: "("), tokens[index].range.count > 3 else { return nil }
    }
    switch tokens[index - 1].kind {
    case .word, .hole, .quotation, .mark(UInt8(ascii: ")")): break
    case .mark(UInt8(ascii: "*")):
      guard index > 1, words[index - 2] == .select || tokens[index - 2].isMark(",") else { return nil }
    case .mark: return nil
    }
    guard !text.isOther(index), text.mayBeName(index - 1), text.mayBeName(index + 1) else { return nil }
    return nearestName(to: text.lowercased(index), among: Self.meantWords)
  }

  private static let meantWords = [
    "from", "where", "and", "between", "like", "join", "limit", "group", "order", "having", "union", "distinct",
  ]

  /// Names that stand before `AS (…)`, of tables that the statement makes itself.
  private var namesMade: Set<String> {
    guard words.contains(.with) else { return [] }
    var names: Set<String> = []
    for index in tokens.indices.dropLast() where tokens[index].kind != .hole {
      if words[index + 1] == .as || tokens[index + 1].isMark("(") { names.insert(text.lowercased(index)) }
    }
    return names
  }
}
