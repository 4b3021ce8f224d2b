import CEL
import Testing
import Values

struct ExplanationTests {
  private func explain(_ source: String, _ changed: [String: Value] = [:], budget: Int = CELLimits.budget) throws
    -> Explanation
  {
    let expression = try #require(Sample.environment.check(source).expression, "\(source)")
    let bindings = SampleBindings(values: Sample.values.merging(changed) { $1 })
    let explanation = expression.explain(bindings, budget: budget)
    #expect(explanation.outcome.text == expression.evaluate(bindings, budget: budget).text)
    return explanation
  }

  /// Each part with its outcome, those that decided it in brackets.
  private func outline(_ explanation: Explanation) -> String {
    let reasons = explanation.reasons.map(outline).joined(separator: ", ")
    return "\(explanation.text) = \(explanation.outcome.text)" + (reasons.isEmpty ? "" : " [\(reasons)]")
  }

  @Test(arguments: [
    ("n > 5", "n > 5 = true [n = 7]"),
    ("n > 5 && ok", "n > 5 && ok = true [n > 5 = true [n = 7], ok = true]"),
    ("ok && n < 5", "ok && n < 5 = false [n < 5 = false [n = 7]]"),
    ("bad || n == 7", "bad || n == 7 = true [n == 7 = true [n = 7]]"),
    (
      "bad || n == 8",
      "bad || n == 8 = unknown: bad was not asked [bad = unknown: bad was not asked, n == 8 = false [n = 7]]"
    ),
    ("ok ? n : count", "ok ? n : count = 7 [ok = true, n = 7]"),
    ("!(n == count)", "!(n == count) = true [(n == count) = false [n = 7, count = 3]]"),
    ("cel.bind(a, n, a > 1)", "cel.bind(a, n, a > 1) = true [n = 7, a > 1 = true [a = 7]]"),
    (
      "alert.?host.orValue(s) == s",
      "alert.?host.orValue(s) == s = true [alert.?host.orValue(s) = \"text\" [alert.?host = null "
        + "[alert = {\"site\":\"shop\",\"at\":\"1970-01-01T00:00:00Z\"}], s = \"text\"], s = \"text\"]"
    ),
    ("n in numbers", "n in numbers = false [n = 7, numbers = [1,2,2]]"),
  ])
  func `An explanation gives the values of the parts that decided`(source: String, expected: String) throws {
    #expect(outline(try explain(source)) == expected)
  }

  @Test func `Of a macro it gives the first elements that matched, failed and could not be asked`() throws {
    let found = try #require(try explain("talkers.exists(t, t.hits > 1000)").elements)
    #expect(found.matched.map(\.index) == [0])
    #expect(found.rejected.map(\.index) == [1])
    #expect(found.undecided.map(\.index) == [2])
    #expect(found.isComplete)
    let reason = try #require(found.matched.first?.reason)
    #expect(outline(reason).hasPrefix("t.hits > 1000 = true [t.hits = 5200"))
    guard case .row(let row)? = found.matched.first?.element else { Issue.record("no row"); return }
    #expect(row.index == 0)
  }

  @Test func `Only the first few are kept, all are counted`() throws {
    let numbers = Value.list((0..<1_000).map { .int($0) })
    let found = try #require(
      try explain("numbers.filter(e, e % 2 == 0).size() > 3", ["numbers": numbers])
        .reasons.first?.reasons.first?.elements)
    #expect(found.matched.map(\.index) == [0, 2, 4])
    #expect(found.matchedCount == 500)
    #expect(found.rejectedCount == 500)
    #expect(found.matched.map { $0.reason == nil } == [false, true, true])
  }

  @Test func `Elements of macros inside macros are told with the element that they belong to`() throws {
    let explanation = try explain("talkers.exists(t, numbers.exists(e, e * 20 == t.hits))")
    let outer = try #require(explanation.elements?.matched.first)
    #expect(outer.index == 1)
    #expect(outer.reason?.elements?.matched.map(\.index) == [1, 2])
  }

  @Test func `Elements with two variables are told by value`() throws {
    let found = try #require(try explain("{'a': 1, 'b': 2}.exists(k, v, k == 'b')").elements)
    #expect(found.matched.map(\.element.json.compactText) == ["2"])
  }

  @Test func `An explanation of incomplete data, or beyond the budget, says that it is incomplete`() throws {
    let partial = Value.partial(PartialValue(.list([.int(1), .int(2)]), because: "cut"))
    let cut = try #require(try explain("numbers.exists(e, e == 2)", ["numbers": partial]).elements)
    #expect(!cut.isComplete)
    #expect(cut.matchedCount == 1)
    let many = Value.list((0..<1_000).map { .int($0) })
    let short = try explain("numbers.all(e, e < 5)", ["numbers": many], budget: 100)
    #expect(short.outcome.text == "false")
    #expect(short.elements?.isComplete == false)
  }

  @Test func `The steps of an explanation have an end`() throws {
    let many = Value.list((0..<3_000).map { .int($0) })
    let source = "numbers.all(a, numbers.all(b, numbers.all(c, a + b + c >= 0)))"
    let took = try ContinuousClock().measure {
      _ = try explain(source, ["numbers": many], budget: 100_000)
    }
    #expect(took < .seconds(20))
  }
}
