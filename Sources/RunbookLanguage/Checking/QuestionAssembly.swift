import CEL
import Diagnostics
import Values

/// Questions, each by itself; how they lead to one another is looked at in `FlowChecker`.
extension RunbookAssembler {
  func assembleQuestions(verdicts: [Verdict]) -> [Question] {
    let clean = Set(verdicts.filter(\.isClean).map(\.id))
    return draft.questions.map { assembleQuestion($0, cleanVerdicts: clean) }
  }

  private func assembleQuestion(_ question: DraftQuestion, cleanVerdicts: Set<String>) -> Question {
    let id = question.id.value
    if let each = question.each {
      scope.note(mentionOf: each.value)
      if !names.isDeclared(each.value, as: .entity) { names.tellUnknown(each, "entity", .entity, to: findings) }
    }
    let view = names.view(each: question.each)
    let ask = question.ask.map { templates.template($0, in: view) } ?? TextTemplate([], source: "")
    let answer = question.answer.flatMap { assembleAnswer($0, in: view, of: question) }
    let weighing = question.weigh.map { assembleWeighing($0, of: question) }
    let person = question.person.flatMap { assemblePerson($0, of: question) }
    if question.answer != nil, question.weigh != nil { findings.add(.answerAndWeigh(id, at: question.location)) }
    if question.answer == nil, question.weigh == nil, !question.hasPerson {
      findings.add(.questionWithoutAnswer(id, at: question.location))
    }
    checkAttacks(question)
    let branches = assembleBranches(question, cleanVerdicts: cleanVerdicts)
    return Question(
      id: id, ask: ask, answer: answer, weighing: weighing, person: person, labels: question.labels,
      next: branches.next, nextIfUnknown: branches.ifUnknown, unknownIsExplicit: branches.unknownIsExplicit,
      each: question.each?.value, isOptional: question.isOptional,
      finding: question.finding.map { templates.template($0, in: view) }, why: question.why,
      shows: question.shows.map(\.value), see: question.see, location: question.location)
  }

  private func assembleAnswer(_ answer: DraftAnswer, in view: View, of question: DraftQuestion) -> Question.Answer? {
    switch answer {
    case .condition(let text):
      return text.flatMap { condition($0, "'answer' of '\(question.id.value)'", in: view) }
        .map(Question.Answer.condition)
    case .choices(let choices):
      for label in choices.map(\.label) {
        if DraftQuestion.standingLabels.contains(label.value) {
          findings.add(.standingLabel(label.value, at: label.location))
        } else if !NodeReader.isIdentifier(label.value) {
          findings.add(.badIdentifier(label.value, "a label", allowingHyphens: false, at: label.location))
        }
      }
      return .choices(
        choices.compactMap { choice in
          choice.condition.flatMap { condition($0, "the case '\(choice.label.value)'", in: view) }
            .map { (choice.label.value, $0) }
        })
    }
  }

  func condition(_ text: PlacedText, _ what: String, in view: View) -> Expression? {
    guard let expression = scope.expression(text, in: view) else { return nil }
    guard expression.type == .bool || expression.type == .dyn else {
      findings.add(
        .wrongType(
          what, expected: "true or false", found: expression.type, notes: names.notes(onNamesIn: text.text),
          at: text.location))
      return nil
    }
    return expression
  }

  // MARK: Signs

  private func assembleWeighing(
    _ weights: [(sign: Placed<String>, weight: Int?)], of question: DraftQuestion
  ) -> Weighing {
    var seen: Set<String> = []
    for (sign, _) in weights {
      scope.note(mentionOf: sign.value)
      guard seen.insert(sign.value).inserted else {
        findings.add(.namedTwice(sign.value, at: sign.location))
        continue
      }
      guard let other = names.questions[sign.value] else {
        if !names.isDeclared(sign.value, as: .question) {
          names.tellUnknown(sign, "question", .question, to: findings)
        }
        continue
      }
      let own = question.each.map { names.entities[$0.value]?.id.value ?? "" }
      if let each = other.each?.value, each != own, own != "", names.entities[each] != nil {
        findings.add(.weighsOtherEntity(sign.value, in: question.id, each: own, at: sign.location))
      }
      if other.labels != DraftQuestion.yesAndNo { findings.add(.weighsChoice(sign.value, at: sign.location)) }
    }
    let known = weights.compactMap { item in item.weight.map { (question: item.sign.value, weight: $0) } }
    let atLeast = question.atLeast ?? 1
    if known.count == weights.count { checkReach(weights.map(\.sign), known.map(\.weight), atLeast, of: question) }
    return Weighing(signs: known, atLeast: atLeast)
  }

  /// Signs that can never reach the limit, or never miss it, answer nothing; one that changes no sum that matters is
  /// asked in vain.
  private func checkReach(
    _ signs: [Placed<String>], _ weights: [Int], _ atLeast: Int, of question: DraftQuestion
  ) {
    let most = weights.filter { $0 > 0 }.reduce(0, +)
    let least = weights.filter { $0 < 0 }.reduce(0, +)
    if most < atLeast {
      findings.add(.weightsNeverReach(question.id.value, most: most, atLeast: atLeast, at: question.location))
    } else if least >= atLeast {
      findings.add(.weightsAlwaysReach(question.id.value, least: least, atLeast: atLeast, at: question.location))
    } else {
      for place in SignWorth(weights: weights, atLeast: atLeast).idle {
        let sign = signs[place]
        findings.add(.idleSign(sign.value, weight: weights[place], in: question.id.value, at: sign.location))
      }
    }
  }

  private func checkAttacks(_ question: DraftQuestion) {
    guard let known = draft.knownAttacks else { return }
    let ids = known.map(\.value)
    for attack in question.shows where !ids.contains(attack.value) {
      findings.add(.unknownName(attack.value, "attack", known: ids, at: attack.location))
    }
  }
}
