import CEL
import RunbookLanguage
import Values

/// Announces verdicts as soon as they are reached: decides their severity, tells people.
extension Turn {
  /// - Parameter forced: Whether what a verdict's severity and texts rest on is not waited for any more.
  /// - Returns: Whether something was announced.
  func announce(forced: Bool = false) -> Bool {
    var held: [Ledger.Announcement] = []
    var isAnnounced = false
    // They stay in the ledger meanwhile: what they need is fetched for their entities.
    for announcement in state.ledger.announcements {
      if forced || canAnnounce(plan.verdictRests[announcement.verdict]) {
        announce(announcement)
        isAnnounced = true
      } else {
        held.append(announcement)
      }
    }
    state.ledger.announcements = held
    tellAnswers()
    return isAnnounced
  }

  /// Whether everything is known that will be known before long. People are not kept waiting for a window to end: what
  /// rests on it counts as unknown.
  private func canAnnounce(_ rest: Rest) -> Bool {
    if isReady(rest) { return true }
    return rest.questions.allSatisfy { facts.questions[$0].isSettled } && rest.queries.allSatisfy(isSettledOrHeldUp)
  }

  private func isSettledOrHeldUp(_ query: Int) -> Bool {
    switch facts.queries[query] {
    case .settled, .waiting: true
    case .inFlight: false
    case .idle: plan.queryRests[query].queries.contains { facts.queries[$0].fact == nil && isSettledOrHeldUp($0) }
    }
  }

  private func announce(_ announcement: Ledger.Announcement) {
    let verdict = plan.runbook.verdicts[announcement.verdict]
    var now: [Announced] = []
    for subject in announcement.subjects {
      let member = announcement.member(subject.place)
      let severity = severity(of: announcement.verdict, for: member)
      state.ledger.reached.append(
        .init(
          verdict: announcement.verdict, severity: severity, question: announcement.question, member: member,
          assumed: subject.assumed))
      if severity > .low, verdict.id != Verdict.undetermined {
        now.append(Announced(member: member, severity: severity, assumed: subject.assumed))
      }
    }
    announce(announcement.verdict, to: now, question: announcement.question)
  }

  /// Somebody for whom a verdict is announced.
  struct Announced {
    /// `nil`: the run.
    let member: Member?
    let severity: Severity
    let assumed: Bool
  }

  /// Says that a verdict stands, and calls people: once for everybody who has reached it by one question, and for
  /// nobody twice.
  ///
  /// - Parameter subjects: The run, or entities of one kind in order.
  func announce(_ place: Int, to subjects: [Announced], question: Int?) {
    let fresh = subjects.filter { subject in
      let total = subject.member.flatMap { facts.entities[$0.kind].list?.count } ?? 0
      return state.ledger.announced[place, default: .init()].insert(subject.member, of: total)
    }
    guard !fresh.isEmpty else { return }
    for assumed in [false, true] {
      let some = fresh.filter { $0.assumed == assumed }
      guard !some.isEmpty else { continue }
      let reached = VerdictReached(
        verdict: plan.runbook.verdicts[place].id, severity: some.map(\.severity).max() ?? .high,
        entities: entities(some), question: question.map { plan.question($0).id }, assumed: assumed,
        means: means(of: place, some), advice: advice(of: place, some))
      tellAnswers()
      state.verdicts.append(reached)
      decide(.reached(reached))
    }
    notify(of: place, fresh, question: question)
  }

  func entities(_ subjects: [Announced]) -> (kind: String, values: [String])? {
    guard let kind = subjects.first?.member?.kind else { return nil }
    return (plan.runbook.entities[kind].id, subjects.compactMap { $0.member.map(text) })
  }

  func text(of member: Member) -> String { facts.entities[member.kind].list?.texts[member.place] ?? "" }

  // MARK: Severity and texts

  /// The first case that holds; one that is unknown counts as holding.
  private func severity(of place: Int, for member: Member?) -> Severity {
    switch plan.runbook.verdicts[place].severity {
    case .fixed(let severity): return severity
    case .cases(let cases):
      return inScope(of: place, for: member) { scope in
        for item in cases {
          if case .value(.bool(false)) = evaluate(item.condition, in: scope) { continue }
          return item.severity
        }
        return cases.last?.severity ?? .high
      }
    }
  }

  /// Texts of a verdict are about an entity only where no one else can reach it.
  private func inScope<Found>(of place: Int, for member: Member?, _ work: (EvaluationScope) -> Found) -> Found {
    guard let member, plan.verdictEntities[place] == member.kind else { return work(runScope) }
    return about(member.kind) { scope in
      scope.move(to: member)
      return work(scope)
    }
  }

  func means(of place: Int, _ subjects: [Announced]) -> String? {
    guard let means = plan.runbook.verdicts[place].means else { return nil }
    return texts([means], of: place, subjects).joined(separator: " ")
  }

  func advice(of place: Int, _ subjects: [Announced]) -> [String] {
    texts(plan.runbook.verdicts[place].advice, of: place, subjects)
  }

  /// The texts for all of them, each different one once.
  private func texts(_ templates: [TextTemplate], of place: Int, _ subjects: [Announced]) -> [String] {
    var found: [String] = []
    var seen: Set<ExactString> = []
    let areTheSame = templates.allSatisfy(\.expressions.isEmpty)
    for subject in areTheSame ? subjects.prefix(1) : subjects.prefix(NoticeRequest.lineLimit) {
      inScope(of: place, for: subject.member) { scope in
        for template in templates {
          let text = render(template, in: scope)
          if seen.insert(ExactString(text)).inserted { found.append(text) }
        }
      }
    }
    let rest = areTheSame ? 0 : subjects.count - NoticeRequest.lineLimit
    return rest > 0 ? found + ["… and the same for \(rest) more"] : found
  }
}

extension NoticeRequest {
  /// Most entities that a notice, or a verdict's advice, speaks of one by one.
  static let lineLimit = 50
}
