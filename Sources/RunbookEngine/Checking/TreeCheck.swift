package import Diagnostics
package import RunbookLanguage

/// Checks many documents, several at a time. A document that is bad, or cannot be read, keeps no other from being
/// checked.
package struct TreeCheck: Sendable {
  private let validators: [any QueryValidator]
  private let today: CalendarDay?
  private let reader: DeploymentReader
  /// What runbooks are checked with.
  private let deployment: Deployment?

  /// - Parameter today: On which it is asked whether what was allowed for a while still is; `nil`: it is not asked.
  package init(
    validators: [any QueryValidator], today: CalendarDay?, reader: DeploymentReader, deployment: Deployment?
  ) {
    self.validators = validators
    self.today = today
    self.reader = reader
    self.deployment = deployment
  }

  /// - Parameters:
  ///   - files: What stands in the documents.
  ///   - changed: Only documents that have changed, or that rest on what has, are told about; `nil`: all.
  ///   - earlier: What the versions of changed runbooks are held against; `nil`: nothing.
  ///   - known: What was found before, such as in the deployment.
  ///   - workers: Most documents that are checked at the same time.
  package func check(
    _ selection: DocumentSelection, files: DocumentOverlay = DocumentOverlay(), changed: ChangedFiles? = nil,
    since earlier: (any EarlierDocuments)? = nil, with known: [Diagnostic] = [], workers: Int
  ) async -> CheckReport {
    let documents = selection.documents
    let done = await outcomes(documents, files, workers: workers)
    let gone = earlier.map { $0.removals(among: selection, today: files) } ?? []
    let traces = await surroundings(of: done.map(\.trace), and: gone, beside: selection, files, workers: workers)
    // One that stands under another name today is not gone.
    let removed = gone.filter { removal in !traces.contains { $0.runbook == removal.id } }
    let affected = changed.map {
      AffectedDocuments(of: $0, and: removed, among: zip(documents, done).map { ($0, $1.trace) })
    }
    let kept = zip(documents, done).filter { affected?.contains($0.0) ?? true }
    let register = RunbookRegister(of: traces, removed: removed)
    let touched = kept.compactMap(\.1.trace.runbook)
    let between =
      HandOverLoops(among: traces).findings(touching: touched)
      + register.findings(touching: touched)
    let named = Set(documents.map { PathName.plain($0.path) })
    let problems = selection.problems.map { Diagnostic.unreadable($0.path, because: $0.reason) }
    return CheckReport(
      files: kept.map { .init(path: $0.path, kind: $0.kind, isRead: $1.isRead, extent: $1.extent) },
      findings: known + problems + kept.flatMap(\.1.findings) + idle(in: done, kept.map(\.1))
        + versions(of: kept.map(\.0), since: earlier, files) + register.removals
        + between.filter { finding in finding.path.map(named.contains) ?? false },
      allowed: kept.flatMap(\.1.allowed), isIncomplete: !problems.isEmpty || kept.contains { !$0.1.isRead })
  }

  /// The documents, and behind them the runbooks of their trees where one of them hands over to such a one, or where one
  /// that is gone may stand under another name.
  private func surroundings(
    of traces: [DocumentTrace], and gone: [VersionCheck.Removal], beside selection: DocumentSelection,
    _ files: DocumentOverlay, workers: Int
  ) async -> [DocumentTrace] {
    let isMissed = gone.contains { removal in !traces.contains { $0.runbook == removal.id } }
    guard isMissed || RunbookRegister(of: traces).leadsOut else { return traces }
    return traces + (await outcomes(selection.neighbours, files, workers: workers)).map(\.trace)
  }

  private func versions(
    of documents: [DocumentSelection.Document], since earlier: (any EarlierDocuments)?, _ files: DocumentOverlay
  ) -> [Diagnostic] {
    guard let earlier else { return [] }
    return documents.filter { $0.kind == .runbook }.flatMap { earlier.findings(on: $0.path, today: files) }
  }

  private func outcomes(
    _ documents: [DocumentSelection.Document], _ files: DocumentOverlay, workers: Int
  ) async -> [Outcome] {
    var outcomes: [Outcome?] = Array(repeating: nil, count: documents.count)
    await withTaskGroup(of: (Int, Outcome).self) { group in
      var next = 0
      func addNext(_ group: inout TaskGroup<(Int, Outcome)>) {
        guard next < documents.count else { return }
        let (index, document) = (next, documents[next])
        next += 1
        group.addTask { (index, outcome(of: document, files)) }
      }
      for _ in 0..<max(1, workers) { addNext(&group) }
      for await (index, outcome) in group {
        outcomes[index] = outcome
        addNext(&group)
      }
    }
    return outcomes.compactMap { $0 }
  }

  private struct Outcome: Sendable {
    var isRead = true
    var findings: [Diagnostic] = []
    var allowed: [AllowedFinding] = []
    var idleInImports: [Allowance] = []
    var trace = DocumentTrace()
    var extent: RunbookExtent?
  }

  /// Allowances in imported documents that no document needs which imports them.
  private func idle(in all: [Outcome], _ kept: [Outcome]) -> [Diagnostic] {
    struct Place: Hashable {
      let path: String
      let start: Int

      init(_ allowance: Allowance) {
        path = PathName.plain(allowance.location.source.name)
        start = allowance.location.range.start
      }
    }
    let used = Set(all.flatMap(\.allowed).map { Place($0.allowance) })
    return kept.flatMap(\.idleInImports).filter { !used.contains(Place($0)) }.map(Diagnostic.unusedAllowance)
  }

  private func outcome(of document: DocumentSelection.Document, _ files: DocumentOverlay) -> Outcome {
    let noted = NotedFiles(files, for: document.path)
    var outcome = Outcome()
    switch files.load(document.path) {
    case .failure(let problem):
      outcome.isRead = false
      outcome.findings = [.unreadable(document.path, because: problem.reason)]
    case .success(let source):
      switch document.kind {
      case .runbook:
        let check = RunbookCheck(files: noted, validators: validators, today: today)
        let isNamedSo = DocumentSelection.Kind.ofFound(PathName.last(document.path)) == .runbook
        let isImport = !isNamedSo && RunbookChecker.isImport(source)
        let report = isImport ? check.checkImport(source) : check.check(source, in: deployment)
        outcome.findings = report.findings
        outcome.allowed = report.allowed
        outcome.idleInImports = report.idleInImports
        outcome.extent = report.runbook?.extent
        outcome.trace.note(report)
      // A configuration by itself: its data may lie on another machine, so no source is opened.
      case .deployment: outcome.findings = reader.read(source).findings
      case .tests: outcome.findings = findings(inCases: source, files, noted)
      }
    }
    outcome.trace.paths = noted.paths
    return outcome
  }

  /// Cases are read with the runbook beside them. What is wrong in the runbook itself is told of the runbook.
  private func findings(inCases source: SourceText, _ files: DocumentOverlay, _ noted: NotedFiles) -> [Diagnostic] {
    let path = CaseFolder.runbook(ofCases: source.name)
    switch noted.read(PathName.last(path), from: source) {
    case .failure(let problem): return [.casesWithoutRunbook(path, because: problem.reason, in: source)]
    case .success(let document):
      guard let runbook = RunbookCheck(files: noted, validators: []).check(document, in: nil).runbook else { return [] }
      return CaseReader(files: noted).read(source, for: runbook).findings
    }
  }
}

extension Diagnostic {
  /// A document that was named and cannot be looked at.
  static func unreadable(_ path: String, because reason: String) -> Diagnostic {
    .cannotRead(path, because: reason, at: SourceLocation(SourceText(name: path, bytes: []), SourceRange(0, 0)))
  }
}
