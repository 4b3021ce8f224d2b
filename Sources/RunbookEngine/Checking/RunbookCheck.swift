package import Diagnostics
package import RunbookLanguage
import Rules
import RunbookPorts
import Values

/// Checks a runbook, and with a deployment also whether its queries can be performed there.
package struct RunbookCheck: Sendable {
  /// What was found.
  package struct Report: Sendable {
    /// The runbook's id, in a runbook with errors, too.
    package let id: Placed<String>?
    /// `nil` when there is an error in the runbook itself.
    package let runbook: CheckedRunbook?
    package let sources: BoundSources
    /// All findings but those that are allowed, the runbook's first.
    package let findings: [Diagnostic]
    package let allowed: [AllowedFinding]
    /// Allowances in imported documents for which there was nothing to allow here; another runbook may need them.
    package let idleInImports: [Allowance]
    /// All documents that the findings rest on; the runbook first.
    package let documents: [SourceText]

    package var hasErrors: Bool { findings.contains { $0.severity == .error } }
  }

  private let files: any RunbookFiles
  private let validators: [any QueryValidator]
  private let today: CalendarDay?

  /// - Parameter today: On which it is asked whether what was allowed for a while still is; `nil`: it is not asked.
  package init(files: any RunbookFiles, validators: [any QueryValidator], today: CalendarDay? = nil) {
    self.files = files
    self.validators = validators
    self.today = today
  }

  /// - Parameter deployment: `nil`: the runbook alone is checked.
  package func check(_ source: SourceText, in deployment: Deployment?) -> Report {
    let overrides = Dictionary(
      (deployment?.lists ?? []).map { list in (list.id.value, (list.path, deployment?.listBase ?? source)) },
      uniquingKeysWith: { first, _ in first })
    let result = RunbookChecker(files: files).check(source, listOverrides: overrides)
    let sources = BoundSources(deployment)
    var findings = result.diagnostics
    if let runbook = result.runbook?.runbook {
      findings += runbook.exports.compactMap(\.script).compactMap(finding)
      if let review = runbook.reviewBy, let today, review.value < today {
        findings.append(.reviewPassed(review.value.description, at: review.location))
      }
      if let today { findings += runbook.lists.compactMap { overdue($0, today) } }
      if let deployment {
        findings += OverrideCheck(runbook: runbook, deployment: deployment).findings
        findings += sources.findings.filter { finding in
          // Sources that this runbook does not ask are another runbook's matter.
          runbook.sourcesAsked.contains { id in deployment.binding(of: id).map { finding.isAbout($0) } ?? false }
        }
      }
      let queries = QueryCheck(runbook: runbook, deployment: deployment, sources: sources, validators: validators)
      let held = queries.textsHeld
      findings.removeAll { finding in finding.isGuessOfTables && held.contains { finding.stands(in: $0) } }
      findings += queries.findings
    }
    let judgement = AllowanceJudgement(findings, result.allowances, on: today)
    // Where there is an error, or no deployment, not everything was looked for.
    let idle = result.runbook == nil ? [] : judgement.idle.filter { deployment != nil || !$0.code.hasPrefix("TOC12") }
    return Report(
      id: result.id, runbook: result.runbook, sources: sources,
      findings: judgement.told + idle.filter { $0.location.source === source }.map(Diagnostic.unusedAllowance),
      allowed: judgement.allowed, idleInImports: idle.filter { $0.location.source !== source },
      documents: result.documents)
  }
}

extension RunbookCheck {
  /// Checks a document that runbooks import by itself. What it allows and does not need, one of those may need.
  func checkImport(_ source: SourceText) -> Report {
    let result = RunbookChecker(files: files).checkImport(source)
    let judgement = AllowanceJudgement(result.diagnostics, result.allowances, on: today)
    return Report(
      id: nil, runbook: nil, sources: BoundSources(nil), findings: judgement.told, allowed: judgement.allowed,
      idleInImports: [], documents: result.documents)
  }

  /// A list that nobody has changed for longer than it may go without being looked at.
  private func overdue(_ list: NamedList, _ today: CalendarDay) -> Diagnostic? {
    guard let review = list.review, let due = review.changed.adding(review.every.value), CalendarDay(of: due) < today
    else { return nil }
    return .listReviewPassed(
      list.id, every: review.every.value.shorthand, changed: CalendarDay(of: review.changed).description,
      at: review.every.location)
  }

  /// Whether a script is the one that the runbook means.
  private func finding(_ script: Export.Script) -> Diagnostic? {
    guard let wanted = script.digest else { return nil }
    let digest = String(ContentDigest.of(script.file.bytes).dropFirst("sha256:".count))
    return digest == wanted.value ? nil : .scriptDigest(script.path, is: digest, at: wanted.location)
  }
}

extension Diagnostic {
  /// Whether it is told of a text without its tables.
  fileprivate var isGuessOfTables: Bool { [Rule.anotherTable.code, Rule.columnNotSelected.code].contains(code) }

  fileprivate func stands(in place: SourceLocation) -> Bool {
    guard let location else { return false }
    return location.source === place.source && location.range.start >= place.range.start
      && location.range.end <= place.range.end
  }

  fileprivate func isAbout(_ binding: SourceBinding) -> Bool {
    let places = [binding.id.location] + binding.optionPlaces.values
    return places.contains { $0.range == location?.range }
  }
}

extension Runbook {
  /// The sources that queries are put to, each once, in the order of the queries.
  package var sourcesAsked: [String] {
    var seen: Set<String> = []
    return queries.compactMap { query in
      if case .source(let id) = query.origin, seen.insert(id).inserted { id } else { nil }
    }
  }
}
