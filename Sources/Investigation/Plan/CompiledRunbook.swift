import CEL
package import RunbookLanguage

/// A runbook made ready to be run, any number of times.
package final class CompiledRunbook: Sendable {
  package let checked: CheckedRunbook
  /// Thresholds that the deployment overrides, by id.
  package let thresholds: [String: Threshold.Rule]
  let plan: Plan
  /// What each name stands for, by its number.
  let names: [Plan.Name]
  /// Each name as it is written, by its number.
  let nameTexts: [String]
  let nameNumbers: [String: Int]
  /// Whether something is asked or told when the value of a name is found, by its number.
  let promptNames: [Bool]
  let questions: [CompiledQuestion]
  /// For each definition, what it means about the run, and about entities by their kind.
  let definitions: [Definition]
  /// For each query, the kind that it is asked of each of.
  let queryKinds: [Int?]
  let expressionCount: Int
  /// Fewer entities are asked a question one after the other, as many or more in one go. The answers are the same.
  let leastMany: Int

  struct Definition: Sendable {
    let forRun: CompiledExpression?
    let forKinds: [CompiledExpression?]
  }

  package init(_ checked: CheckedRunbook, thresholds: [String: Threshold.Rule] = [:], leastMany: Int = 8) {
    self.leastMany = leastMany
    self.checked = checked
    self.thresholds = thresholds
    plan = Plan(checked, rules: thresholds)
    nameTexts = plan.names.keys.sorted()
    nameNumbers = Dictionary(uniqueKeysWithValues: nameTexts.enumerated().map { ($1, $0) })
    names = nameTexts.compactMap { [plan] in plan.names[$0] }
    var compiler = RunbookCompiler(plan, nameNumbers)
    definitions = plan.runbook.definitions.map { compiler.compile($0) }
    questions = plan.runbook.questions.indices.map { compiler.compileQuestion($0) }
    queryKinds = plan.runbook.queries.map { [plan] query in query.each.flatMap { plan.entities[$0] } }
    expressionCount = compiler.expressionCount
    promptNames = nameTexts.map(compiler.prompts.contains)
  }
}

/// Looks up names, once for all runs.
private struct RunbookCompiler {
  let plan: Plan
  let nameNumbers: [String: Int]
  private(set) var expressionCount = 0
  /// Names that ask or tell something when their value is found.
  let prompts: Set<String>
  /// Of them, those by which more is told, or others are asked, than signs whose data decide.
  private let loud: Set<String>

  init(_ plan: Plan, _ nameNumbers: [String: Int]) {
    self.plan = plan
    self.nameNumbers = nameNumbers
    prompts = Self.prompts(in: plan)
    loud = Self.loud(in: plan)
  }

  /// Questions, which may have to be asked, thresholds that are judged, and windows and definitions that rest on such.
  private static func prompts(in plan: Plan) -> Set<String> {
    let questions = plan.names.filter { if case .question = $1 { true } else { false } }
    return reaching(told(in: plan).union(questions.keys), in: plan) { _ in [] }
  }

  /// What is told on the way to a value, questions that a person may have to answer, and all that mentions such.
  private static func loud(in plan: Plan) -> Set<String> {
    let asking = plan.runbook.questions.filter { $0.person != nil }.map(\.id)
    return reaching(told(in: plan).union(asking), in: plan) { question in
      question.expressions.flatMap(\.names) + (question.weighing?.signs.map(\.question) ?? [])
    }
  }

  /// Thresholds that are judged, and bounds of the window.
  private static func told(in plan: Plan) -> Set<String> {
    let judged = plan.names.filter { meaning in
      if case .threshold(let place) = meaning.value, case .monitored = plan.rules[place] { true } else { false }
    }
    return Set(judged.keys).union(["from", "to"])
  }

  /// Names with all those whose definitions mention them, or one such.
  ///
  /// - Parameter mentioned: The names that a question passes on in the same way.
  private static func reaching(
    _ names: Set<String>, in plan: Plan, through mentioned: (Question) -> [String]
  ) -> Set<String> {
    var mentions: [(id: String, names: Set<String>)] = []
    for (name, meaning) in plan.names {
      switch meaning {
      case .question(let place): mentions.append((name, Set(mentioned(plan.question(place)))))
      case .definition(let place):
        let definition = plan.runbook.definitions[place]
        let meant = [definition.forRun].compactMap { $0 } + definition.forEntities.values
        mentions.append((name, Set(meant.flatMap { $0.checked.references.map(\.name) })))
      default: break
      }
    }
    var found = names
    var count = 0
    while count != found.count {
      count = found.count
      for mention in mentions where !mention.names.isDisjoint(with: found) { found.insert(mention.id) }
    }
    return found
  }

  private mutating func compile(_ expression: Expression) -> CompiledExpression {
    expressionCount += 1
    return CompiledExpression(
      number: expressionCount - 1, checked: expression.checked,
      names: expression.checked.references.map { nameNumbers[$0.name] },
      restsOnDataAlone: !expression.checked.references.contains { prompts.contains($0.name) })
  }

