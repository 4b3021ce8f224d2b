import Diagnostics

/// Finds the comments between the scalars of a document, in one pass beside the parser's events.
struct CommentScanner {
  private(set) var comments: [YAMLComment] = []
  /// Most comments that are kept.
  private let limit: Int
  /// The first comment that was not kept.
  private(set) var overflow: Int?
  private let bytes: [UInt8]
  private var index: Int

  init(_ bytes: [UInt8], from start: Int, limit: Int) {
    self.limit = limit
    self.bytes = bytes
    index = start
  }

  /// Looks through what stands between the last scalar and `offset`.
  mutating func advance(to offset: Int) {
    while index < offset {
      guard bytes[index] == UInt8(ascii: "#"), isAtWordStart(index) else {
        index += 1
        continue
      }
      takeComment()
    }
  }

  /// Passes over a scalar; the header of a block scalar may end in a comment.
  mutating func pass(over range: SourceRange, style: YAMLScalar.Style) {
    if style == .literal || style == .folded {
      index = range.start
      while index < range.end, lineBreakLength(in: bytes, at: index) == 0 {
        guard bytes[index] == UInt8(ascii: "#"), isAtWordStart(index) else {
          index += 1
          continue
        }
        takeComment()
      }
    }
    index = max(index, range.end)
  }

  /// The offset behind the last thing before `offset` that is neither white space nor a comment.
  func endOfContent(before offset: Int) -> Int {
    var end = offset
    var next = comments.count - 1
    while true {
      while end > 0, isWhiteSpace(bytes[end - 1]) { end -= 1 }
      while next >= 0, comments[next].range.start >= end { next -= 1 }
      guard next >= 0, comments[next].range.end >= end else { return end }
      end = comments[next].range.start
    }
  }

  private func isAtWordStart(_ index: Int) -> Bool {
    index == 0 || isWhiteSpace(bytes[index - 1]) || (index == 3 && bytes[2] == 0xBF)
  }

  private func isWhiteSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private mutating func takeComment() {
    let start = index
    while index < bytes.count, lineBreakLength(in: bytes, at: index) == 0 { index += 1 }
    guard comments.count < limit else {
      overflow = overflow ?? start
      return
    }
    comments.append(
      YAMLComment(range: SourceRange(start, index), text: String(decoding: bytes[start..<index], as: UTF8.self)))
  }
}
