import CEL
import RunbookLanguage
import Values

/// One turn of an investigation: everything that follows from one event, until something must be waited for.
///
/// It holds the run's state while it lasts. What belongs to the turn's parts stands in extensions of it: `Fetching`,
/// `Asking`, `Leading`, `Announcing`, `Concluding`.
final class Turn {
  let runbook: CompiledRunbook
  let start: RunStart
  var state: RunState
  var effects: [Effect] = []
  /// Queries that are being prepared just now: one that comes up again rests on itself.
  var preparing: Set<Int> = []
  /// The runbook's window is being found just now.
  var isFindingRunbookWindow = false
  /// Answers, by their question; `nil` for questions that the turn has not looked at.
  private var sheets: [OpenSheet?]
  var hasFreshAnswers = false
  private var knownRunScope: EvaluationScope?
  /// What is known of tables that questions are asked of.
  let columnMemory = ColumnMemory()
  /// All scopes that are used for more than one thing.
  private var scopes: [EvaluationScope] = []
  /// Scopes that nobody uses just now, by the kind they are about.
  private var idleScopes: [Int: [EvaluationScope]] = [:]

  init(_ runbook: CompiledRunbook, start: RunStart, state: RunState) {
    self.runbook = runbook
    self.start = start
    self.state = state
    sheets = Array(repeating: nil, count: runbook.questions.count)
  }

  // What is read of it is read where it lies: as a whole it is too large to be handed about.
  var plan: Plan {
    _read { yield runbook.plan }
  }

  var facts: Facts {
    _read { yield state.facts }
    _modify { yield &state.facts }
  }

  /// The scope of expressions about the run.
  var runScope: EvaluationScope {
    if let known = knownRunScope { return known }
    let scope = EvaluationScope(self)
    knownRunScope = scope
    scopes.append(scope)
    return scope
  }

  /// What scopes remember holds until a new fact comes in.
  ///
  /// - Parameter isData: Whether it is more than answers to questions.
  func forgetDerivedValues(isData: Bool) {
    for scope in scopes { scope.forget(isData: isData) }
  }

  /// The answers to a question, told or not.
  func sheet(of place: Int) -> OpenSheet {
    if let known = sheets[place] { return known }
    let list = plan.each[place].flatMap { facts.entities[$0].list }
    let sheet = OpenSheet(runbook.questions[place], at: place, facts.questions[place], of: list?.count ?? 0)
    sheets[place] = sheet
    return sheet
  }

  /// Lets go of sheets that were made before a list of entities was known, and have no room for it.
  func forgetSheets(of kind: Int) {
    for place in sheets.indices where plan.each[place] == kind { sheets[place] = nil }
    forgetDerivedValues(isData: true)
  }

  /// Sheets with answers that have not been told, by the questions' places.
  var freshSheets: [OpenSheet] { sheets.compactMap { $0?.hasFresh == true ? $0 : nil } }

  /// Gives work a scope that it can move from one entity of a kind to the next.
  func about<Found>(_ kind: Int, _ work: (EvaluationScope) -> Found) -> Found {
    let scope: EvaluationScope
    if let idle = idleScopes[kind]?.popLast() {
      scope = idle
    } else {
      scope = EvaluationScope(self, about: Member(kind: kind, place: 0))
      scopes.append(scope)
    }
    defer { idleScopes[kind, default: []].append(scope) }
    return work(scope)
  }

  func decide(_ decision: Decision) { effects.append(.decided(decision)) }

  /// Goes on as far as the facts allow.
  func advance() {
    guard state.phase == .asking else { return closeIfDone() }
    while true {
      var hasMoved = false
      for place in plan.order where !facts.questions[place].isSettled && takeUp(place) { hasMoved = true }
      if announce() { hasMoved = true }
      if !hasMoved {
        if isWaiting { return tellAnswers() }
        // Nothing will come any more: what has been held back for the sake of a later answer is said without it.
        guard announce(forced: true) || forceNext() else { break }
      }
    }
    conclude()
    closeIfDone()
  }

  /// Whether an event is to come that can bring new facts.
  var isWaiting: Bool {
    // What was put off for the sake of a verdict's texts is given up when nobody else needs it.
    let isNeeded = !state.ledger.announcements.isEmpty || plan.order.contains { !facts.questions[$0].isSettled }
    if isNeeded, facts.people.values.contains(where: { $0.isOpen(at: facts.clock) }) { return true }
    return facts.queries.contains { query in
      switch query {
      case .waiting(let instant, _): isNeeded && instant > facts.clock
      case .inFlight: true
      case .idle, .settled: false
      }
    }
  }

  /// Takes up a question if all is there that it needs.
  ///
  /// - Returns: Whether it was settled.
  private func takeUp(_ place: Int) -> Bool {
    guard plan.predecessors[place].allSatisfy({ facts.questions[$0].isSettled }) else { return false }
    guard !facts.questions[place].arrivals.isEmpty else {
      facts.questions[place].isSettled = true
      return true
    }
    guard isReady(plan.questionRests[place]) else { return false }
    settle(place)
    return true
  }

  /// Answers the first question that somebody has come to, whatever is missing for it. A checked runbook has no circle
  /// in which this could be needed; should there be one, the run must still end.
  private func forceNext() -> Bool {
    guard let place = plan.order.first(where: { !facts.questions[$0].isSettled }) else { return false }
    if facts.questions[place].arrivals.isEmpty {
      facts.questions[place].isSettled = true
    } else {
      settle(place)
    }
    return true
  }

  private func settle(_ place: Int) {
    facts.questions[place].isSettled = true
    let answered = askAll(place)
    forgetDerivedValues(isData: false)
    lead(from: place, answered)
  }
}
