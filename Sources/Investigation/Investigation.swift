package import RunbookLanguage
package import RunbookPorts

/// A run of a runbook as a pure state machine: events in, effects out.
///
/// It reads no clock and waits for nothing. Equal runbooks, starts and sequences of events give equal effects, so a run
/// is resumed and replayed by applying its recorded events again.
package struct Investigation: Sendable {
  package let runbook: CheckedRunbook
  package let start: RunStart
  /// How the run ended; `nil` while it has not.
  package private(set) var outcome: RunOutcome?
  /// Why the run was stopped; `nil` if it was not.
  package private(set) var interruption: String?

  package init(_ runbook: CheckedRunbook, start: RunStart) {
    self.runbook = runbook
    self.start = start
  }

  /// Starts the run. Called once, before any event.
  package mutating func begin() -> [Effect] { [] }

  /// Applies one event. Events that nothing waits for, and all events after the end, change nothing.
  package mutating func apply(_ event: RunEvent) -> [Effect] { [] }
}
