package import Diagnostics
package import Values
package import YAMLTree

/// Reads the nodes of one document, telling what is not as expected and going on with what is.
package struct NodeReader {
  package let source: SourceText
  package let findings: Findings
  /// Where reading ended before the document's end, after an error in its YAML: what is missing in a mapping that
  /// reaches this offset may well be written behind it.
  private let brokenOff: Int?

  /// - Parameter brokenOff: The end of what was read of a document that could not be read to its end.
  package init(source: SourceText, findings: Findings, brokenOff: Int? = nil) {
    self.source = source
    self.findings = findings
    self.brokenOff = brokenOff
  }

  package func location(_ node: YAMLNode) -> SourceLocation { SourceLocation(source, node.range) }

  // MARK: Scalars

  /// Text as it stands.
  package func text(_ node: YAMLNode, _ what: String) -> PlacedText? {
    guard case .scalar(let scalar) = node.content else {
      findings.add(.wrongKind(what, expected: "text", found: node, at: location(node)))
      return nil
    }
    if scalar.isNull {
      findings.add(.missingValue(what, at: location(node)))
      return nil
    }
    return PlacedText(scalar: scalar, node: node, source: source)
  }

  /// Text for people, or a value that is text: a warning where other YAML tools would read something else.
  package func words(_ node: YAMLNode, _ what: String) -> PlacedText? {
    guard let text = text(node, what) else { return nil }
    if let warning = node.scalar?.ambiguityWarning(in: source) { findings.add(warning) }
    return text
  }

  /// An id: lower-case words joined by `_`.
  package func identifier(_ node: YAMLNode, _ what: String, allowingHyphens: Bool = false) -> Placed<String>? {
    guard let text = text(node, what)?.text else { return nil }
    guard Self.isIdentifier(text, allowingHyphens: allowingHyphens) else {
      findings.add(.badIdentifier(text, what, allowingHyphens: allowingHyphens, at: location(node)))
      return nil
    }
    return Placed(text, at: location(node))
  }

  /// Lower-case letters, digits, `_` (or `-`), beginning with a letter; at most `idLengthLimit` bytes.
  static func isIdentifier(_ text: String, allowingHyphens: Bool = false) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, (97...122).contains(first), bytes.count <= idLengthLimit else { return false }
    return bytes.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == 95 || (allowingHyphens && $0 == 45)
    }
  }

  /// Longest id, in bytes.
  static let idLengthLimit = 64

  func reference(_ node: YAMLNode, _ what: String) -> Placed<String>? {
    text(node, what).map { Placed($0.text, at: $0.location) }
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>(_ node: YAMLNode, _ what: String) -> Choice? {
    guard let text = text(node, what)?.text else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    findings.add(.notOneOf(text, what, Choice.allCases.map(\.rawValue), at: location(node)))
    return nil
  }

  package func bool(_ node: YAMLNode, _ what: String) -> Bool? {
    guard case .scalar(let scalar) = node.content, let value = scalar.asBool else {
      findings.add(.wrongKind(what, expected: "true or false", found: node, at: location(node)))
      return nil
    }
    return value
  }

  package func integer(_ node: YAMLNode, _ what: String, in range: ClosedRange<Int>) -> Int? {
    guard case .scalar(let scalar) = node.content, let value = scalar.asInteger else {
      findings.add(.wrongKind(what, expected: "a whole number", found: node, at: location(node)))
      return nil
    }
    guard let number = Int(exactly: value), range.contains(number) else {
      findings.add(.outOfRange(what, range: "from \(range.lowerBound) to \(range.upperBound)", at: location(node)))
      return nil
    }
    return number
  }

  package func number(_ node: YAMLNode, _ what: String) -> Value? {
    if case .scalar(let scalar) = node.content {
      if let value = scalar.asInteger, let number = Int64(exactly: value) { return .int(number) }
      if let value = scalar.asDouble, value.isFinite { return .double(value) }
    }
    findings.add(.wrongKind(what, expected: "a number", found: node, at: location(node)))
    return nil
  }

  func double(_ node: YAMLNode, _ what: String) -> Double? {
    switch number(node, what) {
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// - Parameter signed: Whether the duration may be negative.
  package func duration(_ node: YAMLNode, _ what: String, signed: Bool = false) -> Duration? {
    guard let text = text(node, what)?.text else { return nil }
    guard let duration = Duration(shorthand: text), signed || duration >= .zero else {
      findings.add(.badDuration(text, what, signed: signed, at: location(node)))
      return nil
    }
    return duration
  }

  package func columnType(_ node: YAMLNode, _ what: String) -> ColumnType? {
    if case .sequence(let elements) = node.content, elements.count == 1, let element = elements.first {
      return columnType(element, what).map(ColumnType.list)
    }
    guard let text = text(node, what)?.text else { return nil }
    if let type = ColumnType(name: text) { return type }
    findings.add(.unknownType(text, at: location(node)))
    return nil
  }

  // MARK: Collections

  /// The elements of a sequence; a single scalar counts as a sequence of one where `orOne` allows it.
  package func elements(_ node: YAMLNode, _ what: String, orOne: Bool = false) -> [YAMLNode] {
    if case .sequence(let elements) = node.content { return elements }
    if orOne, case .scalar(let scalar) = node.content, !scalar.isNull { return [node] }
    let expected = orOne ? "text, or a list of texts" : "a list"
    findings.add(.wrongKind(what, expected: expected, found: node, at: location(node)))
    return []
  }

  /// The pairs of a mapping whose keys are the author's own ids. A bad id is told, and names its declaration all the
  /// same.
  package func declarations(
    _ node: YAMLNode, _ what: String, of thing: String, allowingHyphens: Bool = false
  ) -> [(id: Placed<String>, node: YAMLNode)] {
    guard case .mapping(let pairs) = node.content else {
      findings.add(
        .wrongKind(what, expected: "a mapping with an id for each \(thing)", found: node, at: location(node)))
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

  /// A key that stands twice has been told by the YAML reader; the first counts.
  func firstOfEach<Content>(_ pairs: [(Placed<String>, Content)]) -> [(Placed<String>, Content)] {
    var seen: Set<String> = []
    return pairs.filter { seen.insert($0.0.value).inserted }
  }

  /// The pairs of a mapping as text and node, whatever the keys.
  package func pairs(_ node: YAMLNode, _ what: String) -> [(key: Placed<String>, value: YAMLNode)] {
    guard case .mapping(let pairs) = node.content else {
      findings.add(.wrongKind(what, expected: "a mapping", found: node, at: location(node)))
      return []
    }
    // A key that is no scalar has been told by the YAML reader.
    return firstOfEach(
      pairs.filter { $0.key.scalar != nil }
        .compactMap { pair in reference(pair.key, "a key of \(what)").map { ($0, pair.value) } })
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
    private var entries: [String: YAMLPair] = [:]
    package let location: SourceLocation
    /// The declared keys that are there, as they stand in the document; misspelt ones last.
    package private(set) var keyOrder: [String] = []

    fileprivate init(location: SourceLocation) { self.location = location }

    /// A key that stands twice has been told by the YAML reader; the first counts.
    fileprivate mutating func take(_ pair: YAMLPair, as key: String) {
      guard entries[key] == nil else { return }
      entries[key] = pair
      keyOrder.append(key)
    }

    package subscript(key: String) -> YAMLNode? { entries[key]?.value }
    package func keyRange(_ key: String) -> SourceRange? { entries[key]?.key.range }
  }

  /// The first line of a node: what to mark when something is missing in it.
  private func headOf(_ node: YAMLNode) -> SourceLocation {
    let line = source.contents(ofLine: source.position(at: node.range.start).line)
    let end = max(node.range.start, min(node.range.end, line.upperBound))
    return SourceLocation(source, SourceRange(node.range.start, end))
  }
}
