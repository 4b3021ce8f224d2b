import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import Investigation

/// Severity, calls to people, exports.
@Suite struct VerdictTests {
  private static let hosts = """
    questions:
      ran:
        each: host
        ask: Did ${host}?
        answer: programs.size() > 0
        then: {yes: bad, no: fine}
    verdicts:
      fine: {severity: low, means: Nothing was run.}
      bad:
        severity:
          critical: assets[host].critical
          high: "true"
        means: Tools were run on ${host}.
        escalate: call
        export: [machines, ran_there]
        advise: ["Isolate ${host}.", Call the owner.]
    entities:
      host: targets.host
    queries:
    \(query("targets", "rows: {host: string}"))\(query("programs", "rows: {host: string, x: int}", "each: host"))lists:
      assets: {file: assets.csv, key: host, of: {critical: bool}}
    contacts:
      desk: {email: desk@example.org}
      boss: {email: boss@example.org}
    escalations:
      call: [{notify: [desk, boss, desk], acknowledge_within: 10m}, {notify: [boss]}]
    exports:
      machines: {data: host, format: csv}
      ran_there: {data: programs, format: jsonl}
    """

  private static let assets = "host,critical\na,false\nb,true\nc,false\n"
  private static let given: [String: Given] = [
    "targets": .rows("host\na\nb\nc\nd"), "programs": .rows("host  x\na  1\nb  2\nd  3"),
  ]

  private func driver(_ given: [String: Given] = given) throws -> RunDriver {
    try RunDriver(Self.hosts, given, files: ["assets.csv": Self.assets])
  }

  @Test func `each entity has the severity of its own case, and an unknown case counts as holding`() throws {
    var driver = try driver()
    let outcome = try driver.run()
    // `d` is not among the assets.
    #expect(outcome.verdicts(of: "host") == ["a: bad", "b: bad", "c: fine", "d: bad"])
    #expect(outcome.severity == .critical)
    let lines = try #require(driver.notices.first?.lines)
    #expect(lines.contains("a (high): programs: 1 row"))
    #expect(lines.contains("b (critical): programs: 1 row"))
    #expect(lines.contains("d (critical): programs: 1 row"))
  }

  @Test func `everybody on the first step is called once for all entities together`() throws {
    var driver = try driver()
    _ = try driver.run()
    #expect(driver.notices.map(\.contact) == ["desk", "boss"])
    #expect(driver.notices.map(\.idempotencyKey) == ["run-1/bad/host@ran/desk", "run-1/bad/host@ran/boss"])
    let notice = try #require(driver.notices.first)
    #expect(notice.entities == ["a", "b", "d"])
    #expect(notice.severity == .critical)
    #expect(notice.subject == "[critical] test: bad (3 of host)")
    #expect(notice.advice == ["Isolate a.", "Call the owner.", "Isolate b.", "Isolate d."])
  }

