import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import Investigation

/// Thresholds: numbers, limits, and what is normal.
@Suite struct ThresholdTests {
  private func runbook(_ threshold: String, _ answer: String = "t.breached") -> String {
    """
    questions:
      first:
        ask: First?
        answer: \(answer)
        then: {yes: malicious, no: benign}
    thresholds:
      t: \(threshold)
    queries:
    \(query("rate", "series: requests/s", "window: {from: -5m, to: 0s}"))\(query("a", "rows: {x: int}"))\
    \(query("seen", "rows: {time: timestamp, user: string}", "window: {from: -5m, to: 0s}"))
    """
  }

  /// 200 ordinary minutes, and then the five of the window and the minute before it.
  private static func ordinary(then last: [Double]) -> [Double] {
    (0..<200).map { 40 + Double($0 * 7 % 5) } + last
  }

  private static let quiet = ordinary(then: [41, 42, 40, 43, 41, 42])
  private static let spike = ordinary(then: [41, 42, 400, 430, 410, 42])

  struct Case: Sendable {
    let threshold: String
    var answer = "t.breached"
    var given: [String: Given] = [:]
    let expected: String
  }

  private static let visits =
    "time  user\n2026-03-01T09:00:00Z  ann\n2026-03-01T10:00:00Z  bob\n2026-03-02T09:56:00Z  ann\n2026-03-02T09:57:00Z  bob"

  static let cases = [
    Case(threshold: "{of: rate, above: 100}", given: ["rate": .series(spike)], expected: "yes"),
    Case(threshold: "{of: rate, above: 100}", given: ["rate": .series(quiet)], expected: "no"),
    Case(threshold: "{of: rate, above: 100}", given: [:], expected: "unknown"),
    Case(threshold: "{of: rate, above: 100}", given: ["rate": .series([])], expected: "unknown"),
    Case(threshold: "{of: rate, above: 100}", given: ["rate": .series([.nan, .nan, .nan])], expected: "unknown"),
    Case(threshold: "{of: rate, below: 10}", given: ["rate": .series(spike)], expected: "no"),
    Case(threshold: "{of: rate, outside: [10, 300]}", given: ["rate": .series(spike)], expected: "yes"),
    Case(threshold: "{of: rate, above: 100, at_least: 500}", given: ["rate": .series(spike)], expected: "no"),
    Case(threshold: "{of: rate, above: 100, for: 2m}", given: ["rate": .series(spike)], expected: "yes"),
    Case(threshold: "{of: rate, above: 100, for: 4m}", given: ["rate": .series(spike)], expected: "no"),
    Case(
      threshold: "{of: rate, normal: {kind: level, history: 3h}}", given: ["rate": .series(spike)], expected: "yes"),
    Case(threshold: "{of: rate, normal: {kind: level, history: 3h}}", given: ["rate": .series(quiet)], expected: "no"),
    Case(
      threshold: "{of: rate, normal: {kind: level, history: 3h, minimum_history: 500}}",
      given: ["rate": .series(quiet)], expected: "unknown"),
    Case(
      threshold: "{of: rate, normal: {kind: level, history: 3h}}", given: ["rate": .manySeries([quiet, spike])],
      expected: "yes"),
    Case(
      threshold: "{of: rate, normal: {kind: level, history: 3h}}", given: ["rate": .manySeries([quiet, [1, 2]])],
      expected: "unknown"),
    Case(threshold: "{of: rate, normal: {history: 3h}}", given: ["rate": .series(spike)], expected: "yes"),
    Case(threshold: "{of: rate, normal: {history: 3h}}", given: ["rate": .series(quiet)], expected: "no"),
    Case(
      threshold: "{of: rate, normal: {kind: [jump, novelty], season: none, history: 3h}}",
      given: ["rate": .series(spike)], expected: "yes"),
    Case(
      threshold: "{of: rate, normal: {kind: silence, history: 3h}}",
      given: ["rate": .series(ordinary(then: Array(repeating: .nan, count: 60)))], expected: "yes"),
    Case(
      threshold: "{of: rate, normal: {kind: level, history: 3h}, z: 4}", given: ["rate": .series(spike)],
      expected: "yes"),
    Case(
      threshold: "{of: rate, normal: {kind: level, history: 3h}, percentile: 99, ratio: 20}",
      given: ["rate": .series(spike)], expected: "no"),
    Case(
      threshold: "{of: rate, normal: {kind: level, history: 3h}, surprise: none, ratio: 9}",
      given: ["rate": .series(spike)], expected: "yes"),
    Case(
      threshold: "{of: rate, normal: {kind: level, history: 3h, exclude: [{from: -4h, to: -6m}]}}",
      given: ["rate": .series(spike)], expected: "unknown"),
    Case(
      threshold: "{of: rate, normal: {kind: level, history: 3h}, cooldown: 1h}",
      given: ["rate": .series(ordinary(then: [900, 41, 42, 42, 41, 42, 41, 400, 430, 410, 42]))], expected: "no"),
    Case(threshold: "{of: rate, above: 100, cooldown: 1h}", given: ["rate": .series(spike)], expected: "yes"),
    Case(
      threshold: "{of: rate, above: 100, cooldown: 1h}",
      given: ["rate": .series(ordinary(then: [900, 41, 42, 42, 41, 42, 41, 400, 430, 410, 42]))], expected: "no"),
    Case(
      threshold: "{of: seen, normal: {kind: new_values, fields: user, minimum_history: 1}}",
      given: ["seen": .rows(visits + "\n2026-03-02T09:58:00Z  eve")], expected: "yes"),
    Case(
      threshold: "{of: seen, normal: {kind: new_values, fields: user, minimum_history: 1}}",
      given: ["seen": .rows(visits)], expected: "no"),
    Case(
      threshold: "{of: seen, normal: {kind: new_values, fields: user, minimum_history: 30}}",
      given: ["seen": .rows(visits)], expected: "unknown"),
    Case(
      threshold: "{of: seen, normal: {kind: new_values, fields: user, minimum_history: 1}}",
      given: ["seen": .truncated(visits)], expected: "unknown"),
    Case(
      threshold: "{of: seen, normal: {kind: new_values, fields: user, minimum_history: 1}}",
      answer: "t.breached || seen.size() != 2", given: ["seen": .rows(visits)], expected: "no"),
    Case(threshold: "{of: a.x.sum(), above: 2}", given: ["a": .rows("x\n1\n2")], expected: "yes"),
    Case(threshold: "{of: a.x.sum(), above: 3}", given: ["a": .rows("x\n1\n2")], expected: "no"),
    Case(threshold: "{of: a.size(), above: 1}", given: ["a": .truncated("x\n1\n2")], expected: "yes"),
    Case(threshold: "{of: a.size(), above: 2}", given: ["a": .truncated("x\n1\n2")], expected: "unknown"),
    Case(threshold: "{of: a.size(), below: 2}", given: ["a": .truncated("x\n1\n2")], expected: "unknown"),
    Case(threshold: "2", answer: "a.size() >= t", given: ["a": .rows("x\n1\n2")], expected: "yes"),
    Case(threshold: "2.5", answer: "a.size() >= t", given: ["a": .rows("x\n1\n2")], expected: "no"),
  ]

