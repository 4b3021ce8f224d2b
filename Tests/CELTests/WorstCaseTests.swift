import CEL
import Testing
import Values

struct WorstCaseTests {
  static let sources =
    EvaluationTests.sources + [
      "lots.exists(e, lots.exists(f, f == -1))", "lots.map(e, e * 2).filter(e, e > 5).sum()", "lots.distinct().size()",
      "lots.percentile(99)", "lots.countBy().size()", "lots.filter(e, e in lots.map(x, x * 2)).size()",
      "lots.exists(e, e / 0 == 1)", "lots.transformMap(i, v, v + i).size()", "lots == lots", "lots + lots == lots",
      "cel.bind(l, lots + lots, l.all(e, e in l))", "texts.exists(t, t.contains(s) || t.matches(s))", "s in texts",
      "texts.join(s).split('a').size()", "texts.map(t, t.replace('', 'abc')).size()", "'%s'.format([texts])",
      "texts.exists(t, t in texts.map(u, u + 'x'))", "texts.distinct()", "texts.max()", "{s: texts}[s] == texts",
      "optional.of(lots).optMap(l, l.sum())", "lots.existsOne(i, v, i == v)",
      "texts.map(t, strings.quote(t).reverse())", "texts.map(t, parseUrl(t).parameters.size())",
      "texts.exists(t, splitPath(t).parts.size() > 9 || normalPath(t) == normalAgent(t))",
    ]

  @Test(arguments: sources)
  func `No evaluation takes more steps than the worst case`(source: String) throws {
    var environment = Sample.environment
    environment.declare("lots", .list(.int))
    environment.declare("texts", .list(.string))
    let values = Sample.values.merging([
      "lots": .list((0..<200).map { .int($0) }),
      "texts": .list((0..<50).map { .string(String(repeating: "ab\($0)", count: 20)) }),
    ]) { $1 }
    let expression = try #require(environment.check(source).expression, "\(environment.check(source).problems)")
    let limits = ["lots": 200, "texts": 50, "talkers": 3, "words": 2, "numbers": 3, "known_sources": 2, "assets": 1]
    let worst = expression.worstCaseCost(rowLimits: limits)
    let bindings = SampleBindings(values: values)
    let outcome = expression.evaluate(bindings, budget: worst.cost)
    if case .failure(let failure) = outcome { #expect(!failure.isLimit, "\(worst.cost): \(failure)") }
    #expect(outcome.text == expression.evaluate(bindings).text)
    #expect(worst.range.upperBound <= source.utf8.count)
  }

  @Test(arguments: [
    ("n > 1 && «talkers.exists(t, t.hits > n)»", 2_000),
    ("talkers.exists(t, «talkers.exists(o, o.hits > t.hits)»)", 2_000),
    ("ok && «talkers.source.countBy()».size() > 3", 2_000), ("«n + 1 > 2»", 2_000),
    ("words.exists(w, w == s) && «talkers.all(t, t.hits > 1)»", 2_000),
    ("words.exists(w, talkers.exists(t, t.hits > 1))", 0),
  ])
  func `The part is named that most steps come from`(text: String, rows: Int) throws {
    let marked = Marked(text)
    let expression = try #require(Sample.environment.check(marked.source).expression)
    let worst = expression.worstCaseCost(rowLimits: ["talkers": rows, "words": 10])
    if let range = marked.ranges.first { #expect(worst.range == range, "\(worst)") }
    #expect(worst.cost > 0)
  }

  @Test func `The cost grows with the rows declared, and is never too large to say`() throws {
    let source = "talkers.exists(a, talkers.exists(b, talkers.exists(c, a.hits + b.hits == c.hits)))"
    let expression = try #require(Sample.environment.check(source).expression)
    let costs = [10, 20, 1_000_000_000].map { expression.worstCaseCost(rowLimits: ["talkers": $0]).cost }
    #expect(costs[1] > 7 * costs[0] && costs[1] < 9 * costs[0])
    #expect(costs[2] == .max)
    #expect(expression.worstCaseCost(rowLimits: ["talkers": -5]).cost < 100)
  }
}
