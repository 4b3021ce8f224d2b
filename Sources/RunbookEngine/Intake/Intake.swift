import CEL
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
    var remarks: [String] = []
    var names = IntakeNames(alert: alert.value, at: now, now: now, lists: runbook.lists)
    if let when = runbook.alert.when {
      switch when.checked.evaluate(names) {
      case .value(.bool(false)): return .skip("the runbook's 'when' is false for it")
      case .value(.bool(true)): break
      case .value: remarks.append("the runbook's 'when' is neither true nor false for the alert, so the run is started")
      case .failure(let failure):
        remarks.append("the runbook's 'when' cannot be decided, so the run is started: \(failure)")
      }
    } else {
      return .skip("the runbook has no 'when' and is started by hand only")
    }
    let at = override ?? Self.instant(of: runbook.alert.at, names, now, &remarks)
    names.at = at
    let fields = runbook.alert.fields.map { ($0.id, Self.value(of: $0, names)) }
    return .run(
      Intake(alert: alert, fields: Dictionary(fields) { first, _ in first }, at: at, remarks: remarks))
  }

  private static func instant(
    of expression: Expression?, _ names: IntakeNames, _ now: Timestamp, _ remarks: inout [String]
  ) -> Timestamp {
    guard let expression else { return now }
    let reason: String
    switch expression.checked.evaluate(names) {
    case .value(.timestamp(let instant)): return instant
    case .value(let value):
      if case .timestamp(let instant)? = ColumnType.timestamp.admit(value) { return instant }
      reason = "its value is no instant"
    case .failure(let failure): reason = "\(failure)"
    }
    remarks.append("the runbook's 'at' cannot be found, so windows count from the run's start: \(reason)")
    return now
  }

  private static func value(of field: AlertIntake.Field, _ names: IntakeNames) -> FieldValue {
    switch field.expression.checked.evaluate(names) {
    case .value(.null): return .missing("the alert's value for '\(field.id)' is null")
    case .value(let value):
      guard let admitted = field.type.admit(value) else {
        return .missing("the alert's value for '\(field.id)' is no \(field.type)")
      }
      return .value(admitted)
    case .failure(let failure): return .missing("the alert gives no '\(field.id)': \(failure)")
    }
  }
}

/// The names that the expressions of an alert's intake may use.
private struct IntakeNames: Bindings {
  let alert: Value
  var at: Timestamp
  let now: Timestamp
  let lists: [NamedList]

  func value(of name: String) -> Evaluation {
    switch name {
    case "alert": .value(alert)
    case "at": .value(.timestamp(at))
    case "now": .value(.timestamp(now))
    default:
      lists.first { $0.id == name }.map { .value($0.value) }
        ?? .failure(EvaluationFailure(.unknown, "'\(name)' is not known before the run"))
    }
  }
}
