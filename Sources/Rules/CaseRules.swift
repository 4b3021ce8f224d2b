import Diagnostics

/// Cases that cannot be read: TOC0701 to TOC0713.
extension Rule {
  /// The sample with a series, and a case that gives it points.
  private static func series(_ points: String) -> RuleExample {
    .cases(
      """
      cases:
        busy:
          given:
            rate: \(points)
          expect: {verdict: suspicious}
      """,
      of: """
        questions:
          many:
            ask: Were there many requests to ${site}?
            answer: high.breached
            then: {yes: suspicious, no: benign}
        thresholds:
          high: {of: rate, above: 100}
        queries:
          rate: {from: metrics, promql: sum(rate(requests_total)), series: requests/s}
        """)
  }

  /// A case that gives the sample these rows.
  private static func rows(_ rows: String) -> RuleExample {
    .cases(
      """
      cases:
        one request:
          given:
            hits: |
              client        path
              \(rows)
          expect: {verdict: benign}
      """)
  }

  package static let casesOfAnotherRunbook = Rule(
    "TOC0701", "cases-of-another-runbook", .error, "The cases are those of another runbook.",
    why: "They would be put to questions that they were not written for.",
    fix: "Write the id of the runbook beside them under `tests`.",
    bad: .cases("tests: smple"), mend: ("smple", "sample"))

  package static let unknownNameInCase = Rule(
    "TOC0702", "unknown-name-in-case", .error, "A case names something that the runbook does not have.",
    why: "What the case gives or expects would be of nothing.", fix: "Write a name that the message names.",
    bad: .cases(
      """
      cases:
        nobody asked:
          given: {hts: none}
          expect: {verdict: benign}
      """), mend: ("hts", "hits"))

  package static let unknownSibling = Rule(
    "TOC0703", "unknown-sibling", .error, "A case is like one that does not stand before it.",
    why: "Nothing says what it begins with.", fix: "Name a case above it.",
    bad: .cases(
      """
      cases:
        nobody asked:
          given: {hits: none}
          expect: {verdict: benign}
        the log cannot be read:
          like: nobody askd
          given: {hits: unavailable}
          expect: {verdict: undetermined}
      """), mend: ("askd", "asked"))

  package static let badField = Rule(
    "TOC0704", "bad-field", .error, "A field of a case's alert is none of the runbook's, or does not fit its type.",
    why: "The runbook would never see such an alert.", fix: "Write the fields that the runbook takes from alerts.",
    bad: .cases("alert: {sit: shop, user: anna}"), mend: ("sit:", "site:"))

  package static let badAlertFile = Rule(
    "TOC0705", "bad-alert-file", .error, "A raw alert cannot be read, or is not for the runbook.",
    why: "The case would try something else than what comes in.", fix: "Mend the path, or the alert.",
    bad: .cases(
      "alert: burst.json", files: [("burst.json", "{\"labels\": {\"alertname\": \"Other\", \"site\": \"shop\"}}\n")]),
    mend: (
      "{\"labels\": {\"alertname\": \"Other\", \"site\": \"shop\"}}",
      "{\"labels\": {\"alertname\": \"Sample\", \"site\": \"shop\", \"user\": \"anna\"}}"
    ))

  package static let badGiven = Rule(
    "TOC0706", "bad-given", .error, "What a query is given is no answer that it could have.",
    why: "The case would try nothing.",
    fix: "Write a table, `none`, `unavailable`, `timeout`, or the points of a series.",
    bad: .cases(
      """
      cases:
        nobody asked:
          given: {hits: 0}
          expect: {verdict: benign}
      """), mend: ("hits: 0", "hits: none"))

  package static let badCell = Rule(
    "TOC0707", "bad-cell", .error, "A cell of a table is not of its column's type.",
    why: "The source could never answer so.", fix: "Mend the cell; columns are divided by two spaces or more.",
    bad: rows("203.0.113.900  /"), mend: ("203.0.113.900", "203.0.113.90"))

