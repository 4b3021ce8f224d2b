import Diagnostics
import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import Investigation

/// What a test's source answers. What is not given is unavailable.
enum Given: Sendable {
  /// Columns are divided by two or more spaces; `-` is a cell without value.
  case rows(String)
  /// A complete empty result.
  case none
  case truncated(String)
  /// Rows that may be wrong.
  case partial(String)
  /// Rows of a source that has records from one time of day to another.
  case covering(String, String, rows: String, isMonotone: Bool)
  /// One value a minute, the last at the end of the window.
  case series([Double])
  /// Several, with the labels `host` h0, h1 and so on.
  case manySeries([[Double]])
  case unavailable(String)
}

/// Answers a run's effects from given tables, without waiting for anything. A question is asked of all entities in one go,
/// and beside it, in a second run, of one after the other: both must come to the same.
struct RunDriver {
  private(set) var effects: [Effect] = []
  private let given: [String: Given]
  private var investigation: Investigation
  private var oneByOne: Investigation?

  /// - Parameter yaml: Everything of a runbook but its first two lines and `alert`.
  init(
    _ yaml: String, _ given: [String: Given] = [:], fields: [String: FieldValue] = [:], at: String = "10:00:00",
    now: String = "11:00:00", waits: Bool = false, isBoundedByNow: Bool = false,
    sources: [String: SourcePolicy] = [:], thresholds: [String: Threshold.Rule] = [:], files: [String: String] = [:]
  ) throws {
    try self.init(
      Self.check(yaml, files: files), given, fields: fields, at: at, now: now, waits: waits,
      isBoundedByNow: isBoundedByNow, sources: sources, thresholds: thresholds)
  }

  init(
    _ checked: CheckedRunbook, _ given: [String: Given], fields: [String: FieldValue] = [:], at: String = "10:00:00",
    now: String = "11:00:00", waits: Bool = false, isBoundedByNow: Bool = false,
    sources: [String: SourcePolicy] = [:], thresholds: [String: Threshold.Rule] = [:]
  ) throws {
    self.given = given
    var policies = sources
    for case .source(let id) in checked.runbook.queries.map(\.origin) where policies[id] == nil {
      policies[id] = SourcePolicy(binding: .bound(adapter: "test"))
    }
    let start = RunStart(
      run: "run-1", fields: fields, alert: nil, at: try Self.instant(at), now: try Self.instant(now), waits: waits,
      isBoundedByNow: isBoundedByNow, sources: policies, thresholds: thresholds)
    investigation = Investigation(CompiledRunbook(checked, thresholds: thresholds, leastMany: 1), start: start)
    if !checked.runbook.entities.isEmpty {
      oneByOne = Investigation(CompiledRunbook(checked, thresholds: thresholds, leastMany: .max), start: start)
    }
  }

  static func instant(_ time: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: "2026-03-02T\(time)Z"))
  }

  static func check(_ yaml: String, files: [String: String] = [:]) throws -> CheckedRunbook {
    let result = result(of: yaml, files: files)
    let errors = result.diagnostics.filter { $0.severity == .error }
    if !errors.isEmpty {
      Issue.record("\(errors.map { "\($0.code) \($0.message)" }.joined(separator: "\n"))\n\(yaml)")
    }
    return try #require(result.runbook)
  }

  static func result(of yaml: String, files: [String: String] = [:]) -> RunbookChecker.Result {
    var text = "tocsin: 1\nrunbook: test\n"
    text += yaml.contains("\nalert:") || yaml.hasPrefix("alert:") ? "" : "alert: {fields: {}}\n"
    text += yaml
    return RunbookChecker(files: MemoryFiles(files: files)).check(SourceText(name: "test.runbook.yaml", text: text))
  }

  /// Runs to the end.
  ///
  /// - Parameter lastFirst: Whether the latest request is answered before the earlier ones.
  mutating func run(lastFirst: Bool = false) throws -> RunOutcome {
    var events = take(begun())
    var steps = 0
    while !events.isEmpty, steps < 10_000 {
      steps += 1
      events += take(applied(lastFirst ? events.removeLast() : events.removeFirst()))
    }
    return try #require(investigation.outcome, "the run did not end")
  }

  /// Starts and gives nothing back.
  mutating func begin() -> [Effect] {
    let begun = begun()
    effects += begun
    return begun
  }

  /// How the run has ended; `nil` while it has not.
  var outcome: RunOutcome? { investigation.outcome }

  mutating func apply(_ event: RunEvent) -> [Effect] {
    let more = applied(event)
    effects += more
    return more
  }

  private mutating func begun() -> [Effect] {
    let effects = investigation.begin()
    if let others = oneByOne?.begin() { expectSame(effects, others) }
    return effects
  }

  private mutating func applied(_ event: RunEvent) -> [Effect] {
    let effects = investigation.apply(event)
    if let others = oneByOne?.apply(event) { expectSame(effects, others) }
    return effects
  }

  private func expectSame(_ effects: [Effect], _ others: [Effect]) {
    func records(_ effects: [Effect]) -> [String] {
      effects.flatMap(\.journalEntries).map { "\($0.type) \($0.body.canonicalText)" }
    }
    let (all, each) = (records(effects), records(others))
    #expect(all == each, "asked in one go and one after the other")
  }

  private mutating func take(_ new: [Effect]) -> [RunEvent] {
    effects += new
    return new.compactMap(answer)
  }

  func answer(to effect: Effect) -> RunEvent? {
    switch effect {
    case .fetch(let request): .fetched(request.id, outcome(request))
    case .wait(let instant): .waited(until: instant)
    case .notify(let request): .notified(request.idempotencyKey, .sent)
    case .export(let request):
      .exported(request.export, .written(ExportReceipt(file: request.export, digest: "sha256:0", bytes: 0)))
    case .script(let request): .scripted(request.export, .failed("no script is run here"))
    case .ask, .decided, .close: nil
    }
  }

  func outcome(_ request: FetchRequest) -> FetchOutcome {
    switch given[request.id.query] {
    case nil: .failed("nothing was given")
    case .unavailable(let reason): .failed(reason)
    case .none?: answered(request, "")
    case .rows(let text): answered(request, text)
    case .truncated(let text): answered(request, text, .truncated("cut at 2 rows"), isMonotone: false)
    case .partial(let text): answered(request, text, .partial("a shard is missing"))
    case .covering(let first, let last, let rows, let isMonotone):
      answered(
        request, rows, isMonotone: isMonotone,
        extent: SourceExtent(
          first: try? RunDriver.instant(first), last: try? RunDriver.instant(last), resolution: .seconds(1)))
    case .series(let values): answered(request, [values])
    case .manySeries(let lines): answered(request, lines)
    }
  }

  private func answered(
    _ request: FetchRequest, _ text: String, _ completeness: Completeness = .complete, isMonotone: Bool = true,
    extent: SourceExtent? = nil
  ) -> FetchOutcome {
    guard case .rows(let columns, _) = request.shape else { return .failed("not rows") }
    let table = Self.table(text, columns)
    return .answered(
      QueryResult(payload: .table(table), completeness: completeness, isMonotone: isMonotone, extent: extent))
  }

  private func answered(_ request: FetchRequest, _ lines: [[Double]]) -> FetchOutcome {
    let end = request.window?.to ?? Timestamp(seconds: 0)
    let series = lines.enumerated().map { place, values in
      Series(
        labels: [("host", "h\(place)")],
        points: values.enumerated().compactMap { index, value in
          end.adding(.seconds(-60 * Int64(values.count - 1 - index))).map { Series.Point($0, value) }
        })
    }
    return .answered(QueryResult(payload: .series(series)))
  }

  static func table(_ text: String, _ columns: [Column]) -> Table {
    var lines = text.split(separator: "\n").map(cells)
    let header = lines.isEmpty ? columns.map(\.name) : lines.removeFirst()
    var builder = TableBuilder(columns: columns)
    for line in lines {
      let row = columns.map { column -> Value in
        guard let place = header.firstIndex(of: column.name), place < line.count, line[place] != "-" else {
          return .null
        }
        return .string(line[place])
      }
      if let wrong = builder.append(row) { Issue.record("'\(line)' does not fit column '\(wrong.name)'") }
    }
    return builder.build()
  }

  private static func cells(_ line: Substring) -> [String] {
    line.split(separator: "  ").map { cell in String(cell.drop { $0 == " " }) }.filter { !$0.isEmpty }
  }
}

struct MemoryFiles: RunbookFiles {
  let files: [String: String]

  func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem> {
    files[path].map { .success(SourceText(name: path, text: $0)) } ?? .failure(FileProblem("there is no such file"))
  }

  func exists(_ path: String, from base: SourceText) -> Bool { files[path] != nil }
}

// MARK: What a test looks at

extension RunDriver {
  var requests: [FetchRequest] {
    effects.compactMap { if case .fetch(let request) = $0 { request } else { nil } }
  }

  var fetched: [String] { requests.map(\.id.query) }

  var notices: [NoticeRequest] {
    effects.compactMap { if case .notify(let request) = $0 { request } else { nil } }
  }

  var forms: [AnswerForm] {
    effects.compactMap { if case .ask(let form) = $0 { form } else { nil } }
  }

  var exports: [ExportRequest] {
    effects.compactMap { if case .export(let request) = $0 { request } else { nil } }
  }

  var reached: [VerdictReached] {
    effects.compactMap { if case .decided(.reached(let reached)) = $0 { reached } else { nil } }
  }

  /// The records of everything, in order.
  var records: [JournalEntry] { effects.flatMap(\.journalEntries) }
}

extension RunOutcome {
  /// `question: answer`, for an entity `question value: answer`.
  var said: [String] {
    answers.map { answer in "\(answer.question)\(answer.entity.map { " \($0)" } ?? ""): \(answer.answer)" }
  }

  func answer(_ question: String, _ entity: String? = nil) -> Answer? {
    answers.first { $0.question == question && $0.entity == entity }
  }

  /// `value: verdict` of the entities of one kind.
  func verdicts(of kind: String) -> [String] {
    entities.first { $0.entity == kind }?.verdicts.map { "\($0.value): \($0.verdict)" } ?? []
  }
}

extension NoticeRequest {
  var verdict: String? { if case .verdict(let verdict, _) = occasion { verdict } else { nil } }
  var severity: Severity? {
    if case .verdict(_, let severity) = occasion { Severity(rawValue: severity) } else { nil }
  }
}
