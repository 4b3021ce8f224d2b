import Diagnostics

/// Bytes and limits of a document: TOC0001 to TOC0017.
extension Rule {
  package static let encoding = Rule(
    "TOC0001", "encoding", .error, "The file is text in another encoding than UTF-8.",
    why: "Places and digests are counted in the bytes of UTF-8; nothing can be read from other encodings.",
    fix: "Save the file as UTF-8, without changing its text.",
    bad: .described("A runbook saved as UTF-16."), good: .described("The same runbook saved as UTF-8."))

  package static let notUTF8 = Rule(
    "TOC0002", "not-utf8", .error, "A byte belongs to no character of UTF-8.",
    why: "Somebody saved a part of the text in another encoding; what the author meant is lost.",
    fix: "Write the character again and save the file as UTF-8.",
    bad: .described("A title with the single byte 0xE9 for `é`."),
    good: .described("The same title with `é` in its two bytes."))

  package static let controlCharacter = Rule(
    "TOC0003", "control-character", .error, "A control character stands in the text.",
    why: "It cannot be seen, and it can act on the terminal of whoever reads the runbook or its report.",
    fix: "Remove it; where it is meant, write it as an escape in double quotes, such as `\"\\x1B\"`.",
    bad: .described("A title that holds the escape character, U+001B."), good: .described("The title without it."))

  package static let binary = Rule(
    "TOC0004", "binary", .error, "The file is no text.",
    why: "It was probably named by mistake; telling each of its bytes helps nobody.",
    fix: "Name the runbook.", bad: .described("An image that is named `x.runbook.yaml`."),
    good: .described("A runbook."))

  package static let tooLarge = Rule(
    "TOC0010", "too-large", .error, "The file is larger than any that is read.",
    why: "A limit keeps hostile or mistaken files from taking the machine's memory.",
    fix: "Move data to list files, which may be larger, and shared sections to files that are imported.",
    bad: .described("A runbook of more than 1 MiB."), good: .described("A runbook of a few kilobytes."))

  package static let tooDeep = Rule(
    "TOC0011", "too-deep", .error, "More collections stand inside each other than are read.",
    why: "No part of the language is deep; a file that is was not written by a person.",
    fix: "Look for brackets that are not closed.",
    bad: .described("Sixty-five lists, each inside the one before."), good: .described("Lists side by side."))

  package static let tooManyNodes = Rule(
    "TOC0012", "too-many-nodes", .error, "The document has more values and comments than are read.",
    why: "A limit keeps hostile or mistaken files from taking the machine's memory.",
    fix: "Move data to list files and shared sections to files that are imported.",
    bad: .described("A list of 60,000 values in a runbook."), good: .described("The list in a file of its own."))

  package static let scalarTooLong = Rule(
    "TOC0013", "scalar-too-long", .error, "One text is longer than any that is read.",
    why: "A limit keeps hostile or mistaken files from taking the machine's memory.",
    fix: "Move data to a list file.",
    bad: .described("A query text of 300 kB."), good: .described("A query that takes its values from a list."))

  package static let moreYAMLFindings = Rule(
    "TOC0014", "more-findings", .error, "The document has more mistakes in its YAML than are told.",
    why: "Nobody reads the others before the first are mended.",
    fix: "Mend those that are told, and check again.",
    bad: .described("A runbook in which 150 keys stand twice."), good: .described("A runbook with fewer mistakes."))

  package static let emptyDocument = Rule(
    "TOC0015", "empty-document", .error, "The file has nothing but white space and comments.",
    why: "An empty file is no runbook, and would be a check that passes because there is nothing to look at.",
    fix: "Write the runbook; `tocsin new NAME` writes a first one.",
    bad: .described("A file with one comment."), good: .described("A runbook."))

  package static let severalDocuments = Rule(
    "TOC0016", "several-documents", .error, "A second YAML document begins in the file.",
    why: "Only the first would be looked at, and nobody would notice.",
    fix: "Write each runbook to a file of its own, and remove the `---` between them.",
    bad: .sections(
      """
      limits: {time: 1h}
      ---
      title: Another document
      """), mend: ("---\n", ""))

  package static let directive = Rule(
    "TOC0017", "directive", .error, "The file begins with a YAML directive.",
    why: "Directives change how YAML is read; runbooks are always read in the same way.",
    fix: "Remove the line that begins with `%`.",
    bad: .described("A runbook whose first line is `%TAG ! tag:example.org,2026:`."),
    good: .described("The runbook without it."))
}
