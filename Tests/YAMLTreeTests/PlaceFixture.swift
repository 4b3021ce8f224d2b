import Testing

/// A document in which one value is marked with `⟦` and `⟧`; that node must have exactly this range.
struct PlaceFixture: Sendable, CustomTestStringConvertible {
  enum Kind: Sendable, CaseIterable {
    case plain, plainOfSeveralLines, singleQuoted, doubleQuoted, literal, folded, notWritten
    case plainKey, quotedKey, explicitKey, keyInBrackets, pairInBrackets
    case sequenceInBrackets, mappingInBrackets, emptyBrackets, nestedBrackets
    case blockSequence, unindentedSequence, blockMapping, mappingInSequence, sequenceInSequence, mappingInMapping
    case wholeDocument, behindProperties
    case tabs, carriageReturns, byteOrderMark, astral
  }

  let kind: Kind
  let marked: String

  /// Whether the fixture is one of tabs, line breaks, marks or wide characters itself.
  var isOfItsCircumstance: Bool { [.tabs, .carriageReturns, .byteOrderMark, .astral].contains(kind) }

  var testDescription: String { "\(kind) \(marked.debugDescription)" }

  static let all: [PlaceFixture] = table.flatMap { kind, texts in
    texts.map { PlaceFixture(kind: kind, marked: $0) }
  }

