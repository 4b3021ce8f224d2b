import AuditTrail
import RunbookPorts
package import Values

/// A recorded run as a document for people: everything that was asked, what the data said, what was decided, who was
/// told when. It is made of the run's records and their evidence alone.
package struct CaseReport: Sendable {
  /// One question with all of its answers.
  package struct Question: Sendable {
    package let id: String
    package let ask: String
    /// The entity's name, where it was asked of each.
    package let each: String?
    package let isSign: Bool
    package fileprivate(set) var answers: [GivenAnswer]
  }

  /// One query.
  package struct Query: Sendable {
    package let id: String
    package let source: String
    package let text: String
    package let window: String
    package fileprivate(set) var outcome = "no answer is recorded"
    package fileprivate(set) var milliseconds: Int64?
    package fileprivate(set) var warnings: [String] = []
    /// Its rows; `nil` for a series, and where there is no answer.
    package fileprivate(set) var table: Table?
  }

  package struct Verdict: Sendable {
    package let verdict: String
    package let severity: String
    package let entity: String?
    package let values: [String]
    package let isAssumed: Bool
    package let means: String?
    package let advice: [String]
  }

  package struct Notice: Sendable {
    package let key: String
    package let contact: String
    /// The verdict, or the question that was put.
    package let about: String
    package let subject: String
    package let intended: Timestamp
    package fileprivate(set) var ended: Timestamp?
    package fileprivate(set) var outcome = "its outcome is not recorded"
  }

  package struct Export: Sendable {
    package let export: String
    package let rows: Int64
    package fileprivate(set) var outcome = "its outcome is not recorded"
    package fileprivate(set) var script: Script?
  }

  /// A script that was given an export.
  package struct Script: Sendable {
    package let path: String
    package let digest: String
    package fileprivate(set) var outcome = "its outcome is not recorded"
    /// The first lines of what it printed.
    package let printed: [String]

    /// Most lines that are shown, and most bytes of each.
    static let lineLimit = 20
    static let lineLimitBytes = 200
  }

  /// A line of the timeline.
  package struct Moment: Sendable {
    package let at: Timestamp
    package let text: String
  }

  package let run: String
  package private(set) var runbook = ""
  package private(set) var version = ""
  package private(set) var title = ""
  package private(set) var alert = ""
  package private(set) var engine = ""
  /// The runbook's digest.
  package private(set) var digest = ""
  package private(set) var fields: [(name: String, value: String)] = []
  package private(set) var at = ""
  package private(set) var started: Timestamp?
  package private(set) var finished: Timestamp?
  /// `nil` for a run that has not ended.
  package private(set) var verdict: String?
  package private(set) var severity: String?
  package private(set) var interruption: String?
  /// Questions that stayed open, by id.
  package private(set) var open: [String] = []
  package private(set) var reached: [Verdict] = []
  /// In the order in which they were answered.
  package private(set) var questions: [Question] = []
  package private(set) var charts: [ReportChart] = []
  package private(set) var queries: [Query] = []
  package private(set) var notices: [Notice] = []
  package private(set) var exports: [Export] = []
  package private(set) var timeline: [Moment] = []
  /// Queries that told less than they were asked for, and why.
  package private(set) var gaps: [String] = []
  /// What is known of the records' integrity, each a sentence.
  package let verification: [Verification]

  /// The query whose series each threshold judges.
  private let subjects: [String: String]
  private let printed: [String: [UInt8]]

  /// - Parameters:
  ///   - verification: What was found about the records.
  ///   - events: By the place of their record.
  ///   - subjects: The query whose series each threshold judges, by the threshold's id.
  ///   - printed: What scripts printed, by the ids of their exports.
  init(
    _ recorded: RecordedRun, verification: [Verification], events: [Int: RunEvent], subjects: [String: String],
    printed: [String: [UInt8]]
  ) {
    self.subjects = subjects
    self.printed = printed
    run = recorded.run
    self.verification = verification
    var asked: [String: AskedQuestion] = [:]
    for (index, entry) in recorded.entries.enumerated() {
      take(entry, event: events[index], &asked)
    }
  }

  /// Something that was found about the records, and whether it is as it should be.
  package struct Verification: Sendable {
    package let isGood: Bool
    package let text: String

    package init(isGood: Bool, _ text: String) {
      self.isGood = isGood
      self.text = text
    }
  }

  // MARK: Records

  private mutating func take(_ entry: RecordedRun.Entry, event: RunEvent?, _ asked: inout [String: AskedQuestion]) {
    let body = entry.body
    let wall = entry.record.wall
    func text(_ name: String) -> String { body[name]?.text ?? "" }
    switch entry.record.type {
    case "run.started": open(body, entry)
    case "runbook.questions":
      let values = Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first }
      for question in (body["questions"]?.elements ?? []).compactMap({ AskedQuestion($0, fields: values) }) {
        asked[question.id] = question
      }
    case "query.intended": intend(body, at: wall)
    case "query.answered", "query.failed": answer(body, event, at: wall)
    case "threshold.judged":
      let query = subjects[text("threshold")]
      if let index = charts.firstIndex(where: { $0.query == query }) { charts[index].judge(body) }
    case "question.answered": answer(body, asked)
    case "query.judged": gaps.append("\(text("query")): \(text("reason"))")
    case "window.replaced":
      gaps.append("\(text("query")): asked about the runbook's own window, because \(text("reason"))")
    case "verdict.reached": reach(body, at: wall)
    case "notice.intended", "notice.sent", "notice.failed", "notice.unknown": tell(entry.record.type, body, at: wall)
    case "export.intended", "export.written", "export.failed", "export.dropped":
      export(entry.record.type, body, at: wall)
    case "script.intended": start(body, at: wall)
    case let type where ScriptOutcome.recordTypes.contains(type):
      if case .scripted(let export, let outcome)? = event { end(export, outcome, at: wall) }
    case "person.asked":
      note("asks \(text("contact")) '\(text("question"))', until \(text("until"))", wall)
    case "person.answered":
      if case .told(let answer)? = event { note("\(answer.author) answers: \(answer.summary)", wall) }
    case "wait.begun": note("waits until \(text("until"))", wall)
    case "run.interrupted":
      interruption = text("reason")
      note("interrupted: \(text("reason"))", wall)
    case "run.resumed":
      interruption = nil
      note("taken up again", wall)
    case "run.closed": close(body, at: wall)
    case "wait.ended": note("the wait is over", wall)
    case "entities.found":
      let count = body["count"]?.integer ?? 0
      let beyond = body["beyond_limit"]?.integer ?? 0
      note("finds \(count) of kind \(text("entity"))\(beyond > 0 ? ", \(beyond) more beyond the limit" : "")", wall)
    case "run.concluded", "query.retried": break
    default: note(entry.record.type, wall)
    }
  }

  private mutating func note(_ text: String, _ at: Timestamp) { timeline.append(Moment(at: at, text: text)) }

  private mutating func open(_ body: JSON, _ entry: RecordedRun.Entry) {
    runbook = body["runbook"]?.text ?? ""
    version = body["version"]?.text ?? ""
    title = body["title"]?.text ?? runbook
    alert = body["alert_name"]?.text ?? ""
    at = body["at"]?.text ?? ""
    digest = entry.record.place?.runbook ?? ""
    engine = "tocsin \(entry.record.engine.version), semantics \(entry.record.engine.semantics)"
    started = entry.record.wall
    fields = (body["fields"]?.members ?? []).map { field in
      let missing = field.value["missing"]?.text.map { "unknown: \($0)" }
      return (field.name, missing ?? field.value.text ?? field.value.compactText)
    }
    note(alert.isEmpty ? "started by hand" : "started by the alert \(alert)", entry.record.wall)
  }

  private mutating func close(_ body: JSON, at wall: Timestamp) {
    verdict = body["verdict"]?.text
    severity = body["severity"]?.text
    open = (body["open"]?.elements ?? []).compactMap(\.text)
    finished = wall
    note("verdict: \(verdict ?? "")", wall)
  }

  private mutating func intend(_ body: JSON, at wall: Timestamp) {
    let origin = body["origin"]?["source"]?.text ?? (body["origin"]?["results"] == nil ? "cases" : "results")
    let query = Query(
      id: body["query"]?.text ?? "", source: origin, text: body["text"]?.text ?? body["text"]?.compactText ?? "",
      window: Self.window(body["window"]))
    if !queries.contains(where: { $0.id == query.id && $0.window == query.window }) { queries.append(query) }
    note("asks \(query.source): \(query.id)", wall)
  }

  private static func window(_ json: JSON?) -> String {
    guard let from = json?["from"]?.text, let to = json?["to"]?.text else { return "" }
    return "\(from) to \(to)"
  }

  private mutating func answer(_ body: JSON, _ event: RunEvent?, at wall: Timestamp) {
    let id = body["query"]?.text ?? ""
    let window = Self.window(body["window"])
    var outcome = body["reason"]?.text.map { "no answer: \($0)" } ?? ""
    if let count = body["rows"]?.integer { outcome = "\(count) row\(count == 1 ? "" : "s")" }
    if let count = body["points"]?.integer { outcome = "\(count) point\(count == 1 ? "" : "s")" }
    if let state = body["completeness"]?["state"]?.text, state != "complete" {
      outcome += ", \(state): \(body["completeness"]?["reason"]?.text ?? "")"
    }
    note("\(id): \(outcome)", wall)
    guard let index = queries.lastIndex(where: { $0.id == id && $0.window == window }) else { return }
    queries[index].outcome = outcome
    queries[index].milliseconds = body["milliseconds"]?.integer
    queries[index].warnings = (body["warnings"]?.elements ?? []).compactMap(\.text)
    guard case .fetched(_, .answered(let answer))? = event else { return }
    switch answer.payload {
    case .table(let table): queries[index].table = table
    case .series(let series): charts.append(ReportChart(query: id, series: series))
    }
  }

  private mutating func answer(_ body: JSON, _ asked: [String: AskedQuestion]) {
    let id = body["question"]?.text ?? ""
    for answer in (body["answers"]?.elements ?? []).map(GivenAnswer.init) {
      if let index = questions.firstIndex(where: { $0.id == id }) {
        if answer.isContinued, let last = questions[index].answers.indices.last {
          questions[index].answers[last].finding += answer.finding
        } else {
          questions[index].answers.append(answer)
        }
      } else {
        let known = asked[id]
        questions.append(
          Question(
            id: id, ask: known?.askOfAll ?? answer.ask, each: known?.each, isSign: known?.isSign ?? false,
            answers: [answer]))
      }
    }
  }

  private mutating func reach(_ body: JSON, at wall: Timestamp) {
    let isAssumed = if case .bool(true)? = body["assumed"] { true } else { false }
    let found = Verdict(
      verdict: body["verdict"]?.text ?? "", severity: body["severity"]?.text ?? "", entity: body["entity"]?.text,
      values: (body["values"]?.elements ?? []).compactMap(\.text), isAssumed: isAssumed, means: body["means"]?.text,
      advice: (body["advice"]?.elements ?? []).compactMap(\.text))
    reached.append(found)
    note("reached \(found.verdict) (\(found.severity))", wall)
  }

  private mutating func tell(_ type: String, _ body: JSON, at wall: Timestamp) {
    let key = body["idempotency_key"]?.text ?? ""
    guard type != "notice.intended" else {
      let notice = Notice(
        key: key, contact: body["contact"]?.text ?? "", about: body["verdict"]?.text ?? body["question"]?.text ?? "",
        subject: body["subject"]?.text ?? "", intended: wall)
      notices.append(notice)
      return note("tells \(notice.contact) of \(notice.about)", wall)
    }
    guard let index = notices.firstIndex(where: { $0.key == key }) else { return }
    notices[index].ended = wall
    notices[index].outcome =
      switch type {
      case "notice.sent": "handed over for delivery"
      case "notice.failed": "not sent: \(body["reason"]?.text ?? "")"
      default: "perhaps sent: \(body["reason"]?.text ?? "")"
      }
    note("\(notices[index].contact): \(notices[index].outcome)", wall)
  }

  private mutating func export(_ type: String, _ body: JSON, at wall: Timestamp) {
    let id = body["export"]?.text ?? ""
    switch type {
    case "export.intended": exports.append(Export(export: id, rows: body["rows"]?.integer ?? 0))
    case "export.dropped":
      exports.append(Export(export: id, rows: 0, outcome: "not written: \(body["reason"]?.text ?? "")"))
    default:
      guard let index = exports.lastIndex(where: { $0.export == id }) else { return }
      exports[index].outcome =
        type == "export.written" ? body["file"]?.text ?? "" : "not written: \(body["reason"]?.text ?? "")"
      note("export \(id): \(exports[index].outcome)", wall)
    }
  }
}

