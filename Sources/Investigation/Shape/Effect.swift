package import RunbookLanguage
package import RunbookPorts
package import Values

/// What an investigation wants to be done. Effects are performed in their order; those that answer with an event may
/// run side by side.
package enum Effect: Sendable {
  /// Answered by `.fetched` with the request's id.
  case fetch(FetchRequest)
  /// Answered by `.waited` with the same instant; at once if it has passed.
  case wait(until: Timestamp)
  /// Something was found out. Answered by nothing.
  case decided(Decision)
  /// Answered by `.told` with the form's key, until the form is filled in or its time is over; by nothing if nobody
  /// answers.
  case ask(AnswerForm)
  /// Answered by `.notified` with the request's key.
  case notify(NoticeRequest)
  /// Answered by `.exported` with the export's id.
  case export(ExportRequest)
  /// Answered by `.scripted` with the export's id.
  case script(ScriptRequest)
  /// The run is over; nothing follows. Waits that are still under way are given up.
  case close(RunOutcome)
}

/// A query with everything that is needed to perform it, but for the choice of its language.
package struct FetchRequest: Sendable {
  package enum Origin: Sendable {
    case source(String)
    /// Tocsin's own history. Without one the answer is empty and complete.
    case history
    /// SQL over results that the run has already fetched.
    case join(inputs: [(name: String, table: Table)])
  }

  package let id: FetchID
  package let origin: Origin
  /// The same query in several languages, in the author's order; the first that the source understands is meant.
  package let alternatives: [Query.Alternative]
  /// By the path as the query's text has it; `from` and `to` are among them where there is a window.
  package let parameters: [String: Value]
  package let window: TimeWindow?
  /// The part of the window that is judged; before it lies history.
  package let judged: TimeWindow?
  package let shape: ResultShape
  /// Most rows, or points, that are returned; one more makes the result truncated.
  package let rowLimit: Int
  /// How old an answer may be to serve again.
  package let fresh: Duration

  /// The query as an adapter takes it, in one of its languages.
  package func bound(to alternative: Query.Alternative, limits: FetchLimits) -> BoundQuery {
    var limits = limits
    limits.rows = rowLimit
    return BoundQuery(
      query: id.query, source: sourceName, language: alternative.language, body: alternative.body,
      parameters: parameters, window: window, judged: judged, shape: shape, limits: limits)
  }

  private var sourceName: String {
    switch origin {
    case .source(let source): source
    case .history: "cases"
    case .join: "results"
    }
  }
}

/// A call to one contact.
package struct NoticeRequest: Sendable {
  /// The same for every attempt, different for any other notice of any run.
  package let idempotencyKey: String
  /// The contact's id in the runbook.
  package let contact: String
  /// Of a verdict the severity is the highest among those for whom it was reached.
  package let occasion: NoticeOccasion
  /// Whom it is about; empty: the run itself.
  package let entities: [String]
  /// One line.
  package let subject: String
  package let lines: [String]
  package let advice: [String]
}

/// A table to be written to a file.
package struct ExportRequest: Sendable {
  /// The export's id in the runbook.
  package let export: String
  package let table: Table
  /// `csv` or `jsonl`.
  package let format: String
  /// Why rows may be missing, as a sentence part for people; `nil` for a complete table.
  package let incomplete: String?
}

/// A script that is to be given a file.
package struct ScriptRequest: Sendable {
  /// The id of the export that has the script.
  package let export: String
  /// Its path, from the runbook's folder.
  package let path: String
  /// Its digest as the run's start names it: `sha256:` and 64 digits.
  package let digest: String
  package let file: ExportReceipt
  /// How long it may run.
  package let timeout: Duration
}
