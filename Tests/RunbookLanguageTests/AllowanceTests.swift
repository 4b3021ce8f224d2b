import Diagnostics
import Testing
import YAMLTree

@testable import RunbookLanguage

/// Comments that allow findings, and to which node they belong.
@Suite struct AllowanceTests {
  private static let day = CalendarDay("2026-11-23")

  /// What is told of a runbook, and what was allowed in it, as "line code".
  private func judged(_ text: String, on day: CalendarDay? = day) -> (told: [String], allowed: [String]) {
    let result = check(text)
    let judgement = AllowanceJudgement(
      result.diagnostics.filter { $0.severity >= .warning }, result.allowances, on: day)
    func brief(_ finding: Diagnostic) -> String { "\(finding.location?.start.line ?? 0) \(finding.code.id)" }
    return (
      judgement.told.map(brief) + judgement.idle.map { "\($0.location.start.line) idle" },
      judgement.allowed.map { brief($0.finding) }
    )
  }

  private func spare(_ comment: String, beside: String = "") -> String {
    runbook(rest: "\(comment)lists:\n    spare: [a, b]\(beside)\n    other: [c]")
  }

  @Test(arguments: [("    # tocsin: allow TOC0538: it is meant\n", 0), ("", 1)])
  func `a comment above a list allows what is told in its file`(comment: String, left: Int) {
    let text = runbook(
      question: "answer: ip(site) in all",
      rest: "lists:\n\(comment)    all: {file: all.txt, of: cidr}\n    others: [a]")
    let result = check(text, files: ["all.txt": "0.0.0.0/0 everybody\n"])
    let judgement = AllowanceJudgement(result.diagnostics, result.allowances, on: Self.day)
    #expect(judgement.told.count { $0.code.id == "TOC0538" } == left)
    #expect(judgement.idle.isEmpty)
  }

  @Test func `a text that is cut at a comment sign can be allowed where it is a warning`() {
    let text = runbook().replacing(
      "    ask: Is it so?", with: "    # tocsin: allow TOC0031: it is a comment\n    ask: Is ticket #5 known?")
    #expect(judged(text).told == [])
    #expect(judged(text).allowed == ["7 TOC0031"])
    #expect(judged(text.replacing("allow TOC0031", with: "allow TOC0204")).told.contains("7 TOC0031"))
  }

  @Test func `a comment above a node allows what is told in it, and nothing beside it`() {
    let text = runbook(
      rest: "lists:\n    # tocsin: allow TOC0204: the next version needs it\n    spare: [a, b]\n    other: [c]")
    #expect(judged(text).told == ["14 TOC0204"])
    #expect(judged(text).allowed == ["13 TOC0204"])
  }

  @Test(arguments: [
    // Above a section: all of it.
    ("# tocsin: allow TOC0204: x\nlists:\n    spare: [a]\n    other: [c]", [], ["13 TOC0204", "14 TOC0204"]),
    // Beside a key: its whole value.
    ("lists:  # tocsin: allow TOC0204: x\n    spare: [a]\n    other: [c]", [], ["12 TOC0204", "13 TOC0204"]),
    // Beside a value.
    ("lists:\n    spare: [a]  # tocsin: allow TOC0204: x\n    other: [c]", ["13 TOC0204"], ["12 TOC0204"]),
    // Two comments above one node.
    (
      "lists:\n    # tocsin: allow TOC0519: x\n    # tocsin: allow TOC0204: x\n    spare: [a]", ["12 idle"],
      ["14 TOC0204"]
    ),
    // In a text it is text.
    ("about: |\n  # tocsin: allow TOC0204: x\nlists:\n  spare: [a]", ["14 TOC0204"], []),
    // The head of a block scalar.
    ("definitions:\n    words: |  # tocsin: allow TOC0204: x\n      true", [], ["12 TOC0204"]),
    ("definitions:\n    # tocsin: allow TOC0204: x\n    words: |\n      true", [], ["13 TOC0204"]),
    ("lists:\n    spare: \"a # tocsin: allow TOC0204: x\"", ["12 TOC0101"], []),
  ])
  func `a comment belongs to a node`(rest: String, told: [String], allowed: [String]) {
    let result = judged(runbook(rest: rest))
    #expect(result.told.sorted() == told)
    #expect(result.allowed == allowed)
  }

  @Test(arguments: [
    ("allow TOC0204 until 2026-11-23: x", []), ("allow TOC0204 until 2026-11-22: x", ["12 TOC0902", "13 TOC0204"]),
    ("allow TOC0204", ["12 TOC0903", "13 TOC0204"]), ("allow TOC0204:  ", ["12 TOC0903", "13 TOC0204"]),
    ("allow TOC0204 until tomorrow: x", ["12 TOC0904", "13 TOC0204"]), ("allow: x", ["12 TOC0904", "13 TOC0204"]),
    ("ignore TOC0204: x", ["12 TOC0904", "13 TOC0204"]), ("allow TOC0203: x", ["12 TOC0905", "13 TOC0204"]),
    ("allow TOC9999: x", ["12 TOC0905", "13 TOC0204"]), ("allow TOC0901: x", ["12 TOC0905", "13 TOC0204"]),
    ("allow TOC0519: x", ["12 idle", "13 TOC0204"]), ("1", ["13 TOC0204"]),
  ])
  func `only a comment with code, reason and a day to come allows anything`(comment: String, told: [String]) {
    #expect(judged(runbook(rest: "lists:\n    # tocsin: \(comment)\n    spare: [a]")).told.sorted() == told)
  }

  @Test func `an error stays an error whatever a comment says`() {
    let text = runbook(rest: "# tocsin: allow TOC0103: we know better\nnonsense: 1")
    #expect(judged(text).told == ["11 TOC0905", "12 TOC0103"])
  }

  @Test func `without a day nothing has expired`() {
    let text = runbook(rest: "lists:\n    # tocsin: allow TOC0204 until 2020-01-01: x\n    spare: [a]")
    #expect(judged(text, on: nil).told == [])
  }

  @Test func `removing a comment that is not needed leaves no empty line`() throws {
    let text = runbook(rest: "lists:\n    # tocsin: allow TOC0519: x\n    spare: [a]  # tocsin: allow TOC0520: x\n")
    let source = SourceText(name: "test.runbook.yaml", text: text)
    let removed = check(text).allowances.compactMap { Diagnostic.unusedAllowance($0).fixIts.first }
      .map { source.text(in: $0.range) }
    #expect(removed == ["    # tocsin: allow TOC0519: x\n"])
  }
}
