import Diagnostics

/// The parts of a line of a block mapping or sequence, as they look.
struct WrittenLine {
  let start: Int
  let end: Int
  /// Behind the indentation.
  let contentStart: Int
  /// The key, without its colon.
  private(set) var key: SourceRange?
  /// The colon behind the key.
  private(set) var colon: Int?
  /// Where the value begins that stands behind `key: ` or `- `, or the line's only text.
  private(set) var valueStart: Int?

  var indentation: Int { contentStart - start }

  init(around offset: Int, in source: SourceText) {
    let bytes = source.bytes
    let contents = source.contents(ofLine: source.position(at: offset).line)
    (start, end) = (contents.lowerBound, contents.upperBound)
    var index = start
    while index < end, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    contentStart = index
    while index + 1 < end, bytes[index] == UInt8(ascii: "-"), bytes[index + 1] == 0x20 {
      while index + 1 < end, bytes[index + 1] == 0x20 { index += 1 }
      index += 1
    }
    let first = index
    valueStart = first < end ? first : nil
    guard first < end, bytes[first] != UInt8(ascii: "{"), bytes[first] != UInt8(ascii: "[") else { return }
    guard let colon = Self.colon(from: first, to: end, in: bytes) else { return }
    self.colon = colon
    key = SourceRange(first, colon)
    index = colon + 1
    while index < end, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    valueStart = index < end ? index : nil
  }

  /// The first colon that ends a key.
  private static func colon(from start: Int, to end: Int, in bytes: [UInt8]) -> Int? {
    var index = start
    if bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'") {
      index += 1
      while index < end, bytes[index] != bytes[start] { index += 1 }
    }
    while index < end {
      if bytes[index] == UInt8(ascii: "#"), index > start, bytes[index - 1] == 0x20 { return nil }
      if bytes[index] == UInt8(ascii: ":"), index + 1 == end || bytes[index + 1] == 0x20 || bytes[index + 1] == 0x09 {
        return index
      }
      index += 1
    }
    return nil
  }
}
