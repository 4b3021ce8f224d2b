import Values

/// Finds what every question rests on, however indirectly.
struct NeedsCollector {
  private let runbook: Runbook

  init(_ runbook: Runbook) { self.runbook = runbook }

  func collect() -> [String: Needs] {
    Dictionary(uniqueKeysWithValues: runbook.questions.map { ($0.id, needs(of: $0)) })
  }

  private func needs(of question: Question) -> Needs {
    var walk = Walk(runbook: runbook)
    walk.enter(question)
    return walk.needs
  }

  /// One walk through names; each is entered once.
  private struct Walk {
    let runbook: Runbook
    var needs = Needs()
    private var seen: Set<String> = []

    init(runbook: Runbook) { self.runbook = runbook }

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
      let key = runbook.definition(name) == nil ? name : "\(name) of \(entity ?? "")"
      guard seen.insert(key).inserted else { return }
      if let query = runbook.query(name) {
        enter(query)
      } else if let threshold = runbook.threshold(name) {
        enter(threshold)
      } else if let entity = runbook.entity(name) {
        enter(entity.from, in: nil)
        needs.entities.append(name)
      } else if let definition = runbook.definition(name)?.expression(in: entity) {
        enter(definition, in: entity)
      } else if let question = runbook.question(name) {
        needs.questions.append(name)
        if question.isSign { enter(question) }
      } else if name == "from" || name == "to" {
        enter(runbook.window)
      }
    }

    private mutating func enter(_ query: Query) {
      for parameter in query.parameters { enter(parameter.expression, in: nil) }
      switch query.window {
      case .standard: enter(runbook.window)
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
        case .series(let query): enter(name: query, in: nil)
        case .expression(let expression): enter(expression, in: nil)
        }
      }
      needs.thresholds.append(threshold.id)
    }
  }
}
