import CEL
import RunbookLanguage
import RunbookPorts
import Values

/// What names mean.
extension Turn {
  func evaluate(_ expression: Expression, in scope: EvaluationScope) -> Evaluation {
    expression.checked.evaluate(scope)
  }

  /// The value of a name in expressions about the run.
  func runValue(of name: Plan.Name, named text: String) -> Evaluation {
    switch name {
    case .alert:
      return start.alert.map(Evaluation.value) ?? .unknown("the run was started without an alert")
    case .at: return .value(.timestamp(start.at))
    case .now: return .value(.timestamp(start.now))
    case .from: return runbookWindow().evaluation { $0.from }
    case .to: return runbookWindow().evaluation { $0.to }
    case .field: return field(text)
    case .list(let place): return .value(plan.runbook.lists[place].value)
    case .threshold(let place): return threshold(place)
    case .query(let place):
      return facts.queries[place].fact?.value(of: text) ?? .unknown("'\(text)' has not been answered yet")
    case .entity(let place):
      return facts.entities[place].list.map { .value($0.value) } ?? .unknown("'\(text)' is not known yet")
    case .question(let place):
      return plan.each[place] == nil ? answer(to: sheet(of: place), of: nil, in: runScope) : membersAnsweredYes(place)
    case .definition(let place):
      let known = runbook.definitions[place].forRun
      return known.map(runScope.evaluate) ?? .unknown("'\(text)' makes sense of one entity only")
    }
  }

  private func field(_ id: String) -> Evaluation {
    switch start.fields[id] {
    case .value(let value): .value(value)
    case .missing(let reason): .unknown(reason)
    case nil: .unknown("the run was started without '\(id)'")
    }
  }

  // MARK: About one entity

  func value(of member: Member) -> Evaluation {
    guard let list = facts.entities[member.kind].list, member.place < list.count else {
      return .unknown("it is not known yet")
    }
    return .value(list.values[member.place])
  }

  // MARK: Questions in expressions

  /// The answer to a question, once or about one entity: `true`, `false`, or a label. A sign is asked if it has not been.
  func answer(to sheet: OpenSheet, of member: Member?, in scope: EvaluationScope) -> Evaluation {
    let question = sheet.question
    if sheet.code(member) == nil {
      guard !sheet.isBeingAsked else {
        return .failure(.unknown("'\(question.id)' is unknown: '\(question.id)' rests on itself"))
      }
      guard question.isSign else { return .unknown("'\(question.id)' was not asked") }
      ask(sheet, of: member, in: scope)
    }
    guard let code = sheet.code(member), code != question.unknown else {
      return .unknown("'\(question.id)' is unknown: \(sheet.failure(member)?.reason ?? "")")
    }
    return .value(question.isYesNo ? .bool(code == 0) : .string(question.labels[code]))
  }

  /// A question about an entity as the run sees it: the list of those answered yes.
  private func membersAnsweredYes(_ place: Int) -> Evaluation {
    let question = runbook.questions[place]
    guard let kind = plan.each[place], let list = facts.entities[kind].list else {
      return .unknown("'\(question.id)' was not asked")
    }
    guard question.isYesNo else {
      return .failure(
        EvaluationFailure(.error, "'\(question.id)' is answered by labels, and no list of those with yes"))
    }
    // Where all went another way nobody was asked, so nobody answered yes.
    let arrivals = facts.questions[place].arrivals
    let asked = question.isSign ? MemberSet.all(of: list.count) : members(at: place, in: list)
    var yes: [Value] = []
    var missing = arrivals.unlisted ?? (question.isSign || arrivals.run ? list.unlisted : nil)
    let sheet = sheet(of: place)
    about(kind) { scope in
      for member in asked.places {
        scope.move(to: Member(kind: kind, place: member))
        switch answer(to: sheet, of: Member(kind: kind, place: member), in: scope) {
        case .value(.bool(true)): yes.append(list.values[member])
        case .value: break
        case .failure(let failure): missing = missing ?? failure.reason
        }
      }
    }
    return .value(missing.map { .partial(PartialValue(.list(yes), because: $0)) } ?? .list(yes))
  }

  /// Those who have come to a question about their kind.
  func members(at place: Int, in list: EntityList) -> MemberSet {
    let arrivals = facts.questions[place].arrivals
    guard let kind = plan.each[place], !arrivals.run else { return .all(of: list.count) }
    return arrivals.entities[kind] ?? MemberSet(of: list.count)
  }
}

extension EvaluationFailure {
  /// - Parameter reason: Kept short: reasons pass through many hands.
  static func unknown(_ reason: String) -> EvaluationFailure {
    EvaluationFailure(.unknown, RecordText.cut(reason, to: Rendering.reasonBytes))
  }
}

extension Evaluation {
  static func unknown(_ reason: String) -> Evaluation { .failure(.unknown(reason)) }
}

extension Result<TimeWindow, EvaluationFailure> {
  fileprivate func evaluation(_ bound: (TimeWindow) -> Timestamp) -> Evaluation {
    switch self {
    case .success(let window): .value(.timestamp(bound(window)))
    case .failure(let failure): .failure(failure)
    }
  }
}
