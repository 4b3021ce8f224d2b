package import Diagnostics
import Rules

// The messages of the runbook checker, one factory each. A message names the thing, then what would be right.

/// What a runbook costs, what never comes into play, and what it should show: TOC0422 to TOC0432.
extension Diagnostic {
  /// - Parameter others: Where the others of the circle hand over.
  package static func handOverLoop(
    _ ids: [String], at location: SourceLocation, then others: [SourceLocation] = []
  ) -> Diagnostic {
    Diagnostic(
      .handOverLoop, "the runbooks hand over in a circle: \(wayRound(ids))", at: location,
      notes: zip(ids.dropFirst(), others).map { .init("'\($0)' hands over here", at: $1) })
  }

  /// - Parameter declared: Where the runbook stands that is handed over to.
  package static func handOverField(
    _ field: String, to runbook: String, known: [String], declared: SourceLocation?, at location: SourceLocation
  ) -> Diagnostic {
    let near = nearestName(to: field, among: known)
    return Diagnostic(
      .handOverField,
      "the runbook '\(runbook)' has no field '\(field.prefix(60))'"
        + (known.isEmpty ? "; it takes none" : "; it takes \(quotedList(known))"),
      at: location, notes: declared.map { [.init("'\(runbook)' stands here", at: $0)] } ?? [],
      fixIts: near.map { [.init("did you mean '\($0)'?", replace: location.range, by: $0)] } ?? [])
  }

  package static func handOverLacks(
    _ fields: [AlertIntake.Field], of runbook: String, at location: SourceLocation
  ) -> Diagnostic {
    let verb = fields.count == 1 ? "is" : "are"
    return Diagnostic(
      .handOverField,
      "the runbook '\(runbook)' takes \(quotedList(fields.map(\.id))), which \(verb) not handed over", at: location,
      notes: fields.map { .init("'\($0.id)' is declared here", at: $0.place) })
  }

  package static func handOverType(
    _ field: AlertIntake.Field, of runbook: String, found: Expression
  ) -> Diagnostic {
    Diagnostic(
      .handOverField,
      "the field '\(field.id)' of the runbook '\(runbook)' is \(field.type); this expression is \(found.type)",
      at: found.location, notes: [.init("'\(field.id)' is declared here", at: field.place)])
  }

  package static func unknownRunbook(
    _ id: String, meant: String, declared: SourceLocation?, at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .handOverField, "there is no runbook '\(id.prefix(60))' here", at: location,
      notes: declared.map { [.init("'\(meant)' stands here", at: $0)] } ?? [],
      fixIts: [.init("did you mean '\(meant)'?", replace: location.range, by: meant)])
  }

  package static func handOverToRemoved(
    _ id: String, stood path: String, at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .handOverField, "the runbook '\(id.prefix(60))' is gone; it stood in '\(path)'", at: location)
  }

  static func verdictNeverReached(_ verdict: String, from questions: [String], at location: SourceLocation)
    -> Diagnostic
  {
    let verb = questions.count == 1 ? "leads" : "lead"
    return Diagnostic(
      .verdictNeverReached,
      "no run can end in '\(verdict)': only \(quotedList(questions)) \(verb) to it, and no answer leads there",
      at: location)
  }

  static func idleSign(_ sign: String, weight: Int, in id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .idleSign, "with a weight of \(weight) '\(sign)' changes no answer of '\(id)', whatever the other signs are",
      at: location)
  }

  static func noEntityArrives(_ id: String, entity: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.noEntityArrives, "'\(id)' is asked of each \(entity), and there is never one", at: location)
  }

  static func longWay(_ length: Int, limit: Int, ends id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .longWay, "'\(id)' ends a way of \(length) questions; more than \(limit) are followed by nobody", at: location)
  }

  static func moreQueriesThanAllowed(_ count: Int, limit: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .moreQueriesThanAllowed, "a run can need \(count) queries, and 'limits' allows \(limit)", at: location)
  }

  static func morePeopleThanAllowed(_ count: Int, limit: Int, at location: SourceLocation) -> Diagnostic {
    let people = count == 1 ? "a person" : "\(count) people"
    return Diagnostic(.morePeopleThanAllowed, "a run can ask \(people), and 'limits' allows \(limit)", at: location)
  }

  static func waitsTooLong(_ end: String, limit: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .waitsTooLong, "the window ends \(end) after the alert, and a run lasts \(limit) at most", at: location)
  }

  static func asksTooLong(_ within: String, limit: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .asksTooLong, "a person has \(within) to answer, and a run lasts \(limit) at most", at: location)
  }

  static func attackNotShown(_ attack: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.attackNotShown, "no question that can be asked shows the attack '\(attack)'", at: location)
  }

  static func componentUnseen(_ component: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.componentUnseen, "no source says that it sees '\(component)'", at: location)
  }
}
