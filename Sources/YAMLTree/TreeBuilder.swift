import Diagnostics
import Values

/// Makes nodes of events, and finds on the way what is legal YAML but not meant.
struct TreeBuilder {
  private(set) var root: YAMLNode?
  private(set) var findings: FindingList
  private(set) var comments: CommentScanner
  private(set) var open: [OpenCollection] = []
  private var seenKeys = SeenKeys()
  private let source: SourceText
  private let bytes: [UInt8]
  private let limits: YAMLLimits
  private let mends: [SourceRange]
  private var nodeCount = 0
  /// Whether nothing more is read, so that what is half read tells nothing about its author's intent.
  private var isFinishing = false
  /// The end of the last token that is part of a value.
  private var contentEnd: Int

  enum Outcome {
    case complete
    /// A limit was reached or a second document began; there is a finding about it.
    case stopped
    case failed(YAMLSyntaxError)
  }

  /// - Parameter mends: Values that were replaced in `screened` so that the rest can be read.
  init(_ source: SourceText, screened: ScreenedSource, mends: [SourceRange], limits: YAMLLimits) {
    self.source = source
    self.limits = limits
    self.mends = mends
    bytes = screened.bytes
    findings = FindingList(limit: limits.findings, source: source)
    comments = CommentScanner(screened.bytes, from: screened.contentStart, limit: limits.nodes)
    contentEnd = screened.contentStart
  }

  /// The value that was read last, to find the cause of a syntax error behind it.
  var lastNode: YAMLNode? { open.reversed().lazy.compactMap(\.lastNode).first ?? root }

  /// The outermost bracket that is open, and the innermost.
  var outerBracket: Int? { open.first { $0.isFlow }?.start }
  var innerBracket: Int? { open.last { $0.isFlow }?.start }

  mutating func build(from stream: borrowing EventStream) -> Outcome {
    var documents = 0
    while true {
      let event: YAMLEvent
      switch stream.next() {
      case .success(let next): event = next
      case .failure(let error): return .failed(error)
      }
      switch event.kind {
      case .streamStart: break
      case .streamEnd:
        comments.advance(to: bytes.count)
        if let overflow = comments.overflow {
          return stop(.tooManyNodes(limit: limits.nodes, at: overflow, in: source))
        }
        return .complete
      case .documentStart:
        comments.advance(to: event.start)
        documents += 1
        if documents > 1 { return stop(.severalDocuments(at: secondDocument(from: event.start), in: source)) }
      case .documentEnd:
        comments.advance(to: event.end)
        if let next = furtherDocument(after: event) { return stop(.severalDocuments(at: next, in: source)) }
      default:
        if let outcome = take(event) { return outcome }
      }
    }
  }

  /// What was read, with every collection closed that is still open.
  mutating func finish() -> YAMLNode? {
    isFinishing = true
    while !open.isEmpty { closeCollection(at: contentEnd) }
    return root
  }

  // MARK: Events

  private mutating func take(_ event: YAMLEvent) -> Outcome? {
    if !event.isEnd { nodeCount += 1 }
    guard nodeCount + comments.comments.count <= limits.nodes else {
      return stop(.tooManyNodes(limit: limits.nodes, at: event.start, in: source))
    }
    let content = NodeProperties(of: event, in: bytes)
    reportProperties(content, of: event)
    switch event.kind {
    case .scalar(let text, let style):
      guard text.utf8.count <= limits.scalarBytes else {
        return stop(.scalarTooLong(limit: limits.scalarBytes, at: content.start, in: source))
      }
      takeScalar(text, style: style, event: event, content: content)
    case .alias:
      comments.advance(to: event.start)
      let range = SourceRange(event.start, event.end)
      findings.add(.alias(at: range, in: source))
      addMended(range)
    case .sequenceStart, .mappingStart:
      guard open.count < limits.depth else {
        return stop(.tooDeep(limit: limits.depth, at: content.start, in: source))
      }
      openCollection(event, at: content.start)
    case .sequenceEnd, .mappingEnd: closeCollection(at: event.end)
    default: break
    }
    return nil
  }

