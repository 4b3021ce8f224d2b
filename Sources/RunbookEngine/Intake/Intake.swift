package import Investigation
package import RunbookLanguage
package import Values

/// What a runbook takes from an alert, or from fields that were given by hand.
package struct Intake: Sendable {
  package let alert: AlertPayload.Alert?
  /// By field id.
  package let fields: [String: FieldValue]
  /// The instant that windows count from.
  package let at: Timestamp
  /// Things to tell people and to keep with the run.
  package let remarks: [String]

  /// What is to be done with an alert.
  package enum Decision: Sendable {
    case run(Intake)
    /// Why not, as a sentence part.
    case skip(String)
  }

  /// Looks at an alert with the runbook's `when`, `at` and `fields`.
  ///
  /// - Parameters:
  ///   - at: Overrides what the runbook says.
  ///   - now: The run's start.
  package static func consider(
    _ alert: AlertPayload.Alert, for runbook: Runbook, at override: Timestamp?, now: Timestamp
  ) -> Decision {
    if alert.isResolved { return .skip("it is resolved") }
    guard runbook.alert.when != nil else {
      return .skip("the runbook has no 'when', so it is started by hand only, with --field")
    }
    let reading = AlertReading(alert.value, by: runbook, arrival: now)
    var remarks: [String] = []
    switch reading.relevance {
    case .meant: break
    case .other: return .skip("the runbook's 'when' is false for it")
    case .unclear(let reason):
      remarks.append("the runbook's 'when' cannot be decided, so the run is started: \(reason)")
    }
    if override == nil, let reason = reading.atReplaced {
      remarks.append("the runbook's 'at' cannot be found, so windows count from the alert's arrival: \(reason)")
    }
    return .run(Intake(alert: alert, fields: reading.fields, at: override ?? reading.at, remarks: remarks))
  }
}
