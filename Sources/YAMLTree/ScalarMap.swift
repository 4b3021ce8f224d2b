package import Diagnostics

/// Tells for each byte of a decoded scalar where in the source it comes from.
package struct ScalarMap: Sendable {
  /// A run of text and the source that produced it. Runs of one length on both sides correspond byte by byte; the
  /// others (an escape, a folded line break) only as a whole.
  struct Run: Sendable, Equatable {
    var textStart: Int
    var textLength: Int
    var source: SourceRange

    var textEnd: Int { textStart + textLength }
    var isVerbatim: Bool { textLength == source.length }
  }

  let runs: [Run]
  /// Whether the map is finer than "somewhere in this scalar".
  let isExact: Bool
  /// Where text would stand if there were any.
  private let emptyPlace: Int

  /// A map of text that stands in the source as it is.
  init(verbatim range: SourceRange) {
    emptyPlace = range.start
    isExact = true
    runs = [Run(textStart: 0, textLength: range.length, source: range)]
  }

  /// - Parameter range: The scalar's own syntax in `bytes`: with quotes, or from the block indicator on.
  init(of text: String, style: YAMLScalar.Style, range: SourceRange, in bytes: [UInt8]) {
    if let verbatim = Self.verbatim(text, style: style, range: range, in: bytes) {
      emptyPlace = verbatim.start
      isExact = true
      runs = verbatim.isEmpty ? [] : [Run(textStart: 0, textLength: verbatim.length, source: verbatim)]
      return
    }
    var decoder = ScalarDecoder(range: range, in: bytes)
    switch style {
    case .plain:
      emptyPlace = range.start
      decoder.decodeFlow(quote: nil)
    case .singleQuoted:
      emptyPlace = range.start + 1
      decoder.decodeFlow(quote: UInt8(ascii: "'"))
    case .doubleQuoted:
      emptyPlace = range.start + 1
      decoder.decodeFlow(quote: UInt8(ascii: "\""))
    case .literal, .folded:
      emptyPlace = range.end
      decoder.decodeBlock(isFolded: style == .folded, text: text)
    }
    // The parser's reading counts. Where ours differs, the whole scalar is the only honest answer.
    isExact = decoder.text.elementsEqual(text.utf8)
    runs = isExact ? decoder.runs : [Run(textStart: 0, textLength: text.utf8.count, source: range)]
  }

  /// Where the text stands byte by byte as it is meant; `nil` if it does not: most texts do.
  private static func verbatim(
    _ text: String, style: YAMLScalar.Style, range: SourceRange, in bytes: [UInt8]
  ) -> SourceRange? {
    let quotes: Int
    switch style {
    case .plain: quotes = 0
    case .singleQuoted, .doubleQuoted: quotes = 1
    case .literal, .folded: return nil
    }
    guard range.length == text.utf8.count + 2 * quotes, range.end <= bytes.count else { return nil }
    let inner = SourceRange(range.start + quotes, range.end - quotes)
    var text = text
    let isSame = text.withUTF8 { text in
      bytes.withUnsafeBufferPointer { $0[inner.start..<inner.end].elementsEqual(text) }
    }
    return isSame ? inner : nil
  }

  /// See `YAMLScalar.sourceRange(of:in:)`.
  package func sourceRange(of part: Range<Int>) -> SourceRange {
    guard let last = runs.last else { return SourceRange(emptyPlace, emptyPlace) }
    let lower = min(max(part.lowerBound, 0), last.textEnd)
    let upper = min(max(part.upperBound, lower), last.textEnd)
    let start = lower == last.textEnd ? last.source.end : start(of: lower)
    return SourceRange(start, lower == upper ? start : max(start, end(of: upper - 1)))
  }

  private func start(of offset: Int) -> Int {
    let run = run(containing: offset)
    return isExact && run.isVerbatim ? run.source.start + (offset - run.textStart) : run.source.start
  }

  private func end(of offset: Int) -> Int {
    let run = run(containing: offset)
    return isExact && run.isVerbatim ? run.source.start + (offset - run.textStart) + 1 : run.source.end
  }

  private func run(containing offset: Int) -> Run {
    var low = 0
    var high = runs.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle].textStart <= offset { low = middle } else { high = middle }
    }
    return runs[low]
  }
}