  @Test(arguments: cases)
  func `a threshold is breached, or not, or cannot be judged`(_ item: Case) throws {
    var driver = try RunDriver(runbook(item.threshold, item.answer), item.given)
    #expect(try driver.run().answer("first")?.answer == item.expected)
  }

  @Test func `the series is fetched back to the history, and the window alone is judged`() throws {
    var driver = try RunDriver(
      runbook("{of: rate, normal: {kind: level, history: 3h}}"), ["rate": .series(Self.spike)])
    let outcome = try driver.run()
    #expect(driver.requests.first?.window?.description == "2026-03-02T06:55:00Z..2026-03-02T10:00:00Z")
    #expect(driver.requests.first?.rowLimit == 200_000)
    #expect(
      outcome.answer("first")?.because
        == "t.value 430, expected 42 (at most 47.08), highest of 201 in 3h 19m, from 2026-03-02T09:57:00Z")
  }

  /// What is said of a threshold, and what its records say.
  private func told(_ threshold: String, _ given: [String: Given]) throws -> (because: String?, records: [JSON]) {
    var driver = try RunDriver(runbook(threshold), given)
    let outcome = try driver.run()
    return (
      outcome.answer("first")?.because, driver.records.filter { $0.type == "threshold.judged" }.map(\.body)
    )
  }

  @Test func `what is ordinary is told with what it was compared with`() throws {
    let normal = try told("{of: rate, normal: {kind: level, history: 3h}}", ["rate": .series(Self.quiet)])
    #expect(normal.because == "t.value 43, expected 42 (at most 47.08), of 201 in 3h 19m")
    let limit = try told("{of: rate, above: 100}", ["rate": .series(Self.quiet)])
    #expect(limit.because == "t.value 43, limit at most 100")
    let limits = try told("{of: rate, outside: [10, 300]}", ["rate": .series(Self.quiet)])
    #expect(limits.because == "t.value 40, limit 10 to 300")
  }

  @Test func `what does not matter enough is told with what it is short of`() throws {
    let normal = try told(
      "{of: rate, normal: {kind: level, history: 3h}, at_least: 500}", ["rate": .series(Self.spike)])
    #expect(
      normal.because == "t.value 430, expected 42 (at most 500), of 201 in 3h 19m, short of at_least 500")
    #expect(normal.records.first?["short_of"]?.text == "at_least 500")
    let limit = try told("{of: rate, above: 100, at_least: 500}", ["rate": .series(Self.spike)])
    #expect(limit.because == "t.value 430, limit at most 500, short of at_least 500")
    let number = try told("{of: a.x.sum(), above: 2, at_least: 4}", ["a": .rows("x\n1\n2")])
    #expect(number.because == "t.value 3, short of at_least 4")
  }

  @Test func `the band is not told of a breach that lies between its ends`() throws {
    // Two levels, and one between them that never was.
    let between = (0..<200).map { place -> Double in
      let level: Double = place % 2 == 0 ? 40 : 900
      return level + Double(place * 7 % 5)
    }
    let given = between + [42, 901, 470, 470, 470, 42]
    let because = try told(
      "{of: rate, normal: {kind: novelty, season: none, history: 3h}, direction: both}", ["rate": .series(given)]
    )
    .because
    #expect(
      because?.hasPrefix("t.value 470, expected ") == true && because?.contains(" (") == false, "\(because ?? "")")
  }

  @Test(arguments: [
    ("{of: rate, normal: {kind: seasonal, history: 3h}}", "farthest above what was expected of 201"),
    ("{of: rate, normal: {kind: jump, history: 3h}}", "greatest rise of 200"),
    ("{of: rate, normal: {kind: novelty, history: 3h}}", "highest of 17"),
  ])
  func `a rank says what is ranked`(threshold: String, words: String) throws {
    let because = try told(threshold, ["rate": .series(Self.spike)]).because
    #expect(because?.contains(words) == true, "\(because ?? "")")
  }

  @Test func `what is new is named`() throws {
    let new = Self.visits + "\n2026-03-02T09:58:00Z  eve\n2026-03-02T09:57:30Z  mallory"
    let told = try told(
      "{of: seen, normal: {kind: new_values, fields: user, minimum_history: 1}}", ["seen": .rows(new)])
    #expect(told.because?.hasSuffix(": mallory; eve") == true, "\(told)")
    #expect(told.records.first?["new_values"]?.compactText == "[\"mallory\",\"eve\"]")
  }

  @Test func `a label that no series has judges nothing, and a reason names whose series it is`() throws {
    let given: [String: Given] = ["rate": .manySeries([Self.quiet, [1, 2]])]
    let stranger = try told("{of: rate, normal: {kind: level, history: 3h, by: hots}}", given)
    #expect(stranger.because?.contains("a series has no label 'hots', but 'host'") == true, "\(stranger)")
    let short = try told(
      "{of: rate, normal: {kind: level, history: 3h, by: host, minimum_history: 900}}", given)
    #expect(short.because?.contains("of 'h0' the history has") == true, "\(short)")
    #expect(short.records.count == 1)
  }

  @Test func `rows that are cut leave a record of what could not be judged`() throws {
    let told = try told(
      "{of: seen, normal: {kind: new_values, fields: user, minimum_history: 1}}", ["seen": .truncated(Self.visits)])
    #expect(told.records.first?["unknown"]?.text?.isEmpty == false)
  }

  @Test func `a threshold by an entity is about each of them, and outside about the one that tells most`() throws {
    let yaml = """
      questions:
        any:
          ask: Does any host?
          answer: t.breached && t.entity == "h1" && t.kind == "level" && t.ranked > 100
          then: {yes: each_host, no: benign}
        each_host:
          each: host
          ask: Does ${host}?
          answer: t.breached
          then: {yes: malicious, no: benign}
      entities:
        host: hosts.host
      thresholds:
        t: {of: rate, normal: {kind: level, history: 3h, by: host}}
      queries:
      \(query("rate", "series: requests/s", "window: {from: -5m, to: 0s}"))\(query("hosts", "rows: {host: string}"))
      """
    var driver = try RunDriver(
      yaml, ["rate": .manySeries([Self.quiet, Self.spike, [41, 42, 300]]), "hosts": .rows("host\nh0\nh1\nh2\nh3")])
    let outcome = try driver.run()
    #expect(outcome.answer("any")?.answer == "yes")
    // h2 has no history of its own and is compared with the others'; of h3 there is no series.
    #expect(
      ["h0", "h1", "h2", "h3"].map { host in outcome.answers.last { $0.entity == host }?.answer }
        == ["no", "yes", "yes", "unknown"])
    let judged = driver.records.filter { $0.type == "threshold.judged" }
    #expect(judged.count >= 3 && judged.contains { $0.body["history"]?["of_others"]?.compactText == "true" })
  }

  @Test func `a breached threshold is a window`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: t.breached && b.size() > 0
          then: {yes: malicious, no: benign}
      thresholds:
        t: {of: rate, above: 100}
      window: {from: -1h, to: +1h}
      queries:
      \(query("rate", "series: requests/s", "window: {from: -5m, to: 0s}"))\
      \(query("b", "rows: {x: int}", "window: t"))
      """, ["rate": .series(Self.spike), "b": .none])
    _ = try driver.run()
    #expect(driver.requests.last?.window?.description == "2026-03-02T09:57:00Z..2026-03-02T09:59:00Z")
  }

  @Test func `the deployment may override a threshold`() throws {
    var driver = try RunDriver(
      runbook("2", "a.size() >= t"), ["a": .rows("x\n1\n2")], thresholds: ["t": .number(.int(3))])
    #expect(try driver.run().answer("first")?.answer == "no")
  }
}
