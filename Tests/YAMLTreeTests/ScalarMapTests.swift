import Diagnostics
import Testing

@testable import YAMLTree

struct ScalarMapTests {
  /// Random numbers that are the same in every run (xorshift64).
  private struct Sequence64: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  private static let pieces: [YAMLScalar.Style: [String]] = [
    .plain: [
      "a", "bc", "é", "🦤", " ", "  ", "\n  ", "\n\n  ", " \n\t ", "\t", "'", "\"", "\\n", "\r\n  ", "${x}", "#", ":x",
    ],
    .singleQuoted: ["a", "é", "🦤", " ", "''", "\"", "\n", "\n\n ", " \n\t", "\t", "\\n", "\r\n\r\n", ": ", " # "],
    .doubleQuoted: [
      "a", "é", "🦤", " ", "\\n", "\\\"", "\\\\", "\\x41", "\\u00e9", "\\U0001F9A4", "\\\n  ", "\\\n\n ", "\n ", "\n\n",
      " \n",
      "\t", "\\t", "\\\t", "\\ ", "\\N", "\\_", "\\L", "\\e", "\\0", "\\/", "'", "\r\n ", "\\\r\n", ": ", " # ",
    ],
    .literal: ["a", "é", "🦤", " ", "\t", "\n", "\n\n", "\n  ", "\r\n", "# x", ": ", "\\n", "'", "   "],
    .folded: ["a", "é", "🦤", " ", "\t", "\n", "\n\n", "\n  ", "\r\n", "# x", ": ", "\\n", "'", "   ", "\n\n\n  b"],
  ]

  /// A document `k: <scalar>` with a scalar of the style; some are not YAML.
  private func document(_ style: YAMLScalar.Style, _ random: inout Sequence64) -> String {
    let pieces = Self.pieces[style] ?? []
    let body = (0..<Int.random(in: 0...12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
      .joined()
    switch style {
    case .plain: return "k: x\(body)\nl: m\n"
    case .singleQuoted: return "k: '\(body)'\nl: m\n"
    case .doubleQuoted: return "k: \"\(body)\" # c\nl: m\n"
    case .literal, .folded:
      let width = Int.random(in: 1...4, using: &random)
      let chomping = ["", "-", "+"].randomElement(using: &random) ?? ""
      let digit = Bool.random(using: &random) ? String(width) : ""
      let comment = Bool.random(using: &random) ? " # c" : ""
      let margin = String(repeating: " ", count: width)
      let lines = body.split(separator: #/\n/#, omittingEmptySubsequences: false)
        .map { $0.allSatisfy { $0 == "\r" || $0 == "\r\n" } ? String($0) : margin + $0 }
      let end = Bool.random(using: &random) ? "\nl: m\n" : ""
      return "k: \(style == .literal ? "|" : ">")\(digit)\(chomping)\(comment)\n\(lines.joined(separator: "\n"))\(end)"
    }
  }

  @Test(arguments: [YAMLScalar.Style.plain, .singleQuoted, .doubleQuoted, .literal, .folded])
  func `every byte of a decoded scalar leads back to what was written`(style: YAMLScalar.Style) {
    var random = Sequence64(state: 0x9E37_79B9_7F4A_7C15)
    var checked = 0
    for _ in 0..<4_000 {
      let document = read(self.document(style, &random))
      guard document.isComplete, document.diagnostics.isEmpty, let scalar = document.root?["k"]?.scalar else {
        continue
      }
      #expect(scalar.style == style)
      check(scalar, in: document.source)
      checked += 1
    }
    #expect(checked > 1_500)
  }

  private func check(_ scalar: YAMLScalar, in source: SourceText) {
    let map = scalar.scalarMap(in: source)
    let whole = String(decoding: source.bytes, as: UTF8.self).debugDescription
    #expect(map.isExact, "\(whole)")
    var offset = 0
    var last = scalar.range.start
    for character in scalar.text.unicodeScalars {
      let length = UTF8.width(character)
      let range = map.sourceRange(of: offset..<(offset + length))
      let written = source.text(in: range)
      #expect(range.start >= last && range.end > range.start, "\(whole)")
      #expect(makes(written, character, scalar.style), "\(whole): \(written.debugDescription) for \(character)")
      last = range.end
      offset += length
    }
  }

  /// Whether a piece of source can stand for a character in that style.
  private func makes(_ written: String, _ character: Unicode.Scalar, _ style: YAMLScalar.Style) -> Bool {
    if written.utf8.elementsEqual(String(character).utf8) { return true }
    let isWhiteSpace = written.unicodeScalars.allSatisfy { " \t\r\n\u{85}".unicodeScalars.contains($0) }
    switch character {
    case "\n" where isWhiteSpace: return true
    case " " where isWhiteSpace && style != .literal: return written.utf8.contains(0x0A) || written.utf8.contains(0x0D)
    case "'" where style == .singleQuoted: return written == "''"
    default: return style == .doubleQuoted && written.hasPrefix("\\")
    }
  }

  @Test func `an error inside a block leads to its line and column`() {
    let document = read("q:\n  sql: |\n    SELECT a\n      FROM ${site}\n  x: 1\n")
    let scalar = document.root?["q"]?["sql"]?.scalar
    #expect(scalar?.text == "SELECT a\n  FROM ${site}\n")
    let place = scalar.map { SourceLocation(document.source, $0.sourceRange(of: 16..<23, in: document.source)) }
    #expect(place?.start == SourcePosition(line: 4, column: 12))
    #expect(place.map { document.source.text(in: $0.range) } == "${site}")
  }

  @Test func `an escape is never divided`() {
    let document = read("a: \"x\\u00e9y\"\n")
    let scalar = document.root?["a"]?.scalar
    #expect(scalar?.sourceRange(of: 1..<2, in: document.source) == SourceRange(5, 11))
    #expect(scalar?.sourceRange(of: 2..<3, in: document.source) == SourceRange(5, 11))
    #expect(scalar?.sourceRange(of: 3..<4, in: document.source) == SourceRange(11, 12))
  }

  @Test func `parts outside of the text are cut off, and empty ones have a place`() {
    let document = read("a: 'xyz'\n")
    let scalar = document.root?["a"]?.scalar
    #expect(scalar?.sourceRange(of: -5..<100, in: document.source) == SourceRange(4, 7))
    #expect(scalar?.sourceRange(of: 1..<1, in: document.source) == SourceRange(5, 5))
    #expect(scalar?.sourceRange(of: 3..<3, in: document.source) == SourceRange(7, 7))
    let empty = read("a: ''\n")
    #expect(empty.root?["a"]?.scalar?.sourceRange(of: 0..<0, in: empty.source) == SourceRange(4, 4))
    let unwritten = read("a:\n")
    #expect(unwritten.root?["a"]?.scalar?.sourceRange(of: 0..<9, in: unwritten.source) == SourceRange(2, 2))
  }

  @Test func `the line break that ends a block leads to that line break`() {
    let document = read("a: |\n  x\n\n\nb: c\n")
    #expect(document.root?["a"]?.scalar?.text == "x\n")
    #expect(document.root?["a"]?.scalar?.sourceRange(of: 1..<2, in: document.source) == SourceRange(8, 9))
  }

  @Test func `a mended value leads to itself`() {
    let document = read("a: !(é in b)\n")
    let scalar = document.root?["a"]?.scalar
    #expect(scalar?.isMended == true)
    #expect(scalar?.sourceRange(of: 2..<4, in: document.source) == SourceRange(5, 7))
  }
}
