import Diagnostics

/// Why a value that cannot stand as it is may not be what its author wants in quotes.
enum QuotingDoubt {
  /// Quotes would make a text of what is rather a key, or a collection with a bracket too many or too few.
  case structure
  /// The bracket that it stands in is not closed on its line, so that it may stand there by mistake.
  case openBracket

  /// - Parameters:
  ///   - range: The value as it looks, on one line.
  ///   - outerBracket: The outermost bracket that is open at the value; `nil`: it stands in none.
  /// - Returns: `nil`: the value is a sentence or an expression of its own, and can only be meant in quotes.
  static func about(_ range: SourceRange, outerBracket: Int?, in source: SourceText) -> QuotingDoubt? {
    guard !isKey(range, in: source), !isCollection(range, in: source.bytes),
      !holdsKey(range, isInFlow: outerBracket != nil, in: source.bytes)
    else { return .structure }
    return outerBracket.map { isClosed($0, onLineOf: range.end, in: source) } == false ? .openBracket : nil
  }

  private static func isClosed(_ bracket: Int, onLineOf end: Int, in source: SourceText) -> Bool {
    guard source.position(at: bracket).line == source.position(at: end).line else { return false }
    let shape = ExpressionShape(source.bytes[bracket..<WrittenLine(around: end, in: source).end])
    return shape.openBrackets.isEmpty && shape.openQuote == nil && !shape.hasStrayBracket
  }

  private static func isKey(_ range: SourceRange, in source: SourceText) -> Bool {
    let bytes = source.bytes
    if bytes[range.end - 1] == UInt8(ascii: ":") || isColon(at: range.end, in: bytes) { return true }
    let line = WrittenLine(around: range.start, in: source)
    return line.colon.map { range.start < $0 && $0 < range.end } ?? false
  }

  /// Whether it begins with a bracket, behind other signs or not, that no operator follows, or has one too many.
  private static func isCollection(_ range: SourceRange, in bytes: [UInt8]) -> Bool {
    let text = bytes[range.start..<range.end]
    let shape = ExpressionShape(text)
    guard !shape.hasStrayBracket, shape.openBrackets.isEmpty else { return true }
    let content = text.drop { signs.contains($0) }
    guard let first = content.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return false }
    return first == UInt8(ascii: "{") || !isOperand(content)
  }

  private static let signs = Set("!&*|>%@`-?:,()=< #~^/;".utf8)

  /// `[1, 2].exists(…)`, `["a"] + b`
  private static func isOperand(_ text: ArraySlice<UInt8>) -> Bool {
    var shape = ExpressionShape([])
    guard
      let end = text.indices.first(where: { index in
        shape.go(on: CollectionOfOne(text[index]))
        return shape.openBrackets.isEmpty && shape.openQuote == nil
      })
    else { return false }
    let rest = text[(end + 1)...]
    if rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: "[") { return true }
    let next = rest.drop { $0 == 0x20 }
    return next.startIndex > rest.startIndex
      && ["==", "!=", "<", ">", "+", "&&", "||", "?", "in "].contains { next.starts(with: $0.utf8) }
  }

  /// Whether a `key: ` stands in it: in brackets anywhere, elsewhere at its beginning or far behind a text, as where a
  /// line break is missing.
  private static func holdsKey(_ range: SourceRange, isInFlow: Bool, in bytes: [UInt8]) -> Bool {
    let start = bytes[range.start..<range.end].firstIndex { !signs.contains($0) } ?? range.end
    for colon in start..<range.end where isColon(at: colon, in: bytes) && isWordByte(bytes[colon - 1]) {
      if isInFlow { return true }
      var word = colon
      while word > start, isWordByte(bytes[word - 1]) { word -= 1 }
      let isFarBehind = word - 2 >= start && bytes[word - 1] == 0x20 && bytes[word - 2] == 0x20
      let value = bytes[(colon + 1)..<range.end].first { $0 != 0x20 }
      // Keys begin with small letters: `Note: a text`.
      let isKey = word == start && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[word])
      if isKey || isFarBehind || value == UInt8(ascii: "{") || value == UInt8(ascii: "[") { return true }
    }
    return false
  }

  private static func isColon(at index: Int, in bytes: [UInt8]) -> Bool {
    guard index > 0, index < bytes.count, bytes[index] == UInt8(ascii: ":") else { return false }
    return index + 1 == bytes.count || [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index + 1])
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
