import Diagnostics

/// Puts the sections of a document into the order that its grammar gives them, each with the comments above it.
struct SectionOrder {
  private let source: SourceText
  private let pairs: [YAMLPair]

  /// - Returns: `nil` if there are no sections: keys at the beginnings of lines of their own.
  init?(_ document: YAMLDocument) {
    source = document.source
    guard let root = document.root, let pairs = root.pairs, !root.isBracketed(in: source), pairs.count > 1 else {
      return nil
    }
    self.pairs = pairs
    guard pairs.allSatisfy({ source.position(at: $0.key.range.start).column == 1 }) else { return nil }
  }

  /// The document in the order of `names`; a key that is none of them stays behind the one above it.
  ///
  /// - Returns: `nil` if it is in order.
  func sorted(by names: [String]) -> SourceText? {
    var ranks: [Int] = []
    for pair in pairs {
      let rank = names.firstIndex { $0.utf8.elementsEqual((pair.key.scalar?.text ?? "").utf8) }
      ranks.append(rank ?? ranks.last ?? 0)
    }
    let order = ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    guard order != Array(ranks.indices) else { return nil }
    let starts = pairs.indices.map(start)
    let end = endOfComments(behind: pairs.count - 1)
    var bytes = Array(source.bytes[..<starts[0]])
    for (place, index) in order.enumerated() {
      let section = source.bytes[starts[index]..<(index + 1 < starts.count ? starts[index + 1] : end)]
      let isLong = section.dropLast().contains { $0 == 0x0A || $0 == 0x0D }
      if index == 0, place > 0, isLong { bytes.append(0x0A) }
      bytes += section
      if let last = section.last, last != 0x0A, last != 0x0D { bytes.append(0x0A) }
    }
    return SourceText(name: source.name, bytes: bytes + source.bytes[end...])
  }

  /// Where a section begins, with the blank lines and comments above it. What stands above the first one is about the
  /// document, but for the comments right above it that a blank line divides from others.
  private func start(of index: Int) -> Int {
    guard index == 0 else { return endOfComments(behind: index - 1) }
    let line = source.position(at: pairs[0].key.range.start).line
    var first = line
    while first > 1, isComment(first - 1) { first -= 1 }
    return source.contents(ofLine: first > 1 ? first : line).lowerBound
  }

  private func isComment(_ line: Int) -> Bool {
    source.bytes[source.contents(ofLine: line)].first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "#")
  }

  /// Behind a section and the comments that stand in it still, to the right of its key.
  private func endOfComments(behind index: Int) -> Int {
    let last = source.position(at: pairs[index].range.end).line
    let next =
      index + 1 < pairs.count ? source.position(at: pairs[index + 1].key.range.start).line : source.lineCount + 1
    var end = last
    for line in (last + 1)..<max(last + 1, next) {
      let first = source.bytes[source.contents(ofLine: line)].first { $0 != 0x09 }
      let isBlank = source.isBlank(line: line)
      if !isBlank, first == 0x20 { end = line }
    }
    return end < source.lineCount ? source.contents(ofLine: end + 1).lowerBound : source.bytes.count
  }
}
