package import Diagnostics
import Rules

// The messages of the runbook checker, one factory each. A message names the thing, then what would be right.

/// People and what leaves the machine: TOC06xx.
extension Diagnostic {
  static func contactWithoutAddress(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .noAddress, "the contact '\(id)' has no address, such as 'email'", at: location)
  }

  static func emptyEscalation(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.emptyEscalation, "the escalation '\(id)' notifies nobody", at: location)
  }

  static func unknownFormat(_ format: String, known: [String], at location: SourceLocation) -> Diagnostic {
    .notOneOf(format, "'format'", known, at: location)
  }

  static func exportOfSeries(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .exportOfSeries, "'\(name)' is a series; exports are tables of rows", at: location)
  }

  static func notAContact(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .notAContact,
      "'who' must be a contact, or a column of type 'contact' in a list, such as 'people[user].manager'", at: location)
  }

  static func successorMissing(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .noSuccessor, "a runbook with 'status: deprecated' names its 'successor'",
      at: location)
  }

  static func stableNeeds(_ what: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.stableNeeds, "a runbook with 'status: stable' needs \(what)", at: location)
  }

  static func severeWithoutEscalation(_ verdict: String, _ severity: String, at location: SourceLocation) -> Diagnostic
  {
    Diagnostic(
      .severeWithoutEscalation, "'\(verdict)' is of severity \(severity) and calls nobody; add 'escalate'", at: location
    )
  }

  static func builtInCallsNobody(_ verdict: String, _ severity: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .severeWithoutEscalation,
      "'\(verdict)' is of severity \(severity) and calls nobody; write it under 'verdicts' with 'escalate'",
      at: location)
  }

  static func unusualChannel(
    _ channel: String, of contact: String, meant: String, at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .badAddress, "the contact '\(contact)' has a channel '\(channel.prefix(40))'; did you mean '\(meant)'?",
      at: location)
  }

  static func neverAPerson(_ escalation: String, channels: [String], at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .neverAPerson,
      "the last step of '\(escalation)' reaches \(quotedList(channels)) and no person; end it with somebody who "
        + "answers", at: location)
  }

  static func deadlineMissing(_ escalation: String, step: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .deadlineMissing,
      "step \(step) of '\(escalation)' has no 'acknowledge_within', so the one behind it never begins", at: location)
  }

  package static func reviewPassed(_ day: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.reviewPassed, "somebody was to look at this runbook by \(day), which has passed", at: location)
  }

  package static func listReviewPassed(
    _ list: String, every: String, changed day: String, at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .listReviewPassed,
      "the list '\(list)' is to be looked at every \(every), and its file was last changed on \(day)", at: location)
  }

  static func badAddress(_ contact: String, channel: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .badAddress, "the contact '\(contact)' has an address for '\(channel)' that cannot be one", at: location)
  }
}
