import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import Investigation

/// Events and starts read back from their records.
@Suite struct RecordedEventTests {
  @Test func `an event is read back from its record as the run went on with it`() throws {
    var dice = EventDice(seed: 1)
    for _ in 0..<2_000 {
      let event = dice.event()
      let entry = event.journalEntry()
      let stored = try JSON(parsing: entry.body.canonicalBytes)
      let read = try #require(try RunEvent(recordedAs: entry.type, stored, evidence: Self.noEvidence))
      let again = event.asRecorded
      #expect(Self.text(of: read) == Self.text(of: again), "\(entry.type) \(stored.compactText.prefix(300))")
    }
  }

  @Test func `rows that are kept as evidence are read from there`() throws {
    var dice = EventDice(seed: 2)
    let reference = EvidenceReference(digest: "sha256:00", length: 1, mediaType: "application/json")
    for _ in 0..<200 {
      let answer = dice.answer()
      let event = RunEvent.fetched(FetchID(query: "q", window: nil), .answered(answer))
      let kept = try JSON(parsing: answer.payload.canonicalBytes)
      let entry = event.journalEntry(result: .kept(reference))
      let read = try #require(
        try RunEvent(recordedAs: entry.type, entry.body) { found throws(RecordProblem) in
          found == reference ? kept : .null
        })
      #expect(Self.text(of: read) == Self.text(of: event.asRecorded))
    }
  }

  @Test(arguments: [
    ("query.answered", #"{}"#, "query"),
    ("query.answered", #"{"query":"q","window":{"from":"x","to":"y"}}"#, "window.from"),
    (
      "query.answered",
      #"{"query":"q","window":{"from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}}"#, "window"
    ),
    ("query.answered", #"{"query":"q","result":{"columns":[],"rows":[[1]]}}"#, "result.rows[0]"),
    (
      "query.answered", #"{"query":"q","result":{"columns":[{"name":"a","type":"int"}],"rows":[["x"]]}}"#,
      "result.rows[0][0]"
    ),
    (
      "query.answered", #"{"query":"q","result":{"columns":[{"name":"a","type":"quark"}],"rows":[]}}"#,
      "result.columns[0]"
    ),
    (
      "query.answered",
      #"{"query":"q","result":{"columns":[{"name":"a","type":"[[[[[[[[[[int]]]]]]]]]]"}],"rows":[]}}"#,
      "result.columns[0]"
    ),
    (
      "query.answered",
      #"{"query":"q","result":{"columns":[{"name":"a","type":"int"},{"name":"a","type":"int"}],"rows":[]}}"#,
      "result.columns[1]"
    ),
    ("query.answered", #"{"query":"q","result":{"columns":[],"rows":[]},"rows":1}"#, "rows"),
    ("query.answered", #"{"query":"q","result":[{"labels":{},"points":[[1,2]]}]}"#, "result.points[0]"),
    (
      "query.answered", #"{"query":"q","result":{"columns":[],"rows":[]},"rows":0,"completeness":{"state":"maybe"}}"#,
      "completeness.state"
    ),
    ("query.answered", #"{"query":"q","evidence":{"digest":1}}"#, "evidence.digest"),
    ("query.answered", #"{"query":"q","evidence":{"digest":"d","length":-1}}"#, "evidence.length"),
    ("query.failed", #"{"query":"q"}"#, "reason"), ("wait.ended", #"{"until":"soon"}"#, "until"),
    ("notice.failed", #"{"idempotency_key":"k"}"#, "reason"), ("export.written", #"{"export":"e"}"#, "file"),
    ("script.failed", #"{"export":"e"}"#, "reason"), ("script.unknown", #"{"reason":"r"}"#, "export"),
    ("script.ended", #"{"export":"e"}"#, "output_bytes"),
    ("script.ended", #"{"export":"e","output_bytes":1,"timed_out":false}"#, "exit_code"),
    ("script.ended", #"{"export":"e","output_bytes":1,"timed_out":true,"milliseconds":1,"output":1}"#, "output"),
    ("run.interrupted", "[]", "reason"), ("query.answered", "null", "query"),
  ])
  func `a record that does not hold its event is an error with its place`(type: String, body: String, place: String)
    throws
  {
    let json = try JSON(parsing: Array(body.utf8))
    let problem = #expect(throws: RecordProblem.self) {
      try RunEvent(recordedAs: type, json, evidence: Self.noEvidence)
    }
    #expect(problem?.place == place)
    #expect(problem?.message.isEmpty == false)
  }

  @Test func `no change to a record's body traps`() throws {
    var dice = EventDice(seed: 3)
    for _ in 0..<3_000 {
      let entry = dice.event().journalEntry()
      let mutated = dice.mutate(entry.body)
      _ = try? RunEvent(recordedAs: entry.type, mutated, evidence: Self.noEvidence)
    }
  }

  @Test func `a record of another type is no event`() throws {
    #expect(try RunEvent(recordedAs: "question.answered", .null, evidence: Self.noEvidence) == nil)
  }

  @Test(arguments: [
    #"{"b":1,"a":[2.0,-0.0,1e400,-1e400,9007199254740993,18446744073709551615],"c":{"z":null,"y":true}}"#,
    #"{"a":1,"b":"text"}"#, #""só""#, "[]",
  ])
  func `an alert is read back with the order of its members and the types of its numbers`(text: String) throws {
    let alert = Value(try JSON(parsing: Array(text.utf8)))
    let checked = try RunDriver.check(Self.yaml)
    let start = Self.start(alert)
    let entry = start.journalEntry(of: checked, input: nil)
    let input = try JSON(parsing: start.input.canonicalBytes)
    let read = try RunStart(recordedIn: RecordBody(entry.body), input: input, for: checked.runbook)
    #expect(Self.words(read.alert ?? .null) == Self.words(alert))
  }

  @Test func `a run's start is read back from its record`() throws {
    let checked = try RunDriver.check(Self.yaml)
    let start = Self.start(nil)
    let entry = start.journalEntry(of: checked, input: nil)
    let body = RecordBody(try JSON(parsing: entry.body.canonicalBytes))
    let input = try JSON(parsing: start.input.canonicalBytes)
    let read = try RunStart(recordedIn: body, input: input, for: checked.runbook)
    #expect(read.journalEntry(of: checked, input: nil).body.canonicalText == entry.body.canonicalText)
    #expect(read.input.canonicalText == start.input.canonicalText)
    #expect(read.sources == start.sources)
    guard case .value(.duration(let span))? = read.fields["span"] else {
      Issue.record("the field is not read back")
      return
    }
    #expect(span == .milliseconds(1_500))
    guard case .number(.double(7))? = read.thresholds["limit"] else {
      Issue.record("the number is not of its type any more")
      return
    }
    #expect(read.thresholds.keys.sorted() == ["limit"])
  }

  @Test(arguments: [
    Duration.zero, .seconds(-1), .seconds(86_400), .nanoseconds(1), .milliseconds(-1_500), .seconds(Int64.max),
    .seconds(Int64.min), Duration(secondsComponent: 3, attosecondsComponent: 1), .seconds(7_200),
  ])
  func `a duration is read back exactly`(duration: Duration) {
    #expect(Duration(exactly: duration.shorthand) == duration)
  }

  @Test(arguments: [
    "", "s", "1", "1.s", ".5s", "1.5m", "--1s", "1.0000000000000000001s", "99999999999999999999s", "１s",
  ])
  func `what is no duration is not read as one`(text: String) { #expect(Duration(exactly: text) == nil) }

  // MARK: Material

  private static let yaml = """
    alert:
      fields: {span: {from: alert.span, type: duration}, who: {from: alert.who, type: [ip]}, gone: alert.gone}
    questions:
      bad: {ask: Is it?, answer: burst.breached && limit > 1.0, then: {yes: suspicious, no: benign}}
    thresholds:
      limit: 5.5
      burst: {of: rate, normal: {history: 2h, minimum_history: 30}, surprise: 2.5, at_least: 5.0, for: 2 of 3}
    queries:
      rate: {from: s, promql: up, series: requests/s}
    """

  private static func start(_ alert: Value?) -> RunStart {
    return RunStart(
      run: "r",
      fields: [
        "span": .value(.duration(.milliseconds(1_500))), "gone": .missing("no label"),
        "who": .value(.list([NetworkAddress("192.0.2.1").map { .address($0) } ?? .null])),
      ], alert: alert, at: Timestamp(seconds: 0, nanoseconds: 1), now: Timestamp(seconds: 1), waits: true,
      isBoundedByNow: false,
      sources: [
        "s": SourcePolicy(binding: .bound(adapter: "x"), lag: .nanoseconds(10), gap: .seconds(60)),
        "t": SourcePolicy(binding: .unbound("not bound"), isSilenceNormal: true),
      ],
      thresholds: ["limit": .number(.double(7))])
  }

  private static func noEvidence(_ reference: EvidenceReference) throws(RecordProblem) -> JSON {
    throw RecordProblem("evidence", "is not there")
  }

  /// Every bit of an event, as text. `String(describing:)` shows boxes by their type only.
  private static func text(of event: RunEvent) -> String {
    guard case .fetched(let id, .answered(let answer)) = event else { return "\(event)" }
    let rows =
      switch answer.payload {
      case .table(let table): "\(table.columns) \(table.cells.map { $0.map(words) })"
      case .series(let series): "\(series.map { ($0.labels, $0.points.map { ($0.time, $0.value.bitPattern) }) })"
      }
    return "\(id) \(rows) \(answer.completeness) \(answer.isMonotone) \(String(describing: answer.extent)) "
      + "\(answer.warnings) \(answer.statistics)"
  }

  private static func words(_ value: Value) -> String {
    switch value {
    case .list(let values): "\(values.map(words))"
    case .map(let map): "\(map.entries.map { (words($0.key), words($0.value)) })"
    case .double(let number): "double \(number.isNaN ? "nan" : "\(number.bitPattern)")"
    case .address(let box): "address \(box.address)"
    case .network(let box): "network \(box.block)"
    default: "\(value)"
    }
  }
}
