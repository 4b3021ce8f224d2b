import Diagnostics
import Foundation
import Testing

@testable import YAMLTree

/// A document before and after it is laid out.
struct LayoutExample: Sendable, CustomTestStringConvertible {
  let name: String
  let before: String
  let after: String

  init(_ name: String, _ before: String, _ after: String? = nil) {
    (self.name, self.before, self.after) = (name, before, after ?? before)
  }

  var testDescription: String { name }

  static let all = [
    LayoutExample(
      "indentation and gaps", "a:\n    b:   1\n    c :\n     -   2\n     - 3\n", "a:\n  b: 1\n  c:\n    - 2\n    - 3\n"),
    LayoutExample("lists below their key", "a:\n- b\n- c\nd: 1\n", "a:\n  - b\n  - c\nd: 1\n"),
    LayoutExample(
      "collections in lists", "-   a: 1\n    b: 2\n-\n  - c\n  -   - d\n", "- a: 1\n  b: 2\n- - c\n  - - d\n"),
    LayoutExample(
      "brackets", "a: { b: 1,c:   [ x,y , ] }\nd: {  }\ne: [a: 1]\n", "a: {b: 1, c: [x, y]}\nd: {}\ne: [{a: 1}]\n"),
    LayoutExample("brackets over lines", "a: {b: 1,\n  c: [x,\n  y]}\n", "a: {b: 1, c: [x, y]}\n"),
    LayoutExample(
      "brackets that are too long",
      "a: {one: \(String(repeating: "x", count: 60)), two: \(String(repeating: "y", count: 60))}  # why\n",
      "a:  # why\n  one: \(String(repeating: "x", count: 60))\n  two: \(String(repeating: "y", count: 60))\n"),
    LayoutExample(
      "brackets with comments", "a: [ # first\n  b, # second\n\n  # third\n  c\n  # fourth\n]  # fifth\n",
      "a:     # first\n       # fifth\n  - b  # second\n\n  # third\n  - c\n  # fourth\n"),
    LayoutExample(
      "brackets with a comment on the key's line", "l1: {of: rate,  # tocsin: allow TOC0204: x\n  above: 4}\nb: 1\n",
      "l1:  # tocsin: allow TOC0204: x\n  of: rate\n  above: 4\nb: 1\n"),
    LayoutExample("empty brackets with a comment", "a: [\n  # none yet\n]\n", "# none yet\na: []\n"),
    LayoutExample("a key without a value in brackets", "a: {b: , c: 1}\n", "a:\n  b:\n  c: 1\n"),
    LayoutExample(
      "a list in a list with a comment behind it", "- [[a, # b\n  c]] # d\n", "# d\n- - - a  # b\n    - c\n"),
    LayoutExample("blank lines", "\n\na: 1\n\n\n\nb:\n\n  c: 1\n\n\n", "a: 1\n\nb:\n\n  c: 1\n"),
    LayoutExample("no line break at the end, and too many", "a: 1", "a: 1\n"),
    LayoutExample("carriage returns", "a: |\r\n  x\r\n  y\r\nb: 1\r\n", "a: |\n  x\n  y\nb: 1\n"),
    LayoutExample("white space at ends of lines", "a:   \n  b: 1\t \n", "a:\n  b: 1\n"),
    LayoutExample(
      "comments above, behind and below",
      "# top\n\n# a\na: 1 # one\n#b\nb:   # two\n    # c\n    c: 1\n    # below c\n# below b\n",
      "# top\n\n# a\na: 1  # one\n#b\nb:  # two\n  # c\n  c: 1\n  # below c\n# below b\n"),
    LayoutExample(
      "comments below each other", "a: 1 # one\nlonger: 2     # two\n\nb: 1 # three\n",
      "a: 1       # one\nlonger: 2  # two\n\nb: 1  # three\n"),
    LayoutExample(
      "a comment that goes on below", "a: 1     # one\n         # and more\nb: 2\n",
      "a: 1  # one\n      # and more\nb: 2\n"),
    LayoutExample("a comment between a key and its value", "a: # why\n  # and how\n  b\n", "# why\n# and how\na: b\n"),
    LayoutExample("a comment behind a dash", "- # why\n  a: 1\n", "# why\n- a: 1\n"),
    LayoutExample("quotes stay", "a: 'x'\nb: \"y\"\nc: 'it''s'\nd: \"\\t\"\n"),
    LayoutExample(
      "blocks stay to the byte",
      "a: |\n     x\n       y  \n\n     z\nb: >-  # folded\n   one\n   two\n\n     three\nc: 1\n",
      "a: |\n  x\n    y  \n\n  z\nb: >-  # folded\n  one\n  two\n\n    three\nc: 1\n"),
    LayoutExample("blocks that begin with white space", "a: |2\n     x\n   y\n", "a: |2\n     x\n   y\n"),
    LayoutExample(
      "blocks that keep their ends", "a: |+\n   x\n\n\nb: |+\n\nc: |-\n  y\n\n\nd: 1\n",
      "a: |+\n  x\n\n\nb: |+\n\nc: |-\n  y\n\nd: 1\n"),
    LayoutExample("blocks in lists", "- |\n x\n- a: >\n     y\n", "- |\n  x\n- a: >\n    y\n"),
    LayoutExample("a block at the end of a file without line break", "a: |\n  x", "a: |-\n  x\n"),
    LayoutExample(
      "sentences over lines", "a: one\n    two\nb: \"three\n\n  four\"\n", "a: one two\nb: \"three\n\n  four\"\n"),
    LayoutExample(
      "escaped line breaks", "a: \"one\\\n   two \\\n   \\ three\"\n",
      "a: \"onetwo  three\"\n".replacing("  ", with: " \\ ")),
    LayoutExample(
      "a long sentence over lines",
      "a: \(String(repeating: "x", count: 80))\n      \(String(repeating: "y", count: 80)) # c\n",
      "a: \(String(repeating: "x", count: 80))\n  \(String(repeating: "y", count: 80))  # c\n"),
    LayoutExample(
      "a document's beginning and end", "%YAML 1.2 # v\n---   # d\na: 1\n...\n# e\n",
      "%YAML 1.2  # v\n---        # d\na: 1\n# e\n"),
    LayoutExample("explicit keys", "? a\n: b\n", "a: b\n"),
    LayoutExample("a scalar alone", "--- # c\n  x\n", "---  # c\nx\n"),
    LayoutExample("a byte order mark", "\u{FEFF}a:  1\n", "a: 1\n"),
    LayoutExample("other scripts", "ключ:   \"значение\"   # слово\n", "ключ: \"значение\"  # слово\n"),
  ]
}

