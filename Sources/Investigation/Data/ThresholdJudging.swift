import Baselines
import CEL
import RunbookLanguage
import RunbookPorts
import Values

/// Judges thresholds: plain numbers, limits, and what is normal (module `Baselines`).
extension Turn {
  func threshold(_ place: Int) -> Evaluation {
    if let known = facts.thresholds[place] { return known }
    switch plan.rules[place] {
    case .number(let number): return .value(number)
    case .monitored(let rule):
      let id = plan.runbook.thresholds[place].id
      switch rule.subject {
      case .expression(let expression): return judge(evaluate(expression, in: runScope), by: rule, id)
      case .series(let query):
        guard let fact = plan.queries[query].flatMap({ facts.queries[$0].fact }) else {
          return .unknown("'\(query)' has not been answered yet")
        }
        // A long history takes a while to judge, and a settled query stays so.
        let judged = judge(fact, by: rule, id)
        facts.thresholds[place] = judged
        return judged
      }
    }
  }

  // MARK: A series

  private func judge(_ fact: QueryFact, by rule: Threshold.Monitored, _ id: String) -> Evaluation {
    switch fact {
    case .failed(let failure): return .failure(failure)
    case .rows: return .failure(EvaluationFailure(.error, "'\(id)' judges rows, which are no series"))
    case .series(let fact):
      guard !fact.series.isEmpty else { return .unknown("'\(id)' has no series to judge") }
      var most: Baselines.Finding?
      var insufficient: String?
      for series in fact.series {
        switch Self.judge(series.points, within: fact.window, by: rule) {
        case .insufficient(let reason): insufficient = insufficient ?? reason
        case .judged(let finding): if most.map({ finding.outweighs($0) }) ?? true { most = finding }
        }
      }
      // A breach stays one whatever else there is; its absence needs everything.
      if let most, most.breached { return .value(most.record) }
      if let reason = fact.incomplete ?? insufficient.map({ "'\(id)' cannot be judged: \($0)" }) {
        return .unknown(reason)
      }
      return most.map { .value($0.record) } ?? .unknown("'\(id)' has no series to judge")
    }
  }

  private static func judge(
    _ points: [Series.Point], within window: TimeWindow?, by rule: Threshold.Monitored
  ) -> Baselines.Judgement {
    guard let span = window.map({ (from: $0.from, to: $0.to) }) ?? points.span else {
      return .insufficient("no point was measured")
    }
    switch rule.judgement {
    case .normal(let normal): return Baselines.judge(points, window: span, by: BaselineRule(normal, rule.modifiers))
    case .above, .below, .outside:
      guard let limit = rule.judgement.limit else { return .insufficient("there is no limit") }
      let judged = judgeLimit(
        points, window: span, by: limit, persistence: rule.modifiers.persistence.map(Persistence.init))
      guard case .judged(var finding) = judged, let least = rule.modifiers.atLeast, finding.value < least else {
        return judged
      }
      finding.breached = false
      (finding.from, finding.to) = (nil, nil)
      return .judged(finding)
    }
  }

  // MARK: A number

  private func judge(_ found: Evaluation, by rule: Threshold.Monitored, _ id: String) -> Evaluation {
    guard let limit = rule.judgement.limit else {
      return .failure(EvaluationFailure(.error, "'\(id)' compares a single number with what is normal"))
    }
    switch found {
    case .failure(let failure): return .failure(failure)
    case .value(.partial(let partial)):
      // More data can only add to the number: a limit that it is above already stays exceeded.
      guard let number = Self.number(partial.known), limit.staysExceeded(above: number),
        number >= rule.modifiers.atLeast ?? number
      else { return .unknown(partial.reason) }
      return .value(Self.record(breached: true, number))
    case .value(let value):
      guard let number = Self.number(value), !number.isNaN else { return .unknown("'\(id)' has no number to judge") }
      let isBreached = limit.isExceeded(by: number) && number >= rule.modifiers.atLeast ?? number
      return .value(Self.record(breached: isBreached, number))
    }
  }

  private static func record(breached: Bool, _ number: Double) -> Value {
    .record(Record(Threshold.recordType, [.bool(breached), nil, nil, .double(number), nil, nil, nil, nil, nil]))
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

extension Threshold.Judgement {
  fileprivate var limit: Limit? {
    switch self {
    case .above(let limit): .above(limit)
    case .below(let limit): .below(limit)
    case .outside(let low, let high): .outside(low: low, high: high)
    case .normal: nil
    }
  }
}

extension Baselines.Persistence {
  fileprivate init(_ persistence: Threshold.Persistence) {
    switch persistence {
    case .lasting(let duration): self = .lasting(duration)
    case .points(let needed, let span): self = .points(needed, of: span)
    }
  }
}

extension BaselineRule {
  fileprivate init(_ normal: Threshold.Normal, _ modifiers: Threshold.Monitored.Modifiers) {
    let direction: Baselines.Direction =
      switch modifiers.direction {
      case .up: .up
      case .down: .down
      case .both: .both
      }
    let minimum: Baselines.MinimumHistory =
      switch normal.minimumHistory {
      case .duration(let duration): .duration(duration)
      case .points(let count): .points(count)
      }
    self.init(
      direction: direction, surprise: normal.surprise, atLeast: modifiers.atLeast, ratio: modifiers.ratio,
      persistence: modifiers.persistence.map(Persistence.init), minimumHistory: minimum)
  }
}

extension Baselines.Finding {
  /// Whether this tells more than another: a breach before none, then the more surprising.
  fileprivate func outweighs(_ other: Finding) -> Bool {
    if breached != other.breached { return breached }
    return (surprise ?? 0) > (other.surprise ?? 0)
  }

  /// As expressions see it.
  fileprivate var record: Value {
    .record(
      Record(
        Threshold.recordType,
        [
          .bool(breached), from.map(Value.timestamp), to.map(Value.timestamp), .double(value),
          expected.map(Value.double), low.map(Value.double), high.map(Value.double), surprise.map(Value.double),
          rank.map { .int(Int64($0)) },
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
