import Diagnostics
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Testing
import Values

/// A small runbook with one query, one notice and one export.
enum Sample {
  static let text = """
    tocsin: 1
    runbook: sample
    version: 1.2.3
    title: A sample
    alert:
      when: alert.labels.alertname == "Sample"
      at: alert.startsAt
      fields:
        site: alert.labels.site
        client: {from: alert.labels.client, type: ip}
    questions:
      many:
        ask: Many requests to ${site}?
        answer: hits.total.sum() > limit
        finding: ${site}
        then: {yes: bad, no: benign}
    verdicts:
      bad: {severity: high, means: Too many requests., escalate: on_call, export: [rows], advise: [Look at it.]}
    thresholds:
      limit: 10
    queries:
      hits:
        from: access
        sql: |
          SELECT site, count(*) AS total FROM access
          WHERE site = ${site} AND time BETWEEN ${from} AND ${to}
        rows: {site: string, total: int}
        at_most: 3000
    sources:
      access: {about: requests, blind: who asked}
    contacts:
      desk: {email: desk@example.org}
    escalations:
      on_call: [{notify: [desk]}]
    exports:
      rows: {data: hits}
    """

  static let configuration = """
    deployment: 1
    recorded: true
    sources:
      access: {adapter: fake, path: access.log, silence: normal}
    """

  static let source = SourceText(name: "sample.runbook.yaml", text: text)

  /// The sample with a script behind its export.
  static let scripted = SourceText(
    name: source.name,
    text: text.replacing("rows: {data: hits}", with: "rows: {data: hits, script: {run: list.sh, timeout: 5s}}"))
  static let script = "#!/bin/sh\ncat\n"

  static func runbook(_ source: SourceText = source) throws -> CheckedRunbook {
    let result = RunbookChecker(files: MemoryFiles(files: ["list.sh": script])).check(source)
    return try #require(result.runbook, "\(result.diagnostics.map(\.message))")
  }

  static func deployment(_ kind: FakeKind = FakeKind(), _ text: String = configuration) throws -> Deployment {
    let (deployment, findings) = DeploymentReader(kinds: [kind]).read(SourceText(name: "d/tocsin.yaml", text: text))
    return try #require(deployment, "\(findings.map(\.message))")
  }

  static func request(
    _ kind: FakeKind = FakeKind(), site: String = "shop", configuration: String = configuration, live: Bool = false,
    source: SourceText = source
  ) throws -> RunRequest {
    let runbook = try runbook(source)
    let deployment = try deployment(kind, configuration)
    return RunRequest(
      runbook: runbook, deployment: deployment, sources: BoundSources(deployment),
      intake: try Intake.byHand([("site", site)], for: runbook.runbook, at: FixedClock.instant),
      now: FixedClock.instant, isNowGiven: !live)
  }
}

/// A run of the sample with everything around it under the test's control.
struct SampleRun {
  let trace = Trace()
  let journal: MemoryJournal
  let interruption = Interruption()
  var notifierProblem: NoticeError?
  var source = Sample.source
  var scripts: any ScriptRunner = NoScripts()
  /// Ends at once every pause that limits something; `false`: pauses last for ever.
  var pausesEnd = false

  init(failingTypes: Set<String> = []) {
    journal = MemoryJournal(trace, failingTypes: failingTypes)
  }

  func run(
    site: String = "shop", configuration: String = Sample.configuration, live: Bool = false,
    _ answer: @escaping @Sendable (BoundQuery, Int) async throws(AdapterError) -> QueryResult
  ) async throws -> RunResult {
    let pausesEnd = pausesEnd
    let engine = RunEngine(
      .init(
        journal: journal, joiner: NoJoiner(), history: NoHistory(), exports: TracedExports(trace: trace),
        notifier: TracedNotifier(trace: trace, problem: notifierProblem), observer: TracedObserver(trace: trace),
        interruption: interruption,
        surroundings: EngineSurroundings(
          clock: FixedClock(), pause: { _ in if !pausesEnd { try await forever() } },
          randomBytes: { Array(repeating: 7, count: $0) }), scripts: scripts))
    return try await engine.run(
      try Sample.request(
        FakeKind(answer: answer, trace: trace), site: site, configuration: configuration, live: live,
        source: source))
  }
}

/// Lasts until it is cancelled.
func forever() async throws(CancellationError) {
  let (stream, _) = AsyncStream.makeStream(of: Void.self)
  for await _ in stream {}
  throw CancellationError()
}
