import Diagnostics
import Testing

@testable import YAMLTree

/// What is written, what is found where, and what the author meant.
struct TrapTests {
  struct Trap: Sendable, CustomTestStringConvertible {
    let text: String
    let findings: [String]
    /// The texts of the values in question, as they can be checked further.
    let meant: [String]
    var testDescription: String { text }

    init(_ text: String, _ findings: String..., meant: [String] = []) {
      self.text = text
      self.findings = findings
      self.meant = meant
    }
  }

  @Test(arguments: [
    Trap("answer: !(a in b)\nx: 1\n", "negation-read-as-tag 1:9-1:18", meant: ["!(a in b)"]),
    Trap("answer: !known\n", "negation-read-as-tag 1:9-1:15", meant: ["!known"]),
    Trap("answer: !known && x\n", "needs-quotes 1:9-1:20", meant: ["!known && x"]),
    Trap(
      "a: {b: !(c), d: !e && f}\n", "negation-read-as-tag 1:8-1:12", "needs-quotes 1:17-1:24",
      meant: ["!(c)", "!e && f"]),
    Trap("answer: path.contains(\" #\")\n", "cut-at-comment 1:9-1:28", meant: ["path.contains(\" #\")"]),
    Trap("answer: a == # b\n", "cut-at-comment 1:9-1:17", meant: ["a == # b"]),
    Trap("a: x(\" # \") && z # real\n", "cut-at-comment 1:4-1:17", meant: ["x(\" # \") && z"]),
    Trap("v: {severity: low, means: Tried, not opened}\n", "cut-at-comma 1:27-1:44", meant: ["Tried, not opened"]),
    Trap("v: {means: One, two, three, x: y}\n", "cut-at-comma 1:12-1:27", meant: ["One, two, three"]),
    Trap(
      "q: {ask: s, answer: rows.exists(r, r.n > 1)}\n", "cut-at-comma 1:21-1:44", meant: ["rows.exists(r, r.n > 1)"]),
    Trap("l: [f(a, b), c]\n", "cut-at-comma 1:5-1:12", meant: ["f(a, b)"]),
    Trap("v: {lonely, a: b}\n", "key-without-value 1:5-1:11"),
    Trap("q:\n  answer: \"admin\" in roles\n  x: 1\n", "needs-quotes 2:11-2:27", meant: ["\"admin\" in roles"]),
    Trap("a: [1, 2].exists(x, x > 1) # c\n", "needs-quotes 1:4-1:27", meant: ["[1, 2].exists(x, x > 1)"]),
    Trap("q:\n  a: a ? b : c\n", "needs-quotes 2:6-2:15", meant: ["a ? b : c"]),
    Trap("q:\n  - ask: Is it ours: yes?\n", "needs-quotes 2:10-2:26", meant: ["Is it ours: yes?"]),
    Trap(
      "a: {with: {host: ${x}}, e: x ? y : z}\n", "needs-quotes 1:18-1:22", "needs-quotes 1:28-1:37",
      meant: ["${x}", "x ? y : z"]),
    Trap("é: \"ü\" in x\nz: ]\n", "needs-quotes 1:4-1:12", "needs-quotes 2:4-2:5", meant: ["\"ü\" in x", "]"]),
    Trap(
      "a: @x\nb: `y`\nc: - 1\nd: && x\ne: *x + 1\nf: >= 3\n", "needs-quotes 1:4-1:6", "needs-quotes 2:4-2:7",
      "needs-quotes 3:4-3:7", "needs-quotes 4:4-4:8", "needs-quotes 5:4-5:10", "needs-quotes 6:4-6:8",
      meant: ["@x", "`y`", "- 1", "&& x", "*x + 1", ">= 3"]),
  ])
  func `a trap is found by its name, and reading goes on with what was meant`(trap: Trap) {
    let document = read(trap.text)
    #expect(summaries(document) == trap.findings)
    #expect(document.isComplete)
    #expect(scalars(document.root).filter(\.isMended).map(\.text) == trap.meant)
  }

  @Test(arguments: [
    ("ask: Is it ours: yes?\n", true), ("ask: Note: it is ours\n", true), ("a: [1, 2].exists(x, x > 1)\n", true),
    ("a: {b: \"x\" in y, c: d}\n", true), ("a: !(b in c)\n", true), ("v: {means: Tried, not opened}\n", true),
    ("a: p(\" #\") # c\n", true), ("a: {b: \"x\" in y,\n  c: d}\n", false), ("a: {b: c}}\n", false),
    ("a: ({b: c, d: e}\n", false), ("a: b: c\n", false), ("a: {b: c d: e}\n", false), ("a: !{b: c}x\n", false),
    ("!a: b\n", false), ("v: {severity: low, means Tried}\n", false), ("a: x(\" # b\n", false),
    ("a: x y  b: c\n", false), ("a: [b] c\n", false), ("a:|b\n", false),
  ])
  func `quotes are safe only around what can be nothing else than a text`(text: String, isSafe: Bool) {
    let fixIts = read(text).diagnostics.flatMap(\.fixIts)
    #expect(fixIts.contains { $0.isSafe } == isSafe && (isSafe || fixIts.allSatisfy { !$0.isSafe }))
  }

