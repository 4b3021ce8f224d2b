import CEL
import RunbookLanguage
import Values

/// Asks a question of many entities in one go. What that does not tell, each is asked for by itself.
extension Turn {
  /// - Parameter scope: About the kind that the question is asked of.
  func ask(_ sheet: OpenSheet, ofAll places: [Int], _ kind: Int, in scope: EvaluationScope) {
    var left = places
    if places.count >= runbook.leastMany, sheet.question.isQuiet { left = askInOneGo(sheet, places, kind, in: scope) }
    for place in left {
      let member = Member(kind: kind, place: place)
      scope.move(to: member)
      ask(sheet, of: member, in: scope)
    }
  }

  /// What a question comes to about some entities, as an expression about them sees it; those who have not been asked
  /// are asked if it is a sign. `nil` for a question with other answers than yes and no.
  func answers(to sheet: OpenSheet, about places: [Int], in scope: EvaluationScope) -> [ColumnAnswer]? {
    guard sheet.question.isYesNo, let kind = sheet.question.kind else { return nil }
    if sheet.question.isSign, !sheet.isBeingAsked {
      let unanswered = places.filter { sheet.code(ofPlace: $0) == nil }
      if !unanswered.isEmpty { ask(sheet, ofAll: unanswered, kind, in: scope) }
    }
    return places.map { place in
      switch sheet.code(ofPlace: place) {
      case 0: .yes
      case 1: .no
      default: .open
      }
    }
  }

  /// - Returns: Those whose answer is still to be found, in order.
  private func askInOneGo(_ sheet: OpenSheet, _ places: [Int], _ kind: Int, in scope: EvaluationScope) -> [Int] {
    let question = sheet.question
    sheet.isBeingAsked = true
    let codes = codes(of: question, about: places, in: scope)
    var left: [Int] = []
    var groups: [[Int]] = Array(repeating: [], count: question.hasPrompts ? question.labels.count : 0)
    for (place, code) in zip(places, codes) {
      guard let code else {
        left.append(place)
        continue
      }
      if question.hasPrompts { groups[code].append(place) }
    }
    for (code, group) in groups.enumerated() where !group.isEmpty {
      for source in question.evidence(code) { source.prompt(about: group, kind, in: scope) }
    }
    sheet.isBeingAsked = false
    for (code, group) in groups.enumerated() where question.hasPromptingWords(code) {
      for place in group {
        scope.move(to: Member(kind: kind, place: place))
        prompt(question, code, in: scope)
      }
    }
    sheet.add(codes, about: places)
    hasFreshAnswers = true
    return left
  }

  /// The code of the answer about each; `nil` where it is still to be found.
  private func codes(of question: CompiledQuestion, about places: [Int], in scope: EvaluationScope) -> [Int?] {
    switch question.way {
    case .condition(let condition): scope.answers(condition, about: places).map { $0.chosen(0, else: 1) }
    case .choices(let choices): choose(among: choices, question, about: places, in: scope)
    case .weighing(let signs, let limit): weigh(signs, atLeast: limit, about: places, in: scope)
    case .nobody: Array(repeating: nil, count: places.count)
    }
  }

  private func choose(
    among choices: [(code: Int, label: String, condition: CompiledExpression)], _ question: CompiledQuestion,
    about places: [Int], in scope: EvaluationScope
  ) -> [Int?] {
    var codes = [Int?](repeating: nil, count: places.count)
    var open = Array(places.indices)
    for choice in choices {
      let answers = scope.answers(choice.condition, about: open.map { places[$0] })
      var rest: [Int] = []
      for (index, answer) in zip(open, answers) {
        switch answer {
        case .yes: codes[index] = choice.code
        case .no: rest.append(index)
        case .open: break
        }
      }
      open = rest
    }
    for index in open { codes[index] = question.labels.count - 1 }
    return codes
  }

  private func weigh(
    _ signs: [CompiledQuestion.Sign], atLeast limit: Int, about places: [Int], in scope: EvaluationScope
  ) -> [Int?] {
    // As in `SignWeighing.Bounds`, of which the least and the most are one where no sign is unknown.
    var sums = [Int128](repeating: 0, count: places.count)
    var isOpen = [Bool](repeating: false, count: places.count)
    for sign in signs {
      guard let answers = sign.name.flatMap({ scope.answers(ofName: $0, about: places) }) else {
        return Array(repeating: nil, count: places.count)
      }
      for index in answers.indices {
        switch answers[index] {
        case .yes: sums[index] += Int128(sign.weight)
        case .no: break
        case .open: isOpen[index] = true
        }
      }
    }
    return places.indices.map { isOpen[$0] ? nil : sums[$0] >= limit ? 0 : 1 }
  }
}

extension EvidenceSource {
  /// Finds the values of those names that ask something thereby, about each of some entities.
  func prompt(about places: [Int], _ kind: Int, in scope: EvaluationScope) {
    for (name, rest) in prompts {
      let answers = scope.answers(ofName: name, about: places)
      let known = places.indices.filter { index in
        switch answers?[index] {
        case .yes, .no: return true
        case .open, nil: break
        }
        scope.move(to: Member(kind: kind, place: places[index]))
        if case .value(.bool) = scope.value(ofName: name) { return true }
        return false
      }
      if let rest, !known.isEmpty { rest.prompt(about: known.map { places[$0] }, kind, in: scope) }
    }
  }
}

extension ColumnAnswer {
  fileprivate func chosen(_ yes: Int, else no: Int) -> Int? {
    switch self {
    case .yes: yes
    case .no: no
    case .open: nil
    }
  }
}
