/// One property of a declaration, as text in which layout does not count, and what it takes to change it.
struct Facet {
  let name: String
  let text: String
  let step: VersionStep

  init(_ name: String, _ text: String, _ step: VersionStep) {
    self.name = name
    self.text = text
    self.step = step
  }

  init?(_ name: String, _ text: String?, _ step: VersionStep) {
    guard let text else { return nil }
    self.init(name, text, step)
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
