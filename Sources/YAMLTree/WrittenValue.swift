import Diagnostics

/// Finds by eye, as a reader would, which value of a line a place belongs to. Used where the parser gave up.
struct WrittenValue {
  /// The value from its first byte to its last, without a comment.
  let range: SourceRange

  /// The value of `key: value` or `- value` that holds the offset; in brackets the innermost one.
  ///
  /// - Parameter isInFlow: Whether the line stands in brackets that were opened above it.
  /// - Returns: `nil` if the offset lies before the line's value.
  init?(around offset: Int, in source: SourceText, isInFlow: Bool) {
    let line = WrittenLine(around: offset, in: source)
    guard let start = line.valueStart, start <= offset, start < line.end else { return nil }
    let bytes = source.bytes
    if isInFlow || bytes[start] == UInt8(ascii: "{") || bytes[start] == UInt8(ascii: "[") {
      let element = Self.flowElement(around: offset, from: start, to: line.end, in: bytes)
      range = SourceRange(element, Self.endOfFlowElement(from: element, to: line.end, in: bytes))
    } else {
      range = SourceRange(start, Self.endOfBlockValue(from: start, to: line.end, in: bytes))
    }
    guard !range.isEmpty else { return nil }
  }

  /// The value that begins at an offset, whatever the parser took it for.
  init?(from start: Int, in source: SourceText, isInFlow: Bool) {
    let end = WrittenLine(around: start, in: source).end
    guard start < end else { return nil }
    let bytes = source.bytes
    range = SourceRange(
      start,
      isInFlow
        ? Self.endOfFlowElement(from: start, to: end, in: bytes) : Self.endOfBlockValue(from: start, to: end, in: bytes)
    )
    guard !range.isEmpty else { return nil }
  }

  private static func endOfBlockValue(from start: Int, to lineEnd: Int, in bytes: [UInt8]) -> Int {
    var end = start
    var shape = ExpressionShape([])
    while end < lineEnd {
      let isComment = bytes[end] == UInt8(ascii: "#") && end > start && isBlank(bytes[end - 1])
      if isComment, !shape.isUnfinished { break }
      shape.go(on: CollectionOfOne(bytes[end]))
      end += 1
    }
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    return end
  }

  /// Where the element begins that holds the offset.
  private static func flowElement(around offset: Int, from start: Int, to end: Int, in bytes: [UInt8]) -> Int {
    var element = start
    var index = start
    var roundDepth = 0
    while index < min(offset, end) {
      let byte = bytes[index]
      let next = index + 1
      let isAtStart = index == element
      if isAtStart, byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") || isBlank(byte) {
        element = next
      } else if byte == UInt8(ascii: "\"") || (byte == UInt8(ascii: "'") && isAtStart) {
        index = endOfQuotation(from: index, to: end, in: bytes)
        continue
      } else if byte == UInt8(ascii: "(") {
        roundDepth += 1
      } else if byte == UInt8(ascii: ")") {
        roundDepth = max(0, roundDepth - 1)
      } else if roundDepth == 0, byte == UInt8(ascii: ",") {
        element = next
      } else if roundDepth == 0, byte == UInt8(ascii: ":"), next < end, isBlank(bytes[next]), next < offset,
        isName(bytes[element..<index])
      {
        element = next
      }
      index = next
    }
    while element < end, isBlank(bytes[element]) { element += 1 }
    return element
  }

  private static func endOfFlowElement(from start: Int, to lineEnd: Int, in bytes: [UInt8]) -> Int {
    var depth = 0
    var index = start
    while index < lineEnd {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        index = endOfQuotation(from: index, to: lineEnd, in: bytes)
        continue
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ","): if depth == 0 { return trimmed(start, index, bytes) }
      case UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        if depth <= 0 { return trimmed(start, index, bytes) }
        depth -= 1
      default: break
      }
      index += 1
    }
    return trimmed(start, lineEnd, bytes)
  }

  private static func trimmed(_ start: Int, _ end: Int, _ bytes: [UInt8]) -> Int {
    var end = end
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    return end
  }

  private static func endOfQuotation(from start: Int, to end: Int, in bytes: [UInt8]) -> Int {
    var index = start + 1
    while index < end, bytes[index] != bytes[start] { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
    return min(index + 1, end)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
    let name = bytes.drop(while: isBlank)
    return !name.isEmpty
      && name.allSatisfy { byte in
        byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      }
  }
}
