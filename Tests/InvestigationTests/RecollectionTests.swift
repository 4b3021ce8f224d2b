import RunbookPorts
import Testing
import Values

@testable import Investigation

/// Texts of answers that are made when somebody reads them.
@Suite("Texts that are read late")
struct RecollectionTests {
  private static let yaml = """
    questions:
      first:
        each: host
        ask: Does ${host} do it, with ${seen.size()} signs?
        answer: odd && !late
        then: {yes: second, no: second, unknown: second}
      odd:
        each: host
        ask: Is ${host} odd among ${seen.size()}?
        answer: seen.exists(s, s.what == "odd")
      late:
        each: host
        ask: Is ${host} late?
        answer: seen.exists(s, s.what == "late")
      second:
        each: host
        ask: Once more of ${host}?
        answer: more.size() > 0 || odd
        then: {yes: benign, no: benign}
    entities:
      host: targets.host
    sources:
      s: {about: s}
    queries:
      targets: {from: s, window: none, sql: SELECT 1, rows: {host: string}}
      seen: {from: s, each: host, window: none, sql: SELECT 1, rows: {host: string, what: string}}
      more: {from: s, each: host, window: none, sql: SELECT 1, rows: {host: string, what: string}}
    """

  private static let given: [String: Given] = [
    "targets": .rows("host\nh0\nh1\nh2\n"),
    "seen": .rows("host  what\nh2  late\nh0  odd\nh2  odd\nh9  odd\n"),
    "more": .rows("host  what\nh1  x\n"),
  ]

  private static func text(_ answers: some Collection<Answer>) -> [String] { answers.map { $0.json.canonicalText } }

  @Test func `what is read at the end is what was told on the way`() throws {
    var driver = try RunDriver(Self.yaml, Self.given)
    var told: [String] = []
    var events: [RunEvent] = driver.begin().compactMap(driver.answer(to:))
    var outcome: RunOutcome?
    while !events.isEmpty {
      for effect in driver.apply(events.removeFirst()) {
        if case .decided(.answered(let answers)) = effect { told += Self.text(answers) }
        if case .close(let closed) = effect { outcome = closed }
        if let event = driver.answer(to: effect) { events.append(event) }
      }
    }
    let answers = try #require(outcome).answers
    #expect(answers.count == 12)
    #expect(Self.text(answers).sorted() == told.sorted())
    #expect(answers.map(\.question) == ["first", "odd", "late", "second"].flatMap { Array(repeating: $0, count: 3) })
    #expect(answers.prefix(3).map(\.ask).last == "Does h2 do it, with 2 signs?")
    #expect(answers.prefix(3).map(\.answer) == ["yes", "no", "no"])
    // A sign that the condition did not come to is asked all the same, as the evidence tells of it.
    #expect(answers[1].because.contains("late no"))
    #expect(answers.last?.entity == "h2")
  }

  @Test func `the texts can be read by many at a time`() async throws {
    var driver = try RunDriver(Self.yaml, Self.given)
    let answers = try driver.run().answers
    let expected = Self.text(answers)
    await withTaskGroup(of: [String].self) { group in
      for _ in 0..<8 { group.addTask { Self.text(answers) } }
      for await read in group { #expect(read == expected) }
    }
  }
}
