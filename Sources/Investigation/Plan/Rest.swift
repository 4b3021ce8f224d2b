import RunbookLanguage

/// What must be known before something can be evaluated: the queries and questions that it names, directly or through
/// definitions, thresholds, entities and signs, but not through other queries or questions.
struct Rest: Sendable, Hashable {
  /// In the order in which they are met.
  var queries: [Int] = []
  /// Questions on the way, whose answers are mentioned.
  var questions: [Int] = []
  /// Entities whose list must be known.
  var entities: [Int] = []
  /// Questions that people are asked if the data do not tell: signs, and the question itself. Each stands behind those
  /// that it weighs.
  var people: [Int] = []
  /// Of `queries`, those that must be asked about all entities of their kind: outside of questions about an entity its
  /// queries mean everybody's rows, and a sign about one stands for the list of all that it holds for.
  var queriesAboutAll: Set<Int> = []
}

/// Collects what expressions rest on.
struct RestWalk {
  private let plan: Plan

  init(_ plan: Plan) { self.plan = plan }

  func rest(of expressions: [Expression], in entity: Int?) -> Rest {
    var collected = Collected()
    for expression in expressions { collect(expression, in: entity, into: &collected) }
    return collected.rest
  }

  func rest(ofQuestion place: Int) -> Rest {
    var collected = Collected()
    collected.signs.insert([place, 0])
    collectQuestion(place, into: &collected)
    return collected.rest
  }

  func rest(of query: Query) -> Rest {
    var collected = Collected()
    for parameter in query.parameters { collect(parameter.expression, in: nil, into: &collected) }
    collectWindow(of: query, into: &collected)
    let entity = query.each.flatMap { plan.entities[$0] }
    if case .results(let inputs) = query.origin {
      for input in inputs.compactMap({ plan.queries[$0] }) { collect(.query(input), in: entity, into: &collected) }
    }
    if let entity { collectEntity(entity, into: &collected) }
    return collected.rest
  }

  private struct Collected {
    var rest = Rest()
    /// What is collected is needed about all entities, not only about those on their way.
    var isAboutAll = false
    /// Place, entity, and whether it is about all.
    var definitions: Set<[Int?]> = []
    var thresholds: Set<Int> = []
    /// Place, and whether it is about all.
    var signs: Set<[Int]> = []
    private var queries: Set<Int> = []
    private var questions: Set<Int> = []
    private var entities: Set<Int> = []

    mutating func add(query: Int, aboutAll: Bool = false) {
      if aboutAll || isAboutAll { rest.queriesAboutAll.insert(query) }
      if queries.insert(query).inserted { rest.queries.append(query) }
    }

    mutating func add(person question: Int) {
      if !rest.people.contains(question) { rest.people.append(question) }
    }

    mutating func add(question: Int) {
      if questions.insert(question).inserted { rest.questions.append(question) }
    }

    /// - Returns: Whether it is new.
    mutating func add(entity: Int) -> Bool {
      guard entities.insert(entity).inserted else { return false }
      rest.entities.append(entity)
      return true
    }
  }

  private func collect(_ expression: Expression, in entity: Int?, into collected: inout Collected) {
    for name in expression.names {
      guard let meaning = plan.names[name] else { continue }
      collect(meaning, in: entity, into: &collected)
    }
  }

  private func collect(_ name: Plan.Name, in entity: Int?, into collected: inout Collected) {
    switch name {
    case .alert, .at, .now, .field, .list: break
    case .from, .to: collectRule(plan.runbook.window, into: &collected)
    case .query(let place):
      let kind = plan.query(place).each.flatMap { plan.entities[$0] }
      collected.add(query: place, aboutAll: kind != nil && kind != entity)
    case .entity(let place): collectEntity(place, into: &collected)
    case .threshold(let place): collectThreshold(place, into: &collected)
    case .question(let place): mention(place, in: entity, into: &collected)
    case .definition(let place):
      guard collected.definitions.insert([place, entity, collected.isAboutAll ? 1 : 0]).inserted else { return }
      let definition = plan.runbook.definitions[place]
      let id = entity.map { plan.runbook.entities[$0].id }
      if let expression = definition.expression(in: id) { collect(expression, in: entity, into: &collected) }
    }
  }

  private func collectEntity(_ place: Int, into collected: inout Collected) {
    guard collected.add(entity: place) else { return }
    collect(plan.runbook.entities[place].from, in: nil, into: &collected)
  }

  private func collectThreshold(_ place: Int, into collected: inout Collected) {
    guard collected.thresholds.insert(place).inserted, case .monitored(let rule) = plan.rules[place] else { return }
    switch rule.subject {
    case .series(let id), .rows(let id): if let query = plan.queries[id] { collected.add(query: query) }
    case .expression(let expression): collect(expression, in: nil, into: &collected)
    }
    if case .normal(let normal) = rule.judgement {
      for window in normal.exclude { collectRule(window, into: &collected) }
    }
  }

  /// A sign is a part of what mentions it; a question on the way has its own time.
  private func mention(_ place: Int, in entity: Int?, into collected: inout Collected) {
    if let kind = plan.each[place] { collectEntity(kind, into: &collected) }
    guard plan.question(place).isSign else { return collected.add(question: place) }
    let outer = collected.isAboutAll
    if plan.each[place] != nil, plan.each[place] != entity { collected.isAboutAll = true }
    if collected.signs.insert([place, collected.isAboutAll ? 1 : 0]).inserted {
      collectQuestion(place, into: &collected)
    }
    collected.isAboutAll = outer
  }

  private func collectQuestion(_ place: Int, into collected: inout Collected) {
    let question = plan.question(place)
    if let entity = plan.each[place] { collectEntity(entity, into: &collected) }
    for expression in question.expressions { collect(expression, in: plan.each[place], into: &collected) }
    for sign in question.weighing?.signs ?? [] {
      if let sign = plan.questions[sign.question] { mention(sign, in: plan.each[place], into: &collected) }
    }
    guard let person = question.person else { return }
    if case .expression(let who) = person.who { collect(who, in: plan.each[place], into: &collected) }
    for query in person.show.compactMap({ plan.queries[$0] }) {
      collect(.query(query), in: plan.each[place], into: &collected)
    }
    collected.add(person: place)
  }

  private func collectWindow(of query: Query, into collected: inout Collected) {
    switch query.window {
    case .none: break
    case .standard: collectRule(plan.runbook.window, into: &collected)
    case .named(let name):
      if let meaning = plan.names[name] { collect(meaning, in: nil, into: &collected) }
      collectRule(plan.runbook.window, into: &collected)
    case .custom(let rule):
      collectRule(rule, into: &collected)
      collectRule(plan.runbook.window, into: &collected)
    }
  }

  private func collectRule(_ rule: WindowRule, into collected: inout Collected) {
    // `from` and `to` inside the runbook's own window would come back here; definitions of names are not followed twice.
    for expression in rule.expressions {
      for name in expression.names where name != "from" && name != "to" {
        if let meaning = plan.names[name] { collect(meaning, in: nil, into: &collected) }
      }
    }
  }
}

extension WindowRule {
  var expressions: [Expression] {
    [from, to].compactMap { if case .instant(let expression) = $0 { expression } else { nil } }
      + (around.map { [$0] } ?? [])
  }
}
