import RunbookLanguage
package import RunbookPorts
import Values

extension Effect {
  /// The types of the records of effects and decisions, besides those of queries: all that a replay must find again.
  package static let recordTypes: Set<String> = [
    "wait.begun", "person.asked", "question.answered", "threshold.judged", "entities.found", "verdict.reached",
    "query.judged",
    "window.replaced", "export.dropped", "notice.intended", "export.intended", "run.concluded", "run.closed",
  ]

  /// What is recorded before the effect is performed; of a decision, what is recorded of it. None is empty but that of
  /// `.close`, whose record points to the whole outcome: see `RunOutcome.journalEntry`.
  package var journalEntries: [JournalEntry] {
    switch self {
    case .fetch(let request): [request.journalEntry]
    case .wait(let instant):
      [JournalEntry("wait.begun", .object(["until": .string(instant.shortDescription)]))]
    case .decided(let decision): decision.journalEntries
    case .ask(let form): [form.journalEntry]
    case .notify(let request): [request.journalEntry]
    case .export(let request): [request.journalEntry]
    case .close: []
    }
  }
}

extension FetchRequest {
  fileprivate var journalEntry: JournalEntry {
    let parameters = parameters.sorted { $0.key < $1.key }.map {
      JSON.Member($0.key, RecordForm.short($0.value.json))
    }
    let members: [JSON.Member] = [
      .init("origin", origin.json), .init("languages", .array(alternatives.map { .string($0.language) })),
      .init("parameters", .object(parameters)), .init("row_limit", .integer(Int64(rowLimit))),
    ]
    return JournalEntry("query.intended", .object(id.members + members))
  }
}

extension FetchRequest.Origin {
  fileprivate var json: JSON {
    switch self {
    case .source(let source): .object(["source": .string(source)])
    case .history: .object(["cases": .bool(true)])
    case .join(let inputs): .object(["results": .array(inputs.map { .string($0.name) })])
    }
  }
}

extension NoticeRequest {
  fileprivate var journalEntry: JournalEntry {
    let whom: [JSON.Member] = [
      .init("idempotency_key", .string(RecordText.cut(idempotencyKey))), .init("contact", .string(contact)),
    ]
    let what: [JSON.Member] = [
      .init("entities", RecordForm.short(.array(entities.map(JSON.string)))),
      .init("subject", .string(RecordText.cut(subject))), .init("lines", RecordText.list(lines)),
      .init("advice", RecordText.list(advice)),
    ]
    return JournalEntry("notice.intended", .object(whom + occasion.members + what))
  }
}

extension ExportRequest {
  fileprivate var journalEntry: JournalEntry {
    JournalEntry(
      "export.intended",
      .object([
        "export": .string(export), "format": .string(format), "rows": .integer(Int64(table.count)),
        "columns": .array(table.columns.map { .string($0.name) }),
        "incomplete": incomplete.map { .string(RecordText.cut($0)) },
      ]))
  }
}
