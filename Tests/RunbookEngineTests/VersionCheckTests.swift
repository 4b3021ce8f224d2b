import Diagnostics
import RunbookLanguage
import Testing

@testable import RunbookEngine

/// What a change of a runbook demands of its version.
struct VersionCheckTests {
  static let base = CaseTests.runbook.replacing("runbook: web\n", with: "runbook: web\nversion: 1.2.3\n")

  static func compare(_ head: String, with base: String = base) throws -> VersionCheck.Report {
    try VersionCheck.compare(
      (SourceText(name: "old.yaml", text: base), CaseTests.files),
      with: (SourceText(name: "new.yaml", text: head), CaseTests.files))
  }

  static func changed(_ from: String, _ to: String) throws -> VersionCheck.Report {
    try #require(base.contains(from))
    return try compare(base.replacing(from, with: to))
  }

  @Test(arguments: [
    ("alert:\n", "\n# a comment\nalert:\n"), ("answer: burst.breached", "answer:   burst.breached"),
    ("blocked.size() > 0 && blocked.all(b, b.stopped)", "blocked.size()>0&&blocked.all(b,b.stopped)"),
    ("sql: SELECT client AS source, attack", "sql: SELECT client   AS source,  attack"),
    ("then: {yes: known, no: benign}", "then: {no: benign, yes: known}"),
    ("blocked.size() > 0 && blocked.all(b, b.stopped)", "((blocked.size()) > 0) && blocked.all(x, (x.stopped))"),
    ("alert.labels.alertname == \"Burst\"", "alert.labels.alertname == 'Burst'"),
    ("sql: SELECT client AS source, attack", "sql: select client as source, /* what */ attack"),
  ])
  func `layout does not count`(from: String, to: String) throws {
    let report = try Self.changed(from, to)
    #expect(report.difference.changes.map(\.words) == [])
    #expect(report.findings.map(\.message) == [])
  }

  @Test(arguments: [
    ("Was there a spike", "Is there a spike", VersionStep.patch), ("All of it was stopped.", "Stopped.", .patch),
    ("above: 100", "above: 200", .minor), ("for: 2m", "for: 3m", .minor), ("GROUP BY client", "GROUP BY 1", .minor),
    ("blocked.all(b, b.stopped)", "blocked.exists(b, b.stopped)", .minor),
    ("blocked.all(b, b.stopped)", "blocked.all(b, !b.stopped)", .minor),
    ("answer: source in known_sources", "answer: source in known_sources && (spike || burst.breached)", .minor),
    ("FROM waf WHERE client", "FROM waf WHERE CLIENT", .minor),
    ("unknown: attack", "unknown: undetermined", .minor), ("severity: low", "severity: medium", .minor),
    ("email: web@example.org", "email: shop@example.org", .major), ("export: [sources]", "escalate: call", .major),
    ("fields: {site: alert.labels.site}", "fields: {site: alert.labels.shop}", .major),
    (
      "fields: {site: alert.labels.site}", "fields: {site: alert.labels.site, host: alert.labels.host}", .minor
    ),
    ("sources: {data: source}", "sources: {data: talkers}", .major),
  ])
  func `each kind of change demands its step`(from: String, to: String, step: VersionStep) throws {
    let to = to == "escalate: call" ? "advise: [Look.]" : to
    let report = try Self.changed(from, to)
    #expect(report.difference.neededStep == step)
    let finding = try #require(report.findings.first)
    #expect(finding.code.id == "TOC0801")
    #expect(finding.location?.start.description == "3:10")
    #expect(finding.fixIts.first?.replacement == "\(try #require(RunbookVersion("1.2.3")).raised(by: step))")
  }

  @Test func `what has changed is shown as it is written`() throws {
    let report = try Self.changed("blocked.size() > 0 && blocked.all(b, b.stopped)", "blocked.exists(b,  b.stopped)")
    #expect(
      report.difference.changes.map(\.words) == [
        "question 'caught': answer was 'blocked.size() > 0 && blocked.all(b, b.stopped)' and is "
          + "'blocked.exists(b, b.stopped)'"
      ], "\(report.difference.changes.map(\.words))")
  }

  @Test func `a question that is new is minor, and one that is gone is major`() throws {
    let longer = Self.base.replacing(
      "verdicts:\n", with: "  sign:\n    ask: Many hits?\n    answer: talkers.size() > 3\nverdicts:\n")
    #expect(try Self.compare(longer).difference.changes.map(\.words) == ["question 'sign' is new"])
    #expect(try Self.compare(longer).difference.neededStep == .minor)
    let shorter = try Self.compare(Self.base, with: longer)
    #expect(shorter.difference.changes.map(\.words) == ["question 'sign' is gone"])
    #expect(shorter.difference.neededStep == .major)
  }

  @Test(arguments: [
    ("1.2.3", "TOC0801"), ("1.2.4", "TOC0802"), ("1.3.0", nil), ("2.0.0", nil), ("1.2.2", "TOC0803"),
    ("0.9.0", "TOC0803"),
  ])
  func `the version must say what the changes demand`(version: String, code: String?) throws {
    let head = Self.base.replacing("above: 100", with: "above: 200").replacing(
      "version: 1.2.3", with: "version: \(version)")
    #expect(try Self.compare(head).findings.map(\.code.id) == [code].compactMap { $0 })
  }

  @Test func `a version that was there may not be left out, and none is asked of a runbook that never had one`() throws
  {
    #expect(try Self.compare(CaseTests.runbook).findings.map(\.code.id) == ["TOC0804"])
    let never = try Self.compare(CaseTests.runbook.replacing("above: 100", with: "above: 7"), with: CaseTests.runbook)
    #expect(never.findings.map(\.code.id) == [])
    #expect(never.difference.neededStep == .minor)
  }

  @Test func `before the first release a major change raises the middle number`() throws {
    let version = try #require(RunbookVersion("0.4.1"))
    #expect(version.raised(by: .major).description == "0.5.0")
    #expect(version.raised(by: .minor).description == "0.5.0")
    #expect(RunbookVersion("1.2") == nil)
    #expect(RunbookVersion("1.2.x") == nil)
    #expect(RunbookVersion("1.2.3-rc1")?.description == "1.2.3")
  }

  @Test func `a name that stands for another kind of thing is told`() throws {
    let head = Self.base.replacing(
      "burst: {of: rate, above: 100, for: 2m}",
      with: "limit: {of: rate, above: 100, for: 2m}\ndefinitions:\n  burst: limit")
    let report = try Self.compare(head)
    let finding = try #require(report.findings.first { $0.code.id == "TOC0805" })
    #expect(finding.message.contains("'burst' was a threshold and is a definition now"))
    #expect(finding.location.map { $0.source.text(in: $0.range) } == "burst")
  }

  @Test func `a runbook with errors has no meaning to compare`() {
    #expect(throws: VersionCheck.Problem.self) { try Self.compare("tocsin: 1\n") }
  }
}
