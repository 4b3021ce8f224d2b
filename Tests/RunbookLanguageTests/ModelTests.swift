import Diagnostics
import Testing
import YAMLTree

@testable import RunbookLanguage

/// What the checker makes of a good runbook.
@Suite struct ModelTests {
  /// Questions of `then`s and answers, each `id: answer` or `id: answer -> then`.
  private func questions(_ lines: String...) throws -> CheckedRunbook {
    let written = lines.map { line -> String in
      let parts = line.split(separator: " -> ")
      let head = parts[0].split(separator: ": ", maxSplits: 1)
      let then = parts.count > 1 ? ", then: {\(parts[1])}" : ""
      return "  \(head[0]): {ask: s, \(head[1])\(then)}"
    }
    let text = """
      tocsin: 1
      runbook: model
      alert: {when: "true"}
      questions:
      \(written.joined(separator: "\n"))
      entities: {host: q.host}
      queries:
        q: {from: l, sql: "SELECT ${from}, ${to}", rows: {host: string}}
        r: {from: l, each: host, sql: "SELECT 1 WHERE host IN ${host} AND ${from} < ${to}", rows: {host: string}}
        t: {from: l, sql: "SELECT ${few}, ${from}, ${to}", window: {from: edge, to: now}, rows: {host: string}}
      thresholds: {few: 3}
      definitions: {edge: "at - duration('1h')", rows: r.size() > few, plain: few + 1, both: rows && plain > 0}
      """
    let result = check(text)
    return try #require(result.runbook, "\(told(result))")
  }

  @Test func `an unknown goes on to the question that follows, and is explicit only when it is written`() throws {
    let checked = try questions(
      "a: answer: \"true\" -> yes: b, no: benign", "b: answer: \"true\" -> yes: [suspicious, c], no: c",
      "c: answer: \"true\" -> yes: suspicious, no: benign", "d: answer: \"true\" -> yes: a, no: b, unknown: c")
    let runbook = checked.runbook
    #expect(runbook.question("a")?.nextIfUnknown == [.question("b")])
    #expect(runbook.question("b")?.nextIfUnknown == [.question("c")])
    #expect(runbook.question("c")?.nextIfUnknown == [])
    #expect(runbook.question("d")?.nextIfUnknown == [.question("c")])
    #expect(runbook.questions.map(\.unknownIsExplicit) == [false, false, false, true])
  }

  @Test func `questions are taken in reading order, behind those that lead to them and those they mention`() throws {
    let checked = try questions(
      "a: answer: \"true\" -> yes: c, no: benign", "b: answer: d -> yes: suspicious, no: benign",
      "c: answer: sign -> yes: suspicious, no: b, unknown: b", "d: answer: \"true\" -> yes: malicious, no: benign",
      "sign: answer: e",
      "e: answer: \"true\" -> yes: malicious, no: benign")
    #expect(checked.order == ["a", "d", "e", "c", "b"])
    #expect(checked.needs["c"]?.questions == ["e", "sign"] || checked.needs["c"]?.questions == ["sign", "e"])
  }

  @Test func `needs go through definitions, thresholds, parameters, windows, entities and signs`() throws {
    let checked = try questions(
      "a: answer: t.size() > plain -> yes: b, no: benign",
      "b: each: host, weigh: [c, d] -> yes: suspicious, no: benign", "c: each: host, answer: both",
      "d: answer: \"true\"")
    #expect(checked.needs["a"] == Needs(queries: ["t"], thresholds: ["few"], entities: [], questions: []))
    let judged = checked.needs["b"]
    #expect(judged?.queries == ["q", "r"])
    #expect(judged?.entities == ["host"])
    #expect(judged?.thresholds == ["few"])
    #expect(Set(judged?.questions ?? []) == ["c", "d"])
  }

  @Test func `a definition has a meaning of its own about an entity only if it rests on something about it`() throws {
    let checked = try questions(
      "a: each: host, answer: both && rows && plain > 1 -> yes: suspicious, no: benign")
    #expect(checked.runbook.definition("rows")?.forEntities.keys.sorted() == ["host"])
    #expect(checked.runbook.definition("both")?.forEntities.keys.sorted() == ["host"])
    #expect(checked.runbook.definition("plain")?.forEntities.isEmpty == true)
    #expect(checked.runbook.definition("plain")?.expression(in: "host")?.source == "few + 1")
  }

  @Test func `only built-in verdicts that are not declared are added`() throws {
    let result = check(
      runbook(rest: "verdicts: {benign: {means: All is well.}, undetermined: {severity: high, means: Look.}}"))
    let runbook = try #require(result.runbook)
    let verdicts = runbook.runbook.verdicts
    #expect(verdicts.map(\.id) == ["benign", "undetermined", "suspicious", "malicious"])
    #expect(
      verdicts.map(\.means?.source) == [
        "All is well.", "Look.", "Something is not as it should be.", "An attack was found.",
      ])
    #expect(verdicts.map(\.isBuiltIn) == [true, true, true, true])
  }

  @Test(
    arguments: [
      ("${a}", ["a"]), ("x", []), ("${a}${b.c} $ {d} ${ e }", ["a", "b.c", " e "]),
      ("${f({\"}\": 1})}", ["f({\"}\": 1})"]),
      ("${'\\'}'}", ["'\\'}'"]), ("$${a}", ["a"]),
    ] as [(String, [String])])
  func `the holes of a text are found whatever stands in them`(text: String, holes: [String]) {
    let holed = HoledText(placed(text))
    #expect(holed.holes?.map(holed.name) == holes)
  }

  @Test func `a hole that is not closed is none`() {
    #expect(HoledText(placed("${a} ${b")).holes == nil)
  }

  private func placed(_ text: String) -> PlacedText {
    let scalar = YAMLScalar(text, style: .plain, range: SourceRange(0, text.utf8.count))
    return PlacedText(
      scalar: scalar, node: YAMLNode(.scalar(scalar), range: scalar.range), source: SourceText(name: "", text: text))
  }
}
