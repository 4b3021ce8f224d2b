import Investigation
import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import RunbookEngine

struct RunEngineTests {
  private static let many: @Sendable (BoundQuery, Int) async throws(AdapterError) -> QueryResult = { query, _ in
    .rows([[.string("shop"), .int(99)]], of: query)
  }

  @Test func `an intent is recorded before its effect and the outcome after`() async throws {
    let sample = SampleRun()
    let result = try await sample.run(Self.many)
    #expect(result.outcome?.verdict == "bad")
    let steps = [
      "begin", "soon run.started", "soon query.intended", "fetch hits", "soon query.answered", "soon question.answered",
      "soon verdict.reached", "anchored run.closed", "seen run.closed",
    ]
    let places = steps.compactMap(sample.trace.index)
    #expect(places.count == steps.count, "\(sample.trace.all)")
    #expect(places == places.sorted(), "\(sample.trace.all)")
  }

  @Test(arguments: [
    ("soon notice.intended", "anchored export.intended"), ("anchored export.intended", "deliver desk"),
    ("deliver desk", "soon notice.sent"), ("anchored export.intended", "export 1 rows"),
    ("export 1 rows", "soon export.written"), ("soon notice.sent", "anchored run.closed"),
  ])
  func `what leaves the machine waits until its intent is on the disk`(earlier: String, later: String) async throws {
    let sample = SampleRun()
    _ = try await sample.run(Self.many)
    let first = try #require(sample.trace.index(of: earlier), "\(sample.trace.all)")
    let second = try #require(sample.trace.index(of: later), "\(sample.trace.all)")
    #expect(first < second)
  }

  @Test func `a source that does not answer in time is asked once more and is then unknown`() async throws {
    var sample = SampleRun()
    sample.pausesEnd = true
    let result = try await sample.run { _, _ throws(AdapterError) in
      do { try await forever() } catch { throw .cancelled }
      throw .cancelled
    }
    #expect(sample.trace.all.count { $0 == "soon query.intended" } == 2)
    #expect(result.outcome?.verdict == "undetermined")
    #expect(result.outcome?.open == ["many"])
    #expect(sample.journal.entry("query.failed")?.body["reason"]?.text?.contains("no answer within") == true)
  }

  @Test func `an error that a repetition does not mend is not repeated`() async throws {
    let sample = SampleRun()
    let result = try await sample.run { _, _ throws(AdapterError) in throw .unavailable("the disk is gone") }
    #expect(sample.trace.all.count { $0 == "fetch hits" } == 1)
    #expect(result.outcome?.answers.first?.because.contains("the disk is gone") == true)
  }

  @Test func `an error that a repetition may mend is repeated`() async throws {
    let sample = SampleRun()
    let result = try await sample.run { query, attempt throws(AdapterError) in
      if attempt == 1 { throw .timedOut(after: .seconds(1)) }
      return .rows([[.string("shop"), .int(1)]], of: query)
    }
    #expect(result.outcome?.verdict == "benign")
    #expect(sample.journal.entry("query.retried") != nil)
  }

  @Test func `an interrupted run says so in its record and has no verdict`() async throws {
    let sample = SampleRun()
    let interruption = sample.interruption
    let result = try await sample.run { _, _ throws(AdapterError) in
      interruption.interrupt("somebody pressed Ctrl-C")
      do { try await forever() } catch { throw .cancelled }
      throw .cancelled
    }
    #expect(result.outcome == nil)
    #expect(result.interruption == "somebody pressed Ctrl-C")
    #expect(sample.trace.index(of: "anchored run.interrupted") != nil)
    #expect(sample.journal.entry("run.closed") == nil)
    #expect(result.json["verdict"]?.text == nil)
    #expect(result.json["interrupted"]?.text == "somebody pressed Ctrl-C")
  }

  @Test func `a wish to stop that came before the run stops it`() async throws {
    let sample = SampleRun()
    sample.interruption.interrupt("too late")
    let result = try await sample.run { _, _ throws(AdapterError) in
      do { try await forever() } catch { throw .cancelled }
      throw .cancelled
    }
    #expect(result.interruption == "too late")
  }

  @Test(arguments: [
    "run.started", "query.intended", "query.answered", "question.answered", "notice.intended", "export.intended",
    "notice.sent", "run.closed",
  ])
  func `a run that cannot be recorded stops and tells nobody a verdict`(type: String) async throws {
    let sample = SampleRun(failingTypes: [type])
    await #expect(throws: JournalError.cannotWrite("the disk is full")) { try await sample.run(Self.many) }
    #expect(sample.trace.index(of: "seen run.closed") == nil)
    if type != "notice.sent", type != "run.closed", type != "export.intended" {
      #expect(sample.trace.index(of: "deliver desk") == nil)
    }
  }

  @Test(arguments: [
    (NoticeError.failed("no route"), "notice.failed", 2), (.refused("not this one"), "notice.failed", 1),
    (.outcomeUnknown("the line broke"), "notice.unknown", 1),
  ])
  func `a notice is sent again only if it certainly did not arrive`(
    problem: NoticeError, type: String, deliveries: Int
  ) async throws {
    var sample = SampleRun()
    sample.notifierProblem = problem
    let result = try await sample.run(Self.many)
    #expect(result.outcome?.verdict == "bad")
    #expect(sample.trace.all.count { $0 == "deliver desk" } == deliveries)
    #expect(sample.journal.entry(type)?.body["reason"]?.text == problem.message)
  }