  package static let badRow = Rule(
    "TOC0708", "bad-row", .error, "A row has more or fewer cells than the table has columns.",
    why: "Nobody can tell which cell is missing.",
    fix: "Divide cells by two spaces or more; write `null` for an empty one.",
    bad: rows("203.0.113.9 /"), mend: ("203.0.113.9 /", "203.0.113.9   /"))

  package static let badSeries = Rule(
    "TOC0709", "bad-series", .error, "A part of a series cannot be read.",
    why: "The series would have other points than are meant.", fix: "Write it like `40 x 2h, 900 x 5m`.",
    bad: series("40 x 30m and 900 x 5m"), mend: (" and", ","))

  package static let unevenRun = Rule(
    "TOC0710", "uneven-run", .error, "A part of a series lasts for no whole number of steps.",
    why: "A point would be half there.", fix: "Change how long it lasts, or say `every`.",
    bad: series("40 x 30m, 900 x 90s"), mend: ("90s", "2m"))

  package static let tooMuchGiven = Rule(
    "TOC0711", "too-much-given", .error, "A file of cases gives more than is read.",
    why: "A limit keeps the tests quick.", fix: "Try the same with fewer rows, points or cases.",
    bad: .described("A file of 10,001 cases."), good: .described("A file of a hundred."))

  package static let nothingExpected = Rule(
    "TOC0712", "nothing-expected", .error, "A case expects nothing.",
    why: "It could not fail.", fix: "Name at least the `verdict`.",
    bad: .cases(
      """
      cases:
        nobody asked:
          given: {hits: none}
          expect: {}
      """), mend: ("expect: {}", "expect: {verdict: benign}"))

  package static let casesWithoutRunbook = Rule(
    "TOC0713", "cases-without-runbook", .error, "The runbook of cases cannot be read.",
    why: "There is nothing that they could be put to.", fix: "Put `NAME.tests.yaml` beside `NAME.runbook.yaml`.",
    bad: .described("`sample.tests.yaml` in a folder without `sample.runbook.yaml`."),
    good: .described("Both in one folder."))
}

/// Cases that fail: TOC0751 to TOC0761.
extension Rule {
  /// A case of the sample in which nobody asked anything.
  private static func quiet(_ expect: String, of runbook: String? = nil) -> RuleExample {
    .cases(
      """
      cases:
        nobody asked:
          given: {hits: none}
          expect: \(expect)
      """, of: runbook)
  }

  /// A case of a runbook that calls somebody and exports what it found.
  private static func loud(_ expect: String) -> RuleExample {
    .cases(
      """
      cases:
        one request:
          given: {hits: [{client: 203.0.113.9, path: /shell.php}]}
          expect: \(expect)
      """,
      of: """
        questions:
          shell:
            each: source
            ask: Did ${source} ask for the shell?
            answer: hits.exists(h, h.client == source && h.path == "/shell.php")
            then: {yes: called, no: benign}
        verdicts:
          called: {severity: high, means: Somebody called the shell., escalate: on_call, export: [calls]}
        entities:
          source: hits.client
        contacts:
          desk: {email: desk@example.org}
        escalations:
          on_call: [{notify: [desk]}]
        exports:
          calls: {data: hits}
        """)
  }

  package static let otherVerdict = Rule(
    "TOC0751", "other-verdict", .error, "A case ends in another verdict.",
    why: "The runbook, or what the case expects of it, is not what somebody thought.",
    fix: "Look at the reason below it; mend the runbook or the case.",
    bad: quiet("{verdict: suspicious}"), mend: ("suspicious", "benign"))

  package static let otherSeverity = Rule(
    "TOC0752", "other-severity", .error, "A case ends with another severity.",
    why: "Who is called hangs on it.", fix: "Mend the runbook or the case.",
    bad: quiet("{severity: high}"), mend: ("high", "info"))

