package import Diagnostics

/// Reads YAML as far as runbooks use it: one document of mappings, sequences and scalars.
///
/// Nothing here decides what a scalar means; see `YAMLScalar`'s core schema functions for that.
package enum YAMLReader {
  /// Most bytes that are read again, all times together, to go on behind syntax errors.
  private static let rereadBytesLimit = 4 << 20

  /// Reads a document. It never fails: what is wrong is in the document's `diagnostics`.
  package static func read(_ source: SourceText, limits: YAMLLimits = .standard) -> YAMLDocument {
    var findings = FindingList(limit: limits.findings, source: source)
    guard source.bytes.count <= limits.bytes else {
      findings.add(.tooLarge(limit: limits.bytes, in: source))
      return YAMLDocument(nothingIn: source, findings)
    }
    var screened = ScreenedSource(source)
    findings.add(screened.findings)
    guard screened.isText else { return YAMLDocument(nothingIn: source, findings) }
    findings.add(screened.removeDirectives(from: source))
    guard screened.contentStart < screened.bytes.count else {
      findings.add(.emptyDocument(in: source))
      return YAMLDocument(nothingIn: source, findings)
    }
    return read(source, &screened, findings, limits)
  }

  private static func read(
    _ source: SourceText, _ screened: inout ScreenedSource, _ findings: FindingList, _ limits: YAMLLimits
  ) -> YAMLDocument {
    var findings = findings
    var mends: [SourceRange] = []
    let mendLimit = min(limits.mends, Self.rereadBytesLimit / max(1, screened.bytes.count))
    while true {
      var builder = TreeBuilder(source, screened: screened, mends: mends, limits: limits)
      let outcome = EventStream.reading(screened) { builder.build(from: $0) }
      if case .failed(let error) = outcome {
        let explanation = SyntaxErrorExplanation(of: error, in: source, bytes: screened.bytes, builder: builder)
        findings.add(explanation.finding)
        if let mend = explanation.mend, mends.count < mendLimit, !mends.contains(where: { $0.start == mend.start }) {
          mends.append(mend)
          screened.replace(mend)
          continue
        }
      }
      return document(source, &builder, outcome, findings)
    }
  }

  private static func document(
    _ source: SourceText, _ builder: inout TreeBuilder, _ outcome: TreeBuilder.Outcome, _ findings: FindingList
  ) -> YAMLDocument {
    var findings = findings
    let isComplete = if case .complete = outcome { true } else { false }
    var root = builder.finish()
    findings.add(builder.findings)
    // `---` alone is a document with an empty scalar.
    if isComplete, root == nil || (root?.range.isEmpty == true && root?.scalar != nil) {
      root = nil
      findings.add(.emptyDocument(in: source))
    }
    return YAMLDocument(
      root: root, source: source, diagnostics: findings.inReadingOrder, comments: builder.comments.comments,
      isComplete: isComplete)
  }
}

extension YAMLDocument {
  fileprivate init(nothingIn source: SourceText, _ findings: FindingList) {
    self.init(root: nil, source: source, diagnostics: findings.inReadingOrder, comments: [], isComplete: false)
  }
}
