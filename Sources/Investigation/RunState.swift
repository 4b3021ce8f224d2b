import RunbookLanguage
import RunbookPorts
import Values

/// All that an investigation remembers between two events.
struct RunState: Sendable {
  enum Phase: Sendable, Hashable {
    /// Questions are open.
    case asking
    /// All verdicts are known; notices and exports are on their way.
    case closing
    case closed
  }

  var phase = Phase.asking
  var facts: Facts
  var ledger = Ledger()
  /// Instants that are being waited for.
  var waits: Set<Timestamp> = []
  /// Keys of notices whose outcome is not known yet.
  var openNotices: Set<String> = []
  /// Exports that are being written.
  var openExports: Set<String> = []
  /// Exports whose scripts are being run.
  var openScripts: Set<String> = []
  /// Exports that wait for their query.
  var waitingExports: [String] = []
  /// All that was told so far, by question. It is no part of the facts, which sheets refer to.
  var sheets: [[AnswerSheet]]
  /// Everything that was announced, in order.
  var verdicts: [VerdictReached] = []
  /// How the ways of entities have ended, by kind.
  var ends: [Int: Ends.Kind] = [:]
  /// Known from the moment when all verdicts are.
  var outcome: RunOutcome?
  var interruption: String?

  init(_ plan: Plan, start: RunStart) {
    facts = Facts(plan, clock: start.now)
    sheets = Array(repeating: [], count: plan.runbook.questions.count)
  }

  /// A run of which nothing is known but these facts.
  init(_ facts: Facts) {
    self.facts = facts
    sheets = []
  }

  /// The state, leaving nothing behind.
  mutating func taken() -> RunState {
    let state = self
    self = RunState(Facts(nothingAt: facts.clock))
    return state
  }
}
