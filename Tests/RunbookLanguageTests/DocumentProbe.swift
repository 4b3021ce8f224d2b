import Diagnostics
import RunbookLanguage
import YAMLTree

/// What must be so of any bytes whatever, given as a runbook: nothing breaks, every finding has its place, what is laid
/// out says the same and is laid out already. The fuzzer asks this of what it makes up, the tests of what it found.
enum DocumentProbe {
  /// What is wrong with how a document is treated; `nil` if nothing is.
  static func problem(of bytes: [UInt8]) -> String? {
    let source = SourceText(name: "fuzzed.runbook.yaml", bytes: bytes)
    let document = YAMLReader.read(source)
    return problem(of: document) ?? layoutProblem(of: document) ?? checkProblem(of: source)
  }

  private static func problem(of document: YAMLDocument) -> String? {
    let count = document.source.bytes.count
    for finding in document.diagnostics {
      guard let range = finding.location?.range, range.end <= count else { return "no place for \(finding.message)" }
    }
    for comment in document.comments where comment.range.end > count { return "a comment beyond the end" }
    if !document.isComplete, !document.diagnostics.contains(where: { $0.severity == .error }) {
      return "something was not read, and nothing is told"
    }
    return document.root.flatMap { problem(of: $0, within: SourceRange(0, count), document.source) }
  }

  /// The line break that ends a text stands behind its node.
  private static func problem(of node: YAMLNode, within outer: SourceRange, _ source: SourceText) -> String? {
    guard node.range.start >= outer.start, node.range.end <= outer.end else {
      return "\(node.range) is not within \(outer)"
    }
    switch node.content {
    case .scalar(let scalar):
      let all = scalar.sourceRange(of: 0..<scalar.text.utf8.count, in: source)
      return all.end > source.bytes.count ? "a text ends behind the document" : nil
    case .sequence(let items): return items.lazy.compactMap { problem(of: $0, within: node.range, source) }.first
    case .mapping(let pairs):
      return pairs.lazy.flatMap { [$0.key, $0.value] }.compactMap { problem(of: $0, within: node.range, source) }.first
    }
  }

  // MARK: Layout

  private static func layoutProblem(of document: YAMLDocument) -> String? {
    do throws(YAMLLayout.Problem) {
      let text = try YAMLLayout.text(of: document)
      let again = try YAMLLayout.text(of: YAMLReader.read(SourceText(name: "again", bytes: text)))
      guard text == again else { return "laid out twice it is\n\(shown(again))\ninstead of\n\(shown(text))" }
      return nil
    } catch {
      switch error {
      case .isFaulty: return document.diagnostics.isEmpty ? "it is faulty, and nothing is told" : nil
      case .wouldChange: return hasRareForms(document) ? nil : "it cannot be laid out"
      }
    }
  }

  private static func shown(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// Whether there are forms that the layout does not know: explicit keys, and line breaks that only YAML takes for some.
  private static func hasRareForms(_ document: YAMLDocument) -> Bool {
    let text = shown(document.source.bytes)
    return text.unicodeScalars.contains { ["?", "\u{85}", "\u{2028}", "\u{2029}"].contains($0) }
  }

  // MARK: Check

  private static func checkProblem(of source: SourceText) -> String? {
    let result = RunbookChecker(files: NoFiles()).check(source)
    for finding in result.diagnostics {
      guard let location = finding.location, location.range.end <= location.source.bytes.count else {
        return "no place for \(finding.message)"
      }
      if finding.message.isEmpty || DiagnosticRenderer().render(finding).isEmpty { return "a finding without words" }
      for fixIt in finding.fixIts where fixIt.range.end > source.bytes.count { return "a mend beyond the end" }
    }
    let hasErrors = result.diagnostics.contains { $0.severity == .error }
    return (result.runbook == nil) == hasErrors ? nil : "a runbook with errors, or none without"
  }

  private struct NoFiles: RunbookFiles {
    func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem> {
      .failure(FileProblem("there are no files here"))
    }

    func exists(_ path: String, from base: SourceText) -> Bool { false }
  }
}
