/// Cuts an expression into tokens. What is no token is reported and skipped.
struct Lexer {
  let bytes: [UInt8]
  private(set) var tokens: [Token] = []
  private(set) var problems: [CELProblem] = []
  private var index = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func run() {
    tokens.reserveCapacity(bytes.count / 4 + 2)
    while true {
      skipBlanks()
      guard let first = byte() else { break }
      guard problems.count < CELLimits.problems else {
        index = bytes.count
        break
      }
      let start = index
      let kind = next(first)
      tokens.append(Token(kind: kind, place: start..<index))
    }
    tokens.append(Token(kind: .end, place: bytes.count..<bytes.count))
  }

  private func byte(_ ahead: Int = 0) -> UInt8? {
    index + ahead < bytes.count ? bytes[index + ahead] : nil
  }

  private mutating func skipBlanks() {
    while let byte = byte() {
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0C, 0x0D: index += 1
      case UInt8(ascii: "/") where self.byte(1) == UInt8(ascii: "/"):
        while let byte = self.byte(), byte != 0x0A { index += 1 }
      default: return
      }
    }
  }

  private mutating func next(_ first: UInt8) -> Token.Kind {
    switch first {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return string(.string, prefix: 0, isRaw: false)
    case UInt8(ascii: "`"): return quotedIdentifier()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
    case UInt8(ascii: ".") where byte(1).map(isDigit) ?? false: return number()
    case _ where isLetter(first): return stringPrefix() ?? word()
    default: return sign(first)
    }
  }

  // MARK: Words

  private mutating func word() -> Token.Kind {
    let start = index
    while let byte = byte(), isLetter(byte) || isDigit(byte) { index += 1 }
    let word = bytes[start..<index]
    switch word.count {
    case 2 where word.elementsEqual("in".utf8): return .inWord
    case 4 where word.elementsEqual("true".utf8): return .trueWord
    case 4 where word.elementsEqual("null".utf8): return .nullWord
    case 5 where word.elementsEqual("false".utf8): return .falseWord
    default: return .identifier
    }
  }

  private mutating func quotedIdentifier() -> Token.Kind {
    let start = index
    index += 1
    while let byte = byte(), byte != UInt8(ascii: "`"), byte != 0x0A { index += 1 }
    guard byte() == UInt8(ascii: "`"), index > start + 1 else {
      problems.append(.unterminated("a quoted name", at: start..<index))
      return .invalid
    }
    index += 1
    return .quotedIdentifier
  }

  // MARK: Numbers

  private mutating func number() -> Token.Kind {
    if byte() == UInt8(ascii: "0"), byte(1) == UInt8(ascii: "x") || byte(1) == UInt8(ascii: "X") {
      index += 2
      while let byte = byte(), isHex(byte) { index += 1 }
      return unsignedMark() ? .uint : .int
    }
    skipDigits()
    var isDouble = false
    if byte() == UInt8(ascii: "."), byte(1).map(isDigit) ?? false {
      isDouble = true
      index += 1
      skipDigits()
    }
    if let mark = byte(), mark | 0x20 == UInt8(ascii: "e") {
      let hasSign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-")
      if byte(hasSign ? 2 : 1).map(isDigit) ?? false {
        isDouble = true
        index += hasSign ? 2 : 1
        skipDigits()
      }
    }
    if isDouble { return .double }
    return unsignedMark() ? .uint : .int
  }

  private mutating func skipDigits() {
    while let byte = byte(), isDigit(byte) { index += 1 }
  }

  private mutating func unsignedMark() -> Bool {
    guard let mark = byte(), mark | 0x20 == UInt8(ascii: "u") else { return false }
    index += 1
    return true
  }

  // MARK: Strings

  /// A string behind `r`, `b`, `rb` or `br`; `nil` if here begins a word.
  private mutating func stringPrefix() -> Token.Kind? {
    var length = 0
    var isRaw = false
    var isBytes = false
    while length < 2, let mark = byte(length) {
      switch mark | 0x20 {
      case UInt8(ascii: "r") where !isRaw: isRaw = true
      case UInt8(ascii: "b") where !isBytes: isBytes = true
      default:
        guard length > 0, isQuote(mark) else { return nil }
        return string(isBytes ? .bytes : .string, prefix: length, isRaw: isRaw)
      }
      length += 1
    }
    guard let mark = byte(length), isQuote(mark) else { return nil }
    return string(isBytes ? .bytes : .string, prefix: length, isRaw: isRaw)
  }

  private mutating func string(_ kind: Token.Kind, prefix: Int, isRaw: Bool) -> Token.Kind {
    let start = index
    index += prefix
    let quote = bytes[index]
    let isTriple = byte(1) == quote && byte(2) == quote
    index += isTriple ? 3 : 1
    while let byte = byte() {
      if byte == UInt8(ascii: "\\"), !isRaw {
        index = min(index + 2, bytes.count)
      } else if !isTriple, byte == 0x0A || byte == 0x0D {
        break
      } else if byte == quote, !isTriple || (self.byte(1) == quote && self.byte(2) == quote) {
        index += isTriple ? 3 : 1
        return kind
      } else {
        index += 1
      }
    }
    problems.append(.unterminated(kind == .bytes ? "a bytes literal" : "a string", at: start..<index))
    return .invalid
  }

  // MARK: Signs

  private mutating func sign(_ first: UInt8) -> Token.Kind {
    let start = index
    if typographicText() { return .invalid }
    if let long = longSign(first) {
      index += long.length
      return long.kind
    }
    index += 1
    if let kind = Self.shortSign(first) { return kind }
    // A character that is more than one byte long is one problem.
    while let byte = byte(), byte & 0xC0 == 0x80 { index += 1 }
    problems.append(.strayCharacter(String(decoding: bytes[start..<index], as: UTF8.self), at: start..<index))
    return .invalid
  }

  /// A text in the quotation marks of word processors, which is one problem.
  private mutating func typographicText() -> Bool {
    let start = index
    guard isTypographicQuote(at: start) else { return false }
    var end = start + 3
    while end < bytes.count, bytes[end] != 0x0A, !isTypographicQuote(at: end) { end += 1 }
    guard isTypographicQuote(at: end) else { return false }
    index = end + 3
    problems.append(
      .typographicQuotes(String(decoding: bytes[start + 3..<end], as: UTF8.self), at: start..<index))
    return true
  }

  /// Whether one of U+2018, U+2019, U+201C and U+201D stands here.
  private func isTypographicQuote(at place: Int) -> Bool {
    place + 2 < bytes.count && bytes[place] == 0xE2 && bytes[place + 1] == 0x80
      && [0x98, 0x99, 0x9C, 0x9D].contains(bytes[place + 2])
  }

  /// A sign of several characters, and how many it has.
  private func longSign(_ first: UInt8) -> (kind: Token.Kind, length: Int)? {
    guard let second = byte(1) else { return nil }
    let third = byte(2)
    switch (Unicode.Scalar(first), Unicode.Scalar(second)) {
    case ("=", "="):
      let isForeign = third == UInt8(ascii: "=") || third == UInt8(ascii: "~")
      return isForeign ? (.foreign, 3) : (.equal, 2)
    case ("!", "="): return third == UInt8(ascii: "=") ? (.foreign, 3) : (.notEqual, 2)
    case ("&", "&"): return (.and, 2)
    case ("|", "|"): return (.or, 2)
    case ("<", "="): return (.lessEqual, 2)
    case (">", "="): return (.greaterEqual, 2)
    case ("=", "~"), ("!", "~"), ("?", "?"), ("+", "+"), ("*", "*"), ("+", "="), ("-", "="), ("*", "="), ("/", "="),
      ("=", ">"), ("-", ">"), ("<", ">"):
      return (.foreign, 2)
    default: return nil
    }
  }

  private static func shortSign(_ byte: UInt8) -> Token.Kind? {
    switch Unicode.Scalar(byte) {
    case "(": .leftParenthesis
    case ")": .rightParenthesis
    case "[": .leftBracket
    case "]": .rightBracket
    case "{": .leftBrace
    case "}": .rightBrace
    case ",": .comma
    case ".": .dot
    case ":": .colon
    case "?": .question
    case "!": .not
    case "<": .less
    case ">": .greater
    case "+": .plus
    case "-": .minus
    case "*": .times
    case "/": .divide
    case "%": .remainder
    case "=", "&", "|": .foreign
    default: nil
    }
  }
}

func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
private func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (97...102).contains(byte | 0x20) }
private func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) || byte == UInt8(ascii: "_") }
private func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }
