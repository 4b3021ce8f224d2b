import Diagnostics

/// The shape of a document: TOC01xx.
extension Rule {
  package static let wrongKind = Rule(
    "TOC0101", "wrong-kind", .error, "A value is of another kind than belongs there.",
    why: "A list where a text belongs, or a text where a number belongs, cannot be read as what was meant.",
    fix: "Write what the message names.", bad: .sections("limits: {queries: many}"), mend: ("many", "20"))

  package static let missingValue = Rule(
    "TOC0102", "missing-value", .error, "A key has no value.",
    why: "An empty value is mostly forgotten; what was meant cannot be guessed.",
    fix: "Write the value, or remove the key.",
    bad: .sections(
      """
      title:
      """), mend: ("title:", "title: Who asked?"))

  package static let unknownKey = Rule(
    "TOC0103", "unknown-key", .error, "A mapping has a key that the language does not know.",
    why: "A misspelt key would be dropped, and the runbook would not do what it says.",
    fix: "Write one of the keys that the message names.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answr: hits.size() > 100
          then: {yes: suspicious, no: benign}
      """), mend: ("answr", "answer"))

  package static let missingKey = Rule(
    "TOC0104", "missing-key", .error, "A mapping lacks a key that it needs.",
    why: "Without it nothing says what the rest is for.",
    fix: "Write the key.",
    bad: .sections(
      """
      questions:
        many:
          answer: hits.size() > 100
          then: {yes: suspicious, no: benign}
      """), mend: ("answer:", "ask: Were there many requests?\n    answer:"))

  package static let badID = Rule(
    "TOC0105", "bad-id", .error, "A name has letters that an id cannot have.",
    why: "Ids stand in expressions, trails, file names and reports, and must be the same word in all of them.",
    fix: "Use lower-case letters and digits, joined by `_`; ids of runbooks, contacts and escalations by `-` as well.",
    bad: .sections(
      """
      thresholds:
        Limit: 10
      """), mend: ("Limit", "limit"))

  package static let notOneOf = Rule(
    "TOC0106", "not-one-of", .error, "A value is none of those that there are.",
    why: "What was meant cannot be guessed.", fix: "Write one of the values that the message names.",
    bad: .sections("status: stabel"), mend: ("stabel", "draft"))

  package static let outOfRange = Rule(
    "TOC0107", "out-of-range", .error, "A number is too small or too large.",
    why: "Limits keep a run from costing more than anybody wants to pay.",
    fix: "Write a number in the range that the message names.",
    bad: .sections("limits: {people: 1000}"), mend: ("1000", "10"))

  package static let badDuration = Rule(
    "TOC0108", "bad-duration", .error, "A text is no duration.",
    why: "A bare number has no unit, and units that are guessed are wrong one day.",
    fix: "Write a number and `s`, `m`, `h` or `d`, such as `90s`.",
    bad: .sections("limits: {time: 90}"), mend: ("90", "90s"))

  package static let unknownType = Rule(
    "TOC0109", "unknown-type", .error, "A type is none that values have.",
    why: "Expressions about the column could not be checked.",
    fix: "Write one of the types that the message names, or one in brackets for a list.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: address, path: string}
      """), mend: ("address", "ip"))

  package static let badDate = Rule(
    "TOC0110", "bad-date", .error, "A text is no date.",
    why: "Dates are compared with the calendar; a month and a day in another order would be another date.",
    fix: "Write year, month and day, such as `2027-01-31`.",
    bad: .sections("review_by: next spring"), mend: ("next spring", "2027-03-31"))

  package static let uselessKey = Rule(
    "TOC0111", "useless-key", .warning, "A key has no effect where it stands.",
    why: "Its author expects something that does not happen.",
    fix: "Remove it, or write what it needs to have an effect.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          at_least: 2
          then: {yes: suspicious, no: benign}
      """), mend: ("    at_least: 2\n", ""))

  package static let notSupportedYet = Rule(
    "TOC0112", "not-supported-yet", .warning, "The language has it, and this release does not perform it.",
    why: "The runbook is valid and will mean more later; until then the message says what happens instead.",
    fix: "Nothing, if what happens instead will do. Otherwise leave it out for now.",
    bad: .sections(
      """
      exports:
        table: {data: hits, script: {run: send.sh, returns: {site: string}}}
      """, files: [("send.sh", "#!/bin/sh\ncat\n")]), mend: (", returns: {site: string}", ""))

  package static let unknownLanguageVersion = Rule(
    "TOC0113", "unknown-language-version", .error, "The runbook is written in another version of the language.",
    why: "The same words may mean something else in it.",
    fix: "Use a release of Tocsin that reads this version, or write the runbook in one that this release reads.",
    bad: .sections("tocsin: 2"), mend: ("2", "1"))

  package static let badVersion = Rule(
    "TOC0114", "bad-version", .error, "A version is not made of three numbers.",
    why: "Versions are compared, and what a change demands is said in the three numbers of semver.org.",
    fix: "Write it like `1.0.0`, with all three numbers.",
    bad: .sections("version: \"1.0\""), mend: ("\"1.0\"", "1.0.0"))

  package static let badLink = Rule(
    "TOC0119", "bad-link", .warning, "What a reader should see is no link to a page.",
    why: "Links are clicked on at night: one that leads nowhere costs time, and one that is a program would be run.",
    fix: "Write the page's address with `https://`.",
    bad: .sections("see: [wiki/incidents]"), mend: ("wiki/incidents", "https://wiki.example.org/incidents"))

  package static let badDigest = Rule(
    "TOC0118", "bad-digest", .error, "A text is no SHA-256.",
    why: "Nothing could ever have it, so nothing could be compared with it.",
    fix: "Write what `sha256sum FILE` prints before the name.",
    bad: .sections(
      """
      exports:
        table: {data: hits, script: {run: send.sh, sha256: 12ab}}
      """, files: [("send.sh", "#!/bin/sh\ncat\n")]),
    mend: ("12ab", "be2bb79ee3ec9a659644c659209f2e068fd069fdb1c1c6c4053f9fe0be48746c"))

  package static let cannotRead = Rule(
    "TOC0115", "cannot-read", .error, "A file that is named cannot be read.",
    why: "What it declares is missing, so nothing can be said about what rests on it.",
    fix: "Mend the path; it counts from the folder of the file that names it.",
    bad: .sections("import: [shared/contcts.yaml]", files: [("shared/contacts.yaml", "contacts: {}\n")]),
    mend: ("contcts", "contacts"))

  package static let moreFindings = Rule(
    "TOC0116", "more-findings", .error, "The runbook has more findings than are told.",
    why: "Nobody reads the others before the first are mended.",
    fix: "Mend those that are told, and check again.",
    bad: .described("A runbook with 600 unknown names."), good: .described("A runbook with fewer mistakes."))

  package static let tooMany = Rule(
    "TOC0117", "too-many", .error, "A section has more entries than are read.",
    why: "A limit keeps the check quick; no person reads a runbook with a thousand questions.",
    fix: "Divide the runbook in two, and let one hand over to the other.",
    bad: .described("A runbook with forty kinds of entities."), good: .described("A runbook with a few."))
}
