package import Diagnostics
package import Values
package import YAMLTree

/// Reads the nodes of one document, telling what is not as expected and going on with what is.
package struct NodeReader {
  package let source: SourceText
  package let findings: Findings
  /// Where reading ended before the document's end, after an error in its YAML: what is missing in a mapping that
  /// reaches this offset may well be written behind it.
  let brokenOff: Int?

  /// - Parameter brokenOff: The end of what was read of a document that could not be read to its end.
  package init(source: SourceText, findings: Findings, brokenOff: Int? = nil) {
    self.source = source
    self.findings = findings
    self.brokenOff = brokenOff
  }

  package func location(_ node: YAMLNode) -> SourceLocation { SourceLocation(source, node.range) }

  // MARK: Scalars

  /// Text as it stands.
  ///
  /// - Parameter what: What it is, for a finding; made only then.
  package func text(_ node: YAMLNode, _ what: @autoclosure () -> String) -> PlacedText? {
    guard case .scalar(let scalar) = node.content else {
      findings.add(.wrongKind(what(), expected: "text", found: node, at: location(node)))
      return nil
    }
    if scalar.isNull {
      findings.add(.missingValue(what(), at: location(node)))
      return nil
    }
    return PlacedText(scalar: scalar, node: node, source: source)
  }

  /// Text for people, or a value that is text: a warning where other YAML tools would read something else.
  package func words(_ node: YAMLNode, _ what: @autoclosure () -> String) -> PlacedText? {
    guard let text = text(node, what()) else { return nil }
    if let warning = node.scalar?.ambiguityWarning(in: source) { findings.add(warning) }
    return text
  }

  /// An id: lower-case words joined by `_`.
  package func identifier(_ node: YAMLNode, _ what: @autoclosure () -> String, allowingHyphens: Bool = false) -> Placed<
    String
  >? {
    guard let text = text(node, what())?.text else { return nil }
    guard Self.isIdentifier(text, allowingHyphens: allowingHyphens) else {
      findings.add(.badIdentifier(text, what(), allowingHyphens: allowingHyphens, at: location(node)))
      return nil
    }
    return Placed(text, at: location(node))
  }

  /// Lower-case letters, digits, `_` (or `-`), beginning with a letter; at most `idLengthLimit` bytes.
  static func isIdentifier(_ text: String, allowingHyphens: Bool = false) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, (97...122).contains(first), bytes.count <= idLengthLimit else { return false }
    return bytes.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == 95 || (allowingHyphens && $0 == 45)
    }
  }

  /// Longest id, in bytes.
  static let idLengthLimit = 64

  func reference(_ node: YAMLNode, _ what: @autoclosure () -> String) -> Placed<String>? {
    text(node, what()).map { Placed($0.text, at: $0.location) }
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>(_ node: YAMLNode, _ what: @autoclosure () -> String)
    -> Choice?
  {
    guard let text = text(node, what())?.text else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    findings.add(.notOneOf(text, what(), Choice.allCases.map(\.rawValue), at: location(node)))
    return nil
  }

  package func bool(_ node: YAMLNode, _ what: @autoclosure () -> String) -> Bool? {
    guard case .scalar(let scalar) = node.content, let value = scalar.asBool else {
      findings.add(.notBoolean(what(), found: node, at: location(node)))
      return nil
    }
    return value
  }

  package func integer(_ node: YAMLNode, _ what: @autoclosure () -> String, in range: ClosedRange<Int>) -> Int? {
    guard case .scalar(let scalar) = node.content, let value = scalar.asInteger else {
      findings.add(.wrongKind(what(), expected: "a whole number", found: node, at: location(node)))
      return nil
    }
    guard let number = Int(exactly: value), range.contains(number) else {
      findings.add(.outOfRange(what(), range: "from \(range.lowerBound) to \(range.upperBound)", at: location(node)))
      return nil
    }
    if let warning = scalar.octalWarning(in: source) { findings.add(warning) }
    return number
  }

  package func number(_ node: YAMLNode, _ what: @autoclosure () -> String) -> Value? {
    if case .scalar(let scalar) = node.content {
      if let warning = scalar.octalWarning(in: source) { findings.add(warning) }
      if let value = scalar.asInteger, let number = Int64(exactly: value) { return .int(number) }
      if let value = scalar.asDouble, value.isFinite { return .double(value) }
    }
    findings.add(.wrongKind(what(), expected: "a number", found: node, at: location(node)))
    return nil
  }

  func double(_ node: YAMLNode, _ what: @autoclosure () -> String) -> Double? {
    switch number(node, what()) {
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// - Parameter signed: Whether the duration may be negative.
  package func duration(_ node: YAMLNode, _ what: @autoclosure () -> String, signed: Bool = false) -> Duration? {
    guard let text = text(node, what())?.text else { return nil }
    guard let duration = Duration(shorthand: text), signed || duration >= .zero else {
      findings.add(.badDuration(text, what(), signed: signed, at: location(node)))
      return nil
    }
    return duration
  }

  package func columnType(_ node: YAMLNode, _ what: @autoclosure () -> String) -> ColumnType? {
    if case .sequence(let elements) = node.content, elements.count == 1, let element = elements.first {
      return columnType(element, what()).map(ColumnType.list)
    }
    guard let text = text(node, what())?.text else { return nil }
    if let type = ColumnType(name: text) { return type }
    findings.add(.unknownType(text, at: location(node)))
    return nil
  }
}
