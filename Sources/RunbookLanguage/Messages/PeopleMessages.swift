import Diagnostics
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
}