  private mutating func stop(_ finding: Diagnostic) -> Outcome {
    findings.add(finding)
    return .stopped
  }

  private mutating func takeScalar(
    _ text: String, style: YAMLScalar.Style, event: YAMLEvent, content: NodeProperties
  ) {
    comments.advance(to: content.start)
    if style == .plain, text.isEmpty {
      let place = content.isPresent ? content.end : comments.endOfContent(before: event.start)
      addScalar("", style: .plain, range: SourceRange(place, place), tag: content.tag)
      return
    }
    let isBlock = style == .literal || style == .folded
    let end = isBlock ? endOfBlock(from: content.start, to: event.end) : event.end
    let range = SourceRange(content.start, max(content.start, end))
    if let mend = mends.first(where: { range.contains($0.start) }) {
      addMended(range.union(mend))
      return
    }
    comments.pass(over: range, style: style)
    addScalar(text, style: style, range: range, tag: content.tag)
  }

  private mutating func addScalar(_ text: String, style: YAMLScalar.Style, range: SourceRange, tag: SourceRange?) {
    contentEnd = max(contentEnd, range.end)
    if let tag, let whole = SilentTraps.negation(taggedBy: tag, before: range, in: bytes) {
      let doubt = QuotingDoubt.about(whole, outerBracket: outerBracket, in: source)
      findings.add(.negationReadAsTag(at: whole, in: source, doubt: doubt))
      addMended(whole)
      return
    }
    if style == .plain, let comment = SilentTraps.cutAtComment(text, range: range, in: bytes) {
      takeCut(text, range: range, comment: comment)
      return
    }
    if style == .plain, let comment = SilentTraps.wordsTakenForComment(behind: text, range: range, in: bytes) {
      findings.add(.wordsTakenForComment(behind: range, comment: comment, in: source))
    }
    add(YAMLNode(.scalar(YAMLScalar(text, style: style, range: range)), range: range))
  }

  /// Adds a value that ends in the middle, at what YAML takes for a comment.
  private mutating func takeCut(_ text: String, range: SourceRange, comment: SourceRange) {
    guard let whole = SilentTraps.wholeValue(cutAfter: range, in: source, isInFlow: open.last?.isInFlow == true) else {
      findings.add(.cutAtComment(at: range, comment: comment, in: source))
      add(YAMLNode(.scalar(YAMLScalar(text, style: .plain, range: range)), range: range))
      return
    }
    let isClosed = !ExpressionShape(bytes[whole.start..<whole.end]).isUnfinished
    findings.add(.cutAtComment(at: whole, comment: comment, in: source, canMend: true, isSafe: isClosed))
    addMended(whole)
  }

  /// Adds a value that YAML reads otherwise (or not at all) as the text its author wrote.
  private mutating func addMended(_ range: SourceRange) {
    comments.pass(over: range, style: .plain)
    contentEnd = max(contentEnd, range.end)
    add(.mended(range, in: source))
  }

  private mutating func openCollection(_ event: YAMLEvent, at start: Int) {
    comments.advance(to: start)
    let isMapping = if case .mappingStart = event.kind { true } else { false }
    let bracket = isMapping ? UInt8(ascii: "{") : UInt8(ascii: "[")
    let isFlow = start < bytes.count && bytes[start] == bracket && start < event.end
    let isInFlow = isFlow || open.last?.isInFlow == true
    open.append(
      OpenCollection(isMapping: isMapping, isFlow: isFlow, isInFlow: isInFlow, start: start, keysBefore: seenKeys.count)
    )
    if isFlow { contentEnd = max(contentEnd, start + 1) }
  }

  /// - Parameter mark: Where the parser says it ends: right for brackets, behind the next token's start for blocks.
  private mutating func closeCollection(at mark: Int) {
    guard var collection = open.popLast() else { return }
    seenKeys.forget(since: collection.keysBefore)
    if collection.isFlow {
      comments.advance(to: mark)
      contentEnd = max(contentEnd, mark)
    }
    if let key = collection.pendingKey {
      // Only when reading stopped between a key and its value.
      let end = max(contentEnd, key.range.end)
      let place = SourceRange(end, end)
      let nothing = YAMLScalar("", style: .plain, range: place)
      collection.pairs.append(YAMLPair(key: key, value: YAMLNode(.scalar(nothing), range: place)))
    }
    if collection.isInFlow, !isFinishing { findings.add(CommaTraps.join(&collection, source: source, bytes: bytes)) }
    add(collection.node(endingAt: contentEnd))
  }