  package static let otherAnswer = Rule(
    "TOC0753", "other-answer", .error, "A question has another answer.",
    why: "The verdict may be right for a wrong reason.", fix: "Mend the runbook or the case.",
    bad: quiet("{answers: {many: yes}}"), mend: ("yes", "no"))

  package static let otherOpen = Rule(
    "TOC0754", "other-open", .error, "Other questions stay open.",
    why: "An open question is what people have to look at.", fix: "Mend the runbook or the case.",
    bad: quiet("{open: [many]}"), mend: ("[many]", "none"))

  package static let otherEntityVerdict = Rule(
    "TOC0755", "other-entity-verdict", .error, "A source, host or user ends in another verdict.",
    why: "The verdict of the run may be right for another one.", fix: "Mend the runbook or the case.",
    bad: loud("{notified: [desk], export: {calls: 1}, source: {203.0.113.9: benign}}"), mend: ("benign", "called"))

  package static let otherNotices = Rule(
    "TOC0756", "other-notices", .error, "Other people are told.",
    why: "Somebody would be called in vain, or not at all; one that is not named fails, too.",
    fix: "Mend the runbook or the case.",
    bad: loud("{notified: none, export: {calls: 1}}"), mend: ("notified: none", "notified: [desk]"))

  package static let otherExport = Rule(
    "TOC0757", "other-export", .error, "Something else is exported.",
    why: "Data would leave the machine that nobody expects, or not leave it.", fix: "Mend the runbook or the case.",
    bad: loud("{notified: [desk], export: {calls: 2}}"), mend: ("calls: 2", "calls: 1"))

  package static let didNotEnd = Rule(
    "TOC0758", "did-not-end", .error, "The run of a case did not end.",
    why: "It is a fault of Tocsin: a run always ends.", fix: "Tell us, with the runbook and the case.",
    bad: .described("There should be none."), good: .described("Every other case."))

  package static let alertNotMeant = Rule(
    "TOC0759", "alert-not-meant", .error, "A raw alert beside the runbook is not for it, or gives a field no value.",
    why: "A misspelt label would be seen only when the alert comes.", fix: "Mend `when`, the fields, or the alert.",
    bad: .cases(
      """
      cases:
        nobody asked:
          given: {hits: none}
          expect: {verdict: benign}
      """,
      files: [
        ("burst.alert.json", "{\"labels\": {\"alertname\": \"Sampel\", \"site\": \"shop\", \"user\": \"anna\"}}\n")
      ]),
    mend: ("Sampel", "Sample"))

  package static let stableWithoutCase = Rule(
    "TOC0760", "stable-without-case", .error, "A stable runbook has no case that escalates, or none that closes.",
    why: "Nobody has seen it call somebody, or let a case rest.", fix: "Add the case.",
    bad: .cases(
      """
      cases:
        nobody asked:
          given: {hits: none}
          expect: {verdict: benign, notified: none}
      """,
      of: """
        status: stable
        version: 1.0.0
        owner: Web team
        """),
    mend: ("status: stable", "status: draft"))

  package static let nobodyAsked = Rule(
    "TOC0761", "nobody-asked", .error, "A case has people answer what nobody is asked.",
    why: "The case proves something else than it says: the answer changes nothing.",
    fix: "Leave the answer out, name one that comes up, or give what leads to the question.",
    bad: .cases(
      """
      cases:
        the owner knows of it:
          given: {hits: [{client: 203.0.113.9, path: /shell.php}]}
          people: {ours: {203.0.113.7: yes}}
          expect: {notified: none}
      """,
      of: """
        questions:
          ours:
            each: source
            ask: Is ${source} ours?
            person: {who: desk, within: 30m}
            then: {yes: benign, no: suspicious}
        entities:
          source: hits.client
        contacts:
          desk: {email: desk@example.org}
        """),
    mend: ("203.0.113.7: yes", "203.0.113.9: yes"))
}
