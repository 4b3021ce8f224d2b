import CEL
import Investigation
import RunbookLanguage
import Values

/// The names that mean something before a run: fields, lists and plain numbers.
struct FieldBindings: Bindings {
  let intake: Intake
  let runbook: Runbook

  func value(of name: String) -> Evaluation {
    if let field = intake.fields[name] {
      switch field {
      case .value(let value): return .value(value)
      case .missing(let reason): return .failure(EvaluationFailure(.unknown, reason))
      }
    }
    if let list = runbook.lists.first(where: { $0.id == name }) { return .value(list.value) }
    if case .number(let number)? = runbook.threshold(name)?.rule { return .value(number) }
    return .failure(EvaluationFailure(.unknown, "'\(name)' is known only in a run"))
  }
}
