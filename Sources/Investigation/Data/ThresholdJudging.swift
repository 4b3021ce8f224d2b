package import Baselines
import CEL
package import RunbookLanguage
import RunbookPorts
package import Values

/// Judges thresholds: plain numbers, limits, and what is normal (module `Baselines`).
extension Turn {
  func threshold(_ place: Int) -> Evaluation {
    if let known = facts.thresholds[place] { return known }
    switch plan.rules[place] {
    case .number(let number): return .value(number)
    case .monitored(let rule):
      let id = plan.runbook.thresholds[place].id
      if case .expression(let expression) = rule.subject {
        return judge(evaluate(expression, in: runScope), by: rule, id)
      }
      guard let query = rule.subject.query, let fact = plan.queries[query].flatMap({ facts.queries[$0].fact }) else {
        return .unknown("'\(rule.subject.query ?? id)' has not been answered yet")
      }
      // A long history takes a while to judge, and a settled query stays so.
      let judged = judge(fact, by: rule, id)
      facts.thresholds[place] = judged
      return judged
    }
  }

  /// The threshold as it is meant about an entity: of the series that bears its name.
  func threshold(_ place: Int, about member: Member) -> Evaluation {
    if let known = facts.thresholdsOfMembers[place]?[member.place] { return known }
    guard case .monitored(let rule) = plan.rules[place], case .normal(let normal) = rule.judgement, let by = normal.by,
      case .value(let value) = value(of: member)
    else { return threshold(place) }
    let id = plan.runbook.thresholds[place].id
    guard let query = rule.subject.query, let fact = plan.queries[query].flatMap({ facts.queries[$0].fact }) else {
      return .unknown("'\(rule.subject.query ?? id)' has not been answered yet")
    }
    let judged = judge(fact, by: rule, id, only: (by, ExactString(value.displayText)))
    facts.thresholdsOfMembers[place, default: [:]][member.place] = judged
    return judged
  }

  /// Whether a threshold judges entities of the member's kind each by itself.
  func isJudged(_ threshold: Int, by member: Member?) -> Bool {
    guard let member, case .monitored(let rule) = plan.rules[threshold], case .normal(let normal) = rule.judgement,
      let by = normal.by
    else { return false }
    return plan.entities[by] == member.kind
  }

  // MARK: A series, or rows

  private func judge(
    _ fact: QueryFact, by rule: Threshold.Monitored, _ id: String, only: (label: String, value: ExactString)? = nil
  ) -> Evaluation {
    switch fact {
    case .failed(let failure): return .failure(failure)
    case .rows(let rows):
      guard case .rows = rule.subject, case .normal(let normal) = rule.judgement else {
        return .failure(EvaluationFailure(.error, "'\(id)' judges rows, which are no series"))
      }
      return judgeNew(rows, by: normal, rule.modifiers, id)
    case .series(let fact):
      let excluded: [(from: Timestamp, to: Timestamp)]
      switch exclusions(of: rule.judgement) {
      case .failure(let failure): return .failure(failure)
      case .success(let windows): excluded = windows
      }
      let chosen = fact.series.filter { series in
        only.map { series.value(of: $0.label).map(ExactString.init) == $0.value } ?? true
      }
      guard !chosen.isEmpty else {
        return unjudged(
          id, only.map { "'\(id)' has no series of '\($0.value.text)'" } ?? "'\(id)' has no series to judge")
      }
      return judge(chosen, of: fact, by: rule, excluding: excluded, id)
    }
  }

