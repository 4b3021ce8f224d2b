import Diagnostics
import Investigation
import RunbookEngine
import RunbookPorts
import Testing
import Values

/// Scripts behind exports, as runs have them run.
@Suite struct ScriptTests {
  private static func many(_ query: BoundQuery, _ attempt: Int) async throws(AdapterError) -> QueryResult {
    .rows([[.string("shop"), .int(99)]], of: query)
  }

  private func sample(_ end: Result<ScriptResult, ScriptProblem>) -> SampleRun {
    var sample = SampleRun()
    sample.source = Sample.scripted
    sample.scripts = TracedScripts(trace: sample.trace, end: end)
    return sample
  }

  private static let good = ScriptResult(
    end: .exited(0), output: Array("shop\n".utf8), outputBytes: 5, complaint: nil,
    file: ExportReceipt(file: "exports/rows.out", digest: "sha256:1", bytes: 5))

  @Test func `a script begins when its export and its intent are under a checkpoint, and the run ends behind it`()
    async throws
  {
    let sample = sample(.success(Self.good))
    let result = try await sample.run(Self.many)
    #expect(result.outcome?.verdict == "bad")
    let order = [
      "soon export.written", "anchored script.intended", "script list.sh", "soon script.ended", "anchored run.closed",
    ]
    #expect(order.compactMap(sample.trace.index) == order.compactMap(sample.trace.index).sorted())
    #expect(order.allSatisfy { sample.trace.index(of: $0) != nil }, "\(sample.trace.all)")
  }

  @Test func `its records say what was run on what, in what, and what came of it`() async throws {
    let sample = sample(.success(Self.good))
    _ = try await sample.run(Self.many)
    let digest = ContentDigest.of(Array(Sample.script.utf8))
    #expect(sample.journal.entry("run.started")?.body["scripts"]?.canonicalText == "{\"rows\":\"\(digest)\"}")
    #expect(
      sample.journal.entry("script.intended")?.body.canonicalText == """
        {"digest":"\(digest)","export":"rows","given":"sha256:0","sandbox":{"program":"traced"},"script":"list.sh",\
        "timeout":"5s"}
        """)
    let kept = ContentDigest.of(Array("shop\n".utf8))
    #expect(
      sample.journal.entry("script.ended")?.body.canonicalText == """
        {"digest":"sha256:1","exit_code":0,"export":"rows","file":"exports/rows.out","milliseconds":0,"output":{"digest":\
        "\(kept)","length":5,"media_type":"application/octet-stream"},"output_bytes":5,"timed_out":false}
        """)
    #expect(sample.journal.kept == [Array("shop\n".utf8)])
  }

  @Test(arguments: [
    (ScriptProblem.notRun("install bubblewrap"), "script.failed"), (.outcomeUnknown("killed"), "script.unknown"),
  ])
  func `a script that was not run changes no verdict, and that is recorded`(
    problem: ScriptProblem, type: String
  ) async throws {
    let sample = sample(.failure(problem))
    let result = try await sample.run(Self.many)
    #expect(result.outcome?.verdict == "bad")
    #expect(sample.journal.entry(type)?.body["reason"]?.text == problem.message)
    #expect(sample.trace.all.count { $0 == "script list.sh" } == 1)
  }

  @Test(arguments: ["0s", "5s", "999999999d"])
  func `a script may be given any time`(time: String) async throws {
    var sample = sample(.success(Self.good))
    sample.source = SourceText(
      name: Sample.source.name,
      text: String(decoding: Sample.scripted.bytes, as: UTF8.self).replacing("timeout: 5s", with: "timeout: \(time)"))
    _ = try await sample.run(Self.many)
    #expect(sample.journal.entry("script.ended") != nil && sample.journal.entry("script.unknown") == nil)
  }

  @Test func `without anybody who runs scripts the intent names no sandbox`() async throws {
    var sample = SampleRun()
    sample.source = Sample.scripted
    _ = try await sample.run(Self.many)
    let intent = try #require(sample.journal.entry("script.intended"))
    #expect(intent.body["sandbox"] == nil)
    #expect(sample.journal.entry("script.failed")?.body["reason"]?.text == "no script is run here")
  }

  @Test func `a run whose first record names no script replays without it, as releases did that ran none`() async throws
  {
    let sample = sample(.success(Self.good))
    _ = try await sample.run(Self.many)
    let runbook = try Sample.runbook(Sample.scripted)
    func finding(_ entries: [JournalEntry]) throws -> Replay.Finding {
      let recording = try RunRecording(
        entries, of: runbook, started: FixedClock.instant
      ) { _ throws(RecordProblem) in throw RecordProblem("evidence", "is not there") }
      return Replay(recording).finding
    }
    let all = sample.journal.entries
    guard case .same = try finding(all) else {
      Issue.record("it does not replay")
      return
    }
    let without = all.filter { !$0.type.hasPrefix("script.") }
    guard case .differs = try finding(without) else {
      Issue.record("a script that was not recorded is not missed")
      return
    }
    let old = without.map { entry in
      guard entry.type == "run.started" else { return entry }
      return JournalEntry(entry.type, .object((entry.body.members ?? []).filter { $0.name != "scripts" }))
    }
    guard case .same = try finding(old) else {
      Issue.record("an older run does not replay")
      return
    }
  }
}

private struct TracedScripts: ScriptRunner {
  let trace: Trace
  let end: Result<ScriptResult, ScriptProblem>

  func sandbox() async throws(ScriptProblem) -> JSON { .object(["program": .string("traced")]) }

  func run(_ task: ScriptTask) async throws(ScriptProblem) -> ScriptResult {
    trace.add("script \(task.path)")
    return try end.get()
  }
}
