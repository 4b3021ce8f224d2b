import Diagnostics
import RunbookLanguage
import Testing

/// Every mistake is told at its place, and only there.
@Suite struct PlaceTests {
  @Test func `twenty different mistakes are told in one pass, each at its place`() throws {
    let result = try FixtureTests.check("twenty", in: "err")
    let places = result.diagnostics.filter { $0.severity == .error }.map {
      "\($0.location?.start.description ?? "-") \($0.code.slug)"
    }
    #expect(
      places == [
        "3:10 bad-version", "4:9 not-one-of", "5:1 unknown-key", "6:95 unknown-type", "9:16 expression",
        "10:22 expression", "11:17 unknown-name", "15:13 expression", "16:15 wrong-kind", "17:35 unknown-branch",
        "20:13 wrong-type", "21:17 loop", "21:40 clean-verdict-in-list", "24:13 unknown-name", "26:21 not-one-of",
        "26:52 unknown-name", "30:15 threshold-subject", "31:16 bad-duration", "35:5 missing-bounds",
        "38:43 unknown-type", "42:35 not-one-of", "43:19 out-of-range",
      ])
  }

  @Test(arguments: [
    "answer: q.hist.sum() > 1", "answer: \"q.hist.sum() > 1\"",
    "answer: 'q.hits.sum() > 0 && ''a'' == site && q.hist.sum() > 1'",
    "answer: \"\\\"a\\\" == site && q.hist.sum() > 1\"",
    "answer: |\n        site == 'a' &&\n          q.hist.sum() > 1",
    "answer: >\n        site == 'a' &&\n        q.hist.sum() > 1",
    "answer: >-\n\n        site == 'a' &&\n\n        q.hist.sum() > 1",
    "answer:\n        site == 'ä' &&\n        q.hist.sum() > 1",
    "answer: \"site == 'a' &&\\\n        q.hist.sum() > 1\"", "answer: {a: q.hist.sum() > 1, b: q.size() > 1}",
    "answer: q.size() > 0\n    finding: ${site} and ${q.hist}",
    "answer: q.size() > 0\n    finding: \"\\u00e4 ${site} and ${q.hist}\"",
    "answer: q.size() > 0\n    finding: |\n        ä ${site}\n        and ${q.hist}",
    "answer: q.size() > 0\n    finding: '${q.hist}'' and more'",
  ])
  func `a misspelt column is placed where it stands, and the right one is offered`(question: String) throws {
    let text = runbook(question: question)
    let before = try #require(text.firstRange(of: "hist")).lowerBound
    let found = check(text).diagnostics.filter { $0.code.slug == "expression" }
    #expect(found.count == 1)
    #expect(found.first?.location?.range.start == text.utf8.distance(from: text.startIndex, to: before))
    #expect(found.first?.location?.range.length == 4)
    #expect(found.first?.fixIts.map(\.replacement) == ["hits"])
  }

  @Test func `one pair of a mapping without the space behind its colon is told as that`() {
    #expect(told(check(runbook(rest: "limits:\n  time:1h"))) == ["12:3 TOC0045 a space is missing behind 'time:'"])
    #expect(codes(check(runbook(rest: "limits: time1h"))).allSatisfy { $0.hasSuffix("TOC0101") })
  }

  @Test func `a person who may take longer than the run is told`() {
    let asked = "person: {who: desk, within: 2h}"
    let desk = "contacts: {desk: {name: Desk, email: desk@example.org}}"
    func tooLong(_ limit: String) -> Bool {
      codes(check(runbook(question: asked, rest: "\(desk)\nlimits: {time: \(limit)}"))).contains {
        $0.hasSuffix("TOC0432")
      }
    }
    #expect(tooLong("1h"))
    #expect(!tooLong("2h"))
  }

  @Test func `findings in imports and list files are placed in those files`() {
    let result = check(
      runbook(
        question: "answer: q.size() > few", rest: "import: [a/shared.yaml]\nlists: {known: {file: l.txt, of: ip}}"),
      files: [
        "a/shared.yaml":
          "thresholds:\n  few: lots\nqueries:\n  more: {from: logs, sql: \"SELECT ${sit}, ${from}, ${to}\", rows: {a: int}}\n",
        "l.txt": "192.0.2.1\nlocalhost name\n",
      ])
    #expect(
      codes(result, atLeast: .error) == [
        "a/shared.yaml:2:8 TOC0101", "a/shared.yaml:4:37 TOC0301", "l.txt:2:1 TOC0513",
      ])
  }
}
