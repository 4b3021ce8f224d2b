package import Diagnostics
package import RunbookLanguage
import RunbookPorts

/// Checks a runbook, and with a deployment also whether its queries can be performed there.
package struct RunbookCheck: Sendable {
  /// What was found.
  package struct Report: Sendable {
    /// `nil` when there is an error in the runbook itself.
    package let runbook: CheckedRunbook?
    package let sources: BoundSources
    /// All findings, in reading order, the runbook's first.
    package let findings: [Diagnostic]

    package var hasErrors: Bool { findings.contains { $0.severity == .error } }
  }

  private let files: any RunbookFiles
  private let validators: [any QueryValidator]

  package init(files: any RunbookFiles, validators: [any QueryValidator]) {
    self.files = files
    self.validators = validators
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
      if let deployment {
        findings += OverrideCheck(runbook: runbook, deployment: deployment).findings
        findings += sources.findings.filter { finding in
          // Sources that this runbook does not ask are another runbook's matter.
          runbook.sourcesAsked.contains { id in deployment.binding(of: id).map { finding.isAbout($0) } ?? false }
        }
      }
      findings +=
        QueryCheck(runbook: runbook, deployment: deployment, sources: sources, validators: validators).findings
    }
    return Report(runbook: result.runbook, sources: sources, findings: findings)
  }
}

extension Diagnostic {
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
