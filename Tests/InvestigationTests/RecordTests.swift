import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import Investigation

/// Effects, events and decisions as records of bounded size.
@Suite struct RecordTests {
  /// What a record of the trail may hold, less what the trail itself adds.
  private static let limit = 55_000

  private static let yaml = """
    alert: {fields: {text: alert.labels.text}}
    questions:
      bad:
        each: host
        ask: Is ${host} bad, ${text}?
        answer: programs.exists(p, p.path != "")
        finding: ${programs.path}
        then: {yes: worse, no: benign}
    verdicts:
      worse: {severity: high, means: "It is bad: ${text}", escalate: call, export: [all], advise: ["Look at ${host} and ${text}."]}
    entities:
      host: {from: targets.host, at_most: 300}
    queries:
    \(query("targets", "rows: {host: string}"))\
    \(query("programs", "rows: {host: string, path: string}", "each: host"))contacts:
      desk: {email: desk@example.org}
    escalations:
      call: [{notify: [desk]}]
    exports:
      all: {data: host}
    """

  @Test func `no record outgrows the trail's format, whatever the data`() throws {
    let long = String(repeating: "\u{1}é", count: 3_000)
    let hosts = (0..<400).map { "h\($0)\(String(repeating: "x", count: 300))" }
    let paths = (0..<2_000).map { "\(hosts[$0 % 40])  /\($0)/\(String(repeating: "p", count: 900))" }
    var driver = try RunDriver(
      Self.yaml,
      [
        "targets": .rows((["host"] + hosts).joined(separator: "\n")),
        "programs": .rows((["host  path"] + paths).joined(separator: "\n")),
      ], fields: ["text": .value(.string(String(repeating: long, count: 20)))])
    _ = try driver.run()
    let sizes = driver.records.map(\.body.canonicalBytes.count)
    #expect(zip(driver.records, sizes).filter { $1 > Self.limit }.map(\.0.type) == [])
    #expect(driver.records.count { $0.type == "question.answered" } > 1)
    // Nothing is lost by the division.
    let found = driver.records.filter { $0.type == "question.answered" }
      .flatMap { $0.body["answers"]?.elements ?? [] }.flatMap { $0["finding"]?.elements ?? [] }
    #expect(found.count == 2_000)
  }

  @Test func `what a run does is recorded in order`() throws {
    var driver = try RunDriver(
      Self.yaml, ["targets": .rows("host\na"), "programs": .rows("host  path\na  /x")],
      fields: ["text": .value(.string("hello"))])
    _ = try driver.run()
    #expect(
      driver.records.map(\.type) == [
        "query.intended", "entities.found", "query.intended", "question.answered", "verdict.reached",
        "notice.intended", "export.intended",
      ])
    let answer = try #require(driver.records.first { $0.type == "question.answered" })
    #expect(
      answer.body.canonicalText == """
        {"answers":[{"answer":"yes","ask":"Is a bad, hello?","assumed":false,"because":"programs: 1 row, 1 matches: path /x",\
        "entity":"a","finding":["/x"],"question":"bad"}],"question":"bad"}
        """)
    #expect(
      driver.records[2].body.canonicalText == """
        {"languages":["sql"],"origin":{"source":"s"},"parameters":{},"query":"programs","row_limit":1000,"window":null}
        """)
  }

  @Test func `events are recorded with what they prove`() throws {
    let instant = Timestamp(seconds: 0)
    let id = FetchID(query: "q", window: TimeWindow(from: instant, to: instant))
    let table = Table(columns: [Column("x", .int)], cells: [[.int(1)]], count: 1)
    let result = QueryResult(
      payload: .table(table), completeness: .truncated("cut"), isMonotone: false,
      extent: SourceExtent(first: instant, last: nil, resolution: .seconds(1)),
      warnings: (0..<20).map { "warning \($0)" })
    let evidence = EvidenceReference(digest: "sha256:00", length: 3, mediaType: "application/json")
    let entry = RunEvent.fetched(id, .answered(result)).journalEntry(result: .kept(evidence))
    #expect(entry.type == "query.answered")
    #expect(entry.body["rows"]?.integer == 1)
    #expect(entry.body["warnings"]?.elements?.count == 11)
    #expect(entry.body["evidence"]?["digest"]?.text == "sha256:00")
    let events: [(RunEvent, String)] = [
      (.fetched(id, .failed("down")), "query.failed"), (.waited(until: instant), "wait.ended"),
      (.notified("k", .sent), "notice.sent"), (.notified("k", .failed("no")), "notice.failed"),
      (.notified("k", .unknown("?")), "notice.unknown"),
      (.exported("e", .written(ExportReceipt(file: "f", digest: "d", bytes: 1))), "export.written"),
      (.exported("e", .failed("full")), "export.failed"), (.scripted("e", .failed("no")), "script.failed"),
      (.scripted("e", .unknown("?")), "script.unknown"), (.interrupted("stop"), "run.interrupted"),
    ]
    for (event, type) in events { #expect(event.journalEntry().type == type) }
  }

  @Test func `a long text is cut between characters and says how long it was`() {
    #expect(RecordText.cut("short") == "short")
    #expect(RecordText.cut("aéé", to: 2) == "a… (5 bytes)")
    #expect(RecordText.cut(String(repeating: "x", count: 5_000)).hasSuffix("… (5000 bytes)"))
  }

  @Test func `a run's start names what it rests on`() throws {
    let checked = try RunDriver.check(Self.yaml)
    let start = RunStart(
      run: "r", fields: ["text": .missing("no label")], alert: .string("a"), at: Timestamp(seconds: 0),
      now: Timestamp(seconds: 1), waits: true, isBoundedByNow: false,
      sources: [
        "s": SourcePolicy(binding: .bound(adapter: "csv"), lag: .seconds(60)),
        "t": SourcePolicy(binding: .unbound("not bound")),
      ], thresholds: ["x": .number(.int(3))])
    #expect(
      start.journalEntry(of: checked, input: nil).body.canonicalText == """
        {"at":"1970-01-01T00:00:00Z","bounded_by_now":false,"fields":{"text":{"missing":"no label"}},"input":null,\
        "now":"1970-01-01T00:00:01Z","overridden":["x"],"run":"r","runbook":"test","sources":{"s":{"adapter":"csv","gap":"0s","lag":"1m",\
        "silence_is_normal":false},"t":{"gap":"0s","lag":"0s","silence_is_normal":false,"unbound":"not bound"}},\
        "thresholds":{},"version":null,"waits":true}
        """)
    #expect(start.input.canonicalText == #"{"alert":"a","fields":{"text":{"missing":"no label"}}}"#)
  }
}
