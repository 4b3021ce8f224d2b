/// How far quotations and brackets in a piece of an expression or sentence are closed.
///
/// An apostrophe inside or behind a word is none of them: `John's`.
struct ExpressionShape {
  /// The brackets that are still open, outermost first.
  private(set) var openBrackets: [UInt8] = []
  /// The quotation mark that is still open.
  private(set) var openQuote: UInt8?
  /// Whether a bracket was closed that was not open.
  private(set) var hasStrayBracket = false
  private var lastByte: UInt8?
  /// The byte before `lastByte`, white space left out.
  private var byteBeforeLast: UInt8?
  private var isEscaped = false

  init(_ text: some Sequence<UInt8>) { go(on: text) }

  /// Looks at what follows the text so far.
  mutating func go(on text: some Sequence<UInt8>) {
    for byte in text {
      take(byte)
      if byte != 0x20, byte != 0x09 { (byteBeforeLast, lastByte) = (lastByte, byte) }
    }
  }

  /// Whether a quotation or a round or square bracket is open at the end, or an operand is missing there.
  var isUnfinished: Bool { openQuote != nil || !openBrackets.isEmpty || endsWithOperator }

  /// Whether the last thing is a comparison or a logical operator, which no sentence ends in.
  private var endsWithOperator: Bool {
    guard let byteBeforeLast, let lastByte else { return false }
    return ["==", "!=", "<=", ">=", "&&", "||"].contains { $0.utf8.elementsEqual([byteBeforeLast, lastByte]) }
  }

  private mutating func take(_ byte: UInt8) {
    if let quote = openQuote {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == quote {
        openQuote = nil
      }
      return
    }
    switch byte {
    case UInt8(ascii: "\""): openQuote = byte
    case UInt8(ascii: "'"): if !isWordByte(lastByte) { openQuote = byte }
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): openBrackets.append(byte)
    case UInt8(ascii: ")"): close(UInt8(ascii: "("))
    case UInt8(ascii: "]"): close(UInt8(ascii: "["))
    case UInt8(ascii: "}"): close(UInt8(ascii: "{"))
    default: break
    }
  }

  private mutating func close(_ bracket: UInt8) {
    if openBrackets.popLast() != bracket { hasStrayBracket = true }
  }

  private func isWordByte(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return byte >= 0x80 || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: ")")
      || byte == UInt8(ascii: "}")
  }
}
