import CEL
import Diagnostics
import Testing
import Values

@testable import RunbookLanguage

@Suite struct ListTests {
  /// The list `known` as it was loaded, and what was told.
  private func load(_ declaration: String, _ files: [String: String], overrides: [String: String] = [:]) -> (
    list: NamedList?, told: [String]
  ) {
    let findings = Findings()
    let source = SourceText(name: "test.runbook.yaml", text: runbook(rest: "lists: {known: \(declaration)}"))
    let checker = RunbookChecker(files: FilesInMemory(files: files))
    let result = checker.check(source, listOverrides: overrides.mapValues { ($0, source) })
    findings.add(result.diagnostics)
    return (result.runbook?.runbook.list("known"), codes(result, atLeast: .warning).filter { !$0.hasSuffix("TOC0204") })
  }

  private func json(_ list: NamedList?) -> String { list.map { described($0.value) } ?? "nothing" }

  private func described(_ value: Value) -> String {
    switch value {
    case .list(let values): "[" + values.map(described).joined(separator: ", ") + "]"
    case .map(let map):
      "{" + map.entries.map { "\(described($0.key)): \(described($0.value))" }.joined(separator: ", ") + "}"
    case .record(let record): "(" + record.values.map { $0.map(described) ?? "-" }.joined(separator: ", ") + ")"
    case .string(let text): text
    case .int(let number): "\(number)"
    case .bool(let flag): "\(flag)"
    case .network(let box): "\(box.block)"
    case .calendar(let calendar): "<\(calendar.calendar.name)>"
    case .null: "null"
    default: "?"
    }
  }

  @Test(arguments: [
    ("[a, \"b\"]", "", "", "[a, b]"), ("[1, 2]", "", "", "[1, 2]"), ("[x, \"1\"]", "", "", "[x, 1]"),
    (
      "{file: l.txt, of: cidr}", "l.txt", "\u{FEFF}# c\n10.0.0.0/8 office\r\n\n  192.0.2.1\t x y\n",
      "[10.0.0.0/8, 192.0.2.1/32]"
    ),
    ("{file: l.txt, of: {name: string}, key: id}", "l.txt", "a  Anna B. \nb\n", "{a: (Anna B.), b: (-)}"),
    ("{file: l.csv, of: string}", "l.csv", "h\na\n\"b,c\"\n", "[a, b,c]"),
    ("{file: l.csv, of: {n: int, t: bool}}", "l.csv", "t,x,n\r\ntrue,y,1\r\n,,\r\n", "[(1, true), (-, -)]"),
    ("{file: l.csv, of: {n: int}, key: k}", "l.csv", "k,n\n\"a\"\"b\",1\nc,2", "{a\"b: (1), c: (2)}"),
    (
      "{file: l.csv, of: {k: int, h: calendar}, key: k}", "l.csv", "k,h\n7,Mo 01:00-02:00 UTC\n",
      "{7: (7, <Mo 01:00-02:00 UTC>)}"
    ),
    ("{file: l.yaml, of: {n: int}, key: k}", "l.yaml", "- {k: a, n: 1}\n- {k: b}\n", "{a: (1), b: (-)}"),
    ("{file: l.yaml, of: string}", "l.yaml", "- a\n- 'b'\n", "[a, b]"),
  ])
  func `a list is read in each of its forms`(declaration: String, path: String, text: String, expected: String) {
    let loaded = load(declaration, [path: text])
    #expect(loaded.told.isEmpty)
    #expect(json(loaded.list) == expected)
  }

  @Test(arguments: [
    ("{file: l.txt, of: ip}", "l.txt", "192.0.2.1\nx y\n", "l.txt:2:1 TOC0513"),
    ("{file: l.txt, of: {a: string, b: string, c: int}}", "l.txt", "x\n", "l.txt:1:1 TOC0514"),
    ("{file: l.csv, of: {n: int}}", "l.csv", "n,m\n1,2\n\"x\", 3\n", "l.csv:3:1 TOC0513"),
    ("{file: l.csv, of: {n: int}}", "l.csv", "m\n1\n", "l.csv:1:1 TOC0203"),
    ("{file: l.csv, of: {n: int}}", "l.csv", "n,m\n1\n", "l.csv:2:1 TOC0514"),
    ("{file: l.csv, of: {n: int}}", "l.csv", "", "l.csv:1:1 TOC0514"),
    ("{file: l.csv, of: string}", "l.csv", "h\n\"a\nb\n", "l.csv:2:1 TOC0514"),
    ("{file: l.csv, of: {n: int}, key: k}", "l.csv", "k,n\n,1\n", "l.csv:2:1 TOC0514"),
    ("{file: l.csv, of: {n: int}, key: k}", "l.csv", "k,n\na,1\na,2\n", "l.csv:3:1 TOC0519"),
    ("{file: l.yaml, of: {n: int}}", "l.yaml", "a: b\n", "l.yaml:1:1 TOC0101"),
    ("{file: l.yaml, of: string}", "l.yaml", "- [\n", "l.yaml:2:1 TOC0049"),
    ("{file: m.txt, of: string}", "l.txt", "", "11:23 TOC0115"),
  ])
  func `what is wrong in a list file is told in that file`(
    declaration: String, path: String, text: String, expected: String
  ) {
    #expect(load(declaration, [path: text]).told == [expected])
  }

  @Test func `a list file that is not UTF-8 is told at its first bad byte`() {
    struct Latin: RunbookFiles {
      func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem> {
        .success(SourceText(name: path, bytes: Array("a\nb".utf8) + [0xE9, 0x0A]))
      }
      func exists(_ path: String, from base: SourceText) -> Bool { true }
    }
    let source = SourceText(name: "test.runbook.yaml", text: runbook(rest: "lists: {known: {file: l.txt, of: string}}"))
    let result = RunbookChecker(files: Latin()).check(source)
    #expect(codes(result, atLeast: .error) == ["l.txt:2:2 TOC0514"])
  }

  @Test func `a deployment may give a list another file`() {
    let files = ["l.txt": "a\n", "other.csv": "h\nb\n"]
    let loaded = load("{file: l.txt, of: string}", files, overrides: ["known": "other.csv"])
    #expect(json(loaded.list) == "[b]")
    #expect(loaded.list?.file == "other.csv")
    #expect(load("{file: l.txt, of: string}", files, overrides: ["known": "none.csv"]).told == ["11:23 TOC0115"])
  }

  @Test func `the documents of a runbook are all files it was made of, in the order of their reading`() {
    let result = check(
      runbook(question: "answer: site in known", rest: "import: [i.yaml]\nlists: {known: {file: l.txt, of: string}}"),
      files: ["i.yaml": "contacts: {c: {email: a}}\n", "l.txt": "a\n"])
    #expect(result.runbook?.documents.map(\.name) == ["test.runbook.yaml", "i.yaml", "l.txt"])
  }
}
