import CEL
import RunbookLanguage
import Values

/// Asks questions: finds their answers in the facts.
extension Turn {
  /// Whom a question was asked of.
  struct Audience {
    /// About the run, or in place of those that could not be listed.
    var isRun = false
    /// In order.
    var members: [Int] = []
  }

  /// Asks a question of everybody who has come to it, and says what was answered.
  func askAll(_ place: Int) -> Audience {
    var asked = Audience()
    if let kind = plan.each[place] {
      let list = facts.entities[kind].list
      asked.members = list.map { members(at: place, in: $0).places } ?? []
      let sheet = sheet(of: place)
      about(kind) { ask(sheet, ofAll: asked.members, kind, in: $0) }
      let arrivals = facts.questions[place].arrivals
      let unlisted = arrivals.unlisted ?? (arrivals.run ? list.map(\.unlisted) ?? "its list is not known" : nil)
      if let unlisted {
        asked.isRun = true
        answerForUnlisted(place, because: unlisted)
      }
    } else {
      asked.isRun = true
      ask(sheet(of: place), of: nil, in: runScope)
    }
    tellAnswers()
    return asked
  }

  private func answerForUnlisted(_ place: Int, because reason: String) {
    facts.questions[place].unlisted = reason
    let kind = plan.question(place).each ?? ""
    let failure = EvaluationFailure.unknown("not every \(kind) is known: \(reason)")
    sheet(of: place).add(Given(code: runbook.questions[place].unknown, reason: .failure(failure)), about: nil)
    hasFreshAnswers = true
  }

  // MARK: Telling

  /// Says what has been answered since it was said last: signs first, then the question that they were asked for.
  func tellAnswers() {
    guard hasFreshAnswers else { return }
    hasFreshAnswers = false
    let sheets = freshSheets
    for sheet in sheets {
      facts.questions[sheet.place].members = sheet.members
      facts.questions[sheet.place].run = sheet.run
    }
    var recollection: Recollection?
    for sheet in sheets.filter(\.question.isSign) + sheets.filter({ !$0.question.isSign }) {
      let (members, hasRun) = sheet.takeFresh()
      let list = plan.each[sheet.place].flatMap { facts.entities[$0].list }
      let source: AnswerSheet.Source
      if members.count < AnswerSheet.fewAnswers {
        source = .told(toldAnswers(sheet, members, hasRun: hasRun, isListed: list != nil))
      } else {
        let known = recollection ?? Recollection(runbook, start: start, facts: facts)
        recollection = known
        source = .recalled(known)
      }
      let told = AnswerSheet(
        sheet.question, at: sheet.place, list: list, members: members, hasRun: hasRun, source)
      state.sheets[sheet.place].append(told)
      decide(.answered(Answers(told)))
    }
  }

  /// Answers with their texts: about entities, and the one about the run last.
  private func toldAnswers(_ sheet: OpenSheet, _ members: [Int32], hasRun: Bool, isListed: Bool) -> [ToldAnswer] {
    let question = sheet.question
    var told: [ToldAnswer] = []
    told.reserveCapacity(members.count + 1)
    if let kind = question.kind, !members.isEmpty {
      about(kind) { scope in
        for place in members {
          let member = Member(kind: kind, place: Int(place))
          scope.move(to: member)
          let given = sheet.given(member) ?? Given(code: question.unknown, reason: nil)
          told.append(ToldAnswer(given, to: question, isUnlisted: false, in: scope))
        }
      }
    }
    if hasRun, let given = sheet.given(nil) {
      told.append(ToldAnswer(given, to: question, isUnlisted: isListed, in: runScope))
    }
    return told
  }

  /// The answer to a question that has been told.
  func answer(_ place: Int, _ member: Member?) -> Answer? {
    for sheet in state.sheets[place].reversed() {
      if let row = sheet.row(of: member?.place) { return Answer(sheet: sheet, row: row) }
    }
    return nil
  }

  // MARK: One answer

  /// What became of a question.
  enum Found {
    /// By its code.
    case label(Int)
    case failed(EvaluationFailure)
    /// By somebody who was asked.
    case said(PeopleAsked.Word)
  }

