import Diagnostics
package import RunbookLanguage
import Values

/// Whether what a deployment overrides is there to be overridden.
struct OverrideCheck {
  let runbook: Runbook
  let deployment: Deployment

  var findings: [Diagnostic] { deployment.thresholds.compactMap(finding) + deployment.lists.compactMap(finding) }

  private func finding(_ override: (id: Placed<String>, value: Placed<Value>)) -> Diagnostic? {
    let id = override.id.value
    guard let threshold = runbook.threshold(id) else {
      return unknown("threshold", override.id, known: runbook.thresholds.map(\.id))
    }
    switch (threshold.rule, override.value.value) {
    case (.number(.int), .double): return .thresholdNotWhole(id, at: override.value.location)
    case (.number, _): return nil
    case (.monitored, _): return .thresholdNotPlain(id, at: override.value.location)
    }
  }

  private func finding(_ override: (id: Placed<String>, path: String)) -> Diagnostic? {
    guard runbook.list(override.id.value) == nil else { return nil }
    return unknown("list", override.id, known: runbook.lists.map(\.id))
  }

  /// A deployment serves several runbooks: a name that this one does not have is told only if it looks misspelt.
  private func unknown(_ kind: String, _ id: Placed<String>, known: [String]) -> Diagnostic? {
    guard nearestName(to: id.value, among: known) != nil else { return nil }
    return .unknownOverride(kind, id.value, known: known, at: id.location)
  }
}

extension Deployment {
  /// The rules that replace those of a runbook. What does not fit has been told by the check and is left out.
  package func thresholdRules(for runbook: Runbook) -> [String: Threshold.Rule] {
    var rules: [String: Threshold.Rule] = [:]
    for (id, value) in thresholds {
      guard case .number(let written)? = runbook.threshold(id.value)?.rule else { continue }
      switch (written, value.value) {
      case (.double, .int(let number)): rules[id.value] = .number(.double(Double(number)))
      case (.int, .double): continue
      default: rules[id.value] = .number(value.value)
      }
    }
    return rules
  }
}
