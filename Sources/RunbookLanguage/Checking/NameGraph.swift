import RunbookPorts

extension DependencyGraph {
  /// What must be known before what, in a whole runbook. Questions with a `then` are asked one after the other and are
  /// looked at in `FlowChecker`; only signs rest on others here.
  init(of runbook: Runbook, names: NameTable) {
    self.init()
    func link(_ id: String, _ others: [String]) {
      if let place = names.places[id] { add(id, at: place.location, needs: others) }
    }
    for question in runbook.questions where names.questions[question.id]?.then == nil {
      link(question.id, question.mentions)
    }
    for entity in runbook.entities { link(entity.id, entity.from.names) }
    for threshold in runbook.thresholds { link(threshold.id, threshold.mentions) }
    for definition in runbook.definitions {
      let all = definition.forEntities.sorted { $0.key < $1.key }.map(\.value)
      link(definition.id, (([definition.forRun].compactMap { $0 } + all).flatMap(\.names)))
    }
    for query in runbook.queries { link(query.id, query.mentions(window: runbook.window)) }
  }
}

extension Question {
  fileprivate var mentions: [String] {
    let weighed = weighing?.signs.map(\.question) ?? []
    switch answer {
    case .condition(let expression): return weighed + expression.names
    case .choices(let choices): return weighed + choices.flatMap(\.condition.names)
    case nil: return weighed
    }
  }
}

extension Threshold {
  fileprivate var mentions: [String] {
    guard case .monitored(let monitored) = rule else { return [] }
    var names: [String]
    switch monitored.subject {
    case .series(let query), .rows(let query): names = [query]
    case .expression(let expression): names = expression.names
    }
    if case .normal(let normal) = monitored.judgement { names += normal.exclude.flatMap(\.mentions) }
    return names
  }
}

extension Query {
  fileprivate func mentions(window standard: WindowRule) -> [String] {
    var names = parameters.flatMap(\.expression.names)
    if case .results(let inputs) = origin { names += inputs }
    switch window {
    case .named(let name): names.append(name)
    case .custom(let window): names += window.mentions
    case .standard: names += standard.mentions
    case .none: break
    }
    return names + (each.map { [$0] } ?? [])
  }
}

extension WindowRule {
  fileprivate var mentions: [String] {
    let bounds = [from, to].flatMap { bound -> [String] in
      if case .instant(let expression) = bound { expression.names } else { [] }
    }
    return bounds + (around?.names ?? [])
  }
}
