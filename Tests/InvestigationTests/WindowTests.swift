import RunbookPorts
import Testing
import Values

@testable import Investigation

/// Which span of time is asked about, and what is waited for (language, 2.8).
@Suite struct WindowTests {
  private func runbook(_ window: String, _ more: String = "", section: String = "") -> String {
    """
    questions:
      first:
        ask: First?
        answer: a.size() > 0
        then: {yes: malicious, no: benign}
    \(section)
    queries:
    \(query("a", "rows: {x: int}", "window: \(window)"))\(more)
    """
  }

  private func window(of id: String, in driver: RunDriver) -> String? {
    driver.requests.first { $0.id.query == id }?.window.map(\.description)
  }

  private func span(_ from: String, _ to: String) -> String { "2026-03-02T\(from)Z..2026-03-02T\(to)Z" }

  @Test(arguments: [
    ("{from: -30m, to: +30m}", "09:30:00", "10:30:00"), ("{from: -2h, to: 0s}", "08:00:00", "10:00:00"),
    ("{around: start.time, from: -5m, to: +1h}", "07:55:00", "09:00:00"),
    ("{from: start.time, to: 0s}", "08:00:00", "10:00:00"), ("stretch", "06:00:00", "07:00:00"),
  ])
  func `bounds count from the alert, or from what the window names`(
    _ window: String, _ from: String, _ to: String
  ) throws {
    let more =
      query("start", "row: {time: timestamp}") + query("stretch", "row: {from: timestamp, to: timestamp}")
    var driver = try RunDriver(
      runbook(window, more),
      [
        "a": .none, "start": .rows("time\n2026-03-02T08:00:00Z"),
        "stretch": .rows("from  to\n2026-03-02T06:00:00Z  2026-03-02T07:00:00Z"),
      ])
    _ = try driver.run()
    #expect(self.window(of: "a", in: driver) == span(from, to))
    let parameters = driver.requests.first { $0.id.query == "a" }?.parameters
    #expect(parameters?["from"]?.displayText == "2026-03-02T\(from)Z")
    #expect(parameters?["to"]?.displayText == "2026-03-02T\(to)Z")
  }

  @Test(arguments: ["{around: start.time, from: -5m, to: +1h}", "stretch", "{from: start.time, to: 0s}"])
  func `where its own window cannot be found, the runbook's is taken, and that is said`(_ window: String) throws {
    let more =
      query("start", "row: {time: timestamp}") + query("stretch", "row: {from: timestamp, to: timestamp}")
    var driver = try RunDriver(
      runbook(window, more, section: "window: {from: -10m, to: +10m}"),
      ["a": .none, "start": .unavailable("down"), "stretch": .rows("")])
    _ = try driver.run()
    #expect(self.window(of: "a", in: driver) == span("09:50:00", "10:10:00"))
    let replaced = driver.effects.contains { if case .decided(.windowReplaced("a", _)) = $0 { true } else { false } }
    #expect(replaced)
  }

  @Test func `a window that ends before it begins is unknown`() throws {
    var driver = try RunDriver(
      runbook(
        "{from: start.time, to: -4h}", query("start", "row: {time: timestamp}"),
        section: "window: {from: start.time, to: -3h}"),
      ["start": .rows("time\n2026-03-02T08:00:00Z"), "a": .none])
    let outcome = try driver.run()
    #expect(
      outcome.answer("first")?.because
        == "'a' has no answer: its window is unknown: the window ends before it begins")
    #expect(driver.fetched == ["start"])
  }

  // MARK: Waiting

  private static let policy = SourcePolicy(binding: .bound(adapter: "test"), lag: .seconds(60))

  private func waits(_ driver: RunDriver) -> [Timestamp] {
    driver.effects.compactMap { if case .wait(let instant) = $0 { instant } else { nil } }
  }

  @Test func `a window that ends later is waited for, and the source's lag`() throws {
    var driver = try RunDriver(
      runbook("{from: -1h, to: +10m}"), ["a": .none], now: "10:00:05", waits: true, sources: ["s": Self.policy])
    let begun = driver.begin()
    #expect(try waits(driver) == [RunDriver.instant("10:11:00")])
    #expect(begun.count == 1)
    let more = driver.apply(.waited(until: try RunDriver.instant("10:11:00")))
    guard case .fetch? = more.first else {
      Issue.record("no fetch after the wait")
      return
    }
    let effects = more.compactMap(driver.answer).flatMap { driver.apply($0) }
    guard case .close(let outcome)? = effects.last else {
      Issue.record("no close")
      return
    }
    #expect(outcome.verdict == "benign")
  }

  @Test func `other questions go on while one waits`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: b.size() > 0
          then: {yes: [second, third], no: benign}
        second:
          ask: Second?
          answer: a.size() > 0
          then: {yes: malicious, no: benign}
        third:
          ask: Third?
          answer: b.size() > 1
          then: {yes: suspicious, no: benign}
      queries:
      \(query("a", "rows: {x: int}", "window: {from: -1h, to: +10m}"))\(query("b", "rows: {x: int}"))
      """, ["a": .none, "b": .rows("x\n1\n2")], now: "10:00:05", waits: true)
    let event = try #require(driver.begin().first.flatMap(driver.answer))
    _ = driver.apply(event)
    #expect(driver.reached.map(\.verdict) == ["suspicious"])
    #expect(waits(driver).count == 1)
  }

  @Test func `what ends after the run's time is not waited for, and not covered`() throws {
    var driver = try RunDriver(
      runbook("{from: -1h, to: +2h}") + "limits: {time: 1h}\n", ["a": .none], now: "10:00:05", waits: true)
    let outcome = try driver.run()
    #expect(waits(driver).isEmpty)
    #expect(outcome.answer("first")?.answer == "unknown")
  }

  @Test func `with a given now nothing is waited for, and what lies after it is not covered`() throws {
    var driver = try RunDriver(
      runbook("{from: -1h, to: +10m}"), ["a": .none], now: "10:05:00", isBoundedByNow: true,
      sources: ["s": SourcePolicy(binding: .bound(adapter: "test"), lag: .seconds(60), isSilenceNormal: true)])
    let outcome = try driver.run()
    #expect(waits(driver).isEmpty)
    #expect(
      outcome.answer("first")?.because
        == "'a' is incomplete: the window ends at 2026-03-02T10:10:00Z, after 2026-03-02T10:05:00Z")
    var recorded = try RunDriver(runbook("{from: -1h, to: +10m}"), ["a": .none], now: "10:05:00")
    #expect(try recorded.run().verdict == "benign")
  }
}
