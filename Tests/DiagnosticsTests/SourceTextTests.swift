import Testing

import Diagnostics

@Suite struct SourceTextTests {
  let source = SourceText(name: "a.yaml", text: "one\r\ntwö: 😀x\rthree\n")

  @Test func `a byte order mark stands in no column`() {
    let source = SourceText(name: "a", text: "\u{FEFF}ab\ncd")
    #expect([0, 3, 4, 6].map { source.position(at: $0).description } == ["1:1", "1:1", "1:2", "2:1"])
    #expect(source.offset(line: 1, column: 1) == 3)
    #expect(source.offset(line: 1, column: 2) == 4)
  }

  @Test(arguments: [
    (0, 1, 1), (3, 1, 4), (5, 2, 1), (9, 2, 4), (11, 2, 6), (15, 2, 7), (17, 3, 1), (23, 4, 1), (99, 4, 1),
  ])
  func `a byte offset has a line and a column in code points`(offset: Int, line: Int, column: Int) {
    #expect(source.position(at: offset) == SourcePosition(line: line, column: column))
  }

  @Test func `lines end before their breaks`() {
    #expect(source.lineCount == 4)
    #expect(
      source.text(in: SourceRange(source.contents(ofLine: 2).lowerBound, source.contents(ofLine: 2).upperBound))
        == "twö: 😀x")
    #expect(source.offset(line: 2, column: 7) == 15)
    #expect(source.offset(line: 9, column: 1) == nil)
  }

  @Test func `a finding shows its place`() {
    let diagnostic = Diagnostic(
      .init("TOC0001", "example"), .error, "unknown thing\u{1B}[2J", at: SourceLocation(source, SourceRange(11, 15)))
    #expect(
      DiagnosticRenderer().render(diagnostic) == """
        error[TOC0001]: unknown thing\\u{1b}[2J
         --> a.yaml:2:6
          |
        2 | twö: 😀x
          |      ^^
        """)
  }

  @Test(
    arguments: [("acess", "access"), ("stauts", "status"), ("then", nil), ("Severty", "severity")]
      as [(String, String?)])
  func `a misspelt name has a suggestion`(written: String, meant: String?) {
    #expect(nearestName(to: written, among: ["access", "waf", "status", "severity"]) == meant)
  }
}
