/// Where in a query's text its language takes a value, so that a parameter can stand there.
///
/// What is not known to be a place for a name is taken for one that has a value: adapters have the last word.
struct ParameterPlaces {
  private let tokens: [QueryToken]
  private let bytes: [UInt8]
  private let dialect: QueryDialect

  init(_ tokens: [QueryToken], of bytes: [UInt8], in dialect: QueryDialect) {
    self.tokens = tokens
    self.bytes = bytes
    self.dialect = dialect
  }

  /// A parameter where no value can stand, and why, as a sentence part.
  struct Misplaced: Equatable {
    let range: Range<Int>
    let reason: String
  }

  var misplaced: [Misplaced] {
    var open: [Int] = []
    var found: [Misplaced] = []
    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .mark(let byte) where dialect.closing(byte) != nil: open.append(index)
      case .mark(let byte) where dialect.isClosing(byte): open.removeLast(open.isEmpty ? 0 : 1)
      case .hole:
        if let reason = lack(at: index, within: open.last) { found.append(.init(range: token.range, reason: reason)) }
      default: break
      }
    }
    return found
  }

  /// The parameters behind which a pattern would have to stand if they are lists, by the operator in front of them.
  func operatorBefore(_ hole: Range<Int>) -> String? {
    guard let index = tokens.firstIndex(where: { $0.range == hole }) else { return nil }
    var marks: [UInt8] = []
    for token in tokens[..<index].reversed() {
      guard case .mark(let byte) = token.kind, "=!~<>".utf8.contains(byte) else { break }
      marks.insert(byte, at: 0)
    }
    return String(decoding: marks, as: UTF8.self)
  }

  /// Whether PromQL takes nothing but a number there: behind an operator outside of braces, or as the first argument of
  /// some functions.
  func takesNumber(_ hole: Range<Int>) -> Bool {
    guard let index = tokens.firstIndex(where: { $0.range == hole }), index > 0 else { return false }
    var open: [Int] = []
    for place in 0..<index {
      guard case .mark(let byte) = tokens[place].kind else { continue }
      if dialect.closing(byte) != nil { open.append(place) } else if dialect.isClosing(byte) { open.removeLast() }
    }
    if let bracket = open.last {
      guard tokens[bracket].isMark("(") else { return false }
      if bracket == index - 1 {
        return bracket > 0 && tokens[bracket - 1].kind == .word
          && Self.takingNumbers.contains(word(tokens[bracket - 1]))
      }
    }
    if case .mark(let byte) = tokens[index - 1].kind { return "<>=+-*/%^@".utf8.contains(byte) }
    return tokens[index - 1].kind == .word && word(tokens[index - 1]) == "bool"
  }

  private func lack(at index: Int, within bracket: Int?) -> String? {
    let before = index > 0 ? tokens[index - 1] : nil
    let after = index + 1 < tokens.count ? tokens[index + 1] : nil
    let hole = tokens[index].range
    if let before, before.range.upperBound == hole.lowerBound, canGrow(before, isBefore: true) {
      return "it would become a part of the word before it"
    }
    if let after, after.range.lowerBound == hole.upperBound, canGrow(after, isBefore: false) {
      return "it would become a part of the word behind it"
    }
    guard let before else { return dialect.beginsWithName ? "a query begins with a name" : nil }
    // `IS DISTINCT FROM ${…}` compares.
    let isComparison = word(before) == "from" && index > 1 && word(tokens[index - 2]) == "distinct"
    if before.kind == .word, dialect.wordsBeforeNames.contains(word(before)), !isComparison {
      return "a name stands behind '\(word(before))'"
    }
    return ["promql", "logql"].contains(dialect.language) ? lackInPromQL(before, within: bracket) : nil
  }

  /// Whether what touches a parameter is a word or another parameter; `${from}..${to}` is a range in some languages.
  private func canGrow(_ token: QueryToken, isBefore: Bool) -> Bool {
    switch token.kind {
    case .hole: return true
    case .word: return isBefore ? !word(token).hasSuffix("..") : !word(token).hasPrefix("..")
    case .quotation, .mark: return false
    }
  }

  /// Functions of PromQL whose first argument is a number.
  private static let takingNumbers: Set<String> = [
    "histogram_quantile", "topk", "bottomk", "quantile", "limitk", "limit_ratio", "vector",
  ]

  private func lackInPromQL(_ before: QueryToken, within bracket: Int?) -> String? {
    let isAfterComparison = before.isMark("=") || before.isMark("~")
    guard let bracket else { return nil }
    let opening = tokens[bracket]
    if opening.isMark("{") { return isAfterComparison ? nil : "in braces a value stands behind '=' or '=~'" }
    if opening.isMark("[") { return "a span of time is written out" }
    guard before.range == opening.range, bracket > 0 else { return nil }
    let function = tokens[bracket - 1]
    guard function.kind == .word else { return nil }
    if dialect.wordsBeforeNames.contains(word(function)) { return "names of labels stand behind '\(word(function))'" }
    return Self.takingNumbers.contains(word(function)) ? nil : "'\(word(function))' takes a series"
  }

  private func word(_ token: QueryToken) -> String {
    String(decoding: bytes[token.range], as: UTF8.self).lowercased()
  }
}
