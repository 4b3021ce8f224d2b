package import Diagnostics
package import YAMLTree

/// Lists and mappings.
extension NodeReader {
  /// The elements of a sequence; a single scalar counts as a sequence of one where `orOne` allows it.
  package func elements(_ node: YAMLNode, _ what: @autoclosure () -> String, orOne: Bool = false) -> [YAMLNode] {
    if case .sequence(let elements) = node.content { return elements }
    if orOne, case .scalar(let scalar) = node.content, !scalar.isNull { return [node] }
    let expected = orOne ? "text, or a list of texts" : "a list"
    findings.add(.wrongKind(what(), expected: expected, found: node, at: location(node)))
    return []
  }

  /// The pairs of a mapping whose keys are the author's own ids. A bad id is told, and names its declaration all the
  /// same.
  package func declarations(
    _ node: YAMLNode, _ what: @autoclosure () -> String, of thing: String, allowingHyphens: Bool = false
  ) -> [(id: Placed<String>, node: YAMLNode)] {
    guard case .mapping(let pairs) = node.content else {
      findings.add(
        .wrongKind(what(), expected: "a mapping with an id for each \(thing)", found: node, at: location(node)))
      return []
    }
    // A key that is no scalar has been told by the YAML reader.
    return firstOfEach(
      pairs.compactMap { pair in
        pair.key.scalar.map { (Placed($0.text, at: location(pair.key)), pair.value) }
      }
    ).map { id, node in
      if !Self.isIdentifier(id.value, allowingHyphens: allowingHyphens) {
        findings.add(
          .badIdentifier(id.value, "the id of a \(thing)", allowingHyphens: allowingHyphens, at: id.location))
      }
      return (id, node)
    }
  }

  /// Most names that are compared each with each, which is faster for few.
  private static let comparedLimit = 12

  /// A key that stands twice has been told by the YAML reader; the first counts.
  func firstOfEach<Content>(_ pairs: [(Placed<String>, Content)]) -> [(Placed<String>, Content)] {
    guard pairs.count > Self.comparedLimit else {
      let isRepeated = pairs.indices.contains { index in
        pairs[..<index].contains { $0.0.value == pairs[index].0.value }
      }
      if !isRepeated { return pairs }
      return pairs.indices.filter { index in
        !pairs[..<index].contains { $0.0.value == pairs[index].0.value }
      }.map { pairs[$0] }
    }
    var seen: Set<String> = []
    return pairs.filter { seen.insert($0.0.value).inserted }
  }

  /// The pairs of a mapping as text and node, whatever the keys.
  package func pairs(_ node: YAMLNode, _ what: @autoclosure () -> String) -> [(key: Placed<String>, value: YAMLNode)] {
    guard case .mapping(let pairs) = node.content else {
      findings.add(.wrongKind(what(), expected: "a mapping", found: node, at: location(node)))
      return []
    }
    // A key that is no scalar has been told by the YAML reader.
    return firstOfEach(
      pairs.filter { $0.key.scalar != nil }
        .compactMap { pair in reference(pair.key, "a key of \(what())").map { ($0, pair.value) } })
  }

  /// A mapping with declared keys. Unknown and missing ones are told; a misspelt one is told and then taken for the one
  /// it probably stands for, so that what is written under it is looked at too.
  package func mapping(_ node: YAMLNode, _ shape: Shape, alsoAllowing extra: [String] = []) -> Mapping? {
    guard case .mapping(let pairs) = node.content else {
      findings.add(.wrongKind(shape.title, expected: "a mapping", found: node, at: location(node)))
      return nil
    }
    let known = shape.names + extra
    var mapping = Mapping(location: location(node))
    var misspelt: [(meant: String, pair: YAMLPair)] = []
    for pair in pairs where pair.key.scalar != nil {
      guard let key = text(pair.key, "a key of \(shape.title)") else { continue }
      if known.contains(key.text) {
        mapping.take(pair, as: key.text)
      } else if !findings.isFull, !findings.isTold(at: key.location) {
        findings.add(.unknownKey(key.text, in: shape, known: known, at: key.location))
        if let meant = nearestName(to: key.text, among: known) { misspelt.append((meant, pair)) }
      }
    }
    for (meant, pair) in misspelt { mapping.take(pair, as: meant) }
    let mayGoOn = brokenOff.map { node.range.end >= $0 } ?? false
    for key in shape.keys where key.isRequired && mapping[key.name] == nil && !mayGoOn {
      findings.add(.missingKey(key.name, in: shape, at: headOf(node)))
    }
    return mapping
  }

  package struct Mapping {
    /// As many as there are declared keys at most, so that looking through them is faster than hashing.
    private var entries: [(key: String, pair: YAMLPair)] = []
    package let location: SourceLocation
    /// The declared keys that are there, as they stand in the document; misspelt ones last.
    package var keyOrder: [String] { entries.map(\.key) }

    fileprivate init(location: SourceLocation) { self.location = location }

    /// A key that stands twice has been told by the YAML reader; the first counts.
    fileprivate mutating func take(_ pair: YAMLPair, as key: String) {
      if entry(key) == nil { entries.append((key, pair)) }
    }

    package subscript(key: String) -> YAMLNode? { entry(key)?.value }
    package func keyRange(_ key: String) -> SourceRange? { entry(key)?.key.range }

    private func entry(_ key: String) -> YAMLPair? { entries.first { $0.key == key }?.pair }
  }

  /// The first line of a node: what to mark when something is missing in it.
  private func headOf(_ node: YAMLNode) -> SourceLocation {
    let line = source.contents(ofLine: source.position(at: node.range.start).line)
    let end = max(node.range.start, min(node.range.end, line.upperBound))
    return SourceLocation(source, SourceRange(node.range.start, end))
  }
}
