import Diagnostics

/// Reads one scalar's own syntax and notes for each piece of text which bytes made it.
///
/// The rules are YAML's chapters 7.3 and 8.1 as libyaml 0.2.5 applies them (next line, line and paragraph separators
/// are line breaks to it).
struct ScalarDecoder {
  private(set) var text: [UInt8] = []
  private(set) var runs: [ScalarMap.Run] = []
  private let bytes: [UInt8]
  private let limit: Int
  private var index: Int

  /// A piece of text that is not yet known to stay: a line break, or white space before one.
  private struct Piece {
    var text: [UInt8]
    var source: SourceRange
  }

  init(range: SourceRange, in bytes: [UInt8]) {
    self.bytes = bytes
    limit = min(range.end, bytes.count)
    index = min(range.start, bytes.count)
  }

  // MARK: Plain and quoted

  /// - Parameter quote: The quotation mark the scalar begins with; `nil` for a plain one.
  mutating func decodeFlow(quote: UInt8?) {
    if quote != nil { index += 1 }
    while index < limit {
      var escapedBreak: Int?
      while index < limit, !isBlank(at: index), breakLength(at: index) == 0 {
        let byte = bytes[index]
        if let quote, byte == quote {
          guard quote == UInt8(ascii: "'"), index + 1 < limit, bytes[index + 1] == quote else { return }
          emit([quote], from: index, to: index + 2)
          index += 2
        } else if quote == UInt8(ascii: "\""), byte == UInt8(ascii: "\\") {
          let length = breakLength(at: index + 1)
          if length > 0 {
            escapedBreak = index
            index += 1 + length
            break
          }
          guard decodeEscape() else { return }
        } else {
          emit([byte], from: index, to: index + 1)
          index += 1
        }
      }
      decodeWhiteSpace(escapedBreak: escapedBreak)
    }
  }

  /// White space between two words: kept within a line, folded with the line breaks it surrounds.
  private mutating func decodeWhiteSpace(escapedBreak: Int?) {
    let start = index
    var leading: Piece?
    var trailing: [Piece] = []
    var hasBreak = escapedBreak != nil
    while index < limit {
      let length = breakLength(at: index)
      if length > 0 {
        let piece = breakPiece(length)
        if hasBreak { trailing.append(piece) } else { leading = piece }
        hasBreak = true
        index += length
      } else if isBlank(at: index) {
        index += 1
      } else {
        break
      }
    }
    guard hasBreak else {
      if index > start { emit(Array(bytes[start..<index]), from: start, to: index) }
      return
    }
    if let leading, leading.text == [0x0A] {
      if trailing.isEmpty { emit([0x20], from: start, to: index) }
    } else if let leading {
      emit(leading)
    }
    for piece in trailing { emit(piece) }
  }

  /// - Returns: Whether it was one; the index stands behind it.
  private mutating func decodeEscape() -> Bool {
    guard index + 1 < limit else { return false }
    let start = index
    let digits: Int
    switch bytes[index + 1] {
    case UInt8(ascii: "x"): digits = 2
    case UInt8(ascii: "u"): digits = 4
    case UInt8(ascii: "U"): digits = 8
    case let letter:
      guard let replacement = Self.shortEscapes[letter] else { return false }
      index += 2
      emit(replacement, from: start, to: index)
      return true
    }
    guard index + 2 + digits <= limit else { return false }
    let hexadecimal = String(decoding: bytes[(index + 2)..<(index + 2 + digits)], as: UTF8.self)
    guard let value = UInt32(hexadecimal, radix: 16), let scalar = Unicode.Scalar(value) else { return false }
    index += 2 + digits
    emit(Array(String(scalar).utf8), from: start, to: index)
    return true
  }

  /// YAML 1.2.2, section 5.7.
  private static let shortEscapes: [UInt8: [UInt8]] = [
    UInt8(ascii: "0"): [0x00], UInt8(ascii: "a"): [0x07], UInt8(ascii: "b"): [0x08], UInt8(ascii: "t"): [0x09],
    0x09: [0x09], UInt8(ascii: "n"): [0x0A], UInt8(ascii: "v"): [0x0B], UInt8(ascii: "f"): [0x0C],
    UInt8(ascii: "r"): [0x0D], UInt8(ascii: "e"): [0x1B], 0x20: [0x20], UInt8(ascii: "\""): [0x22],
    UInt8(ascii: "/"): [0x2F], UInt8(ascii: "\\"): [0x5C], UInt8(ascii: "N"): [0xC2, 0x85],
    UInt8(ascii: "_"): [0xC2, 0xA0], UInt8(ascii: "L"): [0xE2, 0x80, 0xA8], UInt8(ascii: "P"): [0xE2, 0x80, 0xA9],
  ]

  // MARK: Literal and folded