@Suite struct LayoutTests {
  /// The document laid out; `nil` if it cannot be.
  static func layout(_ document: YAMLDocument) throws -> YAMLDocument? {
    do { return read(bytes: try YAMLLayout.text(of: document)) } catch .isFaulty { return nil }
  }

  /// Whatever must hold of any document: the same again, the same values, and every comment beside the same value.
  static func check(_ document: YAMLDocument, _ name: String) throws {
    guard let laid = try layout(document) else { return }
    let again = try #require(try layout(laid), "\(name)")
    try #require(again.source.bytes == laid.source.bytes, "\(name) is laid out otherwise the second time")
    try #require(YAMLLayout.says(laid, the: document), "\(name) says something else")
    try #require(laid.comments.count == document.comments.count, "\(name)")
    try #require(try !laid.source.bytes.isEmpty && #require(laid.source.bytes.last) == 0x0A, "\(name)")
    let text = String(decoding: laid.source.bytes, as: UTF8.self)
    let hasKept = scalars(document.root).contains { ($0.style != .plain) && $0.text.contains("\n\n") }
    if !hasKept { try #require(!text.contains("\n\n\n") && !text.hasPrefix("\n"), "\(name) has several blank lines") }
  }

  @Test(arguments: LayoutExample.all)
  func `a document has one layout`(_ example: LayoutExample) throws {
    let document = read(example.before)
    let laid = try #require(try Self.layout(document))
    #expect(String(decoding: laid.source.bytes, as: UTF8.self) == example.after)
    try Self.check(document, example.name)
  }

  @Test(arguments: [
    "a: [1\n", "a: &x 1\nb: *x\n", "a: !(b)\n", "a: 1\na: 2\n", "# nothing\n", "", "a: \0\n", "--- a\n--- b\n",
  ])
  func `a document with errors is not touched`(_ text: String) {
    #expect(throws: YAMLLayout.Problem.isFaulty) { try YAMLLayout.text(of: read(text)) }
  }

  @Test(arguments: [
    LayoutExample("in order", "# head\na: 1\nx: 2\nb: 3\n"),
    LayoutExample(
      "with its comments", "# head\n\n# of b\nb: 1 # beside\n# of a\na: 2\n",
      "# head\n\n# of a\na: 2\n\n# of b\nb: 1  # beside\n"),
    LayoutExample(
      "blank lines", "b:\n  x: 1\n  # in b\n\na: 2\n\n# of c\n\nc: 1\n# end\n",
      "a: 2\n\nb:\n  x: 1\n  # in b\n\n# of c\n\nc: 1\n# end\n"),
    LayoutExample("without a line break at its end", "c: 1\nb: 2\na: 3", "a: 3\nb: 2\nc: 1\n"),
    LayoutExample("unknown keys", "b: 1\nx: 2\na: 3\n", "a: 3\nb: 1\nx: 2\n"),
    LayoutExample("in brackets", "{b: 1, a: 2}\n"),
    LayoutExample("text that keeps its breaks", "b: |+\n  x\n\na: 2\n"),
    LayoutExample("text", "b: |\n  x\na: >-\n  y\n  z\n", "a: >-\n  y\n  z\n\nb: |\n  x\n"),
  ])
  func `sections come in the order of their grammar, with the comments above them`(_ example: LayoutExample) throws {
    let text = try YAMLLayout.text(of: read(example.before), sections: ["a", "b", "c"])
    #expect(String(decoding: text, as: UTF8.self) == example.after)
    #expect(try YAMLLayout.text(of: read(bytes: text), sections: ["a", "b", "c"]) == text)
  }

  @Test(arguments: ["? |\n  a\n: b\n", "? >\n  a\n: b\n", "a: \"b\u{2028} c\"\n", "a: |\n  b\u{2028}  c\n"])
  func `a document that would say something else is not touched`(_ text: String) {
    #expect(throws: YAMLLayout.Problem.wouldChange) { try YAMLLayout.text(of: read(text)) }
  }

  @Test(.enabled(if: YAMLTestSuite.isPresent, "cases.json of yaml-test-suite is not at hand: set YAML_TEST_SUITE"))
  func `every case of the suite that a runbook may hold says the same afterwards`() throws {
    var notPossible: Set<String> = []
    var count = 0
    for item in try YAMLTestSuite.cases() {
      let document = read(item.yaml)
      do {
        try Self.check(document, item.id)
        if document.diagnostics.isEmpty { count += 1 }
      } catch YAMLLayout.Problem.wouldChange { notPossible.insert(item.id) }
    }
    // Blocks as keys.
    #expect(notPossible == ["5WE3", "DFF7"])
    #expect(count > 180)
  }

  @Test func `the documents of this repository, and those beside it, say the same afterwards`() throws {
    let repository = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    var count = 0
    for folder in ["Runbooks", "Tests/RunbooksTests", "Tests/RunbookLanguageTests", "CI", "../shared/examples"] {
      let path = repository.appending(path: folder).path(percentEncoded: false)
      let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
      for name in names where name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
        try Self.check(read(bytes: bytes), "\(folder)/\(name)")
        count += 1
      }
    }
    #expect(count > 40)
  }

