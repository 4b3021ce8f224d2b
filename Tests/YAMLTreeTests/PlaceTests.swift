import Diagnostics
import Testing

@testable import YAMLTree

/// Every value lies where its author wrote it, to the byte.
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

  private func expectPlace(_ marked: String, _ circumstance: String = "as it stands") throws {
    let (text, range) = try #require(split(marked))
    let document = read(text)
    let found = nodes(document.root).contains { $0.range == range }
    let places = nodes(document.root).map { document.source.text(in: $0.range) }
    #expect(found, "\(circumstance): \(text.debugDescription) \(places)")
  }

  @Test(arguments: PlaceFixture.all)
  func `a value ends where its own syntax ends`(_ fixture: PlaceFixture) throws {
    try expectPlace(fixture.marked)
  }

  /// Circumstances that must change nothing but the places.
  @Test(arguments: PlaceFixture.all.filter { !$0.isOfItsCircumstance })
  func `so it does among tabs, other line breaks, marks and wide characters`(_ fixture: PlaceFixture) throws {
    let marked = fixture.marked
    try expectPlace(marked.replacing("\n", with: "\r\n"), "CRLF")
    try expectPlace(marked.replacing("\n", with: "\r"), "CR")
    try expectPlace("\u{FEFF}" + marked, "byte order mark")
    try expectPlace("# 🦤 ü 𝄞\n" + marked, "astral comment")
    // In a block scalar a tab is content, and behind `-` and `:` the parser takes it for indentation.
    if !marked.contains("|"), !marked.contains(">") {
      try expectPlace(marked.replacing(" #", with: "\t \t#"), "tabs before comments")
      if fixture.kind != .notWritten { try expectPlace(marked.replacing("⟧\n", with: "⟧\t\n"), "tabs behind") }
    }
    if marked.hasPrefix("a:") { try expectPlace("🦤é:" + marked.dropFirst(2), "astral key") }
    if !marked.contains("---"), !marked.contains("...") {
      try expectPlace("---\n" + marked + (marked.hasSuffix("\n") ? "" : "\n") + "...\n", "explicit document")
    }
  }

  @Test func `every kind of value has places that are tried`() {
    let kinds = Set(PlaceFixture.all.map(\.kind))
    #expect(PlaceFixture.Kind.allCases.filter { !kinds.contains($0) } == [])
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
