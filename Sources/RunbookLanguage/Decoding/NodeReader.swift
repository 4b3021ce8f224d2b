package import Diagnostics
package import Values
package import YAMLTree

/// Reads the nodes of one document, telling what is not as expected and going on with what is.
package struct NodeReader {
  package let source: SourceText
  package let findings: Findings

  package init(source: SourceText, findings: Findings) {
    self.source = source
    self.findings = findings
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
      findings.add(.outOfRange(what, range: "\(range.lowerBound) to \(range.upperBound)", at: location(node)))
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
    findings.add(.wrongKind(what, expected: "a list", found: node, at: location(node)))
    return []
  }

  /// The pairs of a mapping whose keys are the author's own ids.
  package func declarations(
    _ node: YAMLNode, _ what: String, of thing: String, allowingHyphens: Bool = false
  ) -> [(id: Placed<String>, node: YAMLNode)] {
    guard case .mapping(let pairs) = node.content else {
      findings.add(.wrongKind(what, expected: "a mapping from ids to \(thing)s", found: node, at: location(node)))
      return []
    }
    return pairs.compactMap { pair in
      identifier(pair.key, "the id of a \(thing)", allowingHyphens: allowingHyphens).map { ($0, pair.value) }
    }
  }

  /// The pairs of a mapping as text and node, whatever the keys.
  package func pairs(_ node: YAMLNode, _ what: String) -> [(key: Placed<String>, value: YAMLNode)] {
    guard case .mapping(let pairs) = node.content else {
      findings.add(.wrongKind(what, expected: "a mapping", found: node, at: location(node)))
      return []
    }
    return pairs.compactMap { pair in reference(pair.key, "a key of \(what)").map { ($0, pair.value) } }
  }

  /// A mapping with declared keys. Unknown and missing ones are told.
  package func mapping(_ node: YAMLNode, _ shape: Shape, alsoAllowing extra: [String] = []) -> Mapping? {
    guard case .mapping(let pairs) = node.content else {
      findings.add(.wrongKind(shape.title, expected: "a mapping", found: node, at: location(node)))
      return nil
    }
    var entries: [String: YAMLPair] = [:]
    for pair in pairs {
      guard let key = text(pair.key, "a key of \(shape.title)") else { continue }
      guard shape.names.contains(key.text) || extra.contains(key.text) else {
        findings.add(.unknownKey(key.text, in: shape, alsoAllowing: extra, value: pair.value, at: key.location))
        continue
      }
      // A key that stands twice has been told by the YAML reader; the first counts.
      if entries[key.text] == nil { entries[key.text] = pair }
    }
    for key in shape.keys where key.isRequired && entries[key.name] == nil {
      findings.add(.missingKey(key.name, in: shape, at: headOf(node)))
    }
    return Mapping(entries: entries, location: location(node), keyOrder: pairs.compactMap { scalarText($0.key) })
  }

  package struct Mapping {
    fileprivate let entries: [String: YAMLPair]
    package let location: SourceLocation
    /// The keys as they stand in the document.
    package let keyOrder: [String]

    package subscript(key: String) -> YAMLNode? { entries[key]?.value }
    package func keyRange(_ key: String) -> SourceRange? { entries[key]?.key.range }
  }

  private func scalarText(_ node: YAMLNode) -> String? {
    if case .scalar(let scalar) = node.content { scalar.text } else { nil }
  }

  /// The first line of a node: what to mark when something is missing in it.
  private func headOf(_ node: YAMLNode) -> SourceLocation {
    let line = source.contents(ofLine: source.position(at: node.range.start).line)
    return SourceLocation(
      source, SourceRange(node.range.start, max(node.range.start, min(node.range.end, line.upperBound))))
  }
}
