import CEL
import RunbookLanguage

/// Leads those who have an answer to what follows it.
extension Turn {
  /// - Parameter asked: Those who were asked at `place`.
  func lead(from place: Int, _ asked: Audience) {
    var verdicts = VerdictsFound(question: place)
    if let kind = plan.each[place] {
      if asked.isRun, let given = facts.questions[place].run { leadUnlisted(from: place, given) }
      leadMembers(asked.members, of: kind, from: place, &verdicts)
    } else if let given = facts.questions[place].run {
      leadRun(from: place, given, &verdicts)
    }
    state.ledger.announcements += verdicts.announcements
  }

  /// Verdicts that one question has led to, those of many entities together.
  private struct VerdictsFound {
    let question: Int
    private(set) var announcements: [Ledger.Announcement] = []

    init(question: Int) { self.question = question }

    mutating func add(_ verdict: Int, _ member: Member?, assumed: Bool) {
      let subject = (place: member?.place ?? 0, assumed: assumed)
      if let known = announcements.firstIndex(where: { $0.verdict == verdict }) {
        announcements[known].subjects.append(subject)
      } else {
        announcements.append(.init(verdict: verdict, question: question, kind: member?.kind, subjects: [subject]))
      }
    }
  }

  private func leadRun(from place: Int, _ given: Given, _ verdicts: inout VerdictsFound) {
    let targets = runbook.questions[place].next[given.code]
    if given.failure != nil { noteOpen(place, nil) }
    if targets.isEmpty { noteUndetermined(place, nil) }
    let arrivals = facts.questions[place].arrivals
    for target in targets {
      switch target {
      case .question(let next):
        if plan.each[next] != nil { facts.questions[next].arrivals.run = true }
        if plan.each[next] == nil { facts.questions[next].arrivals.join(arrivals) }
        // What follows counts on the way of the entities that came along.
        facts.questions[next].arrivals.carry(arrivals.entities, to: plan.each[next])
      case .verdict(let verdict): verdicts.add(verdict, nil, assumed: given.failure != nil)
      }
    }
  }

  /// Those who could not be listed go on to questions; a verdict is for those who are known.
  private func leadUnlisted(from place: Int, _ given: Given) {
    noteOpen(place, nil)
    var goesOn = false
    for case .question(let next) in runbook.questions[place].next[given.code] {
      goesOn = true
      if plan.each[next] != nil, plan.each[next] != plan.each[place] {
        facts.questions[next].arrivals.run = true
      } else {
        let known = facts.questions[next].arrivals.unlisted
        facts.questions[next].arrivals.unlisted = known ?? facts.questions[place].unlisted
      }
    }
    if !goesOn { noteUndetermined(place, nil) }
  }

  private func leadMembers(_ members: [Int], of kind: Int, from place: Int, _ verdicts: inout VerdictsFound) {
    let question = runbook.questions[place]
    let count = facts.entities[kind].list?.count ?? 0
    let answers = facts.questions[place].members
    // Everybody's ways are collected first, by the answer's code, so that each set is touched once.
    var answered = question.next.map { _ in MemberSet(of: count) }
    for member in members {
      guard let code = answers.code(member) else { continue }
      answered[code].insert(member)
      let (subject, targets) = (Member(kind: kind, place: member), question.next[code])
      let isFailed = code == question.unknown && answers[member]?.failure != nil
      if isFailed { noteOpen(place, subject) }
      if targets.isEmpty { noteUndetermined(place, subject) }
      for case .verdict(let verdict) in targets { verdicts.add(verdict, subject, assumed: isFailed) }
    }
    var arriving: [Int: MemberSet] = [:]
    for (set, targets) in zip(answered, question.next) where !set.isEmpty {
      for case .question(let next) in targets {
        if arriving[next] == nil { arriving[next] = set } else { arriving[next]?.formUnion(set) }
      }
    }
    let arrivals = facts.questions[place].arrivals
    for (next, set) in arriving {
      if let each = plan.each[next], each != kind { facts.questions[next].arrivals.run = true }
      facts.questions[next].arrivals.add(set, of: kind)
      facts.questions[next].arrivals.carry(arrivals.entities.filter { $0.key != kind }, to: plan.each[next])
    }
  }

  private func noteOpen(_ place: Int, _ member: Member?) {
    guard !plan.question(place).isOptional else { return }
    state.ledger.openQuestions.insert(place)
    _ = state.ledger.open.insert(member, of: member.flatMap { facts.entities[$0.kind].list?.count } ?? 0)
  }

  private func noteUndetermined(_ place: Int, _ member: Member?) {
    guard let verdict = plan.verdicts[Verdict.undetermined] else { return }
    state.ledger.reached.append(
      .init(verdict: verdict, severity: .high, question: place, member: member, assumed: false))
  }
}

extension Arrivals {
  mutating func add(_ set: MemberSet, of kind: Int) {
    if entities[kind] == nil { entities[kind] = set } else { entities[kind]?.formUnion(set) }
  }

  /// Those who came to one question have gone on to this one.
  fileprivate mutating func join(_ others: Arrivals) {
    run = run || others.run
    unlisted = unlisted ?? others.unlisted
  }

  /// Entities go along to a question that is not asked of them. Of the question's own kind all are asked anyway.
  fileprivate mutating func carry(_ others: [Int: MemberSet], to each: Int?) {
    for (kind, set) in others where kind != each { add(set, of: kind) }
  }
}
