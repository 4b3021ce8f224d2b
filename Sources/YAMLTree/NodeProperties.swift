import Diagnostics

/// What stands before a value (`&anchor`, `!tag`), and where the value itself begins.
struct NodeProperties {
  private(set) var anchor: SourceRange?
  private(set) var tag: SourceRange?
  /// Where the value begins.
  private(set) var start: Int
  /// Where the last property ends.
  private(set) var end: Int

  var isPresent: Bool { anchor != nil || tag != nil }

  init(of event: YAMLEvent, in bytes: [UInt8]) {
    start = event.start
    end = event.start
    guard event.anchor != nil || event.tag != nil else { return }
    while start < bytes.count {
      let isTag = bytes[start] == UInt8(ascii: "!") && tag == nil
      guard isTag || (bytes[start] == UInt8(ascii: "&") && anchor == nil) else { break }
      let first = start
      start += 1
      while start < bytes.count, isTag ? !Self.isWhiteSpace(bytes[start]) : Self.isAnchorByte(bytes[start]) {
        start += 1
      }
      // In brackets a property may touch what follows it.
      if event.end > first { start = min(start, max(event.end, first + 1)) }
      if isTag { tag = SourceRange(first, start) } else { anchor = SourceRange(first, start) }
      end = start
      start = Self.endOfGap(from: start, in: bytes)
    }
  }

  /// The next offset at which there is neither white space nor a comment.
  static func endOfGap(from offset: Int, in bytes: [UInt8]) -> Int {
    var index = offset
    while index < bytes.count {
      if isWhiteSpace(bytes[index]) {
        index += 1
      } else if bytes[index] == UInt8(ascii: "#"), index == 0 || isWhiteSpace(bytes[index - 1]) {
        while index < bytes.count, bytes[index] != 0x0A, bytes[index] != 0x0D { index += 1 }
      } else {
        break
      }
    }
    return index
  }

  /// What libyaml takes for a part of an anchor's name; YAML 1.2 allows more.
  private static func isAnchorByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isWhiteSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }
}
