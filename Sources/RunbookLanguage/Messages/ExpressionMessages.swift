package import CEL
package import Diagnostics
import Rules
import Values

// The messages of the runbook checker, one factory each. A message names the thing, then what would be right.

/// Expressions and texts: TOC03xx.
extension Diagnostic {
  package static func expression(
    _ message: String, suggestion: String?, notes: [Note] = [], at location: SourceLocation
  ) -> Diagnostic {
    // A suggestion with an ellipsis is for reading only; the message has it.
    let meant = suggestion.flatMap { $0.contains("…") ? nil : $0 }
    let question = meant.map { "did you mean '\($0)'?" } ?? ""
    let repeated = meant != nil && message.hasSuffix("; " + question)
    return Diagnostic(
      .expression, repeated ? String(message.dropLast(question.count + 2)) : message,
      at: location, notes: notes, fixIts: meant.map { [.init(question, replace: location.range, by: $0)] } ?? [])
  }

  static func wrongType(
    _ what: String, expected: String, found: ValueType, notes: [Note] = [], at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .wrongType, "\(what) must be \(expected); this expression is \(found)", at: location, notes: notes)
  }

  static func unclosedHole(at location: SourceLocation) -> Diagnostic {
    Diagnostic(.unclosedHole, "'${' is not closed by '}'", at: location)
  }

  static func computedParameter(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .computedParameter,
      "a query's '${…}' holds a name or a path, never a computation; name '\(text.prefix(60))' under 'definitions'",
      at: location)
  }

  static func parameterType(_ path: String, found: ValueType, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .parameterType,
      "'\(path)' is \(found), which cannot be bound to a query; bind a single value or a list of them", at: location)
  }

  static func seriesInExpression(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .seriesInExpression,
      "'\(name)' is a series; an expression reads it through a threshold ('of: \(name)')", at: location)
  }

  static func outsideEntity(_ name: String, entity: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .outsideEntity,
      "'\(name)' only makes sense of one \(entity); ask this with 'each: \(entity)'", at: location)
  }

  static func notAtIntake(_ name: String, _ kind: DeclarationKind, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .notAtIntake,
      "the \(kind.rawValue) '\(name)' is not known yet where an alert is looked at; name a part of 'alert', or a list",
      at: location)
  }

  static func verdictInExpression(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .verdictInExpression,
      "'\(name)' is a verdict and has no value; name the question that leads to it", at: location)
  }

  /// A member that is written almost like one that alerts have.
  static func alertMember(_ name: String, meant: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .alertMember, "alerts of Alertmanager have no '\(name.prefix(60))'", at: location,
      fixIts: [.init("did you mean '\(meant)'?", replace: location.range, by: meant)])
  }

  static func constantAnswer(_ question: String, _ answer: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.constantCondition, "the answer to '\(question)' rests on nothing and is always \(answer)", at: location)
  }

  /// What an expression without mistakes hardly means.
  package static func hardlyMeant(_ warning: CELProblem, at location: SourceLocation) -> Diagnostic {
    let rule: Rule =
      switch warning.kind {
      case .constantCondition: .constantCondition
      case .unusedVariable: .unusedVariable
      default: .neverHolds
      }
    return Diagnostic(rule, warning.message, at: location)
  }
}
