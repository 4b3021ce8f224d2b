import RunbookPorts
import Testing
import Values

@testable import Investigation

/// Questions, signs, choices and what follows them (language, 2.2, 2.4, 2.7).
@Suite struct FlowTests {
  private let threeQueries = query("a", "rows: {x: int}") + query("b", "rows: {x: int}") + query("c", "rows: {x: int}")

  @Test func `a verdict in a list is reached at once and the questions go on`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: a.size() > 0
          then: {yes: [suspicious, second], no: benign}
        second:
          ask: Second?
          answer: b.size() > 0
          then: {yes: malicious, no: suspicious}
      verdicts:
        suspicious: {escalate: call}
      queries:
      \(threeQueries)contacts:
        desk: {email: desk@example.org}
      escalations:
        call: [{notify: [desk]}]
      """, ["a": .rows("x\n1"), "b": .none])
    let outcome = try driver.run()
    #expect(outcome.verdict == "suspicious")
    let order = driver.effects.compactMap { effect -> String? in
      switch effect {
      case .notify(let request): "notify \(request.verdict ?? "")"
      case .fetch(let request): "fetch \(request.id.query)"
      default: nil
      }
    }
    // The call goes out before the second question is answered, and only once.
    #expect(
      order == ["fetch a", "fetch b", "notify suspicious"] || order == ["fetch a", "notify suspicious", "fetch b"])
    #expect(driver.notices.map(\.idempotencyKey) == ["run-1/suspicious/run/desk"])
  }

  @Test func `the run's verdict is the most severe one reached by anybody`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: a.size() > 0
          then: {yes: [second, third], no: benign}
        second:
          ask: Second?
          answer: b.size() > 0
          then: {yes: suspicious, no: benign}
        third:
          ask: Third?
          answer: c.size() > 0
          then: {yes: worst, no: benign}
      verdicts:
        worst: {severity: critical, means: It is bad.}
      queries:
      \(threeQueries)
      """, ["a": .rows("x\n1"), "b": .rows("x\n1"), "c": .rows("x\n1")])
    let begun = driver.begin()
    #expect(begun.count == 1)
    // Questions side by side are fetched for side by side.
    let effect = try #require(begun.first)
    let event = try #require(driver.answer(to: effect))
    let more = driver.apply(event)
    #expect(more.count { if case .fetch = $0 { true } else { false } } == 2)
    var again = try RunDriver(
      "questions:\n  q:\n    ask: Q?\n    answer: 'true'\n    then: {yes: malicious, no: benign}\n")
    #expect(try again.run().verdict == "malicious")
  }

  @Test(arguments: [
    (Given.rows("x\n1"), Given.rows("x\n1"), "first"), (.none, .rows("x\n1"), "second"), (.none, .none, "none"),
    (.unavailable("down"), .rows("x\n1"), "unknown"), (.rows("x\n1"), .unavailable("down"), "first"),
    (.none, .unavailable("down"), "unknown"),
  ])
  func `the first case that holds is the answer, unknown if an unknown one stands before it`(
    _ a: Given, _ b: Given, _ expected: String
  ) throws {
    var driver = try RunDriver(
      """
      questions:
        kind:
          ask: Which kind?
          answer:
            first: a.size() > 0
            second: b.size() > 0
          then: {first: malicious, second: suspicious, none: benign, unknown: undetermined}
      queries:
      \(threeQueries)
      """, ["a": a, "b": b])
    #expect(try driver.run().answer("kind")?.answer == expected)
  }

  /// Weights 2, 1 and -2, limit 2.
  @Test(arguments: [
    (Given.rows("x\n1"), Given.none, Given.none, "yes"), (.rows("x\n1"), .none, .rows("x\n1"), "no"),
    (.rows("x\n1"), .none, .unavailable("down"), "unknown"), (.none, .rows("x\n1"), .unavailable("down"), "no"),
    (.unavailable("down"), .none, .none, "unknown"), (.unavailable("down"), .unavailable("down"), .rows("x\n1"), "no"),
  ])
  func `signs are weighed whatever the unknown ones are`(
    _ a: Given, _ b: Given, _ c: Given, _ expected: String
  ) throws {
    var driver = try RunDriver(
      """
      questions:
        attack:
          ask: Do the signs speak for an attack?
          weigh: {one: 2, two: 1, against: -2}
          at_least: 2
          then: {yes: malicious, no: benign}
        one: {ask: One?, answer: a.size() > 0}
        two: {ask: Two?, answer: b.size() > 0}
        against: {ask: Against?, answer: c.size() > 0}
      queries:
      \(threeQueries)
      """, ["a": a, "b": b, "c": c])
    let outcome = try driver.run()
    #expect(outcome.answer("attack")?.answer == expected)
    #expect(outcome.answers.count == 4)
    // A sign is not on the way: only the question that weighs it stays open.
    #expect(outcome.open == (expected == "unknown" ? ["attack"] : []))
    #expect(Set(driver.fetched) == ["a", "b", "c"])
  }

  @Test func `the weights are told`() throws {
    var driver = try RunDriver(
      """
      questions:
        attack:
          ask: Attack?
          weigh: {one: 2, two: 1, three: 1}
          at_least: 2
          then: {yes: malicious, no: benign}
        one: {ask: One?, answer: a.size() > 0}
        two: {ask: Two?, answer: b.size() > 0}
        three: {ask: Three?, answer: c.size() > 0}
      queries:
      \(threeQueries)
      """, ["a": .rows("x\n1"), "b": .none, "c": .unavailable("it is down")])
    #expect(try driver.run().answer("attack")?.because == "2 to 3 of 2 needed: one yes 2, two no, three unknown 1")
  }

  @Test func `a sign that nobody has come to weigh is neither asked nor fetched for`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: a.size() > 0
          then: {yes: second, no: benign}
        second:
          ask: Second?
          answer: sign || b.size() > 5
          then: {yes: malicious, no: benign}
        sign: {ask: Sign?, answer: c.size() > 0}
      queries:
      \(threeQueries)
      """, ["a": .none])
    let outcome = try driver.run()
    #expect(outcome.said == ["first: no"])
    #expect(driver.fetched == ["a"])
  }

  @Test(arguments: [
    ("sign || b.size() > 0", "yes"), ("sign && b.size() > 0", "unknown"), ("!sign && b.size() == 0", "no"),
    ("sign", "unknown"),
  ])
  func `an unknown question in an expression behaves as an error does`(_ answer: String, _ expected: String) throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: "\(answer)"
          then: {yes: malicious, no: benign}
        sign: {ask: Sign?, answer: absent.size() > 0}
      queries:
      \(query("absent", "rows: {x: int}"))\(query("b", "rows: {x: int}"))
      """, ["b": .rows("x\n1")])
    let found = try driver.run().answer("first")
    #expect(found?.answer == expected)
    if expected == "unknown" {
      #expect(found?.because == "'sign' is unknown: 'absent' has no answer: nothing was given")
    }
  }

  @Test func `a choice question in an expression is its label`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: kind == "big"
          then: {yes: malicious, no: benign}
        kind:
          ask: Which?
          answer: {small: a.size() == 1, big: a.size() > 1}
      queries:
      \(threeQueries)
      """, ["a": .rows("x\n1\n2")])
    let outcome = try driver.run()
    #expect(outcome.said == ["first: yes", "kind: big"])
    #expect(outcome.answer("first")?.because == "kind big")
  }

  @Test func `a question on the way that was not asked is unknown to those who mention it`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: a.size() > 0
          then: {yes: second, no: third, unknown: third}
        second:
          ask: Second?
          answer: b.size() > 0
          then: {yes: third, no: third}
        third:
          ask: Third?
          answer: second
          then: {yes: malicious, no: benign}
      queries:
      \(threeQueries)
      """, ["a": .none])
    let outcome = try driver.run()
    #expect(outcome.answer("third")?.because == "'second' was not asked")
    #expect(outcome.verdict == "undetermined")
  }

  @Test func `definitions, lists, at and now are at hand`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: big.size() == 1 && 7 in allowed && at < now && from < to
          then: {yes: malicious, no: benign}
      definitions:
        big: a.filter(r, r.x > 1)
      queries:
      \(threeQueries)lists:
        allowed: [7, 8]
      """, ["a": .rows("x\n1\n2")])
    let outcome = try driver.run()
    #expect(outcome.verdict == "malicious")
    #expect(outcome.answer("first")?.because == "big: 1 entry, allowed: 2 entries")
  }

  @Test func `a definition that holds or not is told with what it rests on`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: odd
          then: {yes: malicious, no: benign}
      definitions:
        big: a.filter(r, r.x > 1)
        few: "5"
        odd: big.size() > 0 || b.size() > few
      queries:
      \(threeQueries)
      """, ["a": .rows("x\n1\n2"), "b": .none])
    #expect(try driver.run().answer("first")?.because == "odd yes (big: 1 entry, b: 0 rows)")
  }

  @Test func `equal events give equal effects, and late or foreign events change nothing`() throws {
    let yaml = """
      questions:
        first:
          ask: First?
          answer: a.size() > 0 || b.size() > 0
          then: {yes: malicious, no: benign}
      queries:
      \(threeQueries)
      """
    var texts: [[String]] = []
    for _ in 0..<2 {
      var driver = try RunDriver(yaml, ["a": .rows("x\n1"), "b": .none])
      _ = try driver.run()
      texts.append(driver.records.map { "\($0.type) \($0.body.canonicalText)" })
      let before = driver.effects.count
      _ = driver.apply(.fetched(FetchID(query: "a", window: nil), .failed("late")))
      _ = driver.apply(.waited(until: Timestamp(seconds: 0)))
      _ = driver.apply(.notified("nobody", .sent))
      #expect(driver.effects.count == before)
    }
    #expect(texts[0] == texts[1])
  }

  @Test func `an interrupted run has no outcome and takes no more events`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          ask: First?
          answer: a.size() > 0
          then: {yes: malicious, no: benign}
      queries:
      \(threeQueries)
      """)
    let request = try #require(driver.begin().first)
    #expect(driver.apply(.interrupted("Ctrl-C")).isEmpty)
    let event = try #require(driver.answer(to: request))
    #expect(driver.apply(event).isEmpty)
  }
}
