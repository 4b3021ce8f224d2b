/// One property of a declaration, as text in which layout does not count, and what it takes to change it.
struct Facet {
  let name: String
  /// What is compared.
  let text: String
  /// What people are shown.
  let shown: String
  let step: VersionStep

  init(_ name: String, _ text: String, shown: String? = nil, _ step: VersionStep) {
    self.name = name
    self.text = text
    self.shown = shown ?? text
    self.step = step
  }

  init?(_ name: String, _ text: String?, shown: String? = nil, _ step: VersionStep) {
    guard let text else { return nil }
    self.init(name, text, shown: shown, step)
  }
}

/// A declaration with its properties.
struct FacetedDeclaration {
  let kind: String
  let id: String
  /// What it takes to add one, and to take it away.
  let added: VersionStep
  let removed: VersionStep
  let facets: [Facet]
}

/// Text as it is compared: spaces and line breaks outside of quotation marks do not count beyond dividing words.
enum Layout {
  static func without(_ text: String) -> String {
    var result: [UInt8] = []
    var quote: UInt8?
    var isSpacePending = false
    for byte in text.utf8 {
      let isSpace = byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
      if quote == nil, isSpace {
        isSpacePending = !result.isEmpty
        continue
      }
      if isSpacePending, let last = result.last, isWord(last), isWord(byte) { result.append(0x20) }
      isSpacePending = false
      result.append(byte)
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        quote = byte
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The same with one space where there are spaces or line breaks.
  static func squeezed(_ text: String) -> String {
    text.split { $0 == " " || $0.isNewline || $0 == "\t" }.joined(separator: " ")
  }

  /// A statement in SQL: comments do not count, nor how SQL's own words are written.
  static func ofSQL(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard let dialect = QueryDialect.of("sql"), let holes = HoledText.holes(in: bytes) else { return without(text) }
    let read = QueryTokens(bytes, holes: holes, in: dialect)
    guard read.defects.isEmpty else { return without(text) }
    return read.tokens.map { token in
      let written = String(decoding: bytes[token.range], as: UTF8.self)
      let isOwn = token.kind == .word && (SQLWord(bytes[token.range]) != nil || SQLWord.isOther(written))
      return isOwn ? written.lowercased() : written
    }.joined(separator: " ")
  }

  /// Whether two of these need a space between them to stay apart.
  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "'"),
      UInt8(ascii: "\""), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), 0x80...:
      true
    default: false
    }
  }
}
