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
    guard isFlow, pairs.contains(where: { isKeyAlone($0, bytes: bytes) || isDivided($0.value) }) else { return [] }
    var joined: [YAMLPair] = []
    var divided: [Int] = []
    var findings: [Diagnostic] = []
    for pair in pairs {
      guard isKeyAlone(pair, bytes: bytes) else {
        joined.append(pair)
        continue
      }
      if let last = joined.last, last.value.scalar != nil, !last.value.range.isEmpty,
        let whole = sameLine(last.value.range.union(pair.key.range), bytes: bytes)
      {
        joined[joined.count - 1] = YAMLPair(key: last.key, value: .mended(whole, in: source))
        if divided.last != joined.count - 1 { divided.append(joined.count - 1) }
      } else {
        findings.append(.keyWithoutValue(source.text(in: pair.key.range), at: pair.key.range, in: source))
        joined.append(pair)
      }
    }
    findings += divided.map { .cutAtComma(at: joined[$0].value.range, in: source) }
    findings += joined.filter { isDivided($0.value) }.map {
      .cutAtComma(at: $0.value.range, in: source, canMend: false)
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
      while isUnfinished(whole, bytes: bytes), index < items.count, items[index].scalar != nil,
        let longer = sameLine(whole.union(items[index].range), bytes: bytes)
      {
        whole = longer
        index += 1
      }
      findings.append(.cutAtComma(at: whole, in: source, canMend: whole != first.range))
      joined.append(.mended(whole, in: source))
    }
    items = joined
    return findings
  }

  /// Whether a comma made this a key: it has no value, and not even a colon.
  private static func isKeyAlone(_ pair: YAMLPair, bytes: [UInt8]) -> Bool {
    guard pair.value.range.isEmpty, let key = pair.key.scalar, key.style == .plain, !key.text.isEmpty else {
      return false
    }
    return pair.value.range.start <= pair.key.range.end
  }

  /// A plain value in brackets cannot hold a comma or a square bracket, so an open `(` was closed behind its end.
  private static func isDivided(_ node: YAMLNode) -> Bool {
    guard let scalar = node.scalar, scalar.style == .plain, !scalar.isMended else { return false }
    return ExpressionShape(scalar.text.utf8).openBrackets.contains(UInt8(ascii: "("))
  }

  private static func isUnfinished(_ range: SourceRange, bytes: [UInt8]) -> Bool {
    !ExpressionShape(bytes[range.start..<range.end]).openBrackets.isEmpty
  }

  private static func sameLine(_ range: SourceRange, bytes: [UInt8]) -> SourceRange? {
    bytes[range.start..<range.end].contains(where: { $0 == 0x0A || $0 == 0x0D }) ? nil : range
  }
}
