import Diagnostics

/// Parts of YAML that are not used, and YAML that is not meant: TOC0020 to TOC0034.
extension Rule {
  package static let duplicateKey = Rule(
    "TOC0020", "duplicate-key", .error, "A key stands twice in one mapping.",
    why: "YAML readers keep one of the two in silence, some the first, some the last.",
    fix: "Keep one, or give the second another name.",
    bad: .sections(
      """
      limits:
        time: 1h
        time: 2h
      """), mend: ("time: 2h", "queries: 20"))

  package static let anchor = Rule(
    "TOC0021", "anchor", .error, "A value begins with `&`, which is an anchor in YAML.",
    why: "Anchors let one place of a file change another; a runbook says what it means where it is read.",
    fix: "Remove the anchor. If the `&` belongs to the text, put the whole value in quotes.",
    bad: .sections("title: &name Who asked?"), mend: ("&name Who asked?", "Who asked?"))

  package static let alias = Rule(
    "TOC0022", "alias", .error, "A value begins with `*`, which is an alias in YAML.",
    why: "Aliases repeat what stands elsewhere, and can make a small file huge.",
    fix: "Write the value out. If the `*` belongs to the text, put the whole value in quotes.",
    bad: .sections(
      """
      lists:
        names: [*shops]
      """), mend: ("*shops", "shop"))

  package static let mergeKey = Rule(
    "TOC0023", "merge-key", .error, "The key `<<` merges mappings in some YAML tools.",
    why: "Half of the tools merge and half have a key named `<<`.",
    fix: "Write the merged keys out, or `import` a file with shared sections.",
    bad: .sections(
      """
      limits:
        <<: {time: 1h}
      """), mend: ("<<: {time: 1h}", "time: 1h"))

  package static let tag = Rule(
    "TOC0024", "tag", .error, "A value begins with `!`, which is a tag in YAML.",
    why: "Tags say what type a value has; here the language says so, and a tag would be dropped in silence.",
    fix: "Remove the tag. If the `!` belongs to an expression, put the whole expression in quotes.",
    bad: .sections("title: !!str Who asked?"), mend: ("!!str Who", "Who"))

  package static let complexKey = Rule(
    "TOC0025", "complex-key", .error, "A list or a mapping stands where a key belongs.",
    why: "Keys are names. A bracket at the beginning of a line is mostly one too many.",
    fix: "Give the key a name, or put it in quotes.",
    bad: .sections(
      """
      thresholds:
        [limit]: 10
      """), mend: ("[limit]", "limit"))

  package static let negationReadAsTag = Rule(
    "TOC0030", "negation-read-as-tag", .error, "An expression that begins with `!` is read as a YAML tag.",
    why: "YAML drops `!(a` in silence: without this finding the answer would be the opposite of what is written.",
    fix: "Put the whole expression in quotes.",
    bad: .sections(
      """
      questions:
        many:
          ask: Is ${site} none of ours?
          answer: !(site in ["shop", "mail"])
          then: {yes: suspicious, no: benign}
      """), mend: ("!(site in [\"shop\", \"mail\"])", "'!(site in [\"shop\", \"mail\"])'"))

  package static let cutAtComment = Rule(
    "TOC0031", "cut-at-comment", .error, "A value is cut at ` #`, where YAML begins a comment.",
    why:
      "The rest is dropped in silence; in the text of a query nobody would notice. It is an error where a quotation or a "
      + "bracket is open, and a warning where a word stands right behind the `#`, as in `Tell #soc-oncall at once.`: the "
      + "reader would see `Tell`.",
    fix: "Put the whole value in quotes. If it is a comment, write a space behind the `#`.",
    bad: .sections(
      """
      questions:
        many:
          ask: Did anybody ask for a fragment?
          answer: hits.exists(h, h.path.contains(" #"))
          then: {yes: suspicious, no: benign}
      """),
    mend: ("hits.exists(h, h.path.contains(\" #\"))", "'hits.exists(h, h.path.contains(\" #\"))'"))

  package static let cutAtComma = Rule(
    "TOC0032", "cut-at-comma", .error, "Inside brackets a value is cut at a comma.",
    why: "What follows the comma becomes a key without a value, in silence.",
    fix: "Put the whole value in quotes, or write the mapping on lines of its own.",
    bad: .sections(
      """
      verdicts:
        tried: {severity: medium, means: Tried, not opened.}
      """), mend: ("Tried, not opened.", "\"Tried, not opened.\""))

  package static let keyWithoutValue = Rule(
    "TOC0033", "key-without-value", .error, "Inside braces stands a key without a value.",
    why: "It is mostly the rest of a text with a comma in it, and would be dropped in silence.",
    fix: "Write the value, or put the text that it belongs to in quotes.",
    bad: .sections("limits: {queries, time: 1h}"), mend: ("queries", "queries: 20"))

  package static let ambiguousScalar = Rule(
    "TOC0034", "ambiguous-scalar", .warning, "A text without quotes is something else to other YAML tools.",
    why:
      "Here it is a string. Editors and scripts that read the same file take it for a truth value, a number or a time.",
    fix: "Put it in quotes.",
    bad: .sections(
      """
      lists:
        countries: [ch, no, se]
      """), mend: ("no,", "\"no\","))
}
