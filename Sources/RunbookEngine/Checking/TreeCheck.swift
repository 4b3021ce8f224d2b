package import Diagnostics
import RunbookLanguage

/// Checks many documents, several at a time. A document that is bad, or cannot be read, keeps no other from being
/// checked.
package struct TreeCheck: Sendable {
  private let check: RunbookCheck
  private let reader: DeploymentReader
  /// What runbooks are checked with.
  private let deployment: Deployment?

  package init(check: RunbookCheck, reader: DeploymentReader, deployment: Deployment?) {
    self.check = check
    self.reader = reader
    self.deployment = deployment
  }

  /// - Parameters:
  ///   - known: What was found before, such as in the deployment.
  ///   - workers: Most documents that are checked at the same time.
  package func check(
    _ selection: DocumentSelection, with known: [Diagnostic] = [], workers: Int
  ) async -> CheckReport {
    let documents = selection.documents
    var outcomes: [Outcome?] = Array(repeating: nil, count: documents.count)
    await withTaskGroup(of: (Int, Outcome).self) { group in
      var next = 0
      while next < min(max(1, workers), documents.count) {
        add(documents[next], at: next, to: &group)
        next += 1
      }
      for await (index, outcome) in group {
        outcomes[index] = outcome
        guard next < documents.count else { continue }
        add(documents[next], at: next, to: &group)
        next += 1
      }
    }
    let done = outcomes.compactMap { $0 }
    let problems = selection.problems.map { Diagnostic.unreadable($0.path, because: $0.reason) }
    return CheckReport(
      files: zip(documents, done).map { .init(path: $0.path, kind: $0.kind, isRead: $1.isRead) },
      findings: known + problems + done.flatMap(\.findings) + idle(in: done), allowed: done.flatMap(\.allowed),
      isIncomplete: !problems.isEmpty || done.contains { !$0.isRead })
  }

  private struct Outcome: Sendable {
    var isRead = true
    var findings: [Diagnostic] = []
    var allowed: [AllowedFinding] = []
    var idleInImports: [Allowance] = []
  }

  /// Allowances in imported documents that no document needs which imports them.
  private func idle(in outcomes: [Outcome]) -> [Diagnostic] {
    struct Place: Hashable {
      let path: String
      let start: Int

      init(_ allowance: Allowance) {
        path = PathName.plain(allowance.location.source.name)
        start = allowance.location.range.start
      }
    }
    let used = Set(outcomes.flatMap(\.allowed).map { Place($0.allowance) })
    return outcomes.flatMap(\.idleInImports).filter { !used.contains(Place($0)) }.map(Diagnostic.unusedAllowance)
  }

  private func add(
    _ document: DocumentSelection.Document, at index: Int, to group: inout TaskGroup<(Int, Outcome)>
  ) {
    group.addTask { (index, outcome(of: document)) }
  }

  private func outcome(of document: DocumentSelection.Document) -> Outcome {
    switch DocumentFiles().load(document.path) {
    case .failure(let problem):
      return Outcome(isRead: false, findings: [.unreadable(document.path, because: problem.reason)])
    case .success(let source):
      switch document.kind {
      case .runbook:
        let report = check.check(source, in: deployment)
        return Outcome(findings: report.findings, allowed: report.allowed, idleInImports: report.idleInImports)
      // A configuration by itself: its data may lie on another machine, so no source is opened.
      case .deployment: return Outcome(findings: reader.read(source).findings)
      case .tests: return Outcome(findings: findings(inCases: source))
      }
    }
  }

  /// Cases are read with the runbook beside them. What is wrong in the runbook itself is told of the runbook.
  private func findings(inCases source: SourceText) -> [Diagnostic] {
    let path = CaseFolder.runbook(ofCases: source.name)
    switch DocumentFiles().load(path) {
    case .failure(let problem): return [.casesWithoutRunbook(path, because: problem.reason, in: source)]
    case .success(let document):
      guard let runbook = check.check(document, in: nil).runbook else { return [] }
      return CaseReader(files: DocumentFiles()).read(source, for: runbook).findings
    }
  }
}

extension Diagnostic {
  /// A document that was named and cannot be looked at.
  static func unreadable(_ path: String, because reason: String) -> Diagnostic {
    .cannotRead(path, because: reason, at: SourceLocation(SourceText(name: path, bytes: []), SourceRange(0, 0)))
  }
}
