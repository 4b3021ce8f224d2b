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
    return RecordForm.divide(answers.lazy.flatMap(\.parts), length: \.count).map { parts in
      var body = Array("{\"answers\":".utf8)
      JSON.write(elements: parts, to: &body)
      body += ",\"question\":".utf8
      JSON.write(question, to: &body)
      body.append(UInt8(ascii: "}"))
      return JournalEntry("question.answered", bodyBytes: body)
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
      if !finding.newValues.isEmpty {
        members.append(.init("new_values", .array(finding.newValues.map { .string(Rendering.cut($0)) })))
      }
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
  package var json: JSON {
    .object([
      .init("question", .string(question)), .init("entity", entity.map { .string(Rendering.cut($0)) } ?? .null),
      .init("ask", .string(ask)), .init("answer", .string(answer)), .init("finding", .array(RecordForm.texts(finding))),
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
    let groups = RecordForm.divide(RecordForm.texts(finding), length: \.canonicalCount)
    guard groups.count > 1 else { return [whole] }
    return groups.enumerated().map { index, group in written(finding: group, isContinued: index > 0) }
  }

  private func written(finding: [JSON], isContinued: Bool?) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(Self.usualBytes)
    func put(_ name: StaticString, _ text: String?) {
      name.withUTF8Buffer { output.append(contentsOf: $0) }
      if let text { JSON.write(text, to: &output) } else { output += "null".utf8 }
    }
    put("{\"answer\":", answer)
    put(",\"ask\":", ask)
    output += (assumed ? ",\"assumed\":true" : ",\"assumed\":false").utf8
    put(",\"because\":", because)
    if let isContinued { output += (isContinued ? ",\"continued\":true" : ",\"continued\":false").utf8 }
    put(",\"entity\":", entity.map { Rendering.cut($0) })
    output += ",\"finding\":".utf8
    output += JSON.array(finding).canonicalBytes
    put(",\"question\":", question)
    output.append(UInt8(ascii: "}"))
    return output
  }

  private static let usualBytes = 512
}

extension EntitiesFound {
  fileprivate var journalEntries: [JournalEntry] {
    let parts =
      RecordForm.texts(values).map { JSON.object(["value": $0]) }
      + RecordForm.texts(overflow).map { JSON.object(["value": $0, "beyond_limit": .bool(true)]) }
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
    let groups = RecordForm.divide(RecordForm.texts(entities?.values ?? []), length: \.canonicalCount)
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
      "open": .array(open.map(JSON.string)), "entities": entitiesRecord,
    ])
  }

  /// `json` in its canonical form.
  package var canonicalBytes: [UInt8] {
    var output = Array("{\"answers\":".utf8)
    JSON.write(elements: answers.lazy.map(\.canonicalBytes), to: &output)
    let rest = JSON.object([
      "entities": entitiesRecord, "open": .array(open.map(JSON.string)), "severity": .string(severity.rawValue),
      "verdict": .string(verdict),
    ])
    output.append(UInt8(ascii: ","))
    output += rest.canonicalBytes.dropFirst()
    return output
  }

  private var entitiesRecord: JSON {
    .object(
      entities.map { entity in
        .init(entity.entity, .object(entity.verdicts.map { .init($0.value, .string($0.verdict)) }))
      })
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

extension JSON {
  /// Writes a list of values that are written already.
  fileprivate static func write(elements: some Sequence<[UInt8]>, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "["))
    var isFirst = true
    for element in elements {
      if !isFirst { output.append(UInt8(ascii: ",")) }
      isFirst = false
      output.append(contentsOf: element)
    }
    output.append(UInt8(ascii: "]"))
  }
}
