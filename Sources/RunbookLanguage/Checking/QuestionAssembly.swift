import CEL
import Diagnostics
import Values

/// Questions and verdicts, each by itself; how they lead to one another is looked at in `FlowChecker`.
extension RunbookAssembler {
  func assembleQuestions(verdicts: [Verdict]) -> [Question] {
    let clean = Set(verdicts.filter(\.isClean).map(\.id))
    return draft.questions.compactMap { assembleQuestion($0, cleanVerdicts: clean) }
  }

  private func assembleQuestion(_ question: DraftQuestion, cleanVerdicts: Set<String>) -> Question? {
    let id = question.id.value
    if let each = question.each {
      scope.note(mentionOf: each.value)
      let entities = draft.entities.map(\.id.value)
      guard entities.contains(each.value) else {
        findings.add(.unknownName(each.value, "entity", known: entities, at: each.location))
        return nil
      }
    }
    let entity = question.each?.value
    let ask = question.ask.map { templates.template($0, in: entity) } ?? TextTemplate([], source: "")
    let answer = question.answer.flatMap { assembleAnswer($0, of: question) }
    let weighing = question.weigh.flatMap { assembleWeighing($0, of: question) }
    let person = question.person.flatMap { assemblePerson($0, of: question) }
    if question.answer != nil, question.weigh != nil { findings.add(.answerAndWeigh(id, at: question.location)) }
    if question.answer == nil, question.weigh == nil, question.person == nil {
      findings.add(.questionWithoutAnswer(id, at: question.location))
    }
    checkAttacks(question)
    let branches = assembleBranches(question, cleanVerdicts: cleanVerdicts)
    return Question(
      id: id, ask: ask, answer: answer, weighing: weighing, person: person, labels: question.labels,
      next: branches.next, nextIfUnknown: branches.ifUnknown, unknownIsExplicit: branches.unknownIsExplicit,
      each: entity, isOptional: question.isOptional,
      finding: question.finding.map { templates.template($0, in: entity) }, why: question.why,
      location: question.location)
  }

  private func assembleAnswer(_ answer: DraftAnswer, of question: DraftQuestion) -> Question.Answer? {
    let entity = question.each?.value
    switch answer {
    case .condition(let text):
      return condition(text, "'answer' of '\(question.id.value)'", in: entity).map(Question.Answer.condition)
    case .choices(let choices):
      for choice in choices where !NodeReader.isIdentifier(choice.label.value) {
        findings.add(
          .badIdentifier(choice.label.value, "a label", allowingHyphens: false, at: choice.label.location))
      }
      return .choices(
        choices.compactMap { choice in
          condition(choice.condition, "the case '\(choice.label.value)'", in: entity).map {
            (choice.label.value, $0)
          }
        })
    }
  }

  func condition(_ text: PlacedText, _ what: String, in entity: String?) -> Expression? {
    guard let expression = scope.expression(text, in: entity) else { return nil }
    guard expression.type == .bool || expression.type == .dyn else {
      findings.add(.wrongType(what, expected: "true or false", found: expression.type, at: text.location))
      return nil
    }
    return expression
  }

  private func assembleWeighing(
    _ weights: [(sign: Placed<String>, weight: Int)], of question: DraftQuestion
  ) -> Weighing {
    let known = draft.questions.map(\.id.value)
    for (sign, _) in weights {
      guard let other = draft.questions.first(where: { $0.id.value == sign.value }) else {
        findings.add(.unknownName(sign.value, "question", known: known, at: sign.location))
        continue
      }
      scope.note(mentionOf: sign.value)
      if let each = other.each?.value, each != question.each?.value {
        findings.add(.weighsOtherEntity(sign.value, in: question.id.value, at: sign.location))
      }
      if other.labels != DraftQuestion.yesAndNo { findings.add(.weighsChoice(sign.value, at: sign.location)) }
    }
    let atLeast = question.atLeast ?? 1
    let most = weights.map(\.weight).filter { $0 > 0 }.reduce(0, +)
    if most < atLeast {
      findings.add(.weightsNeverReach(question.id.value, most: most, atLeast: atLeast, at: question.location))
    }
    return Weighing(signs: weights.map { ($0.sign.value, $0.weight) }, atLeast: atLeast)
  }

