package import RunbookLanguage
package import RunbookPorts

/// A run of a runbook as a pure state machine: events in, effects out.
///
/// It reads no clock and waits for nothing. Equal runbooks, starts and sequences of events give equal effects, so a run
/// is resumed and replayed by applying its recorded events again.
package struct Investigation: Sendable {
  package let start: RunStart
  private let compiled: CompiledRunbook
  private var state: RunState

  package init(_ runbook: CheckedRunbook, start: RunStart) {
    self.init(CompiledRunbook(runbook, thresholds: start.thresholds), start: start)
  }

  /// - Parameter runbook: Compiled with the start's thresholds.
  package init(_ runbook: CompiledRunbook, start: RunStart) {
    compiled = runbook
    self.start = start
    state = RunState(runbook.plan, start: start)
  }

  package var runbook: CheckedRunbook { compiled.checked }

  /// How the run ended; `nil` while it has not.
  package var outcome: RunOutcome? { state.phase == .closed ? state.outcome : nil }
  /// Why the run was stopped; `nil` if it was not.
  package var interruption: String? { state.interruption }

  /// Whether answers to a form still count.
  package func isAsking(_ form: String) -> Bool {
    state.facts.people.values.contains { $0.isOpen(form, at: state.facts.clock) }
  }

  /// Starts the run. Called once, before any event.
  package mutating func begin() -> [Effect] {
    if let first = compiled.plan.first { state.facts.questions[first].arrivals.run = true }
    return turn { $0.advance() }
  }

  /// Applies one event. Events that nothing waits for, and all events after the end, change nothing.
  package mutating func apply(_ event: RunEvent) -> [Effect] {
    guard state.phase != .closed, state.interruption == nil else { return [] }
    switch event {
    case .fetched(let id, let outcome):
      return turn {
        $0.receive(outcome, for: id)
        $0.advance()
      }
    case .waited(let instant):
      guard state.waits.remove(instant) != nil else { return [] }
      state.facts.clock = max(state.facts.clock, instant)
      return turn { $0.advance() }
    case .told(let answer):
      guard isAsking(answer.form) else { return [] }
      return turn {
        $0.hear(answer)
        $0.advance()
      }
    case .notified(let key, _):
      guard state.openNotices.remove(key) != nil else { return [] }
      return turn { $0.closeIfDone() }
    case .exported(let export, let outcome):
      guard state.openExports.remove(export) != nil else { return [] }
      return turn {
        if case .written(let file) = outcome { $0.runScript(of: export, on: file) }
        $0.closeIfDone()
      }
    case .scripted(let export, _):
      guard state.openScripts.remove(export) != nil else { return [] }
      return turn { $0.closeIfDone() }
    case .interrupted(let reason):
      state.interruption = reason
      return []
    }
  }

  private mutating func turn(_ work: (Turn) -> Void) -> [Effect] {
    // The turn owns the state while it lasts: a second owner would make every change a copy.
    let turn = Turn(compiled, start: start, state: state.taken())
    work(turn)
    turn.tellAnswers()
    state = turn.state
    return turn.effects
  }
}
