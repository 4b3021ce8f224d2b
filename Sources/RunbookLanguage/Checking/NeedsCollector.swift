import Values

/// Finds what every question rests on, however indirectly.
///
/// It follows names recursively, so it must not be given a runbook in which names rest on themselves or stand too high.
struct NeedsCollector {
  private let runbook: Runbook
  private let names: Names

  init(_ runbook: Runbook) {
    self.runbook = runbook
    names = Names(runbook)
  }

  func collect() -> [String: Needs] {
    Dictionary(runbook.questions.map { ($0.id, needs(of: $0)) }) { first, _ in first }
  }

  private func needs(of question: Question) -> Needs {
    var walk = Walk(names: names, window: runbook.window)
    walk.enter(question)
    return walk.needs
  }

  private struct Names {
    let queries: [String: Query]
    let thresholds: [String: Threshold]
    let entities: [String: Entity]
    let definitions: [String: Definition]
    let questions: [String: Question]

    init(_ runbook: Runbook) {
      func byID<Item>(_ items: [Item], _ id: (Item) -> String) -> [String: Item] {
        Dictionary(items.map { (id($0), $0) }) { first, _ in first }
      }
      queries = byID(runbook.queries, \.id)
      thresholds = byID(runbook.thresholds, \.id)
      entities = byID(runbook.entities, \.id)
      definitions = byID(runbook.definitions, \.id)
      questions = byID(runbook.questions, \.id)
    }
  }

  /// One walk through names; each is entered once.
  private struct Walk {
    let names: Names
    let window: WindowRule
    var needs = Needs()
    private var seen: Set<String> = []

    init(names: Names, window: WindowRule) {
      self.names = names
      self.window = window
    }

    mutating func enter(_ question: Question) {
      if let each = question.each { enter(name: each, in: nil) }
      switch question.answer {
      case .condition(let expression): enter(expression, in: question.each)
      case .choices(let choices): for choice in choices { enter(choice.condition, in: question.each) }
      case nil: break
      }
      for sign in question.weighing?.signs ?? [] { enter(name: sign.question, in: question.each) }
      for expression in question.ask.expressions + (question.finding?.expressions ?? []) {
        enter(expression, in: question.each)
      }
    }

    private mutating func enter(_ expression: Expression, in entity: String?) {
      for name in expression.names { enter(name: name, in: entity) }
    }

    private mutating func enter(name: String, in entity: String?) {
      // A definition means something else for each entity, so it is walked once for each.
      let key = names.definitions[name] == nil ? name : "\(name) of \(entity ?? "")"
      guard seen.insert(key).inserted else { return }
      if let query = names.queries[name] {
        enter(query)
      } else if let threshold = names.thresholds[name] {
        enter(threshold)
      } else if let entity = names.entities[name] {
        enter(entity.from, in: nil)
        needs.entities.append(name)
      } else if let definition = names.definitions[name]?.expression(in: entity) {
        enter(definition, in: entity)
      } else if let question = names.questions[name] {
        needs.questions.append(name)
        if question.isSign { enter(question) }
      } else if name == "from" || name == "to" {
        enter(window)
      }
    }

    private mutating func enter(_ query: Query) {
      for parameter in query.parameters { enter(parameter.expression, in: nil) }
      switch query.window {
      case .standard: enter(window)
      case .none: break
      case .named(let name): enter(name: name, in: nil)
      case .custom(let window): enter(window)
      }
      if case .results(let inputs) = query.origin { for input in inputs { enter(name: input, in: nil) } }
      if let each = query.each { enter(name: each, in: nil) }
      needs.queries.append(query.id)
    }

    private mutating func enter(_ window: WindowRule) {
      for bound in [window.from, window.to] {
        if case .instant(let expression) = bound { enter(expression, in: nil) }
      }
      if let around = window.around { enter(around, in: nil) }
    }

    private mutating func enter(_ threshold: Threshold) {
      if case .monitored(let monitored) = threshold.rule {
        switch monitored.subject {
        case .series(let query), .rows(let query): enter(name: query, in: nil)
        case .expression(let expression): enter(expression, in: nil)
        }
        if case .normal(let normal) = monitored.judgement { for window in normal.exclude { enter(window) } }
      }
      needs.thresholds.append(threshold.id)
    }
  }
}
