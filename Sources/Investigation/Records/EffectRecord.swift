import RunbookLanguage
package import RunbookPorts
package import Values

extension Effect {
  /// The types of the records of effects and decisions, besides those of queries: all that a replay must find again.
  package static let recordTypes: Set<String> = [
    "wait.begun", "person.asked", "question.answered", "threshold.judged", "entities.found", "verdict.reached",
    "query.judged",
    "window.replaced", "export.dropped", "notice.intended", "export.intended", "script.intended",
    "run.concluded", "run.closed",
  ]

  /// What is recorded before the effect is performed; of a decision, what is recorded of it. None is empty but that of
  /// `.close`, whose record points to the whole outcome: see `RunOutcome.journalEntry`.
  package var journalEntries: [JournalEntry] {
    switch self {
    case .fetch(let request): [request.journalEntry()]
    case .wait(let instant):
      [JournalEntry("wait.begun") { $0.add("until", instant) }]
    case .decided(let decision): decision.journalEntries
    case .ask(let form): [form.journalEntry]
    case .notify(let request): [request.journalEntry]
    case .export(let request): [request.journalEntry]
    case .script(let request): [request.journalEntry]
    case .close: []
    }
  }
}

extension FetchRequest {
  /// How a query is put, which is for the engine to say.
  package struct Putting: Sendable {
    let performer: String
    let language: String
    let attempt: Int
    let text: JSON

    /// - Parameters:
    ///   - performer: The adapter kind, `results` or `cases`.
    ///   - attempt: Counts from 1.
    ///   - text: The query as it is written.
    package init(performer: String, language: String, attempt: Int, text: JSON) {
      self.performer = performer
      self.language = language
      self.attempt = attempt
      self.text = text
    }
  }

  /// - Parameter putting: `nil`: as a replay reaches it.
  package func journalEntry(_ putting: Putting? = nil) -> JournalEntry {
    JournalEntry("query.intended") { body in
      if let putting {
        body.add("attempt", putting.attempt)
        body.add("language", putting.language)
      }
      body.add("languages", alternatives.map(\.language))
      body.add("origin", origin.add(to:))
      body.add(
        "parameters",
        .object(parameters.sorted { $0.key < $1.key }.map { JSON.Member($0.key, RecordForm.short($0.value.json)) }))
      if let putting { body.add("performer", putting.performer) }
      body.add("query", id.query)
      body.add("row_limit", rowLimit)
      if let putting { body.add("text", putting.text) }
      body.add("window", id.window)
    }
  }
}

extension FetchRequest.Origin {
  fileprivate func add(to object: inout CanonicalObject) {
    switch self {
    case .source(let source): object.add("source", source)
    case .history: object.add("cases", true)
    case .join(let inputs): object.add("results", inputs.map(\.name))
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

extension ScriptRequest {
  fileprivate var journalEntry: JournalEntry {
    JournalEntry("script.intended") { body in
      body.add("digest", digest)
      body.add("export", export)
      body.add("given", file.digest)
      body.add("script", RecordText.cut(path))
      body.add("timeout", timeout.shorthand)
    }
  }
}
