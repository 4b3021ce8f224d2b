import Diagnostics

/// Names: TOC02xx.
extension Rule {
  package static let duplicateName = Rule(
    "TOC0201", "duplicate-name", .error, "Two things have the same name.",
    why: "In one runbook, its trail and its report, a name means one thing.",
    fix: "Rename one of the two.",
    bad: .sections(
      """
      thresholds:
        hits: 10
      """), mend: ("hits", "limit"))

  package static let reservedName = Rule(
    "TOC0202", "reserved-name", .error, "A name has a meaning of its own.",
    why: "Expressions could not tell the two apart.",
    fix: "Choose another name.",
    bad: .sections(
      """
      thresholds:
        now: 10
      """), mend: ("now", "limit"))

  package static let unknownName = Rule(
    "TOC0203", "unknown-name", .error, "A name stands for nothing.",
    why: "What it is meant to name is misspelt, or was forgotten.",
    fix: "Write a name that is declared, or declare this one.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: suspicous, no: benign}
      """), mend: ("suspicous", "suspicious"))

  package static let unused = Rule(
    "TOC0204", "unused", .warning, "Nothing uses what is declared.",
    why: "It is mostly left over, or the place that should use it names something else.",
    fix: "Use it, or remove it.",
    bad: .sections(
      """
      thresholds:
        limit: 100
      """),
    good: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > limit
          then: {yes: suspicious, no: benign}
      thresholds:
        limit: 100
      """))

  package static let circular = Rule(
    "TOC0205", "circular", .error, "Names rest on each other in a circle.",
    why: "Not one of them could ever be known.",
    fix: "Let one of them rest on something else.",
    bad: .sections(
      """
      definitions:
        busy: loud && hits.size() > 100
        loud: busy || hits.size() > 1000
      """), mend: ("busy ||", "site == \"shop\" ||"))

  package static let builtInSeverity = Rule(
    "TOC0206", "built-in-severity", .error, "A verdict that is built in is given another severity.",
    why: "`benign`, `suspicious`, `malicious` and `undetermined` mean the same in all runbooks.",
    fix: "Give the verdict a name of its own.",
    bad: .sections(
      """
      verdicts:
        suspicious: {severity: critical, means: Many requests.}
      """), mend: ("suspicious", "flooded"))

  package static let tooHigh = Rule(
    "TOC0207", "too-high", .error, "More names stand one upon another than are followed.",
    why: "A limit keeps a hostile file from exhausting the machine; no person follows such a chain.",
    fix: "Name the value in fewer steps.",
    bad: .described("A chain of a thousand definitions, each of which names the next."),
    good: .described("One definition."))

  package static let repeatedRunbook = Rule(
    "TOC0208", "repeated-runbook", .warning, "Two runbooks have one id.",
    why:
      "Runs are listed, counted and handed over by the runbook's id: those of one would pass for those of the other. Often "
      + "a file was copied and its first lines were not changed.",
    fix: "Give one of them another id.",
    bad: .sections("runbook: sample", files: [("older.runbook.yaml", RuleExample.sample)]),
    good: .sections("runbook: sample-of-shops", files: [("older.runbook.yaml", RuleExample.sample)]))
}
