import Diagnostics
import Testing

@Suite struct DiagnosticRendererTests {
  /// The line and the marks under it, as they are rendered for the part of `text` from `start` to `end`.
  private func snippet(_ text: String, _ start: Int, _ end: Int) -> [String] {
    let location = SourceLocation(SourceText(name: "a.yaml", text: text), SourceRange(start, end))
    let rendered = DiagnosticRenderer().render(Diagnostic(.init("TOC0001", "example"), .error, "x", at: location))
    return rendered.split(separator: "\n", omittingEmptySubsequences: false).suffix(2).map(String.init)
  }

  @Test(arguments: [
    ("a: bc\n", 3, 5, "1 | a: bc", "  |    ^^"),
    // Tabs take one cell, as they are shown.
    ("\ta:\tbc\n", 4, 6, "1 |  a: bc", "  |     ^^"),
    // Wide characters take two cells, combining ones none.
    ("日本: x\n", 8, 9, "1 | 日本: x", "  |       ^"), ("日本: x\n", 0, 6, "1 | 日本: x", "  | ^^^^"),
    ("e\u{301}: 😀\n", 5, 9, "1 | e\u{301}: 😀", "  |    ^^"),
    // Invisible characters are shown by their numbers, and marked as long as they are shown.
    ("a\u{1B}b: c\n", 5, 6, "1 | a\\u{1b}b: c", "  |           ^"),
    ("a\u{202E}b\n", 1, 4, "1 | a\\u{202e}b", "  |  ^^^^^^^^"),
    // An empty range is one mark, at a line's end too.
    ("a: b\n", 3, 3, "1 | a: b", "  |    ^"), ("a: b\n", 4, 4, "1 | a: b", "  |     ^"),
    ("a\n", 2, 2, "2 |", "  | ^"),
    // Of several lines the first is marked to its end.
    ("a: |\n  b\n  c\n", 3, 12, "1 | a: |", "  |    ^"),
    ("key: {a: b,\n  c: d}\n", 5, 19, "1 | key: {a: b,", "  |      ^^^^^^"),
    ("a: b\r\nc: d\r\n", 9, 10, "2 | c: d", "  |    ^"), ("a: b\r\nc\r\n", 3, 8, "1 | a: b", "  |    ^"),
    ("a: b", 3, 4, "1 | a: b", "  |    ^"), ("a: b", 3, 99, "1 | a: b", "  |    ^"),
  ])
  func `marks stand under the place`(text: String, start: Int, end: Int, line: String, marks: String) {
    #expect(snippet(text, start, end) == [line, marks])
  }

  @Test(arguments: [
    ("Z\(String(repeating: "\u{301}", count: 8))e", "Z\(String(repeating: "\u{301}", count: 8))e"),
    (
      "Z\(String(repeating: "\u{301}", count: 10))e\u{301}",
      "Z\(String(repeating: "\u{301}", count: 8))\\u{301}\\u{301}e\u{301}"
    ),
    ("a\u{200B}b\u{2060}\u{FEFF}", "a\\u{200b}b\\u{2060}\\u{feff}"), ("नि\u{200D}👩\u{200D}🚀", "नि\u{200D}👩\u{200D}🚀"),
  ])
  func `what takes no room is shown, and marks do not pile up`(text: String, shown: String) {
    #expect(visible(text).utf8.elementsEqual(shown.utf8), "\(visible(text))")
  }

  @Test func `a finding about a whole file has no line to show`() {
    let location = SourceLocation(SourceText(name: "a.yaml", text: "a: b"), SourceRange(0, 0))
    let rendered = DiagnosticRenderer().render(Diagnostic(.init("TOC0001", "example"), .error, "x", at: location))
    #expect(rendered == "error[TOC0001]: x\n  --> a.yaml")
  }

  @Test(arguments: [0, 30, 100, 500, 985, 999])
  func `a long line is cut, and its place stays in sight`(start: Int) throws {
    let text = (0..<1_000).map { String($0 % 10) }.joined()
    let shown = snippet(text, start, start + 1)
    let line = Array(try #require(shown.first))
    let marks = Array(try #require(shown.last))
    #expect(line.count <= DiagnosticRenderer.shownLineLimit + 6)
    let mark = try #require(marks.firstIndex(of: "^"))
    #expect(String(line[mark]) == String(start % 10))
    #expect((line[4] == "…") == (start > 40))
    #expect((line.last == "…") == (start < 900))
  }

  @Test func `a mark that goes beyond the shown part ends with it`() {
    let shown = snippet(String(repeating: "x", count: 1_000), 10, 900)
    #expect(shown.last == "  |           " + String(repeating: "^", count: 150))
  }

  @Test func `notes have places, fix-its are help, and a finding about no file has no snippet`() {
    let source = SourceText(name: "a\u{1B}.yaml", text: "a: b\nc: d\n")
    let diagnostic = Diagnostic(
      .init("TOC0001", "example"), .warning, "x\ny", at: nil,
      notes: [.init("first", at: SourceLocation(source, SourceRange(8, 9))), .init("second")],
      fixIts: [.init("write\u{7}", replace: SourceRange(0, 1), by: "z")])
    #expect(
      DiagnosticRenderer().render(diagnostic) == """
        warning[TOC0001]: x\\u{a}y
          note: first (a\\u{1b}.yaml:2:4)
          note: second
          help: write\\u{7}
        """)
  }

  @Test func `colour is for the heading and the marks`() {
    let location = SourceLocation(SourceText(name: "a", text: "b"), SourceRange(0, 1))
    let rendered = DiagnosticRenderer(coloured: true).render(
      Diagnostic(.init("TOC0001", "example"), .note, "x", at: location))
    #expect(rendered.hasPrefix("\u{1B}[1;36mnote[TOC0001]\u{1B}[0m: x\n"))
    #expect(rendered.hasSuffix("  | \u{1B}[1;36m^\u{1B}[0m"))
  }

  @Test func `findings are read by file, then place, then code`() {
    let first = SourceText(name: "a", text: "xxxx")
    let second = SourceText(name: "b", text: "xxxx")
    func finding(_ code: String, _ source: SourceText, _ start: Int) -> Diagnostic {
      Diagnostic(.init(code, "x"), .error, "x", at: SourceLocation(source, SourceRange(start, start)))
    }
    let all = [finding("RB1", second, 0), finding("RB2", first, 2), finding("RB1", first, 2), finding("RB3", first, 1)]
    #expect(all.sorted(by: Diagnostic.readingOrder).map(\.code.id) == ["RB3", "RB1", "RB2", "RB1"])
  }

  @Test(
    arguments: [
      ("h", nil), ("noo", "no"), ("oen", "one"), ("ONE", "one"), ("", nil), (String(repeating: "x", count: 65), nil),
      ("lnog_nmae", "long_name"),
    ] as [(String, String?)])
  func `only what is alike is suggested`(written: String, meant: String?) {
    #expect(nearestName(to: written, among: ["a", "no", "one", "long_name"]) == meant)
  }
}
