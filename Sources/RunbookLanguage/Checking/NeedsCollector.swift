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
    var walk = Walk(names)
    walk.enter(question)
    return walk.needs
  }

  private final class Names {
    let runbook: Runbook
    private(set) var declarations: [String: Declaration] = [:]

    /// What a name stands for: a place in a section of the runbook, and a number of its own.
    struct Declaration {
      enum Kind { case query, threshold, entity, definition, question }
      let kind: Kind
      let place: Int
      let number: Int
    }

    init(_ runbook: Runbook) {
      self.runbook = runbook
      add(runbook.queries, .query, \.id)
      add(runbook.thresholds, .threshold, \.id)
      add(runbook.entities, .entity, \.id)
      add(runbook.definitions, .definition, \.id)
      add(runbook.questions, .question, \.id)
    }

    private func add<Item>(_ items: [Item], _ kind: Declaration.Kind, _ id: (Item) -> String) {
      for (place, item) in items.enumerated() where declarations[id(item)] == nil {
        declarations[id(item)] = Declaration(kind: kind, place: place, number: declarations.count)
      }
    }
  }

  /// One walk through names; each is entered once.
  private struct Walk {
    let names: Names
    var needs = Needs()
    /// By the numbers of the declarations.
    private var isSeen: [Bool]
    private var hasWindow = false
    /// A definition means something else for each entity, so it is walked once for each.
    private var seenDefinitions: Set<String> = []

    init(_ names: Names) {
      self.names = names
      isSeen = Array(repeating: false, count: names.declarations.count)
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
      guard let declaration = names.declarations[name] else {
        if name == "from" || name == "to" { enterStandardWindow() }
        return
      }
      if case .definition = declaration.kind {
        guard seenDefinitions.insert("\(name) of \(entity ?? "")").inserted else { return }
        let expression = names.runbook.definitions[declaration.place].expression(in: entity)
        if let expression { enter(expression, in: entity) }
        return
      }
      guard !isSeen[declaration.number] else { return }
      isSeen[declaration.number] = true
      switch declaration.kind {
      case .query: enter(names.runbook.queries[declaration.place])
      case .threshold: enter(names.runbook.thresholds[declaration.place])
      case .entity:
        enter(names.runbook.entities[declaration.place].from, in: nil)
        needs.entities.append(name)
      case .question:
        needs.questions.append(name)
        let question = names.runbook.questions[declaration.place]
        if question.isSign { enter(question) }
      case .definition: break
      }
    }

    private mutating func enterStandardWindow() {
      guard !hasWindow else { return }
      hasWindow = true
      enter(names.runbook.window)
    }

    private mutating func enter(_ query: Query) {
      for parameter in query.parameters { enter(parameter.expression, in: nil) }
      switch query.window {
      case .standard: enterStandardWindow()
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