  private func assemblePerson(_ person: DraftPerson, of question: DraftQuestion) -> Person? {
    findings.add(.personNotYet(question.id.value, at: person.location))
    let queries = draft.queries.map(\.id.value)
    for query in person.show where !queries.contains(query.value) {
      findings.add(.unknownName(query.value, "query", known: queries, at: query.location))
    }
    for query in person.show { scope.note(mentionOf: query.value) }
    guard let who = person.who, let within = person.within else { return nil }
    let addressee: Person.Addressee
    if draft.contacts.contains(where: { $0.id.value == who.text }) {
      addressee = .contact(who.text)
    } else if NodeReader.isIdentifier(who.text, allowingHyphens: true) {
      findings.add(
        .unknownName(who.text, "contact", known: draft.contacts.map(\.id.value), at: who.location))
      return nil
    } else if let expression = scope.expression(who, in: question.each?.value) {
      if expression.type != .string, expression.type != .dyn {
        findings.add(.wrongType("'who'", expected: "a contact", found: expression.type, at: who.location))
      }
      addressee = .expression(expression)
    } else {
      return nil
    }
    return Person(
      who: addressee, within: within, show: person.show.map(\.value), choices: person.choices.map(\.value),
      noteRequired: person.noteRequired, file: person.file)
  }

  private func checkAttacks(_ question: DraftQuestion) {
    guard let known = draft.knownAttacks else { return }
    for attack in question.shows where !known.contains(attack.value) {
      findings.add(.unknownName(attack.value, "attack", known: known, at: attack.location))
    }
  }

  // MARK: What follows

  private struct Branches {
    var next: [String: [Target]] = [:]
    var ifUnknown: [Target] = []
    var unknownIsExplicit = false
  }

  private func assembleBranches(_ question: DraftQuestion, cleanVerdicts: Set<String>) -> Branches {
    var branches = Branches()
    guard let then = question.then else { return branches }
    let id = question.id.value
    let place = then.first?.label.location ?? question.location
    for (label, targets) in then {
      let resolved = targets.compactMap { target(named: $0, from: question) }
      checkList(targets, resolved, cleanVerdicts)
      if label.value == "unknown" {
        branches.ifUnknown = resolved
        branches.unknownIsExplicit = true
      } else if question.labels.contains(label.value) {
        branches.next[label.value] = resolved
      } else {
        findings.add(.unknownBranch(label.value, of: id, labels: question.labels, at: label.location))
      }
    }
    for label in question.labels where !then.contains(where: { $0.label.value == label }) {
      findings.add(.missingBranch(label, of: id, at: place))
    }
    if !branches.unknownIsExplicit {
      branches.ifUnknown = unknownFollows(question, branches.next, at: place)
    }
    return branches
  }

  /// An unknown goes on to the questions that follow; where two ways differ, the author must say which.
  private func unknownFollows(
    _ question: DraftQuestion, _ next: [String: [Target]], at place: SourceLocation
  ) -> [Target] {
    var ways: [[Target]] = []
    for label in question.labels {
      let questions = (next[label] ?? []).filter { if case .question = $0 { true } else { false } }
      if !questions.isEmpty, !ways.contains(where: { Set($0) == Set(questions) }) { ways.append(questions) }
    }
    if ways.count > 1 {
      let described = ways.map { way in way.map(\.id).joined(separator: ", ") }
      findings.add(.unknownMustBeSaid(question.id.value, described, at: place))
    }
    return ways.first ?? []
  }

  private func checkList(_ written: [Placed<String>], _ resolved: [Target], _ clean: Set<String>) {
    guard written.count > 1 else { return }
    for target in written where clean.contains(target.value) && resolved.contains(.verdict(target.value)) {
      findings.add(.cleanVerdictInList(target.value, at: target.location))
    }
  }

  private func target(named name: Placed<String>, from question: DraftQuestion) -> Target? {
    if let other = draft.questions.first(where: { $0.id.value == name.value }) {
      if other.then == nil { findings.add(.signAsTarget(name.value, at: name.location)) }
      if let from = question.each?.value, let to = other.each?.value, from != to {
        findings.add(
          .betweenEntities(question.id.value, name.value, entity: from, other: to, at: name.location))
      }
      return .question(name.value)
    }
    let verdicts = draft.verdicts.map(\.id.value) + BuiltInVerdict.allCases.map(\.rawValue)
    guard verdicts.contains(name.value) else {
      let known = draft.questions.filter { $0.then != nil }.map(\.id.value) + verdicts
      findings.add(.unknownName(name.value, "question or verdict", known: known, at: name.location))
      return nil
    }
    return .verdict(name.value)
  }

