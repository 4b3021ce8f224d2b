import CEL
import Values

/// Which elements decided about an expression: what its macros found in the rows of names.
struct ElementEvidence {
  /// Longest value that is shown of an element, in characters.
  private static let valueLimit = 60
  /// Most fields that are shown of an element.
  private static let fieldLimit = 3

  private let loops: [MacroFindings]

  /// - Parameter slots: What the names in the expression stand for.
  init(of expression: CheckedExpression, _ slots: [Evaluation]) {
    // Of what goes over a name, or a column of it.
    loops = expression.macroFindings(slots: slots).filter { loop in
      guard let range = loop.range else { return false }
      return expression.source.utf8.dropFirst(range.lowerBound).prefix(range.count).allSatisfy(Self.isPathByte)
    }
  }

  private static func isPathByte(_ byte: UInt8) -> Bool { isNameByte(byte) || byte == UInt8(ascii: ".") }

  /// What was found in a name's rows: `3 match, first: path /x.cgi, status 200`; `nil` if no macro went over them.
  func text(about reference: Reference) -> String? {
    loops.first { loop in reference.ranges.contains { $0.lowerBound == loop.range?.lowerBound } }
      .flatMap { Self.text(of: $0.findings) }
  }

  private static func text(of findings: ElementFindings) -> String? {
    let (count, first, others, verb) =
      findings.decisive
      ? (findings.matchedCount, findings.matched.first, findings.rejectedCount, "match")
      : (findings.rejectedCount, findings.rejected.first, findings.matchedCount, "fail")
    var text: String
    if count > 0 {
      text = "\(count) \(verb)\(count == 1 ? (findings.decisive ? "es" : "s") : "")"
      if let first { text += (count > 1 ? ", first: " : ": ") + Self.text(of: first) }
    } else if others > 0 {
      text = findings.decisive ? "none matches" : "all match"
    } else {
      return findings.undecidedCount > 0 ? "\(findings.undecidedCount) open" : nil
    }
    if findings.undecidedCount > 0 { text += "; \(findings.undecidedCount) open" }
    return text
  }

  /// What was looked at of an element: the fields that decided about it, or all of it.
  private static func text(of finding: ElementFindings.Finding) -> String {
    var fields: [(name: String, value: Value)] = []
    if let reason = finding.reason { Self.collectFields(of: reason, &fields) }
    guard !fields.isEmpty else { return cut(Rendering.text(of: finding.element)) }
    return fields.prefix(fieldLimit).map { "\($0.name) \(cut(Rendering.text(of: $0.value)))" }.joined(separator: ", ")
  }

  /// Fields that are read of an element: what is selected from a variable that is a row or a record.
  private static func collectFields(of part: Explanation, _ fields: inout [(name: String, value: Value)]) {
    if let variable = part.reasons.first, part.reasons.count == 1, variable.reasons.isEmpty, isElement(variable),
      part.text.hasPrefix(variable.text + "."), case .value(let value) = part.outcome
    {
      let name = String(part.text.dropFirst(variable.text.count + 1))
      if name.utf8.allSatisfy(isNameByte), !fields.contains(where: { $0.name == name }) { fields.append((name, value)) }
    }
    for reason in part.reasons { collectFields(of: reason, &fields) }
  }

  private static func isElement(_ part: Explanation) -> Bool {
    switch part.outcome {
    case .value(.row), .value(.record): true
    default: false
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (48...57).contains(byte) || (97...122).contains(byte | 0x20)
  }

  private static func cut(_ text: String) -> String {
    text.utf8.count > valueLimit && text.count > valueLimit ? text.prefix(valueLimit - 1) + "…" : text
  }
}
