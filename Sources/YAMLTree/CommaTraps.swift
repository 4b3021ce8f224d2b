import Diagnostics

/// Sentences and expressions in brackets that were divided at a comma of their own: `{means: Tried, not opened}`,
/// `{answer: rows.exists(r, r.n > 1)}`, `[f(a, b)]`.
enum CommaTraps {
  /// Puts divided values together again.
  ///
  /// - Returns: A finding for each value that was divided.
  static func join(_ collection: inout OpenCollection, source: SourceText, bytes: [UInt8]) -> [Diagnostic] {
    collection.isMapping
      ? joinPairs(&collection.pairs, isFlow: collection.isFlow, source: source, bytes: bytes)
      : joinItems(&collection.items, source: source, bytes: bytes)
  }

  private static func joinPairs(
    _ pairs: inout [YAMLPair], isFlow: Bool, source: SourceText, bytes: [UInt8]
  ) -> [Diagnostic] {
    guard isFlow, pairs.contains(where: { isKeyAlone($0) || isDivided($0.value) }) else { return [] }
    var joined: [YAMLPair] = []
    var findings: [Diagnostic] = []
    var index = 0
    while index < pairs.count {
      let pair = pairs[index]
      index += 1
      guard !isKeyAlone(pair), pair.value.scalar != nil, !pair.value.range.isEmpty else {
        if isKeyAlone(pair) { findings.append(keyWithoutValue(pair, source: source)) }
        joined.append(pair)
        continue
      }
      var whole = pair.value.range
      while index < pairs.count, isKeyAlone(pairs[index]), isSameLine(whole.end, pairs[index].key.range.end, bytes) {
        whole = whole.union(pairs[index].key.range)
        index += 1
      }
      let isJoined = whole != pair.value.range
      if isJoined || isDivided(pair.value) {
        let doubt = doubt(about: whole, from: pair.value.range, in: bytes)
        findings.append(.cutAtComma(at: whole, in: source, canMend: isJoined, doubt: doubt))
      }
      joined.append(isJoined ? YAMLPair(key: pair.key, value: .mended(whole, in: source)) : pair)
    }
    pairs = joined
    return findings
  }

  private static func joinItems(_ items: inout [YAMLNode], source: SourceText, bytes: [UInt8]) -> [Diagnostic] {
    guard items.contains(where: isDivided) else { return [] }
    var joined: [YAMLNode] = []
    var findings: [Diagnostic] = []
    var index = 0
    while index < items.count {
      let first = items[index]
      index += 1
      guard isDivided(first) else {
        joined.append(first)
        continue
      }
      var whole = first.range
      var shape = ExpressionShape(bytes[whole.start..<whole.end])
      while !shape.openBrackets.isEmpty, index < items.count, items[index].scalar != nil,
        isSameLine(whole.end, items[index].range.end, bytes)
      {
        shape.go(on: bytes[whole.end..<items[index].range.end])
        whole = whole.union(items[index].range)
        index += 1
      }
      let isJoined = whole != first.range
      findings.append(.cutAtComma(at: whole, in: source, canMend: isJoined))
      joined.append(isJoined ? .mended(whole, in: source) : first)
    }
    items = joined
    return findings
  }

  /// A sentence or a call goes on behind its comma; what follows one word, or the end of a sentence, is rather a key
  /// whose colon is missing.
  private static func doubt(about whole: SourceRange, from first: SourceRange, in bytes: [UInt8]) -> QuotingDoubt? {
    let text = bytes[first.start..<first.end]
    let isCall = ExpressionShape(text).openBrackets.contains(UInt8(ascii: "("))
    let isSentence = text.first.map(SilentTraps.isCapital) == true || text.contains(0x20)
    let isAtEnd = text.last.map { ".!?".utf8.contains($0) } ?? false
    let hasColon = bytes[first.end..<whole.end].contains(UInt8(ascii: ":"))
    return isCall || isSentence && !isAtEnd && !hasColon ? nil : .structure
  }

  private static func keyWithoutValue(_ pair: YAMLPair, source: SourceText) -> Diagnostic {
    .keyWithoutValue(source.text(in: pair.key.range), at: pair.key.range, in: source)
  }

  /// Whether a comma made this a key: it has no value, and not even a colon.
  private static func isKeyAlone(_ pair: YAMLPair) -> Bool {
    guard pair.value.range.isEmpty, case .scalar(let key) = pair.key.content, key.style == .plain, !key.text.isEmpty
    else {
      return false
    }
    return pair.value.range.start <= pair.key.range.end
  }

  /// A plain value in brackets cannot hold a comma or a square bracket, so an open `(` was closed behind its end.
  private static func isDivided(_ node: YAMLNode) -> Bool {
    guard case .scalar(let scalar) = node.content, scalar.style == .plain, !scalar.isMended,
      scalar.text.utf8.contains(UInt8(ascii: "("))
    else { return false }
    return ExpressionShape(scalar.text.utf8).openBrackets.contains(UInt8(ascii: "("))
  }

  private static func isSameLine(_ start: Int, _ end: Int, _ bytes: [UInt8]) -> Bool {
    start <= end && !bytes[start..<end].contains { $0 == 0x0A || $0 == 0x0D }
  }
}
