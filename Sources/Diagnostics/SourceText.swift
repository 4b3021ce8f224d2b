/// A document as it was read, with the table that turns byte offsets into lines and columns.
///
/// Every range in Tocsin is a range of UTF-8 byte offsets into one of these; lines and columns exist only in what is
/// shown to people and machines.
public final class SourceText: Sendable {
  /// The name people know the document by: its path as they gave it.
  public let name: String
  /// The document's bytes, as they were read; they need not be valid UTF-8.
  public let bytes: [UInt8]
  /// The offset of each line's first byte. There is always a first line.
  private let lineStarts: [Int]
  /// How many bytes of a byte order mark, which stands in no column, the document begins with.
  private let markLength: Int

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    var starts = [0]
    bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        guard byte <= UInt8(ascii: "\r") else { continue }
        if byte == UInt8(ascii: "\r"), index < bytes.count, bytes[index] == UInt8(ascii: "\n") { index += 1 }
        if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { starts.append(index) }
      }
    }
    lineStarts = starts
    markLength = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  public convenience init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// How many lines the document has; a final line break begins one more, empty, line.
  public var lineCount: Int { lineStarts.count }

  /// The place of a byte offset: line and column, both counted from 1, the column in code points.
  ///
  /// An offset beyond the document stands for its end. Bytes that are not valid UTF-8 count one column each.
  public func position(at offset: Int) -> SourcePosition {
    let offset = min(max(offset, 0), bytes.count)
    let line = lineIndex(containing: offset)
    let start = line == 0 ? min(markLength, offset) : lineStarts[line]
    return SourcePosition(line: line + 1, column: codePoints(in: start..<offset) + 1)
  }

  /// The byte offset of a line and a column, both counted from 1, the column in code points.
  ///
  /// - Returns: The offset, held within the line; `nil` if there is no such line.
  public func offset(line: Int, column: Int) -> Int? {
    guard line >= 1, line <= lineStarts.count else { return nil }
    let range = contents(ofLine: line)
    var offset = line == 1 ? min(markLength, range.upperBound) : range.lowerBound
    for _ in 1..<max(column, 1) {
      guard offset < range.upperBound else { break }
      offset += 1
      while offset < range.upperBound, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
    }
    return offset
  }

  /// The bytes of a line, counted from 1, without its line break.
  public func contents(ofLine line: Int) -> Range<Int> {
    let start = lineStarts[line - 1]
    var end = line < lineStarts.count ? lineStarts[line] : bytes.count
    while end > start, bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// The text of a range; bytes that are not valid UTF-8 become U+FFFD.
  public func text(in range: SourceRange) -> String {
    let lower = min(max(range.start, 0), bytes.count)
    return String(decoding: bytes[lower..<min(max(range.end, lower), bytes.count)], as: UTF8.self)
  }

  private func lineIndex(containing offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  private func codePoints(in range: Range<Int>) -> Int {
    String(decoding: bytes[range], as: UTF8.self).unicodeScalars.count
  }
}

/// A half-open range of byte offsets into a `SourceText`.
public struct SourceRange: Hashable, Sendable {
  public var start: Int
  public var end: Int

  /// - Precondition: `start <= end`.
  public init(_ start: Int, _ end: Int) {
    precondition(start <= end, "a source range cannot end before it starts")
    self.start = start
    self.end = end
  }

  public var isEmpty: Bool { start == end }
  public var length: Int { end - start }

  public func contains(_ offset: Int) -> Bool { start <= offset && offset < end }

  /// The smallest range that holds both.
  public func union(_ other: SourceRange) -> SourceRange {
    SourceRange(min(start, other.start), max(end, other.end))
  }
}

/// A line and a column for people, both counted from 1; the column in code points.
public struct SourcePosition: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let line: Int
  public let column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static func < (left: Self, right: Self) -> Bool { (left.line, left.column) < (right.line, right.column) }
  public var description: String { "\(line):\(column)" }
}

/// A range in one document.
public struct SourceLocation: Sendable {
  public let source: SourceText
  public let range: SourceRange

  public init(_ source: SourceText, _ range: SourceRange) {
    self.source = source
    self.range = range
  }

  /// Whether it stands for the whole document: the empty range at its beginning.
  public var isWholeDocument: Bool { range.isEmpty && range.start == 0 }

  public var start: SourcePosition { source.position(at: range.start) }
  public var end: SourcePosition { source.position(at: range.end) }
}
