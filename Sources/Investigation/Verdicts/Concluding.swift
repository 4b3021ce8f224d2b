import RunbookLanguage
import RunbookPorts
import Values

/// Ends a run: what stands of the verdicts that were reached.
extension Turn {
  func conclude() {
    let ends = Ends(self)
    announceEnds(ends)
    tellAnswers()
    let verdict = plan.runbook.verdicts[ends.run.verdict]
    let standing = Set(state.verdicts.map(\.verdict))
    var exports: [String] = []
    for verdict in plan.runbook.verdicts where standing.contains(verdict.id) {
      for export in verdict.exports where !exports.contains(export) { exports.append(export) }
    }
    state.waitingExports = exports
    state.ends = ends.byKind
    state.phase = .closing
    state.outcome = RunOutcome(
      verdict: verdict.id, severity: ends.run.severity, answers: Answers(state.sheets),
      open: plan.runbook.questions.indices.filter(state.ledger.openQuestions.contains).map { plan.question($0).id },
      entities: plan.runbook.entities.indices.compactMap(entityVerdicts), verdicts: state.verdicts)
  }

  private func entityVerdicts(_ kind: Int) -> (entity: String, verdicts: [(value: String, verdict: String)])? {
    guard let ends = state.ends[kind], let list = facts.entities[kind].list else { return nil }
    let listed = ends.listed.map { (list.texts[$0.place], plan.runbook.verdicts[$0.standing.verdict].id) }
    let others = ends.hasOverflow ? list.overflow.map { ($0.displayText, Verdict.undetermined) } : []
    return (plan.runbook.entities[kind].id, listed + others)
  }

  /// Clean verdicts and `undetermined` are announced now, where they are what somebody's way has come to.
  private func announceEnds(_ ends: Ends) {
    for place in plan.runbook.verdicts.indices {
      let run =
        ends.ofRun.first { $0.verdict == place } ?? (ends.run.verdict == place && ends.isRunAlone ? ends.run : nil)
      if let run, isLate(run), run.verdict == ends.run.verdict || run.severity > .low {
        announce(place, to: [Announced(member: nil, severity: run.severity, assumed: !isProven(run))], question: nil)
      }
      for kind in plan.runbook.entities.indices {
        let members = (ends.byKind[kind]?.listed ?? []).filter { $0.standing.verdict == place && isLate($0.standing) }
        let subjects = members.map { member in
          Announced(
            member: Member(kind: kind, place: member.place), severity: member.standing.severity,
            assumed: !isProven(member.standing))
        }
        announce(place, to: subjects, question: nil)
      }
    }
  }

  /// Whether a verdict is one that only the end shows to stand.
  private func isLate(_ standing: Standing) -> Bool {
    standing.severity <= .low || plan.runbook.verdicts[standing.verdict].id == Verdict.undetermined
  }

  private func isProven(_ standing: Standing) -> Bool {
    standing.isProven || plan.runbook.verdicts[standing.verdict].id == Verdict.undetermined
  }

  // MARK: Exports and the close

  func closeIfDone() {
    guard state.phase == .closing else { return }
    state.waitingExports = state.waitingExports.filter { !export($0) }
    guard state.waitingExports.isEmpty, state.openExports.isEmpty, state.openScripts.isEmpty,
      state.openNotices.isEmpty, let outcome = state.outcome
    else { return }
    tellAnswers()
    state.phase = .closed
    effects.append(.close(outcome))
  }
}

/// How all ways have ended.
struct Ends {
  /// The ways of one kind's entities.
  struct Kind: Sendable {
    /// Those that were asked about, in order.
    var listed: [(place: Int, standing: Standing)] = []
    /// Those beyond the limit count as well, as undetermined.
    var hasOverflow = false
  }

  /// What stands of the verdicts that the run itself reached, the first first.
  private(set) var ofRun: [Standing] = []
  private(set) var byKind: [Int: Kind] = [:]
  /// The run's verdict.
  private(set) var run: Standing
  /// Nobody has reached any verdict.
  private(set) var isRunAlone = false

  private let undetermined: Standing

  init(_ turn: Turn) {
    let plan = turn.plan
    let ledger = turn.state.ledger
    let place = plan.verdicts[Verdict.undetermined] ?? plan.runbook.verdicts.count
    undetermined = Standing(verdict: place, severity: .high, isProven: false)
    run = undetermined
    // By kind and place.
    var ofMembers = turn.facts.entities.map { state in
      [Standing?](repeating: nil, count: state.list?.count ?? 0)
    }
    /// The first of all that a question has led to.
    var ofQuestions: [Int: Standing] = [:]
    for reached in ledger.reached {
      let isOpen = ledger.open.run || (reached.member.map(ledger.open.contains) ?? false)
      let standing = standing(of: reached, isOpen: isOpen)
      ofQuestions[reached.question] = Standing.first(ofQuestions[reached.question], standing)
      if let member = reached.member {
        ofMembers[member.kind][member.place] = Standing.first(ofMembers[member.kind][member.place], standing)
      } else if !ofRun.contains(standing) {
        ofRun.append(standing)
      }
    }
    for (question, standing) in ofQuestions {
      for (kind, set) in turn.facts.questions[question].arrivals.entities where kind != plan.each[question] {
        for place in set.places {
          let member = Member(kind: kind, place: place)
          // A clean verdict on the way of an entity that has an open question of its own does not stand for it.
          let isTurned = standing.severity <= .low && ledger.open.contains(member)
          ofMembers[kind][place] = Standing.first(ofMembers[kind][place], isTurned ? undetermined : standing)
        }
      }
    }
    ofRun.sort { $0.precedes($1) }
    collectKinds(turn, ofMembers)
    let all =
      ofRun
      + byKind.values.flatMap { kind in
        kind.listed.map(\.standing) + (kind.hasOverflow ? [undetermined] : [])
      }
    isRunAlone = all.isEmpty
    run = all.reduce(nil, Standing.first) ?? undetermined
  }

  private func standing(of reached: Ledger.Reached, isOpen: Bool) -> Standing {
    if reached.verdict == undetermined.verdict || (reached.severity <= .low && isOpen) { return undetermined }
    return Standing(verdict: reached.verdict, severity: reached.severity, isProven: !reached.assumed)
  }

  private mutating func collectKinds(_ turn: Turn, _ ofMembers: [[Standing?]]) {
    for (kind, state) in turn.facts.entities.enumerated() {
      guard let list = state.list else { continue }
      var arrived = MemberSet(of: list.count)
      var found = Kind()
      for place in turn.plan.order where turn.plan.each[place] == kind {
        let arrivals = turn.facts.questions[place].arrivals
        guard !arrivals.isEmpty else { continue }
        arrived.formUnion(turn.members(at: place, in: list))
        if arrivals.run, !list.overflow.isEmpty { found.hasOverflow = true }
      }
      found.listed = arrived.places.map { place in
        (place, ofMembers[kind][place] ?? undetermined)
      }
      if !found.listed.isEmpty || found.hasOverflow { byKind[kind] = found }
    }
  }
}
