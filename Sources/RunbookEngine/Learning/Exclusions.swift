package import CEL
import Investigation
package import RunbookLanguage
package import RunbookPorts
package import Values

/// Which spans of the past teach a threshold nothing, asked outside of a run: those of its `exclude`, and known incidents.
package struct Exclusions: Sendable {
  private let rules: [WindowRule]
  private let known: [TimeWindow]
  private let intake: Intake
  private let runbook: Runbook

  /// - Parameter known: Spans that are excluded whatever the rule says.
  /// - Parameter intake: The fields on which the rule's spans may rest; on answers they cannot, outside of a run.
  package init(of rule: Threshold.Monitored, in runbook: Runbook, intake: Intake, known: [TimeWindow] = []) {
    if case .normal(let normal) = rule.judgement { rules = normal.exclude } else { rules = [] }
    self.known = known
    self.intake = intake
    self.runbook = runbook
  }

  /// - Parameter at: The instant of the alert that is imagined: what the rule's durations count from.
  /// - Returns: A failure where a span cannot be known; then nothing can be judged.
  package func windows(at: Timestamp) -> Result<[TimeWindow], EvaluationFailure> {
    var windows = known
    let bindings = FieldBindings(intake: intake, runbook: runbook)
    for rule in rules {
      switch rule.window(at: at, value: { $0.checked.evaluate(bindings) }) {
      case .success(let window): windows.append(window)
      case .failure(let failure): return .failure(failure)
      }
    }
    return .success(windows)
  }
}