  mutating func compile(_ definition: Definition) -> CompiledRunbook.Definition {
    var forKinds: [CompiledExpression?] = []
    for entity in plan.runbook.entities {
      if let expression = definition.forEntities[entity.id] {
        forKinds.append(compile(expression))
      } else {
        forKinds.append(nil)
      }
    }
    var forRun: CompiledExpression?
    if let expression = definition.forRun { forRun = compile(expression) }
    return .init(forRun: forRun, forKinds: forKinds)
  }

  // MARK: Questions

  mutating func compileQuestion(_ place: Int) -> CompiledQuestion {
    let question = plan.question(place)
    let kind = plan.each[place]
    let way: CompiledQuestion.Way
    var evidence: [[EvidenceSource]] = []
    switch (question.answer, question.weighing) {
    case (.condition(let condition)?, _):
      way = .condition(compile(condition))
      evidence = Array(repeating: self.evidence(for: [condition], in: kind), count: question.labels.count)
    case (.choices(let choices)?, _):
      let codes = choices.map { choice in question.labels.firstIndex(of: choice.label) ?? question.labels.count - 1 }
      var compiled: [(code: Int, label: String, condition: CompiledExpression)] = []
      for (code, choice) in zip(codes, choices) { compiled.append((code, choice.label, compile(choice.condition))) }
      way = .choices(compiled)
      evidence = question.labels.indices.map { code in
        let chosen = codes.firstIndex(of: code).map { [choices[$0].condition] } ?? choices.map(\.condition)
        return self.evidence(for: chosen, in: kind)
      }
    case (nil, let weighing?):
      way = .weighing(
        weighing.signs.map { sign in
          let isKnown = plan.questions[sign.question] != nil
          return .init(id: sign.question, weight: sign.weight, name: isKnown ? nameNumbers[sign.question] : nil)
        }, atLeast: weighing.atLeast)
    case (nil, nil): way = .nobody
    }
    return CompiledQuestion(
      question, of: kind, way: way, ask: compile(question.ask, in: kind),
      finding: question.finding.map { compile($0, in: kind) }, person: question.person.map { compile($0) },
      evidence: evidence, isQuiet: !loud.contains(question.id),
      next: question.labels.map { targets(question.next[$0] ?? []) } + [targets(question.nextIfUnknown)])
  }

  private mutating func compile(_ person: Person) -> CompiledQuestion.CompiledPerson {
    let who: CompiledQuestion.CompiledPerson.Addressee =
      switch person.who {
      case .contact(let contact): .contact(contact)
      case .expression(let expression): .expression(compile(expression))
      }
    return .init(who: who, person: person, shown: person.show.compactMap { plan.queries[$0] })
  }

  private func targets(_ targets: [Target]) -> [CompiledQuestion.Target] {
    targets.compactMap { target in
      switch target {
      case .question(let id): plan.questions[id].map { .question($0) }
      case .verdict(let id): plan.verdicts[id].map { .verdict($0) }
      }
    }
  }

  private mutating func compile(_ template: TextTemplate, in kind: Int?) -> CompiledTemplate {
    var parts: [CompiledTemplate.Part] = []
    for expression in template.expressions {
      if let kind, expression.source == plan.runbook.entities[kind].id, plan.names[expression.source] == .entity(kind),
        expression.checked.references.count == 1
      {
        parts.append(.entity)
      } else {
        parts.append(.expression(compile(expression)))
      }
    }
    let prompting = parts.compactMap { part -> CompiledExpression? in
      guard case .expression(let expression) = part, !expression.restsOnDataAlone else { return nil }
      return expression
    }
    return CompiledTemplate(template: template, parts: parts, prompts: prompting)
  }

  // MARK: Evidence

  /// Each name once.
  private func evidence(for expressions: [Expression], in kind: Int?) -> [EvidenceSource] {
    var seen: Set<String> = []
    return expressions.map { expression in
      source(expression, in: kind, isUnfolding: true) { seen.insert($0).inserted }
    }
  }

  /// - Parameter isNew: Whether a name has not been told yet.
  private func source(
    _ expression: Expression, in kind: Int?, isUnfolding: Bool, _ isNew: (String) -> Bool
  ) -> EvidenceSource {
    let references = expression.checked.references
    return EvidenceSource(
      expression.checked, names: references.map { nameNumbers[$0.name] },
      isTold: references.map { isEvidence($0.name) && isNew($0.name) },
      rests: references.map { reference in
        guard isUnfolding, case .definition(let place) = plan.names[reference.name] else { return nil }
        let meant = plan.runbook.definitions[place].expression(in: kind.map { plan.runbook.entities[$0].id })
        return meant.map { source($0, in: kind, isUnfolding: false) { _ in true } }
      },
      isPrompt: { prompts.contains(references[$0].name) })
  }

  /// The alert, instants, and constants with a name are none.
  private func isEvidence(_ name: String) -> Bool {
    switch plan.names[name] {
    case .alert, .at, .now, .from, .to, nil: false
    case .definition(let place): plan.runbook.definitions[place].forRun?.checked.references.isEmpty != true
    default: true
    }
  }
}
