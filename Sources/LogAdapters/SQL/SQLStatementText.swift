import RunbookPorts
import Values

/// A query's text as SQLite gets it: each parameter a `?`, each list a subquery over one bound JSON text.
struct SQLStatementText {
  /// How a parameter's place in the text wants its value.
  enum Place {
    /// `client = ${x}`: one value.
    case single
    /// `client IN ${x}`: a list, or one value as a list of one.
    case list
    /// `client IN (${x})`: the same.
    case listInParentheses
  }

  let text: String
  /// In the order of the `?` in `text`.
  let parameters: [(name: String, place: Place)]
  let isMonotone: Bool
  /// What stands behind the statement's own `LIMIT`.
  let limit: Limit?
  /// The same with the numbers of alike rows summed up where rows are counted; `nil` where that could be another
  /// question, or none are counted.
  let countedText: String?
  enum Limit: Equatable {
    case number(Int)
    case parameter(String)
    /// Something that SQLite computes.
    case computed
  }

  /// Pieces of `text` that stand for something else in the template, in order.
  private let replacements: [(start: Int, length: Int, templateLength: Int)]

  init(_ template: QueryTemplate) throws(SQLProblem) {
    let tokens = try SQLToken.tokens(of: template)
    if let token = tokens.first(where: { $0.kind == .placeholder }) {
      throw SQLProblem("SQLite's own parameters cannot be used; write ${name}", at: token.offset)
    }
    try SQLClock.refuse(in: tokens)
    let counts = SQLCounting.places(in: tokens)
    var text = ""
    var countedText = ""
    var parameters: [(String, Place)] = []
    var replacements: [(Int, Int, Int)] = []
    var offset = 0
    for segment in template.segments {
      switch segment {
      case .text(let piece):
        text += piece
        countedText += Self.counted(piece, at: offset, counts)
        offset += piece.utf8.count
      case .parameter(let name):
        let place = Self.place(of: offset, in: tokens)
        let replacement = Self.replacement(for: place)
        replacements.append((text.utf8.count, replacement.utf8.count, name.utf8.count + 3))
        text += replacement
        countedText += replacement
        parameters.append((name, place))
        offset += name.utf8.count + 3
      }
    }
    self.text = text
    self.countedText = counts.isEmpty ? nil : countedText
    self.parameters = parameters
    self.replacements = replacements
    isMonotone = SQLMonotonicity.holds(for: tokens)
    limit = Self.limit(in: tokens, of: Array(template.sourceText.utf8))
  }

  /// Of `LIMIT 10, 20` the second number counts.
  private static func limit(in tokens: [SQLToken], of text: [UInt8]) -> Limit? {
    var depth = 0
    var place: Int?
    for (index, token) in tokens.enumerated() {
      if token.isMark("(") { depth += 1 }
      if token.isMark(")") { depth -= 1 }
      if depth == 0, token.isWord("LIMIT") { place = index }
    }
    guard let place else { return nil }
    let rest = tokens[(place + 1)...].prefix { !$0.isWord("OFFSET") && !$0.isMark(";") }
    let counted = rest.split { $0.isMark(",") }.last ?? []
    guard counted.count == 1, let token = counted.first else { return .computed }
    switch token.kind {
    case .parameter(let name): return .parameter(name)
    case .number:
      let digits = text[token.offset...].prefix { (48...57).contains($0) }
      return Int(String(decoding: digits, as: UTF8.self)).map(Limit.number) ?? .computed
    default: return .computed
    }
  }

  /// A piece of the template's text with each `count(*)` replaced.
  private static func counted(_ piece: String, at offset: Int, _ counts: [Range<Int>]) -> String {
    var bytes = Array(piece.utf8)
    let end = offset + bytes.count
    for place in counts.reversed() where place.lowerBound >= offset && place.upperBound <= end {
      bytes.replaceSubrange(place.lowerBound - offset..<place.upperBound - offset, with: SQLCounting.sum.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func replacement(for place: Place) -> String {
    switch place {
    case .single: "?"
    case .list: "(SELECT value FROM json_each(?))"
    case .listInParentheses: "SELECT value FROM json_each(?)"
    }
  }

  private static func place(of offset: Int, in tokens: [SQLToken]) -> Place {
    guard let index = tokens.firstIndex(where: { $0.offset == offset && $0.isParameter }), index > 0 else {
      return .single
    }
    if tokens[index - 1].isWord("IN") { return .list }
    if index > 1, tokens[index - 1].isMark("("), tokens[index - 2].isWord("IN"), index + 1 < tokens.count,
      tokens[index + 1].isMark(")")
    {
      return .listInParentheses
    }
    return .single
  }

  /// Why rows may be missing behind the statement's own `LIMIT`: as many as it lets through are there. A question for a
  /// single row has what it asks for.
  func cut(of table: Table, _ query: BoundQuery) -> String? {
    guard let limit else { return nil }
    if case .rows(_, isSingle: true) = query.shape { return nil }
    let most: Int? =
      switch limit {
      case .number(let number): number
      case .parameter(let name): if case .int(let number)? = query.parameters[name] { Int(number) } else { nil }
      case .computed: nil
      }
    guard let most else { return "its LIMIT may have cut rows off" }
    return most >= 0 && table.count >= most ? "cut by LIMIT \(most)" : nil
  }

  /// Where a byte of `text` stands in the template's text.
  func templateOffset(of offset: Int) -> Int {
    var shift = 0
    for replacement in replacements where replacement.start < offset {
      if offset < replacement.start + replacement.length { return replacement.start + shift }
      shift += replacement.templateLength - replacement.length
    }
    return offset + shift
  }
}

extension SQLToken {
  var isParameter: Bool {
    if case .parameter = kind { true } else { false }
  }
}