  /// Each series by itself; the one that tells most speaks for all.
  private func judge(
    _ chosen: [Series], of fact: QueryFact.SeriesFact, by rule: Threshold.Monitored,
    excluding excluded: [(from: Timestamp, to: Timestamp)], _ id: String
  ) -> Evaluation {
    let by: String? = if case .normal(let normal) = rule.judgement { normal.by } else { nil }
    if let by, let stranger = chosen.first(where: { $0.value(of: by) == nil }) {
      let names = stranger.labels.map { "'\($0.name)'" }.joined(separator: ", ")
      return unjudged(
        id, "'\(id)' cannot be judged: a series has no label '\(by)', \(names.isEmpty ? "nor any" : "but \(names)")")
    }
    var most: (finding: Baselines.Finding, entity: String?)?
    var insufficient: String?
    for series in chosen {
      let others = by == nil ? [] : fact.series.filter { $0.labels.map(\.value) != series.labels.map(\.value) }
      switch rule.judge(
        series.points, window: fact.window.map { ($0.from, $0.to) }, step: fact.step, excluding: excluded,
        population: others.map(\.points))
      {
      case .insufficient(let reason):
        insufficient = insufficient ?? (by.flatMap(series.value(of:)).map { "of '\($0)' " } ?? "") + reason
      case .judged(let finding):
        if most.map({ finding.outweighs($0.finding) }) ?? true { most = (finding, by.flatMap(series.value(of:))) }
      }
    }
    // A breach stays one whatever else there is; its absence needs everything.
    if let most, most.finding.breached { return tell(most.finding, most.entity, id) }
    if let reason = fact.incomplete ?? insufficient.map({ "'\(id)' cannot be judged: \($0)" }) {
      return unjudged(id, reason)
    }
    return most.map { tell($0.finding, $0.entity, id) } ?? .unknown("'\(id)' has no series to judge")
  }

  private func unjudged(_ id: String, _ reason: String) -> Evaluation {
    decide(.thresholdJudged(id: id, .unknown(reason)))
    return .unknown(reason)
  }

  private func tell(_ finding: Baselines.Finding, _ entity: String?, _ id: String) -> Evaluation {
    decide(.thresholdJudged(id: id, .judged(finding, entity: entity)))
    return .value(finding.record(entity: entity))
  }

  /// The windows that teach nothing.
  private func exclusions(
    of judgement: Threshold.Judgement
  ) -> Result<[(from: Timestamp, to: Timestamp)], EvaluationFailure> {
    guard case .normal(let normal) = judgement else { return .success([]) }
    var windows: [(from: Timestamp, to: Timestamp)] = []
    for excluded in normal.exclude {
      switch window(by: excluded) {
      case .failure(let failure): return .failure(failure)
      case .success(let window): windows.append((window.from, window.to))
      }
    }
    return .success(windows)
  }

  private func judgeNew(
    _ rows: QueryFact.Rows, by normal: Threshold.Normal, _ modifiers: Threshold.Monitored.Modifiers, _ id: String
  ) -> Evaluation {
    guard let table = rows.withHistory, let window = rows.window, let time = table.index(ofColumn: "time") else {
      return unjudged(id, "'\(id)' has no window, and so no time before it")
    }
    // What was cut may hold what seems new, and what is.
    if let reason = rows.incomplete { return unjudged(id, reason) }
    let excluded: [(from: Timestamp, to: Timestamp)]
    switch exclusions(of: .normal(normal)) {
    case .failure(let failure): return .failure(failure)
    case .success(let windows): excluded = windows
    }
    let columns = normal.fields.compactMap(table.index(ofColumn:))
    let seen = (0..<table.count).compactMap { row -> (time: Timestamp, values: [ExactString])? in
      guard case .timestamp(let instant) = table[time, row] else { return nil }
      return (instant, columns.map { ExactString(table[$0, row].displayText) })
    }
    let judged = judgeNewValues(
      seen, window: (window.from, window.to), minimumHistory: normal.rule.minimumHistory, atLeast: modifiers.atLeast,
      excluding: excluded)
    switch judged {
    case .insufficient(let reason): return unjudged(id, "'\(id)' cannot be judged: \(reason)")
    case .judged(let finding): return tell(finding, nil, id)
    }
  }

  // MARK: A number

