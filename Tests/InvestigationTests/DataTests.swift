import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import Investigation

/// What incomplete, wrong and missing answers of sources prove (language, 2.3 and 2.12).
@Suite struct DataTests {
  private func runbook(_ answer: String, _ queries: String = query("a", "rows: {x: int}")) -> String {
    """
    questions:
      first:
        ask: First?
        answer: '\(answer)'
        then: {yes: malicious, no: benign}
    queries:
    \(queries)
    """
  }

  struct Case: Sendable {
    let answer: String
    let given: Given
    let expected: String
  }

  private static let covered = "x\n1"
  static let cases = [
    Case(answer: "a.exists(r, r.x == 1)", given: .truncated("x\n1"), expected: "yes"),
    Case(answer: "a.exists(r, r.x == 2)", given: .truncated("x\n1"), expected: "unknown"),
    Case(answer: "a.all(r, r.x == 1)", given: .truncated("x\n1"), expected: "unknown"),
    Case(answer: "a.all(r, r.x == 2)", given: .truncated("x\n1"), expected: "no"),
    Case(answer: "a.size() > 0", given: .truncated("x\n1"), expected: "yes"),
    Case(answer: "a.size() > 1", given: .truncated("x\n1"), expected: "unknown"),
    Case(answer: "a.exists(r, r.x == 1)", given: .partial("x\n1"), expected: "unknown"),
    Case(answer: "a.size() > 0", given: .unavailable("down"), expected: "unknown"),
    Case(answer: "a.size() > 0", given: .none, expected: "no"),
  ]

  @Test(arguments: cases)
  func `incomplete data proves what more data cannot undo`(_ item: Case) throws {
    var driver = try RunDriver(runbook(item.answer), ["a": item.given])
    #expect(try driver.run().answer("first")?.answer == item.expected)
  }

  static let coverage = [
    (Given.covering("09:00:00", "12:00:00", rows: "x\n1", isMonotone: false), "a.size() > 0", "yes"),
    (.covering("09:00:00", "12:00:00", rows: "", isMonotone: false), "a.size() > 0", "no"),
    (.covering("09:00:00", "10:00:00", rows: "x\n1", isMonotone: true), "a.size() > 0", "yes"),
    (.covering("09:00:00", "10:00:00", rows: "", isMonotone: true), "a.size() > 0", "unknown"),
    (.covering("09:00:00", "10:00:00", rows: "x\n1", isMonotone: false), "a.size() > 0", "unknown"),
  ]

  @Test(arguments: coverage)
  func `over a window that is not covered, counted rows prove nothing`(
    _ given: Given, _ answer: String, _ expected: String
  ) throws {
    var driver = try RunDriver(
      runbook(answer, query("a", "rows: {x: int}", "window: {from: -30m, to: +30m}")), ["a": given])
    #expect(try driver.run().answer("first")?.answer == expected)
  }

  @Test(arguments: [("x\n1", "yes"), ("", "unknown"), ("x\n1\n2", "unknown")])
  func `a single row must be one`(_ rows: String, _ expected: String) throws {
    var driver = try RunDriver(runbook("a.x == 1", query("a", "row: {x: int}")), ["a": .rows(rows)])
    #expect(try driver.run().answer("first")?.answer == expected)
  }

  @Test func `an incomplete single row proves nothing`() throws {
    var driver = try RunDriver(runbook("a.x == 1", query("a", "row: {x: int}")), ["a": .truncated("x\n1")])
    #expect(try driver.run().answer("first")?.because == "'a' is incomplete: cut at 2 rows")
  }

  @Test func `a source that is not bound is not asked`() throws {
    var driver = try RunDriver(
      runbook("a.size() > 0"), sources: ["s": SourcePolicy(binding: .unbound("the source 's' is not bound"))])
    let outcome = try driver.run()
    #expect(driver.fetched.isEmpty)
    #expect(outcome.answer("first")?.because == "'a' has no answer: the source 's' is not bound")
  }

  @Test func `the limit of queries is named when it is reached`() throws {
    let queries = (0..<4).map { query("q\($0)", "rows: {x: int}") }.joined()
    var driver = try RunDriver(
      runbook("q0.size() + q1.size() + q2.size() + q3.size() > 0", queries) + "limits: {queries: 3}\n",
      Dictionary(uniqueKeysWithValues: (0..<4).map { ("q\($0)", Given.rows("x\n1")) }))
    let outcome = try driver.run()
    #expect(driver.fetched.count == 3)
    #expect(outcome.answer("first")?.because.contains("limits.queries") == true)
  }

  @Test func `an answer of another form than declared proves nothing`() throws {
    var driver = try RunDriver(runbook("a.size() > 0"))
    let begun = driver.begin()
    guard case .fetch(let request)? = begun.first else {
      Issue.record("no fetch")
      return
    }
    let wrong = Table(columns: [Column("y", .int)], cells: [[]], count: 0)
    let effects = driver.apply(.fetched(request.id, .answered(QueryResult(payload: .table(wrong)))))
    guard case .close(let outcome)? = effects.last else {
      Issue.record("no close")
      return
    }
    #expect(outcome.answer("first")?.answer == "unknown")
  }

  private static let join = """
    \(query("a", "rows: {x: int}"))\(query("b", "rows: {x: int}"))  j:
        from: [a, b]
        sql: SELECT a.x FROM a JOIN b ON a.x = b.x
        rows: {x: int}

    """

  @Test func `a join gets the results that were fetched`() throws {
    var driver = try RunDriver(runbook("j.size() > 0", Self.join), ["a": .rows("x\n1\n2"), "b": .none, "j": .none])
    #expect(try driver.run().answer("first")?.answer == "no")
    guard case .join(let inputs)? = driver.requests.last?.origin else {
      Issue.record("no join")
      return
    }
    #expect(inputs.map(\.name) == ["a", "b"])
    #expect(inputs.map(\.table.count) == [2, 0])
  }

  @Test(arguments: [Given.unavailable("down"), .truncated("x\n1")])
  func `a join of incomplete results is unknown`(_ given: Given) throws {
    var driver = try RunDriver(runbook("j.size() > 0", Self.join), ["a": given, "b": .none, "j": .rows("x\n1")])
    #expect(try driver.run().answer("first")?.answer == "unknown")
    #expect(driver.fetched == ["a", "b"])
  }

  @Test func `a query with an unknown or incomplete parameter is not made`() throws {
    let queries =
      query("a", "rows: {x: int}") + """
          b:
            from: s
            sql: SELECT x FROM s WHERE x NOT IN ${a.x}
            window: none
            rows: {x: int}

        """
    for given in [Given.truncated("x\n1"), .unavailable("down"), .partial("x\n1")] {
      var driver = try RunDriver(runbook("b.size() > 0", queries), ["a": given, "b": .rows("x\n1")])
      #expect(try driver.run().answer("first")?.answer == "unknown")
      #expect(driver.fetched == ["a"])
    }
  }

  @Test func `the history of cases is complete whatever its window`() throws {
    let cases = """
        nearby:
          from: cases
          find: {entity: h}
          window: {from: -48h, to: +1h}
          rows: {runbook: string}

      """
    var driver = try RunDriver(
      runbook("nearby.size() > 0", cases), ["nearby": .none], now: "10:00:00", isBoundedByNow: true)
    #expect(try driver.run().answer("first")?.answer == "no")
  }
}
