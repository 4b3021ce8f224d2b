import Diagnostics
import RunbookPorts

/// Looks at how questions lead to one another and finds the order in which they can be taken.
struct FlowChecker {
  let runbook: Runbook
  let draft: Draft
  let needs: [String: Needs]
  let findings: Findings

  /// - Returns: The questions with a `then`, each behind all that lead to it and all that it mentions; `nil` if they
  ///   run in a circle.
  func check() -> [String]? {
    let steps = runbook.questions.filter { !$0.isSign }
    guard let first = steps.first else {
      if let sign = runbook.questions.first { findings.add(.firstIsSign(sign.id, at: sign.location)) }
      return nil
    }
    guard !reportCircularNames() else { return nil }
    guard let order = order(steps) else { return nil }
    reportUnreachable(from: first)
    noteCleanVerdicts()
    return order
  }

  // MARK: Order

  private func order(_ steps: [Question]) -> [String]? {
    var waiting: [String: Set<String>] = Dictionary(uniqueKeysWithValues: steps.map { ($0.id, []) })
    for step in steps {
      for follower in followers(of: step) { waiting[follower]?.insert(step.id) }
      for mentioned in needs[step.id]?.questions ?? [] where waiting[mentioned] != nil {
        waiting[step.id]?.insert(mentioned)
      }
    }
    var order: [String] = []
    while order.count < steps.count {
      guard let next = steps.first(where: { waiting[$0.id]?.isEmpty == true }) else {
        reportLoop(waiting, steps)
        return nil
      }
      order.append(next.id)
      waiting[next.id] = nil
      for id in waiting.keys { waiting[id]?.remove(next.id) }
    }
    return order
  }

  func followers(of question: Question) -> [String] {
    let targets = question.labels.flatMap { question.next[$0] ?? [] } + question.nextIfUnknown
    var seen: Set<String> = []
    return targets.compactMap { target in
      if case .question(let id) = target, seen.insert(id).inserted { id } else { nil }
    }
  }

  /// Follows what each waits for until one comes round again.
  private func reportLoop(_ waiting: [String: Set<String>], _ steps: [Question]) {
    guard var current = steps.first(where: { waiting[$0.id] != nil })?.id else { return }
    var trail: [String] = []
    while !trail.contains(current) {
      trail.append(current)
      guard let next = waiting[current]?.sorted().first else { return }
      current = next
    }
    let loop = (Array(trail.drop { $0 != current }) + [current]).reversed()
    guard let question = runbook.question(current) else { return }
    findings.add(.loop(Array(loop), at: question.location))
  }

  /// Signs, queries and thresholds must not rest on themselves.
  private func reportCircularNames() -> Bool {
    var edges: [String: [String]] = [:]
    for query in runbook.queries {
      var targets = query.parameters.flatMap(\.expression.names)
      if case .results(let inputs) = query.origin { targets += inputs }
      switch query.window {
      case .named(let name): targets.append(name)
      case .custom(let window): targets += names(in: window)
      case .standard: targets += names(in: runbook.window)
      case .none: break
      }
      edges[query.id] = targets + (query.each.map { [$0] } ?? [])
    }
    for entity in runbook.entities { edges[entity.id] = entity.from.names }
    for definition in runbook.definitions {
      edges[definition.id] = ([definition.forRun].compactMap { $0 } + definition.forEntities.values).flatMap(\.names)
    }
    for threshold in runbook.thresholds {
      guard case .monitored(let monitored) = threshold.rule else { continue }
      switch monitored.subject {
      case .series(let query): edges[threshold.id] = [query]
      case .expression(let expression): edges[threshold.id] = expression.names
      }
    }
    for question in runbook.questions where question.isSign { edges[question.id] = needsOfSign(question) }
    return CircleFinder(edges: edges).circles(in: draft.placesOfNames).reduce(false) { _, circle in
      findings.add(.circular(circle.names, at: circle.location))
      return true
    }
  }

