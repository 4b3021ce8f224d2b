import Diagnostics

/// Text that is no YAML: TOC0040 to TOC0050.
extension Rule {
  package static let needsQuotes = Rule(
    "TOC0040", "needs-quotes", .error, "A value cannot stand without quotes.",
    why: "YAML ends it in the middle, at a `: ` or behind a quotation, and the rest of the file would be lost.",
    fix: "Put the whole value in quotes.",
    bad: .sections(
      """
      questions:
        many:
          ask: Is it ours: yes or no?
          answer: hits.size() > 100
          then: {yes: suspicious, no: benign}
      """), mend: ("Is it ours: yes or no?", "\"Is it ours: yes or no?\""))

  package static let unclosedQuote = Rule(
    "TOC0041", "unclosed-quote", .error, "A quotation is not closed on its line.",
    why: "YAML takes everything up to the next quotation mark for one text.",
    fix: "Close it with the mark that it began with.",
    bad: .sections("title: \"Who asked?"), mend: ("Who asked?", "Who asked?\""))

  package static let unclosedBracket = Rule(
    "TOC0042", "unclosed-bracket", .error, "A bracket is not closed.",
    why: "What follows would belong to what stands in the bracket.",
    fix: "Close it, or put the comma between its elements.",
    bad: .sections("limits: {time: 1h"), mend: ("1h", "1h}"))

  package static let tabIndentation = Rule(
    "TOC0043", "tab-indentation", .error, "A tab indents a line.",
    why: "YAML counts spaces; how far a tab reaches is a matter of the editor.",
    fix: "Indent with spaces.", bad: .sections("limits:\n\ttime: 1h"), mend: ("\t", "  "))

  package static let indentation = Rule(
    "TOC0044", "indentation", .error, "A line begins in a column where nothing can continue.",
    why: "It belongs neither to the block above nor to the one around it.",
    fix: "Align the line with the keys that it belongs to.",
    bad: .sections(
      """
      limits:
          time: 1h
        queries: 20
      """), mend: ("\n  queries", "\n    queries"))

  package static let missingSpace = Rule(
    "TOC0045", "missing-space", .error, "A space is missing behind the colon of a key.",
    why: "Without it YAML reads key and value as one text.",
    fix: "Write a space behind the colon.",
    bad: .sections(
      """
      limits:
        time:1h
        queries: 20
      """), mend: ("time:1h", "time: 1h"))

  package static let missingColon = Rule(
    "TOC0046", "missing-colon", .error, "A line is neither `key: value` nor part of the value above.",
    why: "Nothing says what it belongs to.",
    fix: "Write the colon, or indent the line as far as the value that it continues.",
    bad: .sections(
      """
      limits:
        time: 1h
        queries
      """), mend: ("queries", "queries: 20"))

  package static let valueAlreadyGiven = Rule(
    "TOC0047", "value-already-given", .error, "Keys are indented below a line that has a value already.",
    why: "A key has either a value on its line or keys below it.",
    fix: "Align the line with the keys above; begin a text of several lines with `>`, `|` or a quotation mark.",
    bad: .sections(
      """
      limits:
        time: 1h
          queries: 20
      """), mend: ("    queries", "  queries"))

  package static let apostrophe = Rule(
    "TOC0048", "apostrophe", .error, "An apostrophe ends a text in single quotes.",
    why: "Inside single quotes an apostrophe is written twice.",
    fix: "Write it twice, or use double quotes.",
    bad: .sections("title: 'Who isn't known?'"), mend: ("isn't", "isn''t"))

  package static let syntax = Rule(
    "TOC0049", "syntax", .error, "The text is no YAML.",
    why: "What stands behind this place is not read.",
    fix: "Look at the marked place, and at the line above it.",
    bad: .sections("limits: {"), mend: ("{", "{}"))

  package static let mixedBlock = Rule(
    "TOC0050", "mixed-block", .error, "A list and keys stand in one block.",
    why: "A block is either a list of `- items` or a mapping of `key: value`.",
    fix: "Indent the line if it belongs to the one above, or make it a line of the same kind.",
    bad: .sections(
      """
      see:
        - https://example.org/a
        more: https://example.org/b
      """), mend: ("more: ", "- "))
}
