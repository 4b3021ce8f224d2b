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
      for member in asked.members {
        let member = Member(kind: kind, place: member)
        _ = ask(place, of: member, in: EvaluationScope(self, about: member))
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
    tellAnswers(place, asked)
    return asked
  }

  private func answerForUnlisted(_ place: Int, because reason: String) {
    let question = plan.question(place)
    let kind = question.each ?? ""
    facts.questions[place].unlisted = reason
    let failure = EvaluationFailure.unknown("not every \(kind) is known: \(reason)")
    facts.questions[place].answer = Given(
      answer: Answer(
        question: question.id, entity: nil, ask: Rendering.cut(question.ask.source), answer: Answer.unknown,
        finding: [], because: Rendering.sentence(failure.reason), assumed: false),
      failure: failure)
  }

  /// Signs first, then the question that they were asked for.
  private func tellAnswers(_ place: Int, _ asked: Audience) {
    tellSigns()
    let state = facts.questions[place]
    let answers = asked.members.compactMap { state.answers[$0]?.answer } + (state.answer.map { [$0.answer] } ?? [])
    if !answers.isEmpty { decide(.answered(answers)) }
  }

  /// Says what was answered to signs since it was said last.
  func tellSigns() {
    var signs: [Int: [Answer]] = [:]
    for sign in freshSigns {
      let member = sign.entity.flatMap { entity in plan.each[sign.question].map { Member(kind: $0, place: entity) } }
      if let given = given(sign.question, member) { signs[sign.question, default: []].append(given.answer) }
    }
    freshSigns = []
    for question in signs.keys.sorted() { decide(.answered(signs[question] ?? [])) }
  }

  /// Asks one question once and remembers the answer.
  func ask(_ place: Int, of member: Member?, in scope: EvaluationScope) -> Given {
    let question = plan.question(place)
    guard !facts.questions[place].isBeingAsked else {
      return given(.failed(EvaluationFailure(.error, "'\(question.id)' rests on itself")), to: question, member, scope)
    }
    facts.questions[place].isBeingAsked = true
    let found = find(question, in: scope)
    facts.questions[place].isBeingAsked = false
    let answer = given(found, to: question, member, scope)
    record(answer, to: place, of: member)
    if question.isSign { freshSigns.append((place, member?.place)) }
    return answer
  }

  private func record(_ given: Given, to place: Int, of member: Member?) {
    guard let member else {
      facts.questions[place].answer = given
      return
    }
    if facts.questions[place].answers.isEmpty {
      let count = facts.entities[member.kind].list?.count ?? 0
      facts.questions[place].answers = Array(repeating: nil, count: count)
    }
    facts.questions[place].answers[member.place] = given
  }

  // MARK: One answer

  /// What became of a question.
  enum Found {
    case label(String, because: String)
    case failed(EvaluationFailure)
  }

  private func find(_ question: Question, in scope: EvaluationScope) -> Found {
    let found: Found =
      switch (question.answer, question.weighing) {
      case (.condition(let condition)?, _): judge(condition, in: scope)
      case (.choices(let choices)?, _): choose(among: choices, in: scope)
      case (nil, let weighing?): weigh(weighing, in: scope)
      case (nil, nil): .failed(.unknown(Self.noPeopleYet))
      }
    guard case .failed(let failure) = found, question.person != nil, question.answer != nil || question.weighing != nil
    else { return found }
    return .failed(.unknown("\(failure.reason); \(Self.noPeopleYet)"))
  }

  /// Why a question to a person has no answer.
  static let noPeopleYet = "asking people is not available yet"

  private func judge(_ condition: Expression, in scope: EvaluationScope) -> Found {
    switch evaluate(condition, in: scope) {
    case .value(.bool(let holds)): .label(holds ? "yes" : "no", because: evidence(for: [condition], in: scope))
    case .value: .failed(EvaluationFailure(.error, "the answer is neither true nor false"))
    case .failure(let failure): .failed(failure)
    }
  }

  /// The first case that holds; unknown when an unknown one stands before it.
  private func choose(among choices: [(label: String, condition: Expression)], in scope: EvaluationScope) -> Found {
    for choice in choices {
      switch evaluate(choice.condition, in: scope) {
      case .value(.bool(true)): return .label(choice.label, because: evidence(for: [choice.condition], in: scope))
      case .value(.bool(false)): continue
      case .value: return .failed(EvaluationFailure(.error, "'\(choice.label)' is neither true nor false"))
      case .failure(let failure):
        return .failed(.unknown("'\(choice.label)' is unknown: \(failure.reason)"))
      }
    }
    return .label("none", because: evidence(for: choices.map(\.condition), in: scope))
  }

  private func weigh(_ weighing: Weighing, in scope: EvaluationScope) -> Found {
    let signs = weighing.signs.map { sign in
      (sign: sign, value: plan.questions[sign.question].map { _ in scope.value(of: sign.question) })
    }
    let weighed = signs.map { (name: $0.sign.question, weight: $0.sign.weight, answer: Self.signAnswer($0.value)) }
    let because = Self.evidence(of: weighed, atLeast: weighing.atLeast)
    switch SignWeighing.judge(weighed.map { ($0.weight, $0.answer) }, atLeast: weighing.atLeast) {
    case .yes: return .label("yes", because: because)
    case .no: return .label("no", because: because)
    case .unknown:
      let reason = signs.lazy.compactMap { sign -> String? in
        if case .failure(let failure)? = sign.value { failure.reason } else { nil }
      }.first
      return .failed(.unknown(reason.map { "\($0) (\(because))" } ?? because))
    }
  }

  private static func signAnswer(_ value: Evaluation?) -> SignAnswer {
    switch value {
    case .value(.bool(let holds)): holds ? .yes : .no
    default: .unknown
    }
  }

  private func given(_ found: Found, to question: Question, _ member: Member?, _ scope: EvaluationScope) -> Given {
    let label: String
    let because: String
    var failure: EvaluationFailure?
    switch found {
    case .label(let found, let reason): (label, because) = (found, reason)
    case .failed(let reason): (label, because, failure) = (Answer.unknown, "\(reason)", reason)
    }
    let leadsToVerdict = question.nextIfUnknown.contains { if case .verdict = $0 { true } else { false } }
    let entity = member.flatMap { member in facts.entities[member.kind].list.map { $0.texts[member.place] } }
    let finding = ["no", "none", Answer.unknown].contains(label) ? nil : question.finding
    return Given(
      answer: Answer(
        question: question.id, entity: entity, ask: render(question.ask, in: scope), answer: label,
        finding: finding.map { self.findings($0, in: scope) } ?? [], because: Rendering.sentence(because),
        assumed: failure != nil && question.unknownIsExplicit && leadsToVerdict),
      failure: failure)
  }
}