  /// Asks one question once and remembers the answer.
  func ask(_ sheet: OpenSheet, of member: Member?, in scope: EvaluationScope) {
    let question = sheet.question
    sheet.isBeingAsked = true
    var found = findInData(question, in: scope)
    sheet.isBeingAsked = false
    if question.person != nil, case .failed(let failure) = found {
      found = word(on: sheet.place, about: member, insteadOf: failure)
    }
    let given =
      switch found {
      case .label(let code): Given(code: code, reason: nil)
      case .failed(let failure): Given(code: question.unknown, reason: .failure(failure))
      case .said(let word): Given(code: word.code, reason: .word(word.because))
      }
    if question.hasPrompts { prompt(question, given.code, in: scope) }
    sheet.add(given, about: member)
    hasFreshAnswers = true
  }

  /// Asks and judges what texts about an answer will need. They are made of what is known now, so all of it must be.
  func prompt(_ question: CompiledQuestion, _ code: Int, in scope: EvaluationScope) {
    for expression in question.ask.prompts { _ = scope.evaluate(expression) }
    guard let finding = question.finding, question.hasFinding(code) else { return }
    for expression in finding.prompts { _ = scope.evaluate(expression) }
  }

  /// What the data tell.
  func findInData(_ question: CompiledQuestion, in scope: EvaluationScope) -> Found {
    switch question.way {
    case .condition(let condition): judge(condition, question, in: scope)
    case .choices(let choices): choose(among: choices, question, in: scope)
    case .weighing(let signs, let limit): weigh(signs, atLeast: limit, in: scope)
    case .nobody: .failed(.unknown("the data do not tell"))
    }
  }

  private func judge(
    _ condition: CompiledExpression, _ question: CompiledQuestion, in scope: EvaluationScope
  ) -> Found {
    switch scope.evaluate(condition) {
    case .value(.bool(let holds)): found(holds ? 0 : 1, question, in: scope)
    case .value: .failed(EvaluationFailure(.error, "the answer is neither true nor false"))
    case .failure(let failure): .failed(failure)
    }
  }

  /// The first case that holds; unknown when an unknown one stands before it.
  private func choose(
    among choices: [(code: Int, label: String, condition: CompiledExpression)], _ question: CompiledQuestion,
    in scope: EvaluationScope
  ) -> Found {
    for choice in choices {
      switch scope.evaluate(choice.condition) {
      case .value(.bool(true)): return found(choice.code, question, in: scope)
      case .value(.bool(false)): continue
      case .value: return .failed(EvaluationFailure(.error, "'\(choice.label)' is neither true nor false"))
      case .failure(let failure):
        return .failed(.unknown("'\(choice.label)' is unknown: \(failure.reason)"))
      }
    }
    return found(question.labels.count - 1, question, in: scope)
  }

  /// An answer, after what its evidence needs.
  private func found(_ code: Int, _ question: CompiledQuestion, in scope: EvaluationScope) -> Found {
    guard question.hasPrompts else { return .label(code) }
    for source in question.evidence[code] { source.prompt(scope.value(ofName:)) }
    return .label(code)
  }

  private func weigh(_ signs: [CompiledQuestion.Sign], atLeast limit: Int, in scope: EvaluationScope) -> Found {
    var bounds = SignWeighing.Bounds()
    for sign in signs { bounds.add(sign.weight, scope.answer(to: sign)) }
    switch bounds.judge(atLeast: limit) {
    case .yes: return .label(0)
    case .no: return .label(1)
    case .unknown:
      let because = Evidence.text(of: signs, signs.map(scope.answer(to:)), atLeast: limit)
      let reason = signs.lazy.compactMap(\.name).compactMap { name -> String? in
        if case .failure(let failure) = scope.value(ofName: name) { failure.reason } else { nil }
      }.first
      return .failed(.unknown(reason.map { "\($0) (\(because))" } ?? because))
    }
  }
}

extension EvaluationScope {
  func answer(to sign: CompiledQuestion.Sign) -> SignAnswer {
    guard let name = sign.name else { return .unknown }
    return SignAnswer(value(ofName: name))
  }

  /// The values of a text's expressions, by their number in it.
  func values(of template: CompiledTemplate) -> (Int) -> Evaluation {
    { [self] number in
      switch template.parts[number] {
      case .expression(let expression): evaluate(expression)
      case .entity: member.map(turn.value(of:)) ?? .unknown("nobody")
      }
    }
  }
}