  private func needsOfSign(_ question: Question) -> [String] {
    var names = question.weighing?.signs.map(\.question) ?? []
    switch question.answer {
    case .condition(let expression): names += expression.names
    case .choices(let choices): names += choices.flatMap(\.condition.names)
    case nil: break
    }
    return names
  }

  private func names(in window: WindowRule) -> [String] {
    var names = window.around?.names ?? []
    for bound in [window.from, window.to] {
      if case .instant(let expression) = bound { names += expression.names }
    }
    return names
  }

  // MARK: Reach

  private func reportUnreachable(from first: Question) {
    var reached: Set<String> = []
    var open = [first.id]
    while let id = open.popLast() {
      guard reached.insert(id).inserted, let question = runbook.question(id) else { continue }
      open += followers(of: question) + (needs[id]?.questions ?? [])
    }
    for verdict in runbook.verdicts {
      guard case .cases(let cases) = verdict.severity else { continue }
      for name in cases.flatMap(\.condition.names) where runbook.question(name) != nil { reached.insert(name) }
    }
    for question in runbook.questions where !reached.contains(question.id) {
      findings.add(.unreachable(question.id, at: question.location))
    }
    let used = Set(runbook.questions.flatMap { question in
      (question.labels.flatMap { question.next[$0] ?? [] } + question.nextIfUnknown).map(\.id)
    })
    for verdict in draft.verdicts
    where !used.contains(verdict.id.value) && verdict.id.value != Verdict.undetermined
      && verdict.location.source === draft.location.source
    {
      findings.add(.unused("verdict", verdict.id.value, at: verdict.location))
    }
  }

  /// Says of each clean verdict which unknowns can turn it.
  private func noteCleanVerdicts() {
    var verdictsByQuestions: [[String]: [String]] = [:]
    for verdict in runbook.verdicts where verdict.isClean {
      let questions = questionsBefore(verdict: verdict.id).filter { runbook.question($0)?.isOptional == false }
      if !questions.isEmpty { verdictsByQuestions[questions, default: []].append(verdict.id) }
    }
    for (questions, verdicts) in verdictsByQuestions.sorted(by: { $0.value.lexicographicallyPrecedes($1.value) }) {
      guard let place = draft.questions.first(where: { $0.id.value == questions.first })?.location else { continue }
      findings.add(.cleanVerdictsTurn(verdicts, questions: questions, at: place))
    }
  }

  /// Questions from which a verdict can be reached, in reading order.
  private func questionsBefore(verdict: String) -> [String] {
    var before: Set<String> = []
    var grew = true
    while grew {
      grew = false
      for question in runbook.questions where !before.contains(question.id) {
        let targets = question.labels.flatMap { question.next[$0] ?? [] } + question.nextIfUnknown
        let leads = targets.contains { $0 == .verdict(verdict) || before.contains($0.id) }
        if leads { grew = before.insert(question.id).inserted || grew }
      }
    }
    return runbook.questions.map(\.id).filter(before.contains)
  }
}

/// Finds names that rest on themselves.
private struct CircleFinder {
  let edges: [String: [String]]

  func circles(in places: [(name: String, location: SourceLocation)]) -> [(names: [String], location: SourceLocation)] {
    var done: Set<String> = []
    var found: [(names: [String], location: SourceLocation)] = []
    for (name, location) in places {
      var path: [String] = []
      if let circle = search(name, &path, &done) { found.append((circle, location)) }
    }
    return found
  }

  private func search(_ name: String, _ path: inout [String], _ done: inout Set<String>) -> [String]? {
    if let start = path.firstIndex(of: name) { return Array(path[start...]) + [name] }
    guard !done.contains(name), let next = edges[name] else { return nil }
    path.append(name)
    for other in next {
      if let circle = search(other, &path, &done) { return circle }
    }
    path.removeLast()
    done.insert(name)
    return nil
  }
}

extension Draft {
  /// The ids that can rest on one another, in the order of the file.
  fileprivate var placesOfNames: [(name: String, location: SourceLocation)] {
    let ids =
      questions.map(\.id) + entities.map(\.id) + thresholds.map(\.id) + queries.map(\.id)
    return ids.map { ($0.value, $0.location) }
  }
}
