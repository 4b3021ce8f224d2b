import Diagnostics

/// The comments of a document that is laid out, each given out once.
struct LayoutComments {
  struct Comment {
    let text: [UInt8]
    let start: Int
    let position: SourcePosition
    /// Whether nothing but white space stands before it in its line.
    let isAlone: Bool
    let isBehindBlank: Bool
    var isTaken = false
  }

  private var comments: [Comment] = []
  /// The first that is not taken.
  private var next = 0

  init(_ document: YAMLDocument) {
    let source = document.source
    comments = document.comments.map { comment in
      let position = source.position(at: comment.range.start)
      let line = source.contents(ofLine: position.line)
      return Comment(
        text: Array(YAMLLayout.trimmedEnd(Array(comment.text.utf8)[...])), start: comment.range.start,
        position: position,
        isAlone: source.bytes[line.lowerBound..<comment.range.start].allSatisfy { $0 == 0x20 || $0 == 0x09 },
        isBehindBlank: source.isBlank(line: position.line - 1))
    }
  }

  /// The next comment, if it stands before an offset and `isWanted`.
  mutating func take(before offset: Int, _ isWanted: (Comment) -> Bool = { _ in true }) -> Comment? {
    skipTaken()
    guard next < comments.count, comments[next].start < offset, isWanted(comments[next]) else { return nil }
    comments[next].isTaken = true
    return comments[next]
  }

  func hasAny(in range: SourceRange) -> Bool {
    let first = index(from: range.start)
    return comments[first...].prefix { $0.start < range.end }.contains { !$0.isTaken }
  }

  /// Takes the comment behind `end` in its line, and those that stand right below it: it goes on in them.
  ///
  /// - Parameter next: Where something else begins.
  mutating func takeBehind(_ end: Int, before next: Int, in source: SourceText) -> [[UInt8]] {
    var index = index(from: end)
    guard index < comments.count, !comments[index].isTaken, comments[index].start < next,
      comments[index].position.line == source.position(at: end).line
    else { return [] }
    var taken = [comments[index].text]
    comments[index].isTaken = true
    while index + 1 < comments.count {
      let (above, comment) = (comments[index], comments[index + 1])
      guard comment.isAlone, !comment.isTaken, comment.start < next,
        comment.position.line == above.position.line + 1, comment.position.column == above.position.column
      else { break }
      index += 1
      comments[index].isTaken = true
      taken.append(comment.text)
    }
    return taken
  }

  private mutating func skipTaken() {
    while next < comments.count, comments[next].isTaken { next += 1 }
  }

  /// The first comment at an offset or behind it.
  private func index(from offset: Int) -> Int {
    var (low, high) = (0, comments.count)
    while low < high {
      let middle = (low + high) / 2
      if comments[middle].start < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension SourceText {
  /// Whether there is such a line and nothing but white space in it.
  func isBlank(line: Int) -> Bool {
    line >= 1 && line <= lineCount && bytes[contents(ofLine: line)].allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }
}
