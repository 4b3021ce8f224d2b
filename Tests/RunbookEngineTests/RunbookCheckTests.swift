import Diagnostics
import RunbookLanguage
import Testing
import Values

@testable import RunbookEngine

struct RunbookCheckTests {
  private func check(
    _ configuration: String? = Sample.configuration,
    validator: FakeValidator = FakeValidator(result: .success(["site", "total"]))
  ) throws -> [Diagnostic] {
    let deployment = try configuration.map { try Sample.deployment(FakeKind(), $0) }
    let report = RunbookCheck(files: MemoryFiles(), validators: [validator]).check(Sample.source, in: deployment)
    return report.findings.filter { $0.severity > .note }
  }

  @Test func `a runbook that fits its deployment has no findings`() throws {
    #expect(try check().map(\.message) == [])
    #expect(try check(nil).map(\.message) == [])
  }

  @Test func `a source that is not bound is told with what stays hidden and the name that may be meant`() throws {
    let finding = try #require(try check("deployment: 1\nsources: {acess: {adapter: fake, path: x}}").first)
    #expect(finding.code.id == "TOC1201")
    #expect(finding.severity == .warning)
    #expect(finding.message.contains("who asked"))
    #expect(finding.notes.map(\.message) == ["the deployment binds 'acess'"])
  }

  @Test(arguments: [("", ["TOC1209"]), (", silence: normal", [])])
  func `a window of a source whose records say no time is told`(silence: String, codes: [String]) throws {
    let findings = try check("deployment: 1\nsources: {access: {adapter: fake, path: timeless\(silence)}}")
    #expect(findings.map(\.code.id) == codes)
    #expect(findings.flatMap(\.notes).map { $0.location?.start.description } == codes.map { _ in "2:11" })
  }

  @Test func `a binding that cannot be made is told at the option that is at fault`() throws {
    let finding = try #require(try check("deployment: 1\nsources: {access: {adapter: fake, path: missing}}").first)
    #expect(finding.code.id == "TOC1109")
    #expect(finding.location?.start.description == "2:41")
  }

  @Test func `a problem in a query's text is placed inside of its block`() throws {
    let offset = "SELECT site, count(*) AS total FROM ".utf8.count
    let finding = try #require(
      try check(validator: FakeValidator(result: .failure(QueryProblem("no such table: access", at: offset)))).first)
    #expect(finding.code.id == "TOC1203")
    let place = try #require(finding.location)
    #expect(place.source.text(in: place.range) == "access")
    #expect(place.start.line == 25)
  }

  @Test(arguments: [
    (["site"], ["TOC1204"]), (["site", "total", "more"], ["TOC1205"]), (["site", "totals"], ["TOC1204", "TOC1205"]),
  ])
  func `columns that are declared and answered must be the same`(answered: [String], codes: [String]) throws {
    #expect(try check(validator: FakeValidator(result: .success(answered))).map(\.code.id) == codes)
  }

  @Test(arguments: [
    ("thresholds: {limit: 20}", []), ("thresholds: {limit: 2.5}", ["TOC1207"]),
    ("thresholds: {limits: 3}", ["TOC1208"]),
    ("thresholds: {another_runbooks: 3}", []), ("lists: {nothing_like_it: x.txt}", []),
  ])
  func `overrides must fit what they override`(line: String, codes: [String]) throws {
    #expect(try check(Sample.configuration + "\n" + line).map(\.code.id) == codes)
  }

  @Test func `an override of a threshold is used`() throws {
    let runbook = try Sample.runbook().runbook
    let deployment = try Sample.deployment(FakeKind(), Sample.configuration + "\nthresholds: {limit: 500}")
    guard case .number(let value)? = deployment.thresholdRules(for: runbook)["limit"] else {
      Issue.record("the override is not a number")
      return
    }
    #expect(value.displayText == "500")
  }

  @Test func `findings for machines have places that count from one`() throws {
    let finding = try #require(
      RunbookCheck(files: MemoryFiles(), validators: []).check(
        SourceText(name: "x.yaml", text: "tocsin: 1\nrunbok: a\n"), in: nil
      ).findings.first { $0.code.id == "TOC0103" })
    let json = finding.json
    #expect(
      json.members?.map(\.name) == [
        "file", "line", "column", "end_line", "end_column", "code", "name", "severity", "message", "notes", "fixes",
      ])
    #expect(json["line"]?.integer == 2)
    #expect(json["column"]?.integer == 1)
    #expect(json["end_column"]?.integer == 7)
    #expect(json["fixes"]?.elements?.first?["replacement"]?.text == "runbook")
  }
}
