import Baselines
package import RunbookLanguage
package import RunbookPorts
package import Values

extension RunStart {
  /// What came from outside, whole: alert and fields. Kept as evidence, because it may be of any size. Where an alert's
  /// JSON would lose something (the order of members, numbers that are no JavaScript numbers), its text stands beside it.
  package var input: JSON {
    .object([
      "alert": alert?.json ?? .null, "alert_text": alert.flatMap(ExactText.beyondJSON).map(JSON.string),
      "fields": .object(orderedFields.map { .init($0.id, $0.value.json) }),
    ])
  }

  /// - Parameter input: Where `input` is kept.
  package func journalEntry(of runbook: CheckedRunbook, input: EvidenceReference?) -> JournalEntry {
    JournalEntry(
      "run.started",
      .object([
        "run": .string(run), "runbook": .string(runbook.runbook.id),
        "version": runbook.runbook.version.map(JSON.string) ?? .null,
        "at": .string(at.shortDescription), "now": .string(now.shortDescription), "waits": .bool(waits),
        "bounded_by_now": .bool(isBoundedByNow),
        "fields": .object(orderedFields.map { .init($0.id, RecordForm.short($0.value.json)) }),
        "sources": .object(sources.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.json) }),
        "thresholds": .object(thresholdsInForce(of: runbook.runbook).map { .init($0.id, $0.rule.json) }),
        "overridden": .array(thresholds.keys.sorted().map(JSON.string)),
        "input": input?.json ?? .null,
        "scripts": scripts.isEmpty
          ? nil : .object(scripts.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }),
      ]))
  }

  /// The thresholds that replace the runbook's, in words that are the same where they are.
  package var replacedThresholds: String {
    JSON.object(thresholds.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.json) }).compactText
  }

  /// The runbook's, with those that the deployment gives instead.
  private func thresholdsInForce(of runbook: Runbook) -> [(id: String, rule: Threshold.Rule)] {
    runbook.thresholds.map { ($0.id, thresholds[$0.id] ?? $0.rule) }
  }

  private var orderedFields: [(id: String, value: FieldValue)] {
    fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension FieldValue {
  fileprivate var json: JSON {
    switch self {
    case .value(let value): value.json
    case .missing(let reason): .object(["missing": .string(reason)])
    }
  }
}

extension SourcePolicy {
  fileprivate var json: JSON {
    let (adapter, unbound): (String?, String?) =
      switch binding {
      case .bound(let adapter): (adapter, nil)
      case .unbound(let reason): (nil, reason)
      }
    return .object([
      "adapter": adapter.map(JSON.string), "unbound": unbound.map(JSON.string),
      "lag": .string(lag.shorthand), "gap": .string(gap.shorthand), "silence_is_normal": .bool(isSilenceNormal),
    ])
  }
}

extension Threshold.Rule {
  fileprivate var json: JSON {
    switch self {
    case .number(let number): number.json
    case .monitored(let rule):
      .object([
        "judgement": rule.judgement.json, "direction": .string(rule.modifiers.direction.rawValue),
        "at_least": rule.modifiers.atLeast.map(JSON.double), "ratio": rule.modifiers.ratio.map(JSON.double),
        "for": rule.modifiers.persistence.map { .string($0.text) },
      ])
    }
  }
}

extension Threshold.Judgement {
  fileprivate var json: JSON {
    switch self {
    case .limit(.above(let limit)): .object(["above": .double(limit)])
    case .limit(.below(let limit)): .object(["below": .double(limit)])
    case .limit(.outside(let low, let high)): .object(["outside": .array([.double(low), .double(high)])])
    case .normal(let normal):
      .object([
        "kind": .array(normal.rule.kinds.map { .string($0.rawValue) }),
        "surprise": normal.rule.surprise.map(JSON.double) ?? .null, "history": .string(normal.history.shorthand),
        "minimum_history": normal.rule.minimumHistory.json,
      ])
    }
  }
}

extension MinimumHistory {
  fileprivate var json: JSON {
    switch self {
    case .duration(let duration): .string(duration.shorthand)
    case .points(let count): .integer(Int64(count))
    }
  }
}

extension Persistence {
  fileprivate var text: String {
    switch self {
    case .lasting(let duration): duration.shorthand
    case .points(let needed, let span): "\(needed) of \(span)"
    }
  }
}
