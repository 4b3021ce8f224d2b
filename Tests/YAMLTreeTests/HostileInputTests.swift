import Diagnostics
import Testing

@testable import YAMLTree

struct HostileInputTests {
  @Test func `text that is not UTF-8 is told with its place, and the rest is read`() {
    let document = read(bytes: Array("a: b\nc: d".utf8) + [0xFF] + Array("\ne: \u{1B}[31m\n".utf8))
    #expect(summaries(document) == ["not-utf8 2:5-2:6", "control-character 3:4-3:5"])
    #expect(document.root?["e"] != nil)
  }

  @Test(
    arguments: [
      [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xF0, 0x80, 0x80, 0x80],
    ] as [[UInt8]])
  func `overlong forms, surrogates and torn characters are not UTF-8`(bytes: [UInt8]) {
    let document = read(bytes: Array("a: ".utf8) + bytes)
    #expect(document.diagnostics.first?.code.slug == "not-utf8")
    #expect(document.diagnostics.first?.location?.range.start == 3)
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x61, 0x00], "UTF-16"), ([0x00, 0x61, 0x00, 0x3A], "UTF-16"), ([0x61, 0x00, 0x3A, 0x00], "UTF-16"),
      ([0xFF, 0xFE, 0x00, 0x00], "UTF-32"), ([0x00, 0x00, 0x00, 0x61], "UTF-32"),
    ] as [([UInt8], String)])
  func `other encodings are told by name`(bytes: [UInt8], name: String) {
    let document = read(bytes: bytes)
    #expect(document.root == nil)
    #expect(document.diagnostics.map(\.code.slug) == ["encoding"])
    #expect(document.diagnostics.first?.message.contains(name) == true)
  }

  @Test func `a binary file is one finding`() {
    var state: UInt32 = 7
    let noise = (0..<100_000).map { _ -> UInt8 in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    #expect(read(bytes: noise).diagnostics.map(\.code.slug) == ["binary"])
    #expect(read(bytes: Array(repeating: 0, count: 5_000)).diagnostics.map(\.code.slug) == ["binary"])
  }

  @Test func `a NUL in the middle is a control character and ends nothing`() {
    let document = read("a: b\u{0}c\nd: e\n")
    #expect(summaries(document) == ["control-character 1:5-1:6"])
    #expect(document.root?["d"]?.scalar?.text == "e")
  }

  @Test func `each limit is an error that states it`() {
    var limits = YAMLLimits(bytes: 10)
    #expect(summaries(read("a: 12345678", limits: limits)) == ["too-large 1:1-1:1"])
    limits = YAMLLimits(depth: 2)
    #expect(summaries(read("a: {b: 1}", limits: limits)).isEmpty)
    #expect(summaries(read("a: {b: [1]}", limits: limits)) == ["too-deep 1:8-1:9"])
    limits = YAMLLimits(nodes: 4)
    #expect(summaries(read("[1, 2, 3]", limits: limits)).isEmpty)
    #expect(summaries(read("a: 1\nb: 2\nc: 3\n", limits: limits)) == ["too-many-nodes 2:4-2:5"])
    #expect(summaries(read("#\n#\n#\n#\n#\n", limits: limits)) == ["too-many-nodes 5:1-5:2"])
    limits = YAMLLimits(scalarBytes: 4)
    #expect(summaries(read("a: 1234\nb: 12345\n", limits: limits)) == ["scalar-too-long 2:4-2:5"])
    limits = YAMLLimits(findings: 2)
    let findings = read("a: &a 1\nb: &b 1\nc: &c 1\nd: &d 1\n", limits: limits).diagnostics
    #expect(findings.map(\.code.slug) == ["anchor", "anchor", "more-findings"])
    #expect(findings.last?.message.hasPrefix("2 more") == true)
    limits = YAMLLimits(mends: 1)
    #expect(read("a: \"b\" c\nd: \"e\" f\ng: \"h\" i\n", limits: limits).diagnostics.count == 2)
  }

  /// Each took or could take libyaml or us quadratic time.
  @Test(arguments: [
    "[", "{", "- ", "? ", "a: ", "&a ", "*a ", "!a ", "\"", "'", ",", "|\n", "a:\n", "{[", "[{a: ", "- [\n",
    "k: \"a\" in b\n",
    "# \n", "\n", " ", "\t", "---\n", "a: (#\n", "a: ( #\n", " #", "(b,", "%TAG !a! x\n", "\"a\" \"b\"\n", "é", "\r",
    "x # (", "b: ",
  ])
  func `much of anything ends soon`(piece: String) {
    for start in ["", "[", "{a: ", "a: ", "\"", "a: (", "a:\n  "] {
      let text = start + String(repeating: piece, count: (1 << 17) / piece.utf8.count)
      let elapsed = ContinuousClock().measure {
        let document = read(text)
        #expect(document.isComplete || !document.diagnostics.isEmpty)
      }
      // A debug build on a busy machine; each takes some hundredths of a second.
      #expect(elapsed < .seconds(3), "\(start.debugDescription)")
    }
  }

  /// Torn at every byte: no crash, and never a place outside of the text.
  @Test func `every beginning of a document is read or told`() {
    let text =
      "# ü\na: {b: [1, \"x\\n\"], c: 'd'}\ne:\n  - |2-\n      f\n  - >\n    g\n\n    h\n? i\n: !(j)\nk: &l *m\n"
    for length in 0...text.utf8.count {
      let bytes = Array(text.utf8.prefix(length))
      let document = read(bytes: bytes)
      if let root = document.root { #expect(isNested(root, in: SourceRange(0, length))) }
      for place in document.diagnostics.compactMap(\.location) {
        #expect(place.range.start >= 0 && place.range.end <= length)
      }
    }
  }

  @Test func `a collection that was only opened lies within the one around it`() throws {
    let root = try #require(read("a: {b: [1, , {\n").root)
    #expect(isNested(root, in: SourceRange(0, 15)))
  }

  private func isNested(_ node: YAMLNode, in outer: SourceRange) -> Bool {
    guard outer.start <= node.range.start, node.range.end <= outer.end else { return false }
    let children = node.items ?? node.pairs?.flatMap { [$0.key, $0.value] } ?? []
    return children.allSatisfy { isNested($0, in: node.range) }
  }
}
