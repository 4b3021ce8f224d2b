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
      about(kind) { scope in
        for member in asked.members {
          let member = Member(kind: kind, place: member)
          scope.move(to: member)
          _ = ask(place, of: member, in: scope)
        }
      }
      let arrivals = facts.questions[place].arrivals
      let unlisted = arrivals.unlisted ?? (arrivals.run ? list.map(\.unlisted) ?? "its list is not known" : nil)
      if let unlisted {
        asked.isRun = true
        answerForUnlisted(place, because: unlisted)
      }
    } else {
      asked.isRun = true
      _ = ask(place, of: nil, in: runScope)
    }
    // Signs first, then the question that they were asked for.
    tellSigns()
    tell(place)
    return asked
  }

  private func answerForUnlisted(_ place: Int, because reason: String) {
    facts.questions[place].unlisted = reason
    let kind = plan.question(place).each ?? ""
    let sheet = openSheet(place)
    note(.failed(.unknown("not every \(kind) is known: \(reason)")), to: place, of: nil, in: sheet, from: sheet.end)
  }

  // MARK: Telling

  /// Says what was answered to signs since it was said last.
  func tellSigns() {
    guard hasFreshSigns else { return }
    hasFreshSigns = false
    for place in openSheets.indices where runbook.questions[place].isSign { tell(place) }
  }

  private func tell(_ place: Int) {
    guard let sheet = openSheets[place] else { return }
    openSheets[place] = nil
    let closed = sheet.closed
    state.facts.questions[place].sheets.append(closed)
    if sheet.count > 0 { decide(.answered(closed.answers)) }
  }

  private func openSheet(_ place: Int) -> OpenSheet {
    if let open = openSheets[place] { return open }
    let sheet = OpenSheet(
      runbook.questions[place], list: plan.each[place].flatMap { facts.entities[$0].list })
    openSheets[place] = sheet
    return sheet
  }

  /// The answer to a question that has been told.
  func answer(_ place: Int, _ member: Member?) -> Answer? {
    guard let given = given(place, member), given.sheet < facts.questions[place].sheets.count else { return nil }
    return Answer(sheet: facts.questions[place].sheets[given.sheet], row: given.row)
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
  func ask(_ place: Int, of member: Member?, in scope: EvaluationScope) -> Given {
    let question = runbook.questions[place]
    guard !beingAsked[place] else {
      let failure = EvaluationFailure(.error, "'\(question.id)' rests on itself")
      return Given(code: question.unknown, failure: failure, sheet: Int.max, row: 0)
    }
    beingAsked[place] = true
    let sheet = openSheet(place)
    let start = sheet.end
    var found = findInData(question, in: scope, for: sheet)
    beingAsked[place] = false
    if question.person != nil, case .failed(let failure) = found {
      found = word(on: place, about: member, insteadOf: failure)
    }
    switch found {
    case .failed, .said: sheet.dropValues(from: start)
    case .label: break
    }
    if question.isSign { hasFreshSigns = true }
    return note(found, to: place, of: member, in: sheet, from: start, scope)
  }

  /// Keeps an answer, and the values that its texts need.
  @discardableResult
  private func note(
    _ found: Found, to place: Int, of member: Member?, in sheet: OpenSheet, from start: Int,
    _ scope: EvaluationScope? = nil
  ) -> Given {
    let question = runbook.questions[place]
    let texts = sheet.end
    let code: Int
    var failure: EvaluationFailure?
    var word: String?
    switch found {
    case .label(let found): code = found
    case .failed(let reason): (code, failure) = (question.unknown, reason)
    case .said(let said): (code, word) = (said.code, said.because)
    }
    if let scope {
      for expression in question.ask.expressions { sheet.add(evaluate(expression, in: scope)) }
      if let finding = question.finding, question.hasFinding(code) {
        for expression in finding.expressions { sheet.add(evaluate(expression, in: scope)) }
      }
    }
    let given = Given(
      code: code, failure: failure, sheet: facts.questions[place].sheets.count, row: sheet.count)
    sheet.add(
      .init(member: member?.place, code: code, evidence: start, texts: texts),
      word.map(AnswerSheet.Reason.word) ?? failure.map(AnswerSheet.Reason.failure))
    guard let member else {
      facts.questions[place].run = given
      return given
    }
    if facts.questions[place].members.isEmpty {
      let count = facts.entities[member.kind].list?.count ?? 0
      facts.questions[place].members = Array(repeating: nil, count: count)
    }
    facts.questions[place].members[member.place] = given
    return given
  }

  /// What the data tell.
  func findInData(_ question: CompiledQuestion, in scope: EvaluationScope, for sheet: OpenSheet) -> Found {
    switch question.way {
    case .condition(let condition): judge(condition, question, in: scope, for: sheet)
    case .choices(let choices): choose(among: choices, question, in: scope, for: sheet)
    case .weighing(let signs, let limit): weigh(signs, atLeast: limit, in: scope, for: sheet)
    case .nobody: .failed(.unknown("the data do not tell"))
    }
  }

  private func judge(
    _ condition: CompiledExpression, _ question: CompiledQuestion, in scope: EvaluationScope, for sheet: OpenSheet
  ) -> Found {
    switch evaluate(condition, in: scope) {
    case .value(.bool(let holds)): found(holds ? 0 : 1, question, in: scope, for: sheet)
    case .value: .failed(EvaluationFailure(.error, "the answer is neither true nor false"))
    case .failure(let failure): .failed(failure)
    }
  }

  /// The first case that holds; unknown when an unknown one stands before it.
  private func choose(
    among choices: [(code: Int, label: String, condition: CompiledExpression)], _ question: CompiledQuestion,
    in scope: EvaluationScope, for sheet: OpenSheet
  ) -> Found {
    for choice in choices {
      switch evaluate(choice.condition, in: scope) {
      case .value(.bool(true)): return found(choice.code, question, in: scope, for: sheet)
      case .value(.bool(false)): continue
      case .value: return .failed(EvaluationFailure(.error, "'\(choice.label)' is neither true nor false"))
      case .failure(let failure):
        return .failed(.unknown("'\(choice.label)' is unknown: \(failure.reason)"))
      }
    }
    return found(question.labels.count - 1, question, in: scope, for: sheet)
  }

  /// An answer with the values of its evidence.
  private func found(
    _ code: Int, _ question: CompiledQuestion, in scope: EvaluationScope, for sheet: OpenSheet
  ) -> Found {
    for source in question.evidence[code] { source.note(scope.value(ofName:), sheet.add) }
    return .label(code)
  }

  private func weigh(
    _ signs: [CompiledQuestion.Sign], atLeast limit: Int, in scope: EvaluationScope, for sheet: OpenSheet
  ) -> Found {
    var bounds = SignWeighing.Bounds()
    var reason: String?
    for sign in signs {
      let value = sign.name.map(scope.value(ofName:)) ?? .unknown("'\(sign.id)' was not asked")
      sheet.add(value)
      bounds.add(sign.weight, SignAnswer(value))
      if reason == nil, sign.name != nil, case .failure(let failure) = value { reason = failure.reason }
    }
    switch bounds.judge(atLeast: limit) {
    case .yes: return .label(0)
    case .no: return .label(1)
    case .unknown:
      let start = sheet.end - signs.count
      let because = Evidence.text(
        of: signs, signs.indices.map { SignAnswer(sheet.value(start + $0)) }, atLeast: limit)
      return .failed(.unknown(reason.map { "\($0) (\(because))" } ?? because))
    }
  }
}
