import Diagnostics

/// What follows the answers of a question.
extension RunbookAssembler {
  struct Branches {
    var next: [String: [Target]] = [:]
    var ifUnknown: [Target] = []
    var unknownIsExplicit = false
  }

  func assembleBranches(_ question: DraftQuestion, cleanVerdicts: Set<String>) -> Branches {
    var branches = Branches()
    guard let then = question.then, !question.isThenBroken else { return branches }
    let id = question.id.value
    let place = then.first?.label.location ?? question.location
    var written: Set<String> = []
    for (label, targets) in then {
      let resolved = resolve(targets, from: question)
      checkList(targets, resolved, cleanVerdicts)
      let answers = question.labels + ["unknown"]
      var answer = label.value
      if !answers.contains(answer) {
        findings.add(.unknownBranch(answer, of: id, labels: question.labels, at: label.location))
        answer = nearestName(to: answer, among: answers) ?? answer
      }
      written.insert(answer)
      if answer == "unknown" {
        branches.ifUnknown = resolved
        branches.unknownIsExplicit = true
      } else if branches.next[answer] == nil {
        branches.next[answer] = resolved
      }
    }
    for label in question.labels where !written.contains(label) {
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

  private func resolve(_ written: [Placed<String>], from question: DraftQuestion) -> [Target] {
    var resolved: [Target] = []
    for name in written {
      guard let target = target(named: name, from: question) else { continue }
      if resolved.contains(target) {
        findings.add(.namedTwice(name.value, at: name.location))
      } else {
        resolved.append(target)
      }
    }
    return resolved
  }

  private func target(named name: Placed<String>, from question: DraftQuestion) -> Target? {
    if let other = names.questions[name.value] {
      if other.then == nil { findings.add(.signAsTarget(name.value, declared: other.location, at: name.location)) }
      if let from = question.each?.value, let to = other.each?.value, from != to, names.entities[from] != nil,
        names.entities[to] != nil
      {
        findings.add(
          .betweenEntities(question.id.value, name.value, entity: from, other: to, at: name.location))
      }
      return .question(name.value)
    }
    let builtIn = BuiltInVerdict.allCases.map(\.rawValue)
    if names.isDeclared(name.value, as: .verdict) || builtIn.contains(name.value) { return .verdict(name.value) }
    if !names.isDeclared(name.value, as: .question) {
      names.tellUnknown(name, "question or verdict", .question, .verdict, besides: builtIn, to: findings)
    }
    return nil
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