  private static let documentCount: UInt64 =
    ProcessInfo.processInfo.environment["TOCSIN_LONG_TESTS"] == "1" ? 20_000 : 150

  @Test func `documents made at random say the same afterwards, with every comment beside its value`() throws {
    var made = 0
    for seed in 0..<Self.documentCount {
      var writer = UntidyDocument(seed: seed)
      let text = writer.text()
      let document = read(text)
      try #require(document.diagnostics.isEmpty, "seed \(seed): \(summaries(document))\n\(text)")
      try Self.check(document, "seed \(seed)")
      let laid = try #require(try Self.layout(document))
      let (expected, found) = (neighbours(of: document), neighbours(of: laid))
      let moved = expected.filter { found[$0.key] != $0.value }
      try #require(moved.isEmpty, "seed \(seed): \(moved), found \(moved.keys.map { found[$0] ?? "" })\n\(text)")
      made += document.comments.count
    }
    #expect(made > 500)
  }

  /// For each comment, by its text, the key or value it belongs to: the first on its line, or the next below it.
  private func neighbours(of document: YAMLDocument) -> [String: String] {
    let places = named(document.root)
    var neighbours: [String: String] = [:]
    for comment in document.comments {
      let line = document.source.position(at: comment.range.start).line
      let before = places.first { document.source.position(at: $0.range.end).line == line }
      let isBehind = before.map { $0.range.end <= comment.range.start } ?? false
      let next = places.first { $0.range.start > comment.range.start }
      neighbours[comment.text.replacing(/\s+$/, with: "")] = isBehind ? before?.name : next?.name ?? "the end"
    }
    return neighbours
  }

  /// Every scalar with its text, and a value with that of its key.
  private func named(_ node: YAMLNode?, _ name: String? = nil) -> [(range: SourceRange, name: String)] {
    switch node?.content {
    case .scalar(let scalar): [(scalar.range, name ?? scalar.text)]
    case .sequence(let items): items.flatMap { named($0) }
    case .mapping(let pairs): pairs.flatMap { named($0.key) + named($0.value, $0.key.scalar?.text) }
    case nil: []
    }
  }
}
