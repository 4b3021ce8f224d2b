import CEL
import RunbookLanguage
import RunbookPorts
import Values

/// Asks people where the data do not tell.
extension Turn {
  /// Whether nothing is expected of people any more. Whoever has not been asked is asked.
  ///
  /// - Parameter questions: Those that weigh others stand behind them.
  func haveAnswered(_ questions: [Int]) -> Bool {
    var isDone = true
    for place in questions {
      // What a question comes to by its signs is known when people have answered those.
      guard isDone || plan.questionRests[place].people.count == 1 else { continue }
      if !hasAnswers(place) { isDone = false }
    }
    return isDone
  }

  private func hasAnswers(_ place: Int) -> Bool {
    guard !facts.questions[place].isSettled else { return true }
    let fresh = undecided(place)
    if !fresh.isEmpty { askPeople(place, about: fresh) }
    return facts.people[place].map { !$0.isOpen(at: facts.clock) } ?? true
  }

  /// Takes in what somebody answered. What was not asked, or cannot be an answer, counts for nothing.
  func hear(_ answer: PersonAnswer) {
    guard let place = facts.people.keys.sorted().first(where: { facts.people[$0]?.form(answer.form) != nil }),
      let form = facts.people[place]?.form(answer.form)
    else { return }
    let list = plan.each[place].flatMap { facts.entities[$0].list }
    for row in answer.rows {
      let subject = form.subjects.first { subject in
        guard let subject, let list else { return row.entity == nil && subject == nil }
        return row.entity.map { $0.utf8.elementsEqual(list.texts[subject].utf8) } ?? false
      }
      guard let subject, let code = runbook.questions[place].code(of: row.answer) else { continue }
      let note = answer.note.map { ": \($0)" } ?? ""
      let word = PeopleAsked.Word(code: code, because: "\(answer.by) answered \(row.answer)\(note)")
      facts.people[place]?.hear(word, about: subject)
    }
    forgetDerivedValues(isData: false)
  }

  /// What people said where the data gave no answer.
  func word(on place: Int, about member: Member?, insteadOf failure: EvaluationFailure) -> Found {
    let people = facts.people[place]
    if let word = people?.words[member?.place] { return .said(word) }
    let lack = people?.lack(about: member?.place) ?? "nobody was asked"
    if case .nobody = runbook.questions[place].way { return .failed(.unknown(lack)) }
    return .failed(.unknown("\(failure.reason); \(lack)"))
  }

  // MARK: Whom about

  /// Those at a question whom the data do not tell about, and nobody was asked about yet.
  private func undecided(_ place: Int) -> [Int?] {
    let people = facts.people[place] ?? PeopleAsked()
    guard let kind = plan.each[place] else {
      return people.isNew(nil) && !isDecided(place, in: runScope) ? [nil] : []
    }
    guard let list = facts.entities[kind].list else { return [] }
    var undecided: [Int?] = []
    about(kind) { scope in
      for member in audience(of: place, kind, list).places where people.isNew(member) {
        scope.move(to: Member(kind: kind, place: member))
        if !isDecided(place, in: scope) { undecided.append(member) }
      }
    }
    return undecided
  }

  /// Those who have come to a question; of a sign, those who have come to a question that rests on it.
  private func audience(of place: Int, _ kind: Int, _ list: EntityList) -> MemberSet {
    guard runbook.questions[place].isSign else { return members(at: place, in: list) }
    var audience = MemberSet(of: list.count)
    for asker in plan.order
    where !facts.questions[asker].isSettled && plan.questionRests[asker].people.contains(place) {
      guard !facts.questions[asker].arrivals.isEmpty else { continue }
      guard plan.each[asker] == kind else { return .all(of: list.count) }
      audience.formUnion(members(at: asker, in: list))
    }
    return audience
  }

  /// Whether the data tell, tried without keeping the answer.
  private func isDecided(_ place: Int, in scope: EvaluationScope) -> Bool {
    if case .failed = findInData(runbook.questions[place], in: scope) { return false }
    return true
  }

  // MARK: The forms

  private func askPeople(_ place: Int, about subjects: [Int?]) {
    guard let person = runbook.questions[place].person else { return }
    guard start.waits else {
      return excuse(subjects, at: place, "nobody is asked, because the run waits for nothing")
    }
    guard let until = deadline(person.person) else {
      return excuse(subjects, at: place, "nobody is asked: \(person.person.within.shorthand) is out of range")
    }
    guard until > facts.clock else {
      return excuse(subjects, at: place, "nobody is asked: the run's time is over (limits.time)")
    }
    var contacts: [String] = []
    var forms: [String: [Int?]] = [:]
    for subject in subjects {
      switch addressee(person.who, about: subject, at: place) {
      case .failure(let failure): excuse([subject], at: place, "whom to ask is unknown: \(failure.reason)")
      case .success(let contact):
        if forms[contact] == nil { contacts.append(contact) }
        forms[contact, default: []].append(subject)
      }
    }
    for contact in contacts { send(person, at: place, to: contact, about: forms[contact] ?? [], until: until) }
  }

  /// No person is waited for beyond the run's time.
  private func deadline(_ person: Person) -> Timestamp? {
    guard let until = facts.clock.adding(person.within) else { return nil }
    return start.now.adding(plan.runbook.limits.time).map { min($0, until) } ?? until
  }

  private func excuse(_ subjects: [Int?], at place: Int, _ reason: String) {
    for subject in subjects { facts.people[place, default: PeopleAsked()].excuse(subject, because: reason) }
  }

