package import Diagnostics

/// The conditions of a statement in SQL, as far as they show that they are hardly meant: read off its words, without
/// its tables.
package struct SQLConditions {
  /// A column that is compared with a value.
  package struct Comparison: Equatable {
    package enum Value: Equatable {
      /// A parameter, by what stands in its braces.
      case parameter(String)
      /// What stands in quotation marks, without them.
      case text(String)
    }

    /// With the table's name before it, if it was written.
    package let column: String
    /// `=`, `<>`, `<` and the like; `BETWEEN` has its lower end and its upper end as two comparisons.
    package let sign: Sign
    package let value: Value
    /// UTF-8 offsets from the column to the value.
    package let range: Range<Int>
    /// Of the value alone.
    package let valueRange: Range<Int>
  }

  package enum Sign: Equatable {
    case equal, different, less, greater
  }

  /// What is hardly meant, at UTF-8 offsets of the text.
  enum Defect: Equatable {
    /// A span that ends before it begins.
    case emptySpan(Range<Int>)
    /// A comparison with NULL, and what would ask for it.
    case comparedWithNull(Range<Int>, meant: String)
    /// An `OR` one side of which the bounds of time do not bind.
    case looseOr(Range<Int>)
  }

  private(set) var defects: [Defect] = []
  package private(set) var comparisons: [Comparison] = []
  /// Names that the statement gives to what it selects, in lower case.
  package private(set) var aliases: Set<String> = []
  private let tokens: [QueryToken]
  private let bytes: [UInt8]
  private var levels = [Level(isCondition: false)]

  init(_ tokens: [QueryToken], of bytes: [UInt8]) {
    self.tokens = tokens
    self.bytes = bytes
    for index in tokens.indices { read(index) }
    while levels.count > 1 { close() }
    endClause()
  }

  /// - Returns: `nil` for a text that cannot be taken apart.
  package init?(_ text: PlacedText) {
    let holed = HoledText(text)
    guard let dialect = QueryDialect.of("sql"), let holes = holed.holes else { return nil }
    let read = QueryTokens(holed.bytes, holes: holes, in: dialect)
    guard read.defects.isEmpty else { return nil }
    self.init(read.tokens, of: holed.bytes)
  }

  /// What stands between two brackets, or between `CASE` and `END`.
  private struct Level {
    var isCase = false
    /// Whether a condition is read, such as what stands behind `WHERE`.
    var isCondition: Bool
    /// Whether the condition begins in this level, so that nothing around it binds it.
    var isOutermost = false
    /// Whether the next `AND` is that of a `BETWEEN`.
    var isBetween = false
    var hasAnd = false
    var firstOr: Range<Int>?
    var sides: [Side] = [Side()]
    /// What bounds anything in it: `isCondition` and what follows are of the clause that is read.
    var whole = Side()
  }

  /// One side of an `OR`.
  private struct Side {
    var hasFrom = false
    var hasTo = false
    var hasNull = false
    /// Columns that begin at the window's end or later, in lower case, and those that end at its beginning or earlier.
    var afterEnd: [(column: String, range: Range<Int>)] = []
    var beforeStart: [(column: String, range: Range<Int>)] = []

    /// What bounds a part bounds the whole.
    mutating func add(_ part: Side) {
      hasFrom = hasFrom || part.hasFrom
      hasTo = hasTo || part.hasTo
      hasNull = hasNull || part.hasNull
    }
  }

  // MARK: Reading

  private mutating func read(_ index: Int) {
    let token = tokens[index]
    switch token.kind {
    case .mark(UInt8(ascii: "(")): levels.append(Level(isCondition: levels[top].isCondition))
    case .mark(UInt8(ascii: ")")): if levels.count > 1 { close() }
    case .mark(let byte) where "<>=!".utf8.contains(byte): readSign(index)
    case .hole:
      readMembership(index)
      switch name(ofHole: token) {
      case "from": levels[top].sides[last].hasFrom = true
      case "to": levels[top].sides[last].hasTo = true
      default: break
      }
    case .word: readWord(index)
    case .mark, .quotation: break
    }
  }

  private mutating func readWord(_ index: Int) {
    let token = tokens[index]
    guard let word = SQLWord(bytes[token.range]) else { return }
    switch word {
    case .where, .on, .having:
      endClause()
      levels[top].isCondition = true
      levels[top].isOutermost = true
    case .select, .from, .group, .order, .limit, .union, .intersect, .except, .join: endClause()
    case .case:
      levels.append(Level(isCase: true, isCondition: false))
    case .end: if levels[top].isCase { close() }
    case .between:
      levels[top].isBetween = true
      readBetween(index)
    case .and: if levels[top].isBetween { levels[top].isBetween = false } else { levels[top].hasAnd = true }
    case .or:
      levels[top].firstOr = levels[top].firstOr ?? token.range
      levels[top].sides.append(Side())
    case .null: levels[top].sides[last].hasNull = true
    case .as: if index + 1 < tokens.count { aliases.insert(lowercased(tokens[index + 1])) }
    case .not, .by, .with, .distinct: break
    }
  }

  /// The level that is read; it is changed in its place.
  private var top: Int { levels.count - 1 }

  private var last: Int { levels[top].sides.count - 1 }

  /// Ends a level; what bounds it bounds the side that it stands in.
  private mutating func close() {
    endClause()
    let inner = levels.removeLast()
    levels[top].sides[last].add(inner.whole)
  }

  private mutating func endClause() {
    for side in levels[top].sides {
      for early in side.beforeStart {
        guard let late = side.afterEnd.first(where: { $0.column == early.column }) else { continue }
        let range = min(early.range.lowerBound, late.range.lowerBound)
        defects.append(.emptySpan(range..<max(early.range.upperBound, late.range.upperBound)))
      }
    }
    if let place = levels[top].firstOr, levels[top].isCondition,
      levels[top].sides.contains(where: { $0.hasFrom && $0.hasTo }),
      let loose = levels[top].sides.first(where: { !$0.hasFrom && !$0.hasTo }),
      levels[top].hasAnd || levels[top].isOutermost && !loose.hasNull
    {
      defects.append(.looseOr(place))
    }
    var next = Level(isCase: levels[top].isCase, isCondition: false, whole: levels[top].whole)
    for side in levels[top].sides { next.whole.add(side) }
    levels[top] = next
  }

  // MARK: Comparisons

  private mutating func readBetween(_ index: Int) {
    guard index + 3 < tokens.count, SQLWord(bytes[tokens[index + 2].range]) == .and else { return }
    let (low, high) = (tokens[index + 1], tokens[index + 3])
    if low.kind == .hole, high.kind == .hole, name(ofHole: low) == "to", name(ofHole: high) == "from" {
      defects.append(.emptySpan(low.range.lowerBound..<high.range.upperBound))
    }
    var place = index - 1
    if place >= 0, SQLWord(bytes[tokens[place].range]) == .not { place -= 1 }
    guard let column = column(at: place) else { return }
    for (token, sign, next) in [(low, Sign.greater, index + 2), (high, .less, index + 4)] {
      guard let value = value(of: token), !isComputing(next) else { continue }
      note(column, sign, value, tokens[place].range.lowerBound..<token.range.upperBound, token.range)
    }
  }

  /// A parameter behind `IN`, at the parameter.
  private mutating func readMembership(_ index: Int) {
    var place = index - 1
    if place >= 0, tokens[place].isMark("(") { place -= 1 }
    guard place > 0, tokens[place].kind == .word, lowercased(tokens[place]) == "in" else { return }
    place -= 1
    let isNot = tokens[place].kind == .word && SQLWord(bytes[tokens[place].range]) == .not
    if isNot { place -= 1 }
    guard let column = column(at: place), let value = value(of: tokens[index]) else { return }
    let range = tokens[index].range
    note(column, isNot ? .different : .equal, value, tokens[place].range.lowerBound..<range.upperBound, range)
  }

  /// A comparison, at its first mark.
  private mutating func readSign(_ index: Int) {
    func isSign(_ place: Int) -> Bool {
      guard tokens.indices.contains(place), case .mark(let byte) = tokens[place].kind else { return false }
      return "<>=!".utf8.contains(byte)
    }
    guard !isSign(index - 1) else { return }
    var end = index
    while isSign(end + 1), tokens[end + 1].range.lowerBound == tokens[end].range.upperBound { end += 1 }
    guard end + 1 < tokens.count else { return }
    let written = bytes[tokens[index].range.lowerBound..<tokens[end].range.upperBound]
    let sign: Sign
    switch written.first {
    case UInt8(ascii: "="): sign = .equal
    case UInt8(ascii: "!"): sign = .different
    case UInt8(ascii: "<"): sign = written.last == UInt8(ascii: ">") ? .different : .less
    default: sign = .greater
    }
    readComparison(sign, tokens[index].range.lowerBound, left: index - 1, right: end + 1)
  }

  private mutating func readComparison(_ sign: Sign, _ start: Int, left: Int, right: Int) {
    let token = tokens[right]
    if sign == .equal || sign == .different, token.kind == .word, SQLWord(bytes[token.range]) == .null {
      defects.append(
        .comparedWithNull(start..<token.range.upperBound, meant: sign == .equal ? "IS NULL" : "IS NOT NULL"))
      return
    }
    if let column = column(at: left), let value = value(of: token), !isComputing(right + 1) {
      note(column, sign, value, tokens[left].range.lowerBound..<token.range.upperBound, token.range)
    } else if left >= 0, let value = value(of: tokens[left]), !isComputing(left - 1), let column = column(at: right),
      !isComputing(right + 1)
    {
      let turned: Sign = sign == .less ? .greater : sign == .greater ? .less : sign
      note(column, turned, value, tokens[left].range.lowerBound..<token.range.upperBound, tokens[left].range)
    }
  }

  private mutating func note(
    _ column: String, _ sign: Sign, _ value: Comparison.Value, _ range: Range<Int>, _ valueRange: Range<Int>
  ) {
    comparisons.append(
      Comparison(column: column, sign: sign, value: value, range: range, valueRange: valueRange))
    // The two ends of a BETWEEN have been looked at together.
    guard !levels[top].isBetween else { return }
    switch (sign, value) {
    case (.greater, .parameter("to")): levels[top].sides[last].afterEnd.append((column.lowercased(), range))
    case (.less, .parameter("from")): levels[top].sides[last].beforeStart.append((column.lowercased(), range))
    default: break
    }
  }

  /// The column that a token names, if nothing is computed with it.
  private func column(at index: Int) -> String? {
    guard tokens.indices.contains(index), !isComputing(index - 1) else { return nil }
    let token = tokens[index]
    guard let first = bytes[token.range].first else { return nil }
    switch token.kind {
    case .word where SQLWord(bytes[token.range]) == nil && !(48...57).contains(first): return text(token.range)
    case .quotation where first != UInt8(ascii: "'"):
      return text(token.range.lowerBound + 1..<token.range.upperBound - 1)
    default: return nil
    }
  }

  private func value(of token: QueryToken) -> Comparison.Value? {
    switch token.kind {
    case .hole: return .parameter(name(ofHole: token))
    case .quotation where bytes[token.range.lowerBound] == UInt8(ascii: "'"):
      return .text(text(token.range.lowerBound + 1..<token.range.upperBound - 1))
    default: return nil
    }
  }

  /// Whether a token computes something of the values beside it.
  private func isComputing(_ index: Int) -> Bool {
    guard tokens.indices.contains(index), case .mark(let byte) = tokens[index].kind else { return false }
    return "+-*/%|&~.".utf8.contains(byte)
  }

  private func name(ofHole token: QueryToken) -> String {
    text(token.range.lowerBound + 2..<token.range.upperBound - 1)
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
  private func lowercased(_ token: QueryToken) -> String { text(token.range).lowercased() }

  /// Where a name stands alone in a statement for the first time, outside of its quotations; `nil`: nowhere.
  package static func place(of name: String, in text: PlacedText) -> SourceLocation? {
    let holed = HoledText(text)
    guard let dialect = QueryDialect.of("sql"), let holes = holed.holes else { return nil }
    let tokens = QueryTokens(holed.bytes, holes: holes, in: dialect).tokens
    let wanted = name.lowercased()
    let token = tokens.first { token in
      token.kind == .word && String(decoding: holed.bytes[token.range], as: UTF8.self).lowercased() == wanted
    }
    return token.map { text.location(of: $0.range) }
  }
}
