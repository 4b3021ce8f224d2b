/// A piece of a query's text.
struct QueryToken: Equatable {
  enum Kind: Equatable {
    /// Letters, digits, `_`, `:` and `.`.
    case word
    /// A quotation, quotes included.
    case quotation
    /// Any other character.
    case mark(UInt8)
    /// A parameter, `${` and `}` included.
    case hole
  }

  let kind: Kind
  /// UTF-8 offsets in the query's text.
  let range: Range<Int>

  func isMark(_ mark: Unicode.Scalar) -> Bool { kind == .mark(UInt8(ascii: mark)) }
}

/// A query's text taken apart; space and comments are left out.
struct QueryTokens {
  /// What keeps a text from being taken apart as its author means it.
  enum Defect: Equatable {
    case unclosedQuotation(Range<Int>)
    case unclosedComment(Range<Int>)
    case unclosedBracket(Range<Int>)
    /// A closing bracket to which nothing belongs, or another one than the one that is open.
    case strayBracket(Range<Int>)
    /// A hole, within quotes or a comment.
    case hiddenHole(Range<Int>)
  }

  private(set) var tokens: [QueryToken] = []
  private(set) var defects: [Defect] = []
  private let bytes: [UInt8]
  private let dialect: QueryDialect
  private let holes: [Range<Int>]
  /// The first of `holes` that does not begin before what is read.
  private var nextHole = 0

  /// - Parameter holes: The parameters' places in their order, `${` and `}` included.
  init(_ bytes: [UInt8], holes: [Range<Int>], in dialect: QueryDialect) {
    self.bytes = bytes
    self.dialect = dialect
    self.holes = holes
    read()
    matchBrackets()
  }

  private mutating func read() {
    var index = 0
    while index < bytes.count {
      let start = index
      let byte = bytes[index]
      if Self.isWordByte(byte) {
        index = endOfWord(from: start)
        add(.word, start..<index)
      } else if byte <= 0x20 {
        index += 1
      } else if let end = endOfHole(at: index) {
        index = end
        add(.hole, start..<end)
      } else if let mark = dialect.lineComments.first(where: { bytes[index...].starts(with: $0) }) {
        skip(to: bytes[index...].firstIndex(of: 0x0A) ?? bytes.count, from: index + mark.count, &index)
      } else if dialect.hasBlockComments, byte == UInt8(ascii: "/"), bytes[index...].starts(with: "/*".utf8) {
        let end = endOfBlockComment(from: index + 2)
        if end == nil { defects.append(.unclosedComment(start..<bytes.count)) }
        skip(to: end ?? bytes.count, from: index, &index)
      } else if dialect.quotes.contains(byte) {
        readQuotation(&index)
      } else {
        index += 1
        add(.mark(byte), start..<index)
      }
    }
  }

  private func endOfWord(from start: Int) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      var end = start
      while end < bytes.count, Self.isWordByte(bytes[end]) { end += 1 }
      return end
    }
  }

  /// Where the hole ends that begins at an index; the index never goes back.
  private mutating func endOfHole(at index: Int) -> Int? {
    guard bytes[index] == UInt8(ascii: "$") else { return nil }
    while nextHole < holes.count, holes[nextHole].lowerBound < index { nextHole += 1 }
    return nextHole < holes.count && holes[nextHole].lowerBound == index ? holes[nextHole].upperBound : nil
  }

  private mutating func add(_ kind: QueryToken.Kind, _ range: Range<Int>) {
    tokens.append(QueryToken(kind: kind, range: range))
  }

  /// Goes on behind a comment, and tells of the holes in it.
  private mutating func skip(to end: Int, from start: Int, _ index: inout Int) {
    tellHidden(start..<end)
    index = end
  }

  private mutating func tellHidden(_ range: Range<Int>) {
    for hole in holes where range.contains(hole.lowerBound) { defects.append(.hiddenHole(hole)) }
  }

  private func endOfBlockComment(from start: Int) -> Int? {
    var index = start
    while index + 1 < bytes.count {
      if bytes[index] == UInt8(ascii: "*"), bytes[index + 1] == UInt8(ascii: "/") { return index + 2 }
      index += 1
    }
    return nil
  }

  private mutating func readQuotation(_ index: inout Int) {
    let start = index
    let quote = bytes[start]
    index += 1
    while index < bytes.count {
      if let end = endOfHole(at: index) {
        index = end
      } else if bytes[index] == UInt8(ascii: "\\"), dialect.escaping.contains(quote) {
        index = min(index + 2, bytes.count)
      } else if bytes[index] == quote {
        index += 1
        // A doubled quote stands for one.
        let isDoubled = !dialect.escaping.contains(quote) && index < bytes.count && bytes[index] == quote
        guard isDoubled else {
          add(.quotation, start..<index)
          tellHidden(start..<index)
          return
        }
        index += 1
      } else {
        index += 1
      }
    }
    defects.append(.unclosedQuotation(start..<start + 1))
  }

  private mutating func matchBrackets() {
    // What a quotation has swallowed may well have been brackets.
    guard !defects.contains(where: { if case .hiddenHole = $0 { false } else { true } }) else { return }
    var open: [(close: UInt8, range: Range<Int>)] = []
    for token in tokens {
      guard case .mark(let byte) = token.kind else { continue }
      if let close = dialect.closing(byte) {
        open.append((close, token.range))
      } else if dialect.isClosing(byte) {
        guard open.last?.close == byte else {
          defects.append(.strayBracket(token.range))
          return
        }
        open.removeLast()
      }
    }
    if let last = open.last { defects.append(.unclosedBracket(last.range)) }
  }

  static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, 0x80...: true
    case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"): true
    default: false
    }
  }
}