  private func addressee(
    _ who: CompiledQuestion.CompiledPerson.Addressee, about subject: Int?, at place: Int
  ) -> Result<String, EvaluationFailure> {
    let found: Evaluation
    switch who {
    case .contact(let contact): return .success(contact)
    case .expression(let expression): found = inScope(of: subject, at: place) { $0.evaluate(expression) }
    }
    switch found {
    case .failure(let failure): return .failure(failure)
    case .value(.string(let contact)) where plan.runbook.contact(contact) != nil: return .success(contact)
    case .value(let value): return .failure(.unknown("'\(value.displayText)' is no contact"))
    }
  }

  private func inScope<Found>(of subject: Int?, at place: Int, _ work: (EvaluationScope) -> Found) -> Found {
    guard let subject, let kind = plan.each[place] else { return work(runScope) }
    return about(kind) { scope in
      scope.move(to: Member(kind: kind, place: subject))
      return work(scope)
    }
  }

  private func send(
    _ person: CompiledQuestion.CompiledPerson, at place: Int, to contact: String, about subjects: [Int?],
    until: Timestamp
  ) {
    let asked = facts.people.values.reduce(0) { $0 + $1.sent.count }
    guard asked < plan.runbook.limits.people else {
      return excuse(
        subjects, at: place, "the run has asked as often as it may, \(plan.runbook.limits.people) times (limits.people)"
      )
    }
    guard subjects.count <= AnswerForm.rowLimit else {
      return excuse(subjects, at: place, "nobody is asked about \(subjects.count), more than \(AnswerForm.rowLimit)")
    }
    let question = runbook.questions[place]
    let number = facts.people[place]?.sent.count ?? 0
    let form = AnswerForm(
      key: "\(start.run)/\(question.id)/\(contact)/\(number + 1)", question: question.id, contact: contact,
      rows: subjects.map { row(place, about: $0) }, choices: choices(of: question, person.person),
      needsNote: person.person.noteRequired, file: person.person.file,
      lines: shown(person.shown, about: subjects, at: place),
      until: until)
    facts.people[place, default: PeopleAsked()].note(
      .init(key: form.key, contact: contact, until: until, subjects: subjects))
    effects.append(.ask(form))
    tell(form)
    if state.waits.insert(until).inserted { effects.append(.wait(until: until)) }
  }

  private func row(_ place: Int, about subject: Int?) -> AnswerForm.Row {
    let ask = inScope(of: subject, at: place) { scope in
      Rendering.text(plan.question(place).ask) { number in
        evaluate(plan.question(place).ask.expressions[number], in: scope)
      }
    }
    return AnswerForm.Row(
      entity: subject.flatMap { subject in plan.each[place].flatMap { facts.entities[$0].list?.texts[subject] } },
      ask: ask)
  }

  private func choices(of question: CompiledQuestion, _ person: Person) -> [String] {
    person.choices.isEmpty ? question.labels : person.choices
  }

  /// Calls the contact: the form alone is only a place for the answer.
  private func tell(_ form: AnswerForm) {
    let title = form.rows.count == 1 ? form.rows[0].ask : "\(plan.runbook.title): \(form.rows.count) questions"
    let request = NoticeRequest(
      idempotencyKey: form.key, contact: form.contact,
      occasion: .question(form.question, answers: form.choices, until: form.until),
      entities: form.rows.compactMap(\.entity), subject: Rendering.cut("[question] \(title)"),
      lines: form.rows.prefix(NoticeRequest.lineLimit).map(\.ask) + form.lines
        + ["Answer until \(form.until.shortDescription): tocsin answer \(start.run) \(form.question) …"],
      advice: [])
    state.openNotices.insert(request.idempotencyKey)
    effects.append(.notify(request))
  }

  // MARK: What is shown

  private func shown(_ queries: [Int], about subjects: [Int?], at place: Int) -> [String] {
    var lines: [String] = []
    for query in queries {
      let id = plan.query(query).id
      for subject in subjects.prefix(NoticeRequest.lineLimit) where lines.count < AnswerForm.lineLimit {
        let known = inScope(of: subject, at: place) { scope in
          runbook.nameNumbers[id].map(scope.value(ofName:)) ?? .unknown("it stands for nothing")
        }
        lines += Self.lines(of: id, known).prefix(AnswerForm.lineLimit - lines.count)
      }
    }
    return lines
  }

  private static func lines(of query: String, _ known: Evaluation) -> [String] {
    switch known {
    case .failure(let failure): ["\(query): unknown, \(failure.reason)"]
    case .value(.partial(let partial)):
      lines(of: query, .value(partial.known)) + ["\(query) is incomplete: \(partial.reason)"]
    case .value(.table(let table)):
      table.count == 0 ? ["\(query): no rows"] : (0..<table.count).map { "\(query): \(words(of: table.row($0)))" }
    case .value(.row(let row)): ["\(query): \(words(of: row))"]
    case .value(let value): ["\(query): \(Rendering.text(of: value))"]
    }
  }

  private static func words(of row: TableRow) -> String {
    let cells = row.table.columns.enumerated().map { "\($1.name) \(row[$0].displayText)" }
    return Rendering.cut(cells.joined(separator: ", "))
  }
}

extension AnswerForm {
  /// Most rows of one form: nobody answers more by hand.
  static let rowLimit = 100
  /// Most lines that help to answer.
  static let lineLimit = 50
}
