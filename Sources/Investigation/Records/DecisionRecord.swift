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
      [
        JournalEntry("window.replaced") { body in
          body.add("query", query)
          body.add("reason", RecordText.cut(reason))
        }
      ]
    case .thresholdJudged(let id, let judgement): [judgement.journalEntry(of: id)]
    case .exportDropped(let export, let reason):
      [
        JournalEntry("export.dropped") { body in
          body.add("export", export)
          body.add("reason", RecordText.cut(reason))
        }
      ]
    }
  }

  private static func entries(_ answers: Answers) -> [JournalEntry] {
    guard let question = answers.first?.question else { return [] }
    return RecordForm.divide(answers.lazy.flatMap(\.parts), length: \.count).map { parts in
      JournalEntry("question.answered") { body in
        body.add("answers", listOf: parts.count) { $1 += parts[$0] }
        body.add("question", question)
      }
    }
  }
}

extension ThresholdJudgement {
  fileprivate func journalEntry(of id: String) -> JournalEntry {
    switch self {
    case .unknown(let reason):
      JournalEntry("threshold.judged") { body in
        body.add("threshold", id)
        body.add("unknown", RecordText.cut(reason))
      }
    case .judged(let finding, let entity):
      JournalEntry("threshold.judged") { body in
        body.add("breached", finding.breached)
        if let cooled = finding.cooled { body.add("cooled", cooled) }
        body.add("entity", entity.map { Rendering.cut($0) })
        body.add("expected", finding.expected.map(JSON.double) ?? .null)
        body.add("from", finding.from)
        body.add("high", finding.high.map(JSON.double) ?? .null)
        body.add("history", finding.history?.json ?? .null)
        body.add("kind", finding.kind?.rawValue)
        body.add("low", finding.low.map(JSON.double) ?? .null)
        if !finding.newValues.isEmpty { body.add("new_values", finding.newValues.map { Rendering.cut($0) }) }
        body.add("rank", finding.rank.map { .integer(Int64($0)) } ?? .null)
        body.add("ranked", finding.ranked.map { .integer(Int64($0)) } ?? .null)
        if let shortfall = finding.shortfall { body.add("short_of", shortfall.text) }
        body.add("surprise", finding.surprise.map(JSON.double) ?? .null)
        body.add("threshold", id)
        body.add("to", finding.to)
        body.add("value", .double(finding.value))
      }
    }
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
  package var json: JSON {
    .object([
      .init("question", .string(question)), .init("entity", entity.map { .string(Rendering.cut($0)) } ?? .null),
      .init("ask", .string(ask)), .init("answer", .string(answer)),
      .init("finding", .array(RecordForm.texts(finding).map(JSON.string))),
      .init("because", .string(because)), .init("assumed", .bool(assumed)),
    ])
  }

  /// `json` in its canonical form. It is written without making the tree, as every run writes every answer twice.
  fileprivate var canonicalBytes: [UInt8] {
    sheet.written(row) { written(finding: RecordForm.texts(finding), isContinued: nil) }
  }

  /// The answer as parts of records, in canonical form: findings that are too long for one go on in the next.
  fileprivate var parts: [[UInt8]] {
    let whole = canonicalBytes
    guard whole.count > RecordForm.partBytes else { return [whole] }
    let groups = RecordForm.divide(RecordForm.texts(finding))
    guard groups.count > 1 else { return [whole] }
    return groups.enumerated().map { index, group in written(finding: group, isContinued: index > 0) }
  }

  private func written(finding: [String], isContinued: Bool?) -> [UInt8] {
    CanonicalObject.bytes { object in
      object.add("answer", answer)
      object.add("ask", ask)
      object.add("assumed", assumed)
      object.add("because", because)
      if let isContinued { object.add("continued", isContinued) }
      object.add("entity", entity.map { Rendering.cut($0) })
      object.add("finding", finding)
      object.add("question", question)
    }
  }
}

extension EntitiesFound {
  fileprivate var journalEntries: [JournalEntry] {
    let parts =
      RecordForm.texts(values).map { JSON.object(["value": .string($0)]) }
      + RecordForm.texts(overflow).map { JSON.object(["value": .string($0), "beyond_limit": .bool(true)]) }
    let groups = RecordForm.divide(parts, length: \.canonicalCount)
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
      JournalEntry("verdict.reached") { body in
        body.add("advice", RecordText.shown(of: advice))
        body.add("assumed", assumed)
        if let entities { body.add("entity", entities.kind) }
        if let means { body.add("means", RecordText.cut(means)) }
        if let question { body.add("question", question) }
        body.add("severity", severity.rawValue)
        if entities != nil { body.add("values", group) }
        body.add("verdict", verdict)
      }
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
    return JournalEntry("query.judged") { body in
      body.add("is", word)
      body.add("query", query)
      body.add("reason", RecordText.cut(reason))
    }
  }
}

extension RunOutcome {
  /// The outcome as machines are shown it; of any size.
  package var json: JSON {
    .object([
      "verdict": .string(verdict), "severity": .string(severity.rawValue), "answers": .array(answers.map(\.json)),
      "open": .array(open.map(JSON.string)), "entities": entitiesRecord,
    ])
  }

  /// `json` in its canonical form.
  package var canonicalBytes: [UInt8] {
    CanonicalObject.bytes { object in
      object.add("answers", listOf: answers.count) { $1 += answers[$0].canonicalBytes }
      object.add("entities", entitiesRecord)
      object.add("open", open)
      object.add("severity", severity.rawValue)
      object.add("verdict", verdict)
    }
  }

  private var entitiesRecord: JSON {
    .object(
      entities.map { entity in
        .init(entity.entity, .object(entity.verdicts.map { .init($0.value, .string($0.verdict)) }))
      })
  }

  /// - Parameter outcome: The digest of the whole outcome, `json`.
  package func journalEntry(outcome: String) -> JournalEntry {
    JournalEntry("run.closed") { body in
      body.add("entities", .object(entities.map { .init($0.entity, .integer(Int64($0.verdicts.count))) }))
      body.add("open", open)
      body.add("outcome", outcome)
      body.add("severity", severity.rawValue)
      body.add("verdict", verdict)
    }
  }
}