  /// - Parameter decoded: The parser's reading. It tells the indentation, which may hang on the surrounding block.
  mutating func decodeBlock(isFolded: Bool, text decoded: String) {
    let chomping = decodeBlockHeader()
    let indentation = blockIndentation(of: Array(decoded.utf8))
    var leading: Piece?
    var leadingIsBlank = false
    var trailing = skipBlankLines(indentation)
    while index < bytes.count, column == indentation, indentation > 0 {
      let isBlankLine = isBlank(at: index)
      if isFolded, let piece = leading, piece.text == [0x0A], !leadingIsBlank, !isBlankLine {
        if trailing.isEmpty { emit([0x20], from: piece.source.start, to: index) }
      } else if let leading {
        emit(leading)
      }
      for piece in trailing { emit(piece) }
      leadingIsBlank = isBlankLine
      let start = index
      index = endOfLine(from: start)
      emit(bytes[start..<index], from: start, to: index)
      leading = takeBreak()
      trailing = skipBlankLines(indentation)
    }
    if chomping != .strip, let leading { emit(leading) }
    if chomping == .keep { for piece in trailing { emit(piece) } }
  }

  /// Where the lines of a block begin, and how many columns of each are indentation.
  ///
  /// - Parameter decoded: The parser's reading.
  mutating func blockContents(of decoded: [UInt8]) -> (start: Int, indentation: Int) {
    _ = decodeBlockHeader()
    return (index, blockIndentation(of: decoded))
  }

  private enum Chomping { case clip, strip, keep }

  private mutating func decodeBlockHeader() -> Chomping {
    var chomping = Chomping.clip
    index += 1
    while index < bytes.count, breakLength(at: index) == 0 {
      if bytes[index] == UInt8(ascii: "#") {
        while index < bytes.count, breakLength(at: index) == 0 { index += 1 }
        break
      }
      if bytes[index] == UInt8(ascii: "-") { chomping = .strip }
      if bytes[index] == UInt8(ascii: "+") { chomping = .keep }
      index += 1
    }
    index += breakLength(at: index)
    lineStart = index
    return chomping
  }

  private var lineStart = 0
  private var column: Int { index - lineStart }

  /// How far the block's lines are indented: the first line with content has that many spaces more in the source.
  private func blockIndentation(of decoded: [UInt8]) -> Int {
    var position = index
    var offset = 0
    while offset < decoded.count {
      let length = lineBreakLength(in: decoded, at: offset)
      if length == 0 { break }
      offset += length
      position = endOfLine(from: position)
      position += breakLength(at: position)
    }
    guard offset < decoded.count else { return Int.max }
    let written = bytes[position...].prefix { $0 == 0x20 }.count
    let kept = decoded[offset...].prefix { $0 == 0x20 }.count
    return max(0, written - kept)
  }

  /// Skips indentation and the line breaks of empty lines, which are handed back.
  private mutating func skipBlankLines(_ indentation: Int) -> [Piece] {
    var pieces: [Piece] = []
    while true {
      while index < bytes.count, column < indentation, bytes[index] == 0x20 { index += 1 }
      guard let piece = takeBreak() else { return pieces }
      pieces.append(piece)
    }
  }

  private mutating func takeBreak() -> Piece? {
    let length = breakLength(at: index)
    guard length > 0 else { return nil }
    let piece = breakPiece(length)
    index += length
    lineStart = index
    return piece
  }

  // MARK: Bytes

  private func isBlank(at index: Int) -> Bool { bytes[index] == 0x20 || bytes[index] == 0x09 }

  private func breakLength(at index: Int) -> Int { lineBreakLength(in: bytes, at: index) }

  /// Where the next line break begins, or the document ends.
  private func endOfLine(from start: Int) -> Int {
    var end = start
    while true {
      end = bytes.withUnsafeBufferPointer { bytes in
        var end = end
        // Others do not begin a line break.
        while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D, bytes[end] < 0xC2 { end += 1 }
        return end
      }
      if end >= bytes.count || breakLength(at: end) > 0 { return end }
      end += 1
    }
  }

  private func breakPiece(_ length: Int) -> Piece {
    let source = SourceRange(index, index + length)
    // Line and paragraph separators stay what they are; every other break becomes a line feed.
    return Piece(text: length == 3 ? Array(bytes[index..<(index + 3)]) : [0x0A], source: source)
  }

  private mutating func emit(_ piece: Piece) { emit(piece.text, from: piece.source.start, to: piece.source.end) }

  private mutating func emit(_ added: some Collection<UInt8>, from start: Int, to end: Int) {
    guard !added.isEmpty else { return }
    let run = ScalarMap.Run(textStart: text.count, textLength: added.count, source: SourceRange(start, end))
    text += added
    if run.isVerbatim, let last = runs.last, last.isVerbatim, last.source.end == start {
      runs[runs.count - 1].textLength += added.count
      runs[runs.count - 1].source.end = end
    } else {
      runs.append(run)
    }
  }
}

/// The length of the line break at an offset, as libyaml counts them; 0 if there is none.
func lineBreakLength(in bytes: [UInt8], at index: Int) -> Int {
  guard index < bytes.count else { return 0 }
  switch bytes[index] {
  case 0x0A: return 1
  case 0x0D: return index + 1 < bytes.count && bytes[index + 1] == 0x0A ? 2 : 1
  case 0xC2: return index + 1 < bytes.count && bytes[index + 1] == 0x85 ? 2 : 0
  case 0xE2:
    guard index + 2 < bytes.count, bytes[index + 1] == 0x80 else { return 0 }
    return bytes[index + 2] == 0xA8 || bytes[index + 2] == 0xA9 ? 3 : 0
  default: return 0
  }
}