  @Test func `a small answer stands in its record and a large one is kept as evidence`() async throws {
    let small = SampleRun()
    _ = try await small.run(Self.many)
    #expect(small.journal.entry("query.answered")?.body["result"]?["rows"]?.elements?.count == 1)
    #expect(small.journal.kept.isEmpty)
    let large = SampleRun()
    _ = try await large.run { query, _ in
      .rows(Array(repeating: [.string("a shop with a rather long name"), .int(1)], count: 2_000), of: query)
    }
    let record = try #require(large.journal.entry("query.answered")?.body)
    #expect(record["result"] == nil)
    #expect(record["rows"]?.integer == 2_000)
    let kept = try #require(large.journal.kept.first)
    #expect(record["evidence"]?["digest"]?.text == ContentDigest.of(kept))
    #expect(try JSON(parsing: kept)["rows"]?.elements?.count == 2_000)
  }

  @Test(arguments: 0..<4)
  func `an answer that is not what the query declares is not believed`(way: Int) async throws {
    let sample = SampleRun()
    let result = try await sample.run { query, _ in
      switch way {
      case 0: QueryResult(payload: .series([]))
      case 1: QueryResult(payload: .table(Table(columns: [Column("total", .int)], cells: [[.int(99)]], count: 1)))
      case 2:
        QueryResult(
          payload: .table(
            Table(
              columns: [Column("site", .string), Column("total", .int)], cells: [[.string("a")], [.string("many")]],
              count: 1)))
      default: QueryResult(payload: .table(Table(columns: [], cells: [], count: 0)))
      }
    }
    #expect(result.outcome?.verdict == "undetermined")
    #expect(sample.journal.entry("query.failed") != nil)
  }

  @Test func `more rows than were asked for are a truncated answer`() async throws {
    let sample = SampleRun()
    _ = try await sample.run { query, _ in
      .rows(Array(repeating: [.string("a"), .int(0)], count: 3_001), of: query)
    }
    let record = try #require(sample.journal.entry("query.answered")?.body)
    #expect(record["rows"]?.integer == 3_000)
    #expect(record["completeness"]?["state"]?.text == "truncated")
  }

  @Test func `a field of a megabyte is recorded whole and outgrows no record`() async throws {
    let sample = SampleRun()
    let field = String(repeating: "\u{1B}[31m'; DROP TABLE access; --", count: 40_000)
    _ = try await sample.run(site: field, Self.many)
    #expect(sample.journal.kept.contains { String(decoding: $0, as: UTF8.self).utf8.count > 1_000_000 })
    for entry in sample.journal.entries {
      #expect(entry.body.canonicalBytes.count < 55_000, "\(entry.type)")
    }
  }

  @Test func `live data is waited for until the window and the source's lag are over`() async throws {
    let sample = SampleRun()
    let live = "deployment: 1\nsources: {access: {adapter: fake, path: a, silence: normal, lag: 5s}}"
    let result = try await sample.run(configuration: live, live: true, Self.many)
    #expect(result.outcome?.verdict == "bad")
    let steps = ["soon wait.begun", "soon wait.ended", "soon query.intended", "fetch hits"]
    #expect(steps.compactMap(sample.trace.index).count == steps.count, "\(sample.trace.all)")
    #expect(steps.compactMap(sample.trace.index) == steps.compactMap(sample.trace.index).sorted())
    #expect(sample.journal.entry("wait.begun")?.body["until"]?.text == "2026-03-02T10:00:05Z")
  }

  @Test func `what does not fit into a record is kept whole beside it`() async throws {
    let sample = SampleRun()
    let more = (0..<700).map { "  s\($0): {adapter: fake, path: a-rather-long-name-of-a-file.log}" }
    _ = try await sample.run(configuration: ([Sample.configuration] + more).joined(separator: "\n"), Self.many)
    let body = try #require(sample.journal.entry("run.started")?.body)
    #expect(body["runbook"]?.text == "sample")
    #expect(body.canonicalBytes.count < Recorder.bodyLimitBytes)
    let digest = try #require(body["whole"]?["digest"]?.text)
    let kept = try #require(sample.journal.kept.first { ContentDigest.of($0) == digest })
    #expect(try JSON(parsing: kept)["bindings"]?.elements?.count == 701)
  }

  @Test func `a source that cannot be bound is an unknown with its reason`() async throws {
    let runbook = try Sample.runbook()
    let deployment = try Sample.deployment(
      FakeKind(),
      """
      deployment: 1
      sources: {access: {adapter: fake, path: missing}}
      """)
    let trace = Trace()
    let engine = RunEngine(
      .init(
        journal: MemoryJournal(trace), joiner: NoJoiner(), history: NoHistory(), exports: TracedExports(trace: trace),
        notifier: TracedNotifier(trace: trace), observer: TracedObserver(trace: trace), interruption: Interruption(),
        surroundings: EngineSurroundings(
          clock: FixedClock(), pause: { _ in try await forever() }, randomBytes: { Array(repeating: 1, count: $0) })))
    for deployment in [deployment, nil] {
      let result = try await engine.run(
        RunRequest(
          runbook: runbook, deployment: deployment, sources: BoundSources(deployment),
          intake: try Intake.byHand([("site", "shop")], for: runbook.runbook, at: FixedClock.instant),
          now: FixedClock.instant, isNowGiven: true))
      #expect(result.outcome?.verdict == "undetermined")
      let because = try #require(result.outcome?.answers.first?.because)
      #expect(because.contains(deployment == nil ? "without a configuration" : "there is no such file"), "\(because)")
    }
  }
}