extension CaseReport {
  private mutating func start(_ body: JSON, at wall: Timestamp) {
    let export = body["export"]?.text ?? ""
    let lines = (printed[export] ?? []).split(separator: 0x0A, omittingEmptySubsequences: false)
    let ended = lines.last?.isEmpty == true ? lines.dropLast() : lines
    let shown = ended.prefix(Script.lineLimit).map { line in
      RecordText.cut(String(decoding: line, as: UTF8.self), to: Script.lineLimitBytes)
    }
    let more = ended.count > shown.count ? ["… and \(ended.count - shown.count) more lines in the evidence"] : []
    let script = Script(
      path: body["script"]?.text ?? "", digest: body["digest"]?.text ?? "", printed: shown + more)
    if let index = exports.lastIndex(where: { $0.export == export }) { exports[index].script = script }
    note("starts the script \(script.path)", wall)
  }

  private mutating func end(_ export: String, _ outcome: ScriptOutcome, at wall: Timestamp) {
    guard let index = exports.lastIndex(where: { $0.export == export }) else { return }
    exports[index].script?.outcome = outcome.summary
    note("script \(exports[index].script?.path ?? ""): \(outcome.summary)", wall)
  }

  /// The report for machines.
  package var json: JSON {
    func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
    let head: [JSON.Member] = [
      .init("run", .string(run)), .init("runbook", .string(runbook)), .init("version", .string(version)),
      .init("title", .string(title)), .init("alert", .string(alert)),
      .init("fields", .object(fields.map { JSON.Member($0.name, .string($0.value)) })), .init("at", .string(at)),
      .init("started", text(started?.shortDescription)), .init("finished", text(finished?.shortDescription)),
    ]
    let end: [JSON.Member] = [
      .init("verdict", text(verdict)), .init("severity", text(severity)), .init("interrupted", text(interruption)),
      .init("open", .array(open.map(JSON.string))), .init("gaps", .array(gaps.map(JSON.string))),
    ]
    let parts: [JSON.Member] = [
      .init("questions", .array(questions.map(\.json))), .init("queries", .array(queries.map(\.json))),
      .init("charts", .array(charts.map(\.json))), .init("notices", .array(notices.map(\.json))),
      .init("exports", .array(exports.map(\.json))), .init("timeline", .array(timeline.map(\.json))),
      .init("verification", .array(verification.map(\.json))),
    ]
    return .object(head + end + parts)
  }
}

