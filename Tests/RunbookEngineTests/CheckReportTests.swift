import Diagnostics
import Testing
import Values

@testable import RunbookEngine

/// Every format says the same findings; what stands here is what tools that read them were built for.
struct CheckReportTests {
  private static let source = SourceText(
    name: "a/../web.runbook.yaml", text: "tocsin: 1\n# é\nquestions: {spike: \"é\" }\nmore:\n")
  private static let place = SourceLocation(source, SourceRange(34, 39))

  private static let findings = [
    Diagnostic(
      .init("TOC0103", "unknown-key"), .error, "a runbook has no key 'x', 100% <sure> & \u{1B}[31m", at: place,
      notes: [.init("declared here", at: SourceLocation(source, SourceRange(0, 6)))],
      fixIts: [.init("did you mean 'y'?", replace: place.range, by: "y")]),
    Diagnostic(.init("TOC0204", "unused"), .warning, "nothing uses it", at: place),
    Diagnostic(.init("TOC0204", "unused"), .warning, "nothing uses it", at: place),
    .unreadable("no such, file.runbook.yaml", because: "there is no such file or folder"),
  ]

  private static let report = CheckReport(
    files: [
      .init(path: "web.runbook.yaml", kind: .runbook, isRead: true),
      .init(path: "good.runbook.yaml", kind: .runbook, isRead: true),
    ], findings: findings)

  @Test func `a finding of a document that several import is told once, in the order of paths and places`() {
    #expect(Self.report.findings.map(\.code.id) == ["TOC0115", "TOC0103", "TOC0204"])
    #expect(Self.report.findings(atLeast: .error).count == 2)
  }

  @Test func `a line has place, severity, message and code, and nothing that acts on terminals`() {
    #expect(
      Self.report.findings.map(LineReport.line) == [
        "no such, file.runbook.yaml:1:1: error: cannot read 'no such, file.runbook.yaml': there is no such file or "
          + "folder [TOC0115]",
        #"web.runbook.yaml:3:20: error: a runbook has no key 'x', 100% <sure> & \u{1b}[31m; did you mean 'y'? [TOC0103]"#,
        "web.runbook.yaml:3:20: warning: nothing uses it [TOC0204]",
      ])
  }

  @Test func `an object has a place counted from 1 in code points, with an exclusive end`() {
    #expect(
      Self.report.findings.map(\.json.compactText)[1...] == [
        #"{"file":"web.runbook.yaml","line":3,"column":20,"end_line":3,"end_column":24,"code":"TOC0103","#
          + #""name":"unknown-key","severity":"error","message":"a runbook has no key 'x', 100% <sure> & \u001b[31m","#
          + #""notes":[{"message":"declared here","file":"web.runbook.yaml","line":1,"column":1,"end_line":1,"#
          + #""end_column":7}],"fixes":[{"message":"did you mean 'y'?","safe":false,"file":"web.runbook.yaml","line":3,"#
          + #""column":20,"end_line":3,"end_column":24,"replacement":"y"}]}"#,
        #"{"file":"web.runbook.yaml","line":3,"column":20,"end_line":3,"end_column":24,"code":"TOC0204","#
          + #""name":"unused","severity":"warning","message":"nothing uses it","notes":[],"fixes":[]}"#,
      ])
    let whole = Self.report.findings[0].json
    #expect(whole["file"]?.text == "no such, file.runbook.yaml")
    if case .null? = whole["line"] {} else { Issue.record("a finding about a whole file has no line") }
  }

  @Test func `annotations escape what the runner reads as syntax`() {
    #expect(
      GitHubReport.text(Self.report) == #"""
        ::error file=no such%2C file.runbook.yaml,title=TOC0115 cannot-read::cannot read 'no such, file.runbook.yaml': there is no such file or folder
        ::error file=web.runbook.yaml,line=3,endLine=3,col=20,endColumn=24,title=TOC0103 unknown-key::a runbook has no key 'x', 100%25 <sure> & \u{1b}[31m%0Adid you mean 'y'?%0Adeclared here (web.runbook.yaml:1:1)
        ::warning file=web.runbook.yaml,line=3,endLine=3,col=20,endColumn=24,title=TOC0204 unused::nothing uses it

        """#)
  }

  @Test(arguments: [(10, 10), (11, 10), (500, 10)])
  func `a step shows ten annotations of a level, and the tenth tells the others`(count: Int, lines: Int) {
    let many = (0..<count).map { index in
      Diagnostic(.init("TOC0204", "unused"), .warning, "nothing uses \(index)", at: Self.place)
    }
    let text = GitHubReport.text(CheckReport(files: [], findings: many)).split(separator: "\n")
    #expect(text.count == lines)
    #expect((text.last?.contains("title=\(count - 9) more::") == true) == (count > 10))
  }

  @Test func `the tests for JUnit are findings that fail, and files that have none`() {
    let text = JUnitReport.text(Self.report, failing: .error)
    #expect(text.contains(#"<testsuites name="tocsin check" tests="3" failures="2" errors="0">"#))
    #expect(text.contains(#"message="a runbook has no key 'x', 100% &lt;sure&gt; &amp; \u{1b}[31m">"#))
    #expect(text.contains(#"<testcase classname="good.runbook.yaml" name="check"/>"#))
    #expect(text.contains("<system-out>web.runbook.yaml:3:20: warning: nothing uses it [TOC0204]</system-out>"))
    #expect(JUnitReport.text(Self.report, failing: nil).contains(#"failures="0""#))
  }

  @Test func `SARIF has a region for a place, none for a whole file, and rules that results point at`() throws {
    let run = try #require(SARIFReport(version: "1.2.3").json(Self.report)["runs"]?.elements?.first)
    let rules = try #require(run["tool"]?["driver"]?["rules"]?.elements)
    let results = try #require(run["results"]?.elements)
    #expect(results.count == 3)
    for result in results {
      let index = try #require(result["ruleIndex"]?.integer)
      #expect(rules[Int(index)]["id"]?.text == result["ruleId"]?.text)
    }
    let places = results.map { $0["locations"]?.elements?.first?["physicalLocation"] }
    #expect(places[0]?["region"] == nil)
    #expect(places[0]?["artifactLocation"]?["uri"]?.text == "no%20such%2C%20file.runbook.yaml")
    #expect(
      places[1]?["region"]?.compactText == #"{"startLine":3,"startColumn":20,"endLine":3,"endColumn":24}"#)
    #expect(
      results[1]["relatedLocations"]?.elements?.first?["physicalLocation"]?["region"]?["startColumn"]?.integer == 1)
    #expect(results[1]["fixes"]?.elements?.count == 1)
  }

  @Test func `a fingerprint stays when the line moves, and two findings never share one`() throws {
    func fingerprints(_ text: String, at ranges: [SourceRange]) throws -> [String] {
      let source = SourceText(name: "a.runbook.yaml", text: text)
      let findings = ranges.map {
        Diagnostic(.init("TOC0204", "unused"), .warning, "nothing uses it", at: SourceLocation(source, $0))
      }
      let json = SARIFReport(version: "1").json(CheckReport(files: [], findings: findings))
      let results = try #require(json["runs"]?.elements?.first?["results"]?.elements)
      return results.compactMap { $0["partialFingerprints"]?["primaryLocationLineHash"]?.text }
    }
    let before = try fingerprints("one\ntwo\none\n", at: [SourceRange(0, 3), SourceRange(4, 7), SourceRange(8, 11)])
    let after = try fingerprints("\n\n  one\n", at: [SourceRange(4, 7)])
    #expect(Set(before).count == 3)
    #expect(after == [before[0]])
  }
}
