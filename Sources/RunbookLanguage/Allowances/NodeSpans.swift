import Diagnostics
import YAMLTree

/// The pairs and items of a document, to which comments belong.
struct NodeSpans {
  /// By their beginnings; of those that begin together the longest first.
  private let spans: [SourceRange]
  private let source: SourceText

  init(_ root: YAMLNode, in source: SourceText) {
    self.source = source
    var found: [SourceRange] = []
    var open = [root]
    while let node = open.popLast() {
      for item in node.items ?? [] { found.append(item.range) }
      for pair in node.pairs ?? [] { found.append(pair.range) }
      open += node.items ?? []
      open += (node.pairs ?? []).map(\.value)
    }
    spans = found.sorted { ($0.start, $1.end) < ($1.start, $0.end) }
  }

  /// The node that a comment belongs to: on a line of its own the one that begins next, behind something the first that
  /// begins on its line, or the innermost one that it stands in.
  func span(of comment: YAMLComment) -> SourceRange? {
    let line = source.contents(ofLine: source.position(at: comment.range.start).line)
    let lead = source.bytes[line.lowerBound..<comment.range.start]
    if lead.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return first(from: comment.range.end) }
    if let beside = first(from: line.lowerBound), beside.start < comment.range.start { return beside }
    return spans.filter { $0.start <= comment.range.start && comment.range.start <= $0.end }
      .min { $0.length < $1.length }
  }

  private func first(from offset: Int) -> SourceRange? {
    var low = 0
    var high = spans.count
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].start < offset { low = middle + 1 } else { high = middle }
    }
    return low < spans.count ? spans[low] : nil
  }
}