  // MARK: Verdicts

  /// The declared ones, then those built-in ones that are not declared.
  func assembleVerdicts() -> [Verdict] {
    let declared = draft.verdicts.compactMap(assembleVerdict)
    let missing = BuiltInVerdict.allCases.filter { builtIn in !declared.contains { $0.id == builtIn.rawValue } }
    return declared
      + missing.map { builtIn in
        Verdict(
          id: builtIn.rawValue, severity: .fixed(builtIn.severity),
          means: TextTemplate([.text(builtIn.means)], source: builtIn.means), escalation: nil, exports: [], advice: [],
          handOver: nil, isBuiltIn: true)
      }
  }

  private func assembleVerdict(_ verdict: DraftVerdict) -> Verdict? {
    let id = verdict.id.value
    let entity = entityReaching(id)
    let builtIn = BuiltInVerdict(rawValue: id)
    checkNames(verdict)
    if verdict.severity == nil, builtIn == nil {
      findings.add(.missingKey("severity", in: .verdict, at: verdict.location))
    }
    if verdict.means == nil, builtIn == nil { findings.add(.missingKey("means", in: .verdict, at: verdict.location)) }
    var severity = SeverityRule.fixed(builtIn?.severity ?? .high)
    switch verdict.severity {
    case .fixed(let given): severity = .fixed(given)
    case .cases(let cases): severity = .cases(assembleCases(cases, of: verdict, in: entity))
    case nil: break
    }
    if let builtIn, verdict.severity != nil, case .fixed(let given) = severity, given != builtIn.severity {
      findings.add(.changedBuiltIn(id, at: verdict.location))
    }
    if let handOver = verdict.handOver {
      findings.add(
        .notYet("'hand_over'", instead: "no linked run is started", at: handOver.to.location))
    }
    return Verdict(
      id: id, severity: severity, means: verdict.means.map { templates.template($0, in: entity) },
      escalation: verdict.escalation?.value, exports: verdict.exports.map(\.value),
      advice: verdict.advice.map { templates.template($0, in: entity) },
      handOver: verdict.handOver.map { handOver in
        Verdict.HandOver(
          runbook: handOver.to.value,
          fields: handOver.fields.compactMap { field in
            scope.expression(field.expression, in: entity).map { (field.id.value, $0) }
          })
      }, isBuiltIn: builtIn != nil)
  }

  private func assembleCases(
    _ cases: [(severity: Severity, condition: PlacedText)], of verdict: DraftVerdict, in entity: String?
  ) -> [(severity: Severity, condition: Expression)] {
    if let last = cases.last, last.condition.text != "true" {
      findings.add(.severityMayFail(verdict.id.value, at: last.condition.location))
    }
    return cases.compactMap { item in
      condition(item.condition, "the case '\(item.severity.rawValue)'", in: entity).map { (item.severity, $0) }
    }
  }

  /// The entity that reaches a verdict; `nil` when the run does, or several of them.
  private func entityReaching(_ verdict: String) -> String? {
    let reaching = draft.questions.filter { question in
      question.then?.contains { $0.targets.contains { $0.value == verdict } } ?? false
    }
    let entities = Set(reaching.map { $0.each?.value })
    return entities.count == 1 ? entities.first ?? nil : nil
  }

  private func checkNames(_ verdict: DraftVerdict) {
    let escalations = draft.escalations.map(\.id.value)
    if let name = verdict.escalation, !escalations.contains(name.value) {
      findings.add(.unknownName(name.value, "escalation", known: escalations, at: name.location))
    }
    let exports = draft.exports.map(\.id.value)
    for name in verdict.exports where !exports.contains(name.value) {
      findings.add(.unknownName(name.value, "export", known: exports, at: name.location))
    }
  }
}

extension Target {
  /// The question's or verdict's id.
  package var id: String {
    switch self {
    case .question(let id), .verdict(let id): id
    }
  }
}
