import Diagnostics
import Testing

@testable import YAMLTree

/// Each text marks one value with `⟦` and `⟧`; that node must have exactly this range.
struct PlaceTests {
  private func split(_ marked: String) -> (text: String, range: SourceRange)? {
    var bytes: [UInt8] = []
    var start: Int?
    var end: Int?
    for character in marked.unicodeScalars {
      switch character {
      case "⟦": start = bytes.count
      case "⟧": end = bytes.count
      default: bytes += Array(String(character).utf8)
      }
    }
    guard let start, let end else { return nil }
    return (String(decoding: bytes, as: UTF8.self), SourceRange(start, end))
  }

  @Test(arguments: [
    "a: ⟦plain⟧\nb: 1\n", "a: ⟦plain⟧ # comment\n", "⟦a⟧: plain\n", "a: ⟦two\n  lines⟧\n\n# comment\nb: 1\n",
    "a: ⟦'it''s'⟧   \n", "a: ⟦\"q \\\" x\"⟧ # c\n", "a: ⟦\"two\n\n  lines\"⟧\nb: 1\n",
    "a: ⟦|\n  one\n  two⟧\n\n\n# comment\nb: 1\n", "a: ⟦|-\n  one⟧", "a: ⟦>+ # folded\n  one\n\n  two⟧\n\n\nb: 1\n",
    "a: ⟦|⟧\nb: 1\n", "a: ⟦| # nothing in it⟧\n\n\nb: 1\n", "- ⟦|2-\n    x⟧\n- b\n",
    "a: ⟦[1, 2]⟧ # c\n", "a: ⟦[1,\n  2,\n]⟧\nb: 1\n", "a: ⟦{b: c}⟧\n\n", "a: ⟦{}⟧\n", "a: ⟦[]⟧", "a: [⟦{b: c}⟧, d]\n",
    "a: [⟦b: c⟧, d]\n", "a: [b:⟦⟧ ]\n",
    "a:\n  ⟦b: c\n  d: e⟧\n\n# comment\nf: g\n", "a:\n  ⟦- b\n  - c⟧\n\nd: e\n", "a:\n⟦- b\n- c⟧\nd: e\n",
    "⟦a: b\nc: d⟧\n\n# end\n", "- ⟦a: b\n  c: d⟧\n- e\n", "a:\n  ⟦b:\n    - |\n      x⟧\n\n\nc: d\n",
    "a:⟦⟧\nb: c\n", "a:⟦⟧ # comment\nb: c\n", "a:⟦⟧\n\n# comment\n", "-⟦⟧\n- b\n", "{a:⟦⟧ , b: c}\n", "a:⟦⟧\n",
    "é: ⟦ñandú 🦤⟧ # ü\n", "a: 🦤\nb: ⟦[ü, \"é\"]⟧\n", "a: b\r\nc: ⟦d\r\n  e⟧\r\nf: g\r\n",
    "a: ⟦|\r\n  b\r\n  c⟧\r\n\r\nd: e\r\n",
    "\u{FEFF}a: ⟦b⟧\n", "\u{FEFF}# c\n⟦é⟧: b\n", "---\na: ⟦b⟧\n...\n", "? ⟦a⟧\n: b\n", "? a\n: ⟦b⟧\n", "⟦? a\n: b⟧\n\n",
    "a: ⟦|\n  x\n  # text⟧\n# comment\n", "a: &x ⟦b⟧\n", "a: !!str ⟦b⟧\n", "a: &x\n  ⟦b: c⟧\nd: e\n",
    "a: !!map ⟦{b: c}⟧\n",
    "a: ⟦b⟧\t# c\n", "a: ⟦\"x\u{2028}y\"⟧\n",
  ])
  func `a value ends where its own syntax ends`(marked: String) throws {
    let (text, range) = try #require(split(marked))
    let document = read(text)
    let found = nodes(document.root).contains { $0.range == range }
    #expect(found, "\(nodes(document.root).map { document.source.text(in: $0.range) })")
  }

  @Test(arguments: [
    ("a: b # one\n# two\nc: 'no # comment'\n", ["# one", "# two"]),
    ("# first\n\na: | # header\n  # text\n  x\n# last", ["# first", "# header", "# last"]),
    ("a: [1, # one\n  2] # two\n", ["# one", "# two"]), ("a: b#c\nd: \"#\" # x\n", ["# x"]),
    ("\u{FEFF}# c\r\na: b\r\n", ["# c"]),
    ("a: !!str # t\n  x\n", ["# t"]),
  ])
  func `comments are found where YAML sees them`(text: String, comments: [String]) {
    let document = read(text)
    #expect(document.comments.map(\.text) == comments)
    #expect(document.comments.allSatisfy { document.source.text(in: $0.range) == $0.text })
  }

  @Test func `a pair reaches from its key to its value`() throws {
    let document = read("a: {b: [c]} # d\n")
    let pair = try #require(document.root?.pairs?.first)
    #expect(document.source.text(in: pair.range) == "a: {b: [c]}")
    #expect(document.root?["a"]?["b"]?.items?.first?.scalar?.text == "c")
    #expect(document.root?["é"] == nil)
  }

  @Test func `keys are told apart byte by byte`() {
    let document = read("e\u{301}: 1\n\u{E9}: 2\n")
    #expect(document.diagnostics.isEmpty)
    #expect(document.root?["\u{E9}"]?.scalar?.text == "2")
  }
}