  @Test(arguments: [
    Trap("ask: Is ticket #5 of ${source} known?\n", "cut-at-comment 1:6-1:15"),
    Trap("l:\n  - Tell #soc-oncall at once.\n", "cut-at-comment 2:5-2:9"),
    Trap("means: A shell runs, see #incidents for more.  \nx: 1\n", "cut-at-comment 1:8-1:25"),
    Trap("ask: Is it # of ${source}\n", "cut-at-comment 1:6-1:11"), Trap("slack: #soc\n", "cut-at-comment 1:8-1:12"),
    Trap("a: it said #\"x\"\n", "cut-at-comment 1:4-1:11"), Trap("a: it costs #$5\n", "cut-at-comment 1:4-1:12"),
  ])
  func `a word behind a comment sign is told, and the whole can be put in quotes`(trap: Trap) throws {
    let document = read(trap.text)
    #expect(summaries(document) == trap.findings)
    #expect(document.diagnostics.allSatisfy { $0.severity == .warning && $0.fixIts.allSatisfy { !$0.isSafe } })
    let fixed = read(try #require(mended(document)))
    #expect(fixed.diagnostics.isEmpty && fixed.comments.isEmpty)
  }

  @Test(arguments: [
    "a: !(b in c)\nd: {e: Tried, not opened}\nf: \"x\" in y\ng: a ? b : c\nh: [f(a, 'b')]\ni: p(\" #\") # c\n",
    "a: 'it's'\nb: !known && 'x'\nc: say \"hi\": \\n\n", "a: {b: ${x}, c: \"d\" in e, f: g}\n", "a: !!str x\nb: 1\n",
  ])
  func `the fix-its mend the document, and mean what was written`(text: String) throws {
    let document = read(text)
    let fixed = read(try #require(mended(document)))
    #expect(!document.diagnostics.isEmpty)
    #expect(fixed.diagnostics.isEmpty, "\(fixed.source.text(in: SourceRange(0, fixed.source.bytes.count)))")
    if !text.contains("it's") { #expect(scalars(fixed.root).map(\.text) == scalars(document.root).map(\.text)) }
  }

  @Test(arguments: [
    "then: {yes: a, no: b}\n", "ask: Is it John's site? # a comment\n", "a: b == 1 # fine\n", "a: What a hack! # hm\n",
    "a: 1 # ( [ \" '\n", "a: [x, y(z)]\n", "a: {b: , c: }\n", "a: '!b'\n", "a: a !b\n", "a: what is it? # x\n",
    "a: dir/* # glob\n", "a: two words # comment\n", "a: word #comment\n", "a: 100 #was 50\n", "a: # none ${b}\n",
    "a: two words #tocsin: allow X: y\n", "a: two words #\n", "a:  #t\n  b: 1\n", "a: 'two words' #t\n",
    "sql: |\n  SELECT ( # x\n", "a: ${b} and ${c}\n", "a: b:c\n", "a: x, y, z\n", "a: {b: \"c, d\"}\n", "a: (b) # c\n",
  ])
  func `ordinary values are left alone`(text: String) {
    #expect(summaries(read(text)).isEmpty)
  }

  @Test(arguments: [
    ("-\tb\n", "tab-indentation 1:2-1:3"), ("a:\n  - b\n  -\t \tc\n", "tab-indentation 3:4-3:7"),
    ("? a\n:\tb\n", "tab-indentation 2:2-2:3"), ("a:\n\tb: c\n", "tab-indentation 2:1-2:2"),
    ("a: 1\n  \tb: c\n", "tab-indentation 2:1-2:4"),
    ("a: \"foo\nb: \"bar\"\n", "unclosed-quote 1:4-1:5"), ("a: 'foo\nb: 1\n", "unclosed-quote 1:4-1:5"),
    ("a: 'it's'\n", "apostrophe 1:7-1:8"), ("a: 1\nb:2\nc: 3\n", "missing-space 2:1-2:3"),
    ("tocsin:1\nrunbook: x\n", "missing-space 1:1-1:8"), ("a: 1\nb\nc: 3\n", "missing-colon 2:1-2:2"),
    ("a: b\n  c: d\n", "value-already-given 2:3-2:4"), ("a: one\n  {b: c}\nd: e\n", "value-already-given 2:3-2:9"),
    ("a: b\n  @c\n  e: f\n", "value-already-given 3:3-3:4"), ("a:\n  b: c\n d: e\n", "indentation 3:2-3:6"),
    ("a: b\n- c\n", "mixed-block 2:1-2:4"), ("a:\n  - b\n  c: d\n", "mixed-block 3:3-3:7"),
    ("a: {b: c\nd: e\n", "unclosed-bracket 1:4-1:5"), ("a: [b, c\nd: e\n", "unclosed-bracket 1:4-1:5"),
    ("a: [b", "unclosed-bracket 1:4-1:5"), ("sql: SELECT a # x\n  FROM b\nc: d\n", "cut-at-comment 1:6-1:14"),
    ("a: \"x\\qy\"\n", "syntax 1:6-1:7"), ("a: [,]\n", "syntax 1:5-1:6"),
    ("a: 1\n---\nb: 2\n", "several-documents 2:1-2:4"), ("a: 1\n...\n%TAG ! x\n--- b\n", "several-documents 3:1-3:2"),
    ("a: 1\n...\n# c\nb: 2\n", "several-documents 4:1-4:2"),
    ("%TAG ! tag:x,2000:\n---\na: 1\n", "directive 1:1-1:19"), ("", "empty-document 1:1-1:1"),
    ("# only\n\n", "empty-document 1:1-1:1"), ("---\n", "empty-document 1:1-1:1"),
    ("\u{FEFF}", "empty-document 1:1-1:1"),
    ("a: &x b\n", "anchor 1:4-1:6"), ("a: *x\n", "alias 1:4-1:6"), ("<<: {a: b}\n", "merge-key 1:1-1:3"),
    ("a: 1\nb: 2\na: 3\n", "duplicate-key 3:1-3:2"), ("{é: 1, 'é': 2}\n", "duplicate-key 1:8-1:11"),
    ("a: !!int 3\n", "tag 1:4-1:9"), ("[a]: b\n", "complex-key 1:1-1:4"),
  ])
  func `trouble is told by its cause and place`(text: String, finding: String) {
    let document = read(text)
    #expect(summaries(document) == [finding])
    #expect(document.diagnostics.allSatisfy { $0.severity == .error })
  }

  @Test func `a duplicate key points at the first one and keeps both`() {
    let document = read("a: 1\nb: 2\na: 3\na: 4\n")
    #expect(
      document.diagnostics.flatMap(\.notes).map { $0.location?.start }
        == Array(repeating: SourcePosition(line: 1, column: 1), count: 2))
    #expect(document.root?.pairs?.count == 4)
    #expect(document.root?["a"]?.scalar?.text == "1")
  }

  /// Mappings of few keys and of many are looked through in different ways.
  @Test(arguments: [0, 1, 13, 14, 15, 16, 17, 40])
  func `a duplicate key is found in small and large mappings, and inside of others`(before: Int) {
    let keys = (0..<before).map { "k\($0): {k0: 1, k1: 2}\n" }.joined()
    let document = read("first: 1\n" + keys + "[a]: b\nlast: {first: 1, a: {last: 1}}\nlast: 2\nfirst: 3\nlast: 4\n")
    #expect(
      summaries(document).sorted()
        == [
          "complex-key \(before + 2):1-\(before + 2):4", "duplicate-key \(before + 4):1-\(before + 4):5",
          "duplicate-key \(before + 5):1-\(before + 5):6", "duplicate-key \(before + 6):1-\(before + 6):5",
        ])
    let places = document.diagnostics.filter { $0.code.slug == "duplicate-key" }
      .map { $0.notes.first?.location?.start.line }
    #expect(places == [before + 3, 1, before + 3])
  }

  @Test func `what stands before an unmendable error is kept, and the rest is known to be missing`() {
    let document = read("a: 1\nb: [c, {d: e}\nf: g\n")
    #expect(!document.isComplete)
    #expect(document.root?["a"]?.scalar?.text == "1")
    #expect(document.root?["b"]?.items?.first?.scalar?.text == "c")
  }

  @Test func `twenty mistakes in one file are twenty findings, each in its line`() {
    let mistakes = ["!(a)", "\"a\" in b", "a ? b : c", "{a: b, c}", "x(\" #\")"]
    let text = (0..<20).map { "key\($0): \(mistakes[$0 % mistakes.count])\n" }.joined()
    let document = read(text)
    #expect(document.isComplete)
    #expect(document.diagnostics.map { $0.location?.start.line } == Array(1...20))
    #expect(document.root?.pairs?.count == 20)
  }
}
