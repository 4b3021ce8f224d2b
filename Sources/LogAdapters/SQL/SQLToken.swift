import RunbookPorts

/// A token of SQL, as far as Tocsin must understand it: enough to know where a parameter stands and what kind of
/// question is asked. SQLite has the last word on everything else.
struct SQLToken: Equatable {
  enum Kind: Equatable {
    /// A keyword or a bare name, in upper case.
    case word(String)
    /// A name in double quotes, back quotes or brackets.
    case quotedName
    /// What stands between single quotes, in lower case; a doubled quote stands as it was written.
    case string(String)
    case number
    /// `?`, `:name`, `@name`, `$name`: SQLite's own parameters.
    case placeholder
    case parameter(String)
    /// Any other character.
    case mark(UInt8)
  }

  let kind: Kind
  /// Where it begins in the template's text.
  let offset: Int

  func isMark(_ mark: Unicode.Scalar) -> Bool { kind == .mark(UInt8(ascii: mark)) }
  func isWord(_ word: String) -> Bool { kind == .word(word) }
}

/// Why a query's text cannot be used, and where: a byte of the text as the runbook wrote it.
package struct SQLProblem: Error, Hashable, Sendable {
  package let message: String
  package let offset: Int?

  init(_ message: String, at offset: Int?) {
    self.message = message
    self.offset = offset
  }
}

extension SQLToken {
  /// Splits a template. Comments and space are left out.
  ///
  /// - Throws: for a parameter within quotes or a comment, where it could not be bound; for a quote without an end.
  static func tokens(of template: QueryTemplate) throws(SQLProblem) -> [SQLToken] {
    var tokens: [SQLToken] = []
    var offset = 0
    for (index, segment) in template.segments.enumerated() {
      switch segment {
      case .text(let text):
        let isLast = index == template.segments.count - 1
        var lexer = SQLLexer(bytes: Array(text.utf8), base: offset, isLast: isLast)
        try lexer.run(into: &tokens)
        offset += text.utf8.count
      case .parameter(let name):
        tokens.append(SQLToken(kind: .parameter(name), offset: offset))
        offset += name.utf8.count + 3
      }
    }
    return tokens
  }
}

private struct SQLLexer {
  let bytes: [UInt8]
  let base: Int
  /// Whether the query's text ends with these bytes.
  let isLast: Bool
  var index = 0

  init(bytes: [UInt8], base: Int, isLast: Bool) {
    self.bytes = bytes
    self.base = base
    self.isLast = isLast
  }

  mutating func run(into tokens: inout [SQLToken]) throws(SQLProblem) {
    while index < bytes.count {
      let start = index
      if let kind = try next() { tokens.append(SQLToken(kind: kind, offset: base + start)) }
    }
  }

  private func peek(_ distance: Int = 1) -> UInt8? {
    index + distance < bytes.count ? bytes[index + distance] : nil
  }

  private mutating func next() throws(SQLProblem) -> SQLToken.Kind? {
    let byte = bytes[index]
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0C, 0x0D:
      index += 1
      return nil
    case UInt8(ascii: "-") where peek() == UInt8(ascii: "-"):
      let end = bytes[index...].firstIndex(of: 0x0A)
      guard end != nil || isLast else { throw SQLProblem("a parameter stands in a comment", at: base + index) }
      index = end ?? bytes.count
      return nil
    case UInt8(ascii: "/") where peek() == UInt8(ascii: "*"):
      try skipComment()
      return nil
    case UInt8(ascii: "'"):
      let text = try quoted(until: byte)
      return .string(String(decoding: text, as: UTF8.self).lowercased())
    case UInt8(ascii: "\""), UInt8(ascii: "`"):
      _ = try quoted(until: byte)
      return .quotedName
    case UInt8(ascii: "["):
      _ = try quoted(until: UInt8(ascii: "]"))
      return .quotedName
    case UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "$"):
      index += 1
      skipWord()
      return .placeholder
    case 48...57:
      skipWord()
      return .number
    default:
      guard Self.isWordByte(byte) else {
        index += 1
        return .mark(byte)
      }
      let start = index
      skipWord()
      return .word(String(decoding: bytes[start..<index], as: UTF8.self).uppercased())
    }
  }

  private mutating func skipWord() {
    while index < bytes.count, Self.isWordByte(bytes[index]) { index += 1 }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "_"), 0x80...: true
    default: false
    }
  }

  /// A doubled quote stands for one.
  ///
  /// - Returns: what stands between the quotes.
  private mutating func quoted(until end: UInt8) throws(SQLProblem) -> ArraySlice<UInt8> {
    let start = index
    index += 1
    while index < bytes.count {
      if bytes[index] == end {
        if peek() != end || end == UInt8(ascii: "]") {
          index += 1
          return bytes[(start + 1)..<(index - 1)]
        }
        index += 1
      }
      index += 1
    }
    throw SQLProblem(
      "a quote has no end before the next parameter; a parameter stands outside quotes and is bound as a value",
      at: base + start)
  }

  private mutating func skipComment() throws(SQLProblem) {
    let start = index
    index += 2
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "*"), peek() == UInt8(ascii: "/") {
        index += 2
        return
      }
      index += 1
    }
    throw SQLProblem("a comment has no end before the next parameter", at: base + start)
  }
}