extension CaseReport.Export {
  fileprivate var json: JSON {
    .object([
      .init("export", .string(export)), .init("rows", .integer(rows)), .init("outcome", .string(outcome)),
      .init("script", script?.json ?? .null),
    ])
  }

  /// The export for people, in a line.
  var line: String {
    let script = script.map { "; script \($0.path): \($0.outcome)" } ?? ""
    return "\(export), \(rows) row\(rows == 1 ? "" : "s"): \(outcome)\(script)"
  }
}

extension CaseReport.Script {
  fileprivate var json: JSON {
    .object([
      .init("path", .string(path)), .init("digest", .string(digest)), .init("outcome", .string(outcome)),
      .init("printed", .array(printed.map(JSON.string))),
    ])
  }
}

extension CaseReport.Moment {
  fileprivate var json: JSON {
    .object([.init("at", .string(at.shortDescription)), .init("text", .string(text))])
  }
}

extension CaseReport.Verification {
  fileprivate var json: JSON { .object([.init("good", .bool(isGood)), .init("text", .string(text))]) }
}

extension CaseReport.Question {
  fileprivate var json: JSON {
    .object([
      .init("question", .string(id)), .init("ask", .string(ask)), .init("each", each.map(JSON.string) ?? .null),
      .init("sign", .bool(isSign)), .init("answers", .array(answers.map(\.json))),
    ])
  }
}

extension GivenAnswer {
  fileprivate var json: JSON {
    .object([
      .init("entity", entity.map(JSON.string) ?? .null), .init("ask", .string(ask)), .init("answer", .string(answer)),
      .init("finding", .array(finding.map(JSON.string))), .init("because", .string(because)),
      .init("assumed", .bool(assumed)),
    ])
  }
}

extension CaseReport.Query {
  fileprivate var json: JSON {
    .object([
      .init("query", .string(id)), .init("source", .string(source)), .init("window", .string(window)),
      .init("outcome", .string(outcome)), .init("milliseconds", milliseconds.map(JSON.integer) ?? .null),
      .init("warnings", .array(warnings.map(JSON.string))), .init("result", table?.json ?? .null),
    ])
  }
}

extension CaseReport.Notice {
  fileprivate var json: JSON {
    .object([
      .init("contact", .string(contact)), .init("about", .string(about)), .init("subject", .string(subject)),
      .init("intended", .string(intended.shortDescription)),
      .init("ended", ended.map { .string($0.shortDescription) } ?? .null), .init("outcome", .string(outcome)),
    ])
  }
}
