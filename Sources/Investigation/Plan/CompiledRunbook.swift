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
  let questions: [CompiledQuestion]
  /// For each definition, what it means about the run, and about entities by their kind.
  let definitions: [Definition]
  /// For each query, the kind that it is asked of each of.
  let queryKinds: [Int?]
  let expressionCount: Int

  struct Definition: Sendable {
    let forRun: CompiledExpression?
    let forKinds: [CompiledExpression?]
  }

  package init(_ checked: CheckedRunbook, thresholds: [String: Threshold.Rule] = [:]) {
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
  }
}

/// Looks up names, once for all runs.
private struct RunbookCompiler {
  let plan: Plan
  let nameNumbers: [String: Int]
  private(set) var expressionCount = 0
  /// Names that ask or tell something when their value is found.
  private let prompts: Set<String>

  init(_ plan: Plan, _ nameNumbers: [String: Int]) {
    self.plan = plan
    self.nameNumbers = nameNumbers
    prompts = Self.prompts(in: plan)
  }

  /// Questions, which may have to be asked, thresholds that are judged, and windows and definitions that rest on such.
  private static func prompts(in plan: Plan) -> Set<String> {
    var found: Set<String> = ["from", "to"]
    var definitions: [(id: String, names: Set<String>)] = []
    for (name, meaning) in plan.names {
      switch meaning {
      case .question: found.insert(name)
      case .threshold(let place): if case .monitored = plan.rules[place] { found.insert(name) }
      case .definition(let place):
        let definition = plan.runbook.definitions[place]
        let meant = [definition.forRun].compactMap { $0 } + definition.forEntities.values
        definitions.append((name, Set(meant.flatMap { $0.checked.references.map(\.name) })))
      default: break
      }
    }
    var count = 0
    while count != found.count {
      count = found.count
      for definition in definitions where !definition.names.isDisjoint(with: found) { found.insert(definition.id) }
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
      evidence: evidence,
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