  @Test func `exports are written at the end, before the close, once`() throws {
    var driver = try driver()
    _ = try driver.run()
    #expect(driver.exports.map(\.export) == ["machines", "ran_there"])
    let table = try #require(driver.exports.first?.table)
    #expect(table.columns.map(\.name) == ["host", "ran", "verdict"])
    #expect(
      table.rows.map { row in (0..<3).map { row[$0].displayText }.joined(separator: " ") }
        == ["a yes bad", "b yes bad", "c no fine", "d yes bad"])
    guard case .close? = driver.effects.last else {
      Issue.record("the close is not the last effect")
      return
    }
    #expect(driver.exports.last?.format == "jsonl")
    #expect(driver.exports.last?.table.count == 3)
  }

  @Test func `an incomplete table is exported with what is missing, a failed one is named`() throws {
    var cut = try driver([
      "targets": .rows("host\na"), "programs": .truncated("host  x\na  1"),
    ])
    _ = try cut.run()
    #expect(cut.exports.last?.incomplete == "'programs' is incomplete: cut at 2 rows")
    #expect(cut.exports.first?.incomplete == nil)
  }

  @Test func `a clean verdict that turned calls nobody and exports nothing`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: absent.size() > 0
          then: {yes: malicious, no: second}
        second:
          ask: Second?
          answer: "1 > 2"
          then: {yes: malicious, no: fine}
      verdicts:
        fine: {severity: low, means: Nothing., escalate: call, export: [all]}
        undetermined: {escalate: other}
      queries:
      \(query("absent", "rows: {x: int}"))contacts:
        desk: {email: desk@example.org}
        boss: {email: boss@example.org}
      escalations:
        call: [{notify: [desk]}]
        other: [{notify: [boss]}]
      exports:
        all: {data: absent}
      """)
    let outcome = try driver.run()
    #expect(outcome.verdict == "undetermined")
    #expect(driver.notices.map(\.contact) == ["boss"])
    #expect(driver.exports.isEmpty)
    #expect(driver.reached.map(\.verdict) == ["undetermined"])
  }

  @Test func `a clean verdict that stands is announced at the end`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: "1 > 2"
          then: {yes: malicious, no: fine}
      verdicts:
        fine: {severity: low, means: "Nothing was found at ${at}.", escalate: call, export: [all]}
      queries:
      \(query("late", "rows: {x: int}"))contacts:
        desk: {email: desk@example.org}
      escalations:
        call: [{notify: [desk]}]
      exports:
        all: {data: late}
      """, ["late": .rows("x\n1")])
    let outcome = try driver.run()
    #expect(outcome.verdict == "fine")
    #expect(driver.notices.map(\.idempotencyKey) == ["run-1/fine/run/desk"])
    #expect(driver.reached.first?.means == "Nothing was found at 2026-03-02T10:00:00Z.")
    // What an export needs is fetched for it.
    #expect(driver.exports.map(\.table.count) == [1])
  }

  @Test func `an export whose data is not there is named`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: "1 < 2"
          then: {yes: bad, no: benign}
      verdicts:
        bad: {severity: high, means: Bad., export: [all]}
      queries:
      \(query("late", "rows: {x: int}"))exports:
        all: {data: late}
      """)
    let outcome = try driver.run()
    #expect(outcome.verdict == "bad")
    let dropped = driver.effects.contains { if case .decided(.exportDropped("all", _)) = $0 { true } else { false } }
    #expect(dropped)
  }

  @Test func `severity may rest on a sign that is asked for it`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: "1 < 2"
          then: {yes: bad, no: benign}
        sent_much: {ask: Much?, answer: late.size() > 0}
      verdicts:
        bad:
          severity: {critical: sent_much, medium: "true"}
          means: Bad.
      queries:
      \(query("late", "rows: {x: int}"))
      """, ["late": .none])
    let outcome = try driver.run()
    #expect(outcome.severity == .medium)
    #expect(outcome.answer("sent_much")?.answer == "no")
    #expect(
      driver.records.map(\.type) == [
        "question.answered", "query.intended", "question.answered", "verdict.reached",
      ])
  }

  @Test func `people are not kept waiting for a window to end`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: "1 < 2"
          then: {yes: bad, no: benign}
        sent_much: {ask: Much?, answer: late.size() > 0}
      verdicts:
        bad:
          severity: {critical: sent_much, medium: "true"}
          means: Bad.
          escalate: call
      queries:
      \(query("late", "rows: {x: int}", "window: {from: 0s, to: +30m}"))contacts:
        desk: {email: desk@example.org}
      escalations:
        call: [{notify: [desk]}]
      """, now: "10:00:00", waits: true)
    let effects = driver.begin()
    #expect(driver.notices.map(\.severity) == [.critical])
    // Nobody else needs the query, so the run does not wait for it either.
    let event = try #require(effects.last.flatMap(driver.answer))
    guard case .close(let outcome)? = driver.apply(event).last else {
      Issue.record("the run waits")
      return
    }
    #expect(outcome.severity == .critical)
  }
}