  private func judge(_ found: Evaluation, by rule: Threshold.Monitored, _ id: String) -> Evaluation {
    guard case .limit(let limit) = rule.judgement else {
      return .failure(EvaluationFailure(.error, "'\(id)' compares a single number with what is normal"))
    }
    switch found {
    case .failure(let failure): return .failure(failure)
    case .value(.partial(let partial)):
      // More data can only add to the number: a limit that it is above already stays exceeded.
      guard let number = Self.number(partial.known), limit.staysExceeded(above: number),
        number >= rule.modifiers.atLeast ?? number
      else { return .unknown(partial.reason) }
      return .value(Finding(breached: true, value: number).record(entity: nil))
    case .value(let value):
      guard let number = Self.number(value), !number.isNaN else { return .unknown("'\(id)' has no number to judge") }
      var finding = Finding(breached: limit.isExceeded(by: number), value: number)
      if let least = rule.modifiers.atLeast { finding.require(atLeast: least) }
      return .value(finding.record(entity: nil))
    }
  }

  private static func number(_ value: Value) -> Double? {
    switch value {
    case .int(let number): Double(number)
    case .uint(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }
}

extension Threshold.Monitored {
  /// What the rule says of a window of one series.
  ///
  /// - Parameter window: `nil`: as far as the points reach.
  /// - Parameter step: The time from one point to the next; `nil`: what the points make one expect.
  /// - Parameter population: Series of others, for a rule that judges by entity.
  /// - Parameter surprise: Asked instead of the rule's, where the rule asks for one.
  package func judge(
    _ points: [Series.Point], window: (from: Timestamp, to: Timestamp)?, step: Duration? = nil,
    excluding excluded: [(from: Timestamp, to: Timestamp)] = [], population: [[Series.Point]] = [],
    surprise: Double? = nil
  ) -> Baselines.Judgement {
    guard let span = window ?? points.span else { return .insufficient("no point was measured") }
    switch judgement {
    case .normal(let normal):
      var rule = normal.rule
      if rule.surprise != nil, let surprise { rule.surprise = surprise }
      return Baselines.judge(points, window: span, by: rule, excluding: excluded, population: population)
    case .limit(let limit):
      let judged = judgeLimit(
        points, window: span, by: limit, step: step, persistence: modifiers.persistence, cooldown: modifiers.cooldown,
        recover: modifiers.recover)
      guard case .judged(var finding) = judged, let least = modifiers.atLeast else { return judged }
      finding.require(atLeast: least)
      return .judged(finding)
    }
  }
}

extension Limit {
  /// Whether a number that is at least this much exceeds the limit, however much it is.
  fileprivate func staysExceeded(above number: Double) -> Bool {
    switch self {
    case .above(let limit): number > limit
    case .below: false
    case .outside(_, let high): number > high
    }
  }
}

extension Threshold.Subject {
  /// The query whose answer is judged.
  fileprivate var query: String? {
    switch self {
    case .series(let query), .rows(let query): query
    case .expression: nil
    }
  }
}

extension Series {
  fileprivate func value(of label: String) -> String? {
    labels.first { ExactString($0.name) == ExactString(label) }?.value
  }
}

extension Baselines.Finding {
  /// As expressions see it.
  fileprivate func record(entity: String?) -> Value {
    let span = history.flatMap { history in
      history.from.flatMap { from in history.to.map { $0.since(from) } }
    }
    return .record(
      Record(
        Threshold.recordType,
        [
          .bool(breached), from.map(Value.timestamp), to.map(Value.timestamp), .double(value),
          expected.map(Value.double), low.map(Value.double), high.map(Value.double), surprise.map(Value.double),
          rank.map { .int(Int64($0)) }, ranked.map { .int(Int64($0)) }, span.map(Value.duration),
          kind.map { .string($0.rawValue) }, entity.map(Value.string), cooled.map(Value.timestamp),
          .bool(history?.isOfPopulation ?? false), .list(newValues.map { .string(Rendering.cut($0)) }),
          shortfall.map { .string($0.text) },
        ]))
  }
}

extension [Series.Point] {
  /// From the first instant to the last.
  fileprivate var span: (from: Timestamp, to: Timestamp)? {
    guard let first = lazy.map(\.time).min(), let last = lazy.map(\.time).max() else { return nil }
    return (first, last)
  }
}
