import AuditTrail
package import Investigation
package import RunbookLanguage
package import RunbookPorts
package import Values

extension Decision {
  /// The decision as a record. Records of decisions follow from the others; they are kept for people who read the
  /// trail without Tocsin.
  package func journalEntry(in runbook: Runbook) -> JournalEntry {
    switch self {
    case .answered(let answers): Self.entry(of: answers, in: runbook)
    case .entitiesFound(let found):
      JournalEntry(
        "entities.found",
        .object([
          "entity": .string(found.entity), "values": .array(found.values.map(JSON.string)),
          "overflow": .array(found.overflow.map(JSON.string)),
          "incomplete": found.incomplete.map(JSON.string) ?? .null,
        ]))
    case .reached(let verdict): JournalEntry("verdict.reached", verdict.json)
    case .judged(let query, .incomplete(let reason)):
      JournalEntry(
        "query.judged",
        .object(["query": .string(query), "judgement": .string("incomplete"), "reason": .string(reason)]))
    case .judged(let query, .unusable(let reason)):
      JournalEntry(
        "query.judged",
        .object(["query": .string(query), "judgement": .string("unusable"), "reason": .string(reason)]))
    case .windowReplaced(let query, let reason):
      JournalEntry("query.window_replaced", .object(["query": .string(query), "reason": .string(reason)]))
    case .exportDropped(let export, let reason):
      JournalEntry("export.dropped", .object(["export": .string(export), "reason": .string(reason)]))
    }
  }

  private static func entry(of answers: [Answer], in runbook: Runbook) -> JournalEntry {
    let id = answers.first?.question ?? ""
    let question = runbook.question(id)
    return JournalEntry(
      "question.answered",
      .object([
        "question": .string(id), "each": question?.each.map(JSON.string) ?? .null,
        "text": .string(question?.ask.source ?? ""), "sign": .bool(question?.isSign ?? false),
        "labels": .array((question?.labels ?? []).map(JSON.string)), "answers": .array(answers.map(\.json)),
      ]))
  }
}

extension Answer {
  /// As the run's report has it: `question`, `entity`, `ask`, `answer`, `finding`, `because`, `assumed`.
  package var json: JSON {
    .object([
      "question": .string(question), "entity": entity.map(JSON.string) ?? .null, "ask": .string(ask),
      "answer": .string(answer), "finding": .array(finding.map(JSON.string)), "because": .string(because),
      "assumed": .bool(assumed),
    ])
  }
}

extension VerdictReached {
  fileprivate var json: JSON {
    .object([
      "verdict": .string(verdict), "severity": .string(severity.rawValue),
      "entity": entities.map { .string($0.kind) } ?? .null,
      "values": entities.map { .array($0.values.map(JSON.string)) } ?? .null,
      "question": question.map(JSON.string) ?? .null, "assumed": .bool(assumed),
      "means": means.map(JSON.string) ?? .null, "advice": .array(advice.map(JSON.string)),
    ])
  }
}

extension RunOutcome {
  /// All that the run came to.
  package var members: [JSON.Member] {
    [
      .init("verdict", .string(verdict)), .init("severity", .string(severity.rawValue)),
      .init("answers", .array(answers.map(\.json))), .init("open", .array(open.map(JSON.string))),
      .init(
        "entities",
        .object(
          entities.map { entity in
            .init(entity.entity, .object(entity.verdicts.map { .init($0.value, .string($0.verdict)) }))
          })),
    ]
  }

  /// What was decided, in short: the words whose digest closes the run's record.
  var closingEntry: JournalEntry {
    JournalEntry(
      "run.closed",
      .object([
        "verdict": .string(verdict), "severity": .string(severity.rawValue), "open": .array(open.map(JSON.string)),
        "outcome": .string(ContentDigest.of(JSON.object(members).recordable.canonicalBytes)),
      ]))
  }
}

extension RunResult {
  /// The run as one object for machines: `run`, `runbook`, `version`, `verdict`, `severity`, `answers`, `open`,
  /// `entities`, `started`, `finished`. A run that was interrupted has no verdict and says why under `interrupted`.
  package var json: JSON {
    let head: [JSON.Member] = [
      .init("run", .string(run)), .init("runbook", .string(runbook)), .init("version", .string(version)),
    ]
    let times: [JSON.Member] = [
      .init("started", .string(started.shortDescription)), .init("finished", .string(finished.shortDescription)),
    ]
    guard let outcome else {
      return .object(
        head + [
          .init("verdict", .null), .init("severity", .null), .init("answers", .array([])), .init("open", .array([])),
          .init("entities", .object([JSON.Member]())),
        ] + times + [.init("interrupted", interruption.map(JSON.string) ?? .null)])
    }
    return .object(head + outcome.members + times)
  }
}