  private static let table: [(Kind, [String])] = [
    (
      .plain,
      ["a: ⟦plain⟧\nb: 1\n", "a: ⟦plain⟧ # comment\n", "a: ⟦plain⟧", "⟦plain⟧\n", "- ⟦plain⟧\n- b\n", "a: ⟦b#c⟧ # d\n"]
    ),
    (
      .plainOfSeveralLines,
      [
        "a: ⟦two\n  lines⟧\n\n# comment\nb: 1\n", "- ⟦two\n\n  lines⟧\n- b\n", "a: [⟦two\n  lines⟧, c]\n",
        "⟦two\nlines⟧\n",
      ]
    ),
    (
      .singleQuoted,
      ["a: ⟦'it''s'⟧   \n", "a: ⟦''⟧\n", "a: ⟦'two\n\n  lines'⟧ # c\nb: 1\n", "[⟦'a'⟧ , b]\n", "⟦'# no'⟧\n"]
    ),
    (
      .doubleQuoted,
      [
        "a: ⟦\"q \\\" x\"⟧ # c\n", "a: ⟦\"two\n\n  lines\"⟧\nb: 1\n", "a: ⟦\"\"⟧\n", "a: ⟦\"x \\\n  y\"⟧\nb: 1\n",
        "a: ⟦\"\\U0001F9A4 \\x41\"⟧\nb: 1\n", "- ⟦\"a: b\"⟧\n",
      ]
    ),
    (
      .literal,
      [
        "a: ⟦|\n  one\n  two⟧\n\n\n# comment\nb: 1\n", "a: ⟦|-\n  one⟧", "a: ⟦|⟧\nb: 1\n",
        "a: ⟦| # nothing in it⟧\n\n\nb: 1\n",
        "- ⟦|2-\n    x⟧\n- b\n", "a: ⟦|\n  x\n  # text⟧\n# comment\n", "a: ⟦|+\n  x⟧\n\nb: 1\n", "⟦|\n  x⟧\n",
        "a: ⟦|\n\n\n  x\n   y⟧\nb: 1\n",
      ]
    ),
    (
      .folded,
      [
        "a: ⟦>+ # folded\n  one\n\n  two⟧\n\n\nb: 1\n", "a: ⟦>\n  one\n    more\n  two⟧\nb: 1\n", "- ⟦>-\n  x⟧\n- b\n",
        "a: ⟦>1\n x⟧\n",
      ]
    ),
    (
      .notWritten,
      [
        "a:⟦⟧\nb: c\n", "a:⟦⟧ # comment\nb: c\n", "a:⟦⟧\n\n# comment\n", "-⟦⟧\n- b\n", "{a:⟦⟧ , b: c}\n", "a:⟦⟧\n",
        "- a:⟦⟧\n- b\n", "? a\n:⟦⟧\n",
      ]
    ),
    (
      .plainKey, ["⟦a⟧: plain\n", "b: 1\n⟦a⟧: plain\n", "a:\n  ⟦b⟧: c\n", "- ⟦a⟧: b\n", "⟦a b⟧ : c\n", "⟦a⟧:\n  - b\n"]
    ),
    (.quotedKey, ["⟦'a'⟧: b\n", "⟦\"a b\"⟧: c\n", "x:\n  ⟦'it''s'⟧: b\n", "{⟦\"a\"⟧: b}\n", "{⟦\"a\"⟧:b}\n"]),
    (
      .explicitKey,
      ["? ⟦a⟧\n: b\n", "? a\n: ⟦b⟧\n", "⟦? a\n: b⟧\n\n", "? ⟦|\n  a⟧\n: b\n", "{? ⟦a⟧ : b}\n", "? ⟦'a'⟧ # c\n: b\n"]
    ),
    (.keyInBrackets, ["{⟦a⟧: b}\n", "{a: b, ⟦c⟧: d}\n", "{a: b,\n ⟦c⟧ : d}\n", "[{⟦a⟧: b}]\n"]),
    (.pairInBrackets, ["a: [⟦b: c⟧, d]\n", "a: [b:⟦⟧ ]\n", "a: [⟦b: c⟧]\n", "[⟦\"b\": c⟧, d]\n", "[⟦b: [c]⟧ , d]\n"]),
    (
      .sequenceInBrackets,
      [
        "a: ⟦[1, 2]⟧ # c\n", "a: ⟦[1,\n  2,\n]⟧\nb: 1\n", "⟦[1, 2]⟧\n", "- ⟦[1 , 2 ]⟧\n- b\n",
        "a: ⟦[1, # c\n  2]⟧\nb: 1\n",
      ]
    ),
    (
      .mappingInBrackets,
      ["a: ⟦{b: c}⟧\n\n", "a: [⟦{b: c}⟧, d]\n", "⟦{a: b}⟧\n", "a: ⟦{b: c,\n  d: e}⟧ # f\ng: h\n", "- ⟦{b: 'c'}⟧\n"]
    ),
    (.emptyBrackets, ["a: ⟦{}⟧\n", "a: ⟦[]⟧", "a: ⟦[ ]⟧ # c\n", "- ⟦{\n  }⟧\n- b\n", "⟦[]⟧\n", "a: [⟦[]⟧, {}]\n"]),
    (
      .nestedBrackets,
      ["a: [⟦[b]⟧, c]\n", "a: {b: ⟦[c, {d: e}]⟧}\n", "a: [[⟦{b: {c: d}}⟧]]\n", "{a: {b: ⟦{c: d}⟧ }}\n"]
    ),
    (
      .blockSequence,
      [
        "a:\n  ⟦- b\n  - c⟧\n\nd: e\n", "⟦- a\n- b⟧\n\n# c\n", "a:\n  ⟦- b # c\n  - d⟧ # e\nf: g\n",
        "a:\n  ⟦- - b⟧\nc: d\n",
      ]
    ),
    (.unindentedSequence, ["a:\n⟦- b\n- c⟧\nd: e\n", "a:\n⟦- b⟧\n# c\n", "x:\n  a:\n  ⟦- b\n  - c⟧\n  d: e\n"]),
    (
      .blockMapping,
      [
        "a:\n  ⟦b: c\n  d: e⟧\n\n# comment\nf: g\n", "⟦a: b\nc: d⟧\n\n# end\n", "⟦a: b⟧",
        "a:\n  ⟦b:\n    c: d⟧\n\ne: f\n",
      ]
    ),
    (
      .mappingInSequence,
      ["- ⟦a: b\n  c: d⟧\n- e\n", "-\n  ⟦a: b⟧\n- c\n", "a:\n- ⟦b: c\n  d: e⟧\n- f\n", "- ⟦a: b⟧ # c\n"]
    ),
    (.sequenceInSequence, ["- ⟦- a\n  - b⟧\n- c\n", "-\n  ⟦- a⟧\n- b\n", "- - ⟦- a⟧\n- b\n"]),
    (
      .mappingInMapping,
      ["a:\n  ⟦b:\n    - |\n      x⟧\n\n\nc: d\n", "a:\n  b:\n    ⟦c: d⟧\n  e: f\n", "a: # c\n  ⟦b: c⟧\nd: e\n"]
    ),
    (
      .wholeDocument,
      [
        "---\na: ⟦b⟧\n...\n", "--- ⟦a⟧\n", "--- ⟦|\n  a⟧\n", "--- # c\n⟦a: b⟧\n", "# c\n\n⟦a: b⟧\n...\n",
        "--- ⟦{a: b}⟧\n",
      ]
    ),
    (
      .behindProperties,
      [
        "a: &x ⟦b⟧\n", "a: !!str ⟦b⟧\n", "a: &x\n  ⟦b: c⟧\nd: e\n", "a: !!map ⟦{b: c}⟧\n", "- &x ⟦'b'⟧\n",
        "a: &x !y ⟦[b]⟧\n",
      ]
    ),
    (
      .tabs,
      [
        "a: ⟦b⟧\t# c\n", "a:\t⟦b⟧\n", "a: ⟦[b,\tc]⟧\n", "a: ⟦'b\tc'⟧\t\n", "a: ⟦|\n  b\tc\n  \td⟧\ne: f\n",
        "a: ⟦b\tc⟧\n",
        "{a:\t⟦b⟧\t}\n", "a: ⟦\"b\n\t c\"⟧\n",
      ]
    ),
    (
      .carriageReturns,
      [
        "a: b\r\nc: ⟦d\r\n  e⟧\r\nf: g\r\n", "a: ⟦|\r\n  b\r\n  c⟧\r\n\r\nd: e\r\n", "a: ⟦'b\r\n\r\n  c'⟧\r\nd: e\r\n",
        "a: b\r⟦c⟧: d\r", "a: b\r\nc: d\n⟦e⟧: f\r",
      ]
    ),
    (
      .byteOrderMark,
      [
        "\u{FEFF}a: ⟦b⟧\n", "\u{FEFF}# c\n⟦é⟧: b\n", "\u{FEFF}⟦{a: b}⟧\r\n", "\u{FEFF}---\n⟦- a⟧\n",
        "\u{FEFF}⟦\"🦤\"⟧: b\n",
      ]
    ),
    (
      .astral,
      [
        "é: ⟦ñandú 🦤⟧ # ü\n", "a: 🦤\nb: ⟦[ü, \"é\"]⟧\n", "a: ⟦\"x\u{2028}y\"⟧\n", "⟦🦤⟧: b\n", "🦤: ⟦'🦤'⟧ # 🦤\n",
        "🦤: ⟦|\n  🦤\n  𝄞⟧\na: b\n", "🦤: ⟦>\n  🦤\n  𝄞⟧\na: b\n", "{🦤: ⟦{𝄞: 🦤}⟧ , a: b}\n",
        "- 🦤\n- ⟦𝄞: 🦤\n  a: b⟧\n- 🦤\n",
        "🦤:\n  ⟦- 𝄞⟧\na: b\n", "[🦤, ⟦𝄞: 🦤⟧, a]\n",
      ]
    ),
  ]
}
