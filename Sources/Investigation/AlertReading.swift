import CEL
package import RunbookLanguage
package import Values

/// What a runbook makes of an alert, before there is a run.
package struct AlertReading: Sendable {
  package enum Relevance: Sendable, Hashable {
    /// The runbook is for this alert.
    case meant
    /// `when` is false, or the runbook is started by hand only.
    case other
    /// `when` has no value, and why.
    case unclear(String)
  }

  package let relevance: Relevance
  /// The instant that windows count from.
  package let at: Timestamp
  /// Why `at` is the alert's arrival although the runbook names something else; `nil` where it does not.
  package let atReplaced: String?
  /// By field id; one for each field of the runbook.
  package let fields: [String: FieldValue]
  /// Alerts with the same text belong to one case; `nil` where the runbook names none or the text has no value.
  package let caseKey: String?

  /// - Parameter alert: As `alert` in the runbook's expressions.
  /// - Parameter arrival: When it came in.
  package init(_ alert: Value, by runbook: Runbook, arrival: Timestamp) {
    let intake = runbook.alert
    var names = IntakeScope(alert: alert, at: arrival, now: arrival, lists: runbook.lists)
    var at = arrival
    var replaced: String?
    if let expression = intake.at {
      switch names.instant(of: expression) {
      case .success(let instant): at = instant
      case .failure(let failure): replaced = failure.reason
      }
    }
    names.at = at
    self.at = at
    atReplaced = replaced
    relevance = names.relevance(intake.when)
    fields = Dictionary(
      intake.fields.map { ($0.id, names.value(of: $0)) }, uniquingKeysWith: { first, _ in first })
    names.fields = fields
    caseKey = intake.caseKey.flatMap(names.text)
  }
}

/// Gives names their values while an alert is read.
private struct IntakeScope: Bindings {
  let alert: Value
  var at: Timestamp
  let now: Timestamp
  let lists: [NamedList]
  var fields: [String: FieldValue] = [:]

  func value(of name: String) -> Evaluation {
    switch name {
    case "alert": return .value(alert)
    case "at": return .value(.timestamp(at))
    case "now": return .value(.timestamp(now))
    default: break
    }
    switch fields[name] {
    case .value(let value): return .value(value)
    case .missing(let reason): return .unknown(reason)
    case nil: break
    }
    return lists.first { $0.id == name }.map { .value($0.value) } ?? .unknown("'\(name)' is not known yet")
  }

  func relevance(_ when: Expression?) -> AlertReading.Relevance {
    guard let when else { return .other }
    switch when.checked.evaluate(self) {
    case .value(.bool(let holds)): return holds ? .meant : .other
    case .value: return .unclear("'when' is neither true nor false")
    case .failure(let failure): return .unclear(failure.reason)
    }
  }

  /// An instant, or a text of one, as alerts hold it.
  func instant(of expression: Expression) -> Result<Timestamp, EvaluationFailure> {
    switch expression.checked.evaluate(self) {
    case .failure(let failure): return .failure(failure)
    case .value(let value):
      guard case .timestamp(let instant)? = ColumnType.timestamp.admit(value) else {
        return .failure(EvaluationFailure(.error, "'\(expression.source)' is not an instant"))
      }
      return .success(instant)
    }
  }

  func value(of field: AlertIntake.Field) -> FieldValue {
    switch field.expression.checked.evaluate(self) {
    case .failure(let failure): return .missing("'\(field.id)' has no value: \(failure.reason)")
    case .value(let value):
      guard let admitted = field.type.admit(value) else {
        return .missing("'\(field.id)' is not of type \(field.type): \(Rendering.sentence(value.displayText))")
      }
      if case .null = admitted { return .missing("'\(field.id)' has no value") }
      return .value(admitted)
    }
  }

  func text(_ template: TextTemplate) -> String? {
    var text = ""
    for segment in template.segments {
      switch segment {
      case .text(let part): text += part
      case .expression(let expression):
        guard case .value(let value) = expression.checked.evaluate(self) else { return nil }
        text += Rendering.text(of: value)
      }
    }
    return Rendering.cut(text)
  }
}