  private mutating func add(_ node: consuming YAMLNode) {
    let top = open.count - 1
    guard top >= 0 else {
      if root == nil { root = node }
      return
    }
    guard open[top].isMapping else {
      open[top].items.append(node)
      return
    }
    if let key = open[top].pendingKey.take() {
      if open[top].pairs.isEmpty { open[top].pairs.reserveCapacity(OpenCollection.usualPairs) }
      open[top].pairs.append(YAMLPair(key: key, value: node))
    } else {
      checkKey(node, of: top)
      open[top].pendingKey = node
    }
  }

  private mutating func checkKey(_ node: borrowing YAMLNode, of top: Int) {
    guard let scalar = node.scalar else {
      seenKeys.skip()
      if !isFinishing { findings.add(.complexKey(at: node.range, in: source)) }
      return
    }
    if scalar.style == .plain, scalar.text == "<<" {
      seenKeys.skip()
      findings.add(.mergeKey(at: node.range, in: source))
    } else if let first = seenKeys.add(
      scalar.text, since: open[top].keysBefore, index: &open[top].keyIndex, pairs: open[top].pairs)
    {
      let place = open[top].pairs[first].key.range
      findings.add(.duplicateKey(scalar.text, at: node.range, first: place, in: source))
    }
  }

  // MARK: Places

  /// The end of a block scalar's last line that is not blank, or of its header.
  private func endOfBlock(from start: Int, to mark: Int) -> Int {
    var end = min(mark, bytes.count)
    // What follows the last line break before the mark is indentation of the next token.
    while end > start {
      var lineStart = end
      while lineStart > start, !isLineBreak(bytes[lineStart - 1]) { lineStart -= 1 }
      let line = bytes[lineStart..<end]
      if lineStart == start || line.contains(where: { $0 != 0x20 && $0 != 0x09 }) { break }
      end = lineStart
      while end > start, isLineBreak(bytes[end - 1]) { end -= 1 }
    }
    return end
  }

  private func isLineBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// What follows an explicit end (`...`), or a directive; the parser itself is asked about anything else.
  private func furtherDocument(after end: YAMLEvent) -> SourceRange? {
    let start = endOfGap(from: end.end)
    guard start < bytes.count else { return nil }
    let rest = bytes[start...]
    let isExplicit = end.end > end.start && !rest.starts(with: "...".utf8)
    return isExplicit || bytes[start] == UInt8(ascii: "%") ? secondDocument(from: start) : nil
  }

  private func secondDocument(from offset: Int) -> SourceRange {
    let start = min(endOfGap(from: offset), bytes.count)
    return SourceRange(start, bytes[start...].starts(with: "---".utf8) ? start + 3 : min(start + 1, bytes.count))
  }

  /// The next offset at which there is neither white space nor a comment.
  private func endOfGap(from offset: Int) -> Int { NodeProperties.endOfGap(from: offset, in: bytes) }

  private mutating func reportProperties(_ content: NodeProperties, of event: YAMLEvent) {
    if let anchor = content.anchor { findings.add(.anchor(at: anchor, in: source)) }
    guard let tag = content.tag else { return }
    if case .scalar = event.kind, SilentTraps.isLikelyNegation(tag, in: bytes) { return }
    findings.add(.tag(at: tag, in: source))
  }
}

extension YAMLNode {
  /// A value as its author wrote it, where YAML reads something else.
  static func mended(_ range: SourceRange, in source: SourceText) -> YAMLNode {
    let scalar = YAMLScalar(source.text(in: range), style: .plain, range: range, isMended: true)
    return YAMLNode(.scalar(scalar), range: range)
  }
}
