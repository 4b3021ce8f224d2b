import Baselines
import RunbookLanguage
package import RunbookPorts
package import Values

extension Decision {
  /// The decision as records; more than one where it would outgrow a record.
  package var journalEntries: [JournalEntry] {
    switch self {
    case .answered(let answers): Self.entries(answers)
    case .entitiesFound(let found): found.journalEntries
    case .reached(let reached): reached.journalEntries
    case .judged(let query, let judgement): [judgement.journalEntry(of: query)]
    case .windowReplaced(let query, let reason):
      [JournalEntry("window.replaced", .object(["query": .string(query), "reason": .string(RecordText.cut(reason))]))]
    case .thresholdJudged(let id, let judgement): [judgement.journalEntry(of: id)]
    case .exportDropped(let export, let reason):
      [JournalEntry("export.dropped", .object(["export": .string(export), "reason": .string(RecordText.cut(reason))]))]
    }
  }

  private static func entries(_ answers: Answers) -> [JournalEntry] {
    guard let question = answers.first?.question else { return [] }
    return RecordForm.divide(answers.lazy.flatMap(\.parts)).map { part in
      JournalEntry("question.answered", .object(["question": .string(question), "answers": .array(part)]))
    }
  }
}

extension ThresholdJudgement {
  fileprivate func journalEntry(of id: String) -> JournalEntry {
    var members: [JSON.Member] = [.init("threshold", .string(id))]
    switch self {
    case .unknown(let reason): members += [.init("unknown", .string(RecordText.cut(reason)))]
    case .judged(let finding, let entity):
      members += [
        .init("breached", .bool(finding.breached)), .init("entity", entity.map { .string(Rendering.cut($0)) } ?? .null),
        .init("kind", finding.kind.map { .string($0.rawValue) } ?? .null), .init("value", .double(finding.value)),
        .init("expected", finding.expected.map(JSON.double) ?? .null),
        .init("low", finding.low.map(JSON.double) ?? .null), .init("high", finding.high.map(JSON.double) ?? .null),
        .init("surprise", finding.surprise.map(JSON.double) ?? .null),
        .init("rank", finding.rank.map { .integer(Int64($0)) } ?? .null),
        .init("ranked", finding.ranked.map { .integer(Int64($0)) } ?? .null),
        .init("from", finding.from.map { .string($0.shortDescription) } ?? .null),
        .init("to", finding.to.map { .string($0.shortDescription) } ?? .null),
        .init("history", finding.history?.json ?? .null),
      ]
      if let cooled = finding.cooled { members.append(.init("cooled", .string(cooled.shortDescription))) }
    }
    return JournalEntry("threshold.judged", .object(members))
  }
}

extension HistoryUsed {
  fileprivate var json: JSON {
    .object([
      "points": .integer(Int64(points)), "from": from.map { .string($0.shortDescription) } ?? .null,
      "to": to.map { .string($0.shortDescription) } ?? .null, "of_others": .bool(isOfPopulation),
    ])
  }
}

extension Answer {
  /// The answer as machines are shown it.
  package var json: JSON { sheet.written(row) { json(finding: RecordForm.texts(finding), isContinued: nil) } }

  /// The answer as parts of records: findings that are too long for one go on in the next.
  fileprivate var parts: [(json: JSON, bytes: Int)] {
    let whole = json
    let bytes = whole.canonicalCount
    guard bytes > RecordForm.partBytes else { return [(whole, bytes)] }
    let groups = RecordForm.divide(whole["finding"]?.elements ?? [])
    guard groups.count > 1 else { return [(whole, bytes)] }
    return groups.enumerated().map { index, group in
      let part = json(finding: group, isContinued: index > 0)
      return (part, part.canonicalCount)
    }
  }

  private func json(finding: [JSON], isContinued: Bool?) -> JSON {
    var members: [JSON.Member] = [
      .init("question", .string(question)), .init("entity", entity.map { .string(Rendering.cut($0)) } ?? .null),
      .init("ask", .string(ask)), .init("answer", .string(answer)), .init("finding", .array(finding)),
      .init("because", .string(because)), .init("assumed", .bool(assumed)),
    ]
    if let isContinued { members.append(.init("continued", .bool(isContinued))) }
    return .object(members)
  }
}

extension EntitiesFound {
  fileprivate var journalEntries: [JournalEntry] {
    let parts =
      RecordForm.texts(values).map { JSON.object(["value": $0]) }
      + RecordForm.texts(overflow).map { JSON.object(["value": $0, "beyond_limit": .bool(true)]) }
    let groups = RecordForm.divide(parts)
    return (groups.isEmpty ? [[]] : groups).map { group in
      JournalEntry(
        "entities.found",
        .object([
          "entity": .string(entity), "values": .array(group), "count": .integer(Int64(values.count)),
          "beyond_limit": .integer(Int64(overflow.count)),
          "incomplete": incomplete.map { .string(RecordText.cut($0)) },
        ]))
    }
  }
}

extension VerdictReached {
  fileprivate var journalEntries: [JournalEntry] {
    let groups = RecordForm.divide(RecordForm.texts(entities?.values ?? []))
    return (groups.isEmpty ? [[]] : groups).map { group in
      JournalEntry(
        "verdict.reached",
        .object([
          "verdict": .string(verdict), "severity": .string(severity.rawValue),
          "entity": entities.map { .string($0.kind) }, "values": entities.map { _ in .array(group) },
          "question": question.map(JSON.string), "assumed": .bool(assumed),
          "means": means.map { .string(RecordText.cut($0)) }, "advice": RecordText.list(advice),
        ]))
    }
  }
}

extension DataJudgement {
  fileprivate func journalEntry(of query: String) -> JournalEntry {
    let (word, reason) =
      switch self {
      case .incomplete(let reason): ("incomplete", reason)
      case .unusable(let reason): ("unusable", reason)
      }
    return JournalEntry(
      "query.judged",
      .object(["query": .string(query), "is": .string(word), "reason": .string(RecordText.cut(reason))]))
  }
}

extension RunOutcome {
  /// The outcome as machines are shown it; of any size.
  package var json: JSON {
    .object([
      "verdict": .string(verdict), "severity": .string(severity.rawValue), "answers": .array(answers.map(\.json)),
      "open": .array(open.map(JSON.string)),
      "entities": .object(
        entities.map { entity in
          .init(entity.entity, .object(entity.verdicts.map { .init($0.value, .string($0.verdict)) }))
        }),
    ])
  }

  /// - Parameter outcome: Where the whole outcome, `json`, is kept.
  package func journalEntry(outcome: EvidenceReference?) -> JournalEntry {
    JournalEntry(
      "run.closed",
      .object([
        "verdict": .string(verdict), "severity": .string(severity.rawValue),
        "open": .array(open.map(JSON.string)),
        "entities": .object(entities.map { .init($0.entity, .integer(Int64($0.verdicts.count))) }),
        "outcome": outcome?.json ?? .null,
      ]))
  }
}
