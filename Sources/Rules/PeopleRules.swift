import Diagnostics

/// People, and what leaves the machine: TOC06xx.
extension Rule {
  package static let noAddress = Rule(
    "TOC0601", "no-address", .error, "A contact cannot be reached.",
    why: "Whoever is to be called would hear nothing.", fix: "Give the contact an address, such as `email`.",
    bad: .sections(
      """
      contacts:
        desk: {name: Service desk}
      """), mend: ("Service desk", "Service desk, email: desk@example.org"))

  package static let emptyEscalation = Rule(
    "TOC0602", "empty-escalation", .error, "An escalation notifies nobody.",
    why: "A verdict would be reached and nobody told.", fix: "Name a contact.",
    bad: .sections(
      """
      escalations:
        on_call: []
      """),
    good: .sections(
      """
      contacts:
        desk: {email: desk@example.org}
      escalations:
        on_call: [{notify: [desk]}]
      """))

  package static let exportOfSeries = Rule(
    "TOC0603", "export-of-series", .error, "An export names a series.",
    why: "Exports are tables of rows.", fix: "Name a query with `row` or `rows`, or an entity.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
        rate: {from: metrics, promql: sum(rate(requests_total)), series: requests/s}
      exports:
        table: {data: rate}
      """), mend: ("data: rate", "data: hits"))

  package static let stableNeeds = Rule(
    "TOC0604", "stable-needs", .error, "A stable runbook lacks what others rely on.",
    why: "Whoever uses it must know its version, whom to ask, and that it is tested.",
    fix: "Add `version` and `owner`, and tests beside it; or leave it a draft.",
    bad: .sections(
      """
      status: stable
      owner: Web team
      version: 1.0.0
      """), mend: ("status: stable", "status: draft"))

  package static let notAContact = Rule(
    "TOC0605", "not-a-contact", .error, "`who` names somebody who is no contact.",
    why: "What an alert says must never decide who is asked; the addresses are known in advance.",
    fix: "Name a contact, or a column of type `contact` in a list.",
    bad: .sections(
      """
      questions:
        theirs:
          ask: Does ${user} say it was them?
          person: {who: user, within: 1h}
          then: {yes: benign, no: suspicious}
      contacts:
        desk: {email: desk@example.org}
      """), mend: ("who: user", "who: desk"))

  package static let noSuccessor = Rule(
    "TOC0606", "no-successor", .error, "A deprecated runbook does not name its successor.",
    why: "Whoever uses it must know what to use instead.", fix: "Add `successor`.",
    bad: .sections("status: deprecated"), mend: ("status: deprecated", "status: deprecated\nsuccessor: better"))

  /// The sample with a verdict that somebody must hear of.
  private static func flooded(_ verdict: String, escalation: String, contact: String = "email: desk@example.org")
    -> RuleExample
  {
    .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: flooded, no: benign}
      verdicts:
        flooded: {severity: high, means: Very many requests.\(verdict)}
      contacts:
        desk: {\(contact)}
        boss: {phone: "+41 00"}
      escalations:
        on_call: \(escalation)
      """)
  }

  package static let severeWithoutEscalation = Rule(
    "TOC0607", "severe-without-escalation", .warning, "A verdict of high severity calls nobody.",
    why: "The run would end in the worst that it can find, and nobody would hear of it before they look.",
    fix: "Add `escalate`, or lower the severity.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: flooded, no: benign}
      verdicts:
        flooded: {severity: high, means: Very many requests.}
      """), mend: ("severity: high", "severity: medium"))

  package static let neverAPerson = Rule(
    "TOC0608", "never-a-person", .warning, "The last step of an escalation reaches no person.",
    why: "A channel or a queue can be looked at by nobody; an escalation ends at somebody who answers.",
    fix: "Name a contact with a phone number, a pager or a mail address in the last step.",
    bad: flooded(
      ", escalate: on_call", escalation: "[{notify: [boss], acknowledge_within: 15m}, {notify: [desk]}]",
      contact: "slack: \"#security\""),
    mend: ("slack: \"#security\"", "email: desk@example.org"))

  package static let deadlineMissing = Rule(
    "TOC0609", "deadline-missing", .error, "A step of an escalation has no deadline, and another step follows it.",
    why: "The next step begins when nobody has answered in time; without a time it never begins.",
    fix: "Add `acknowledge_within`.",
    bad: flooded(", escalate: on_call", escalation: "[{notify: [desk]}, {notify: [boss]}]"),
    mend: ("{notify: [desk]}", "{notify: [desk], acknowledge_within: 15m}"))

  package static let reviewPassed = Rule(
    "TOC0610", "review-passed", .warning, "The day by which a runbook was to be looked at has passed.",
    why: "Sources, people and attacks change; a process that nobody looks at is trusted for what it once was.",
    fix: "Look whether it is still right, and write the next day.",
    bad: .sections("review_by: 2026-01-31"), mend: ("2026-01-31", "9999-12-31"))

  package static let badAddress = Rule(
    "TOC0611", "bad-address", .warning, "An address cannot be one of its channel.",
    why: "Whoever is to be called would hear nothing.", fix: "Write the whole address.",
    bad: flooded(
      ", escalate: on_call", escalation: "[{notify: [desk, boss]}]", contact: "email: desk at example.org"),
    mend: ("desk at example.org", "desk@example.org"))

  package static let listReviewPassed = Rule(
    "TOC0612", "list-review-passed", .warning, "The file of a list was not changed for longer than its `review` says.",
    why:
      "Who is known, and what is usual, changes; an old list lets somebody go who should not be, or keeps people busy with "
      + "what is ours.",
    fix:
      "Look whether the list is still right, and save it; the time of the file counts, which in a fresh checkout is the "
      + "checkout's.",
    bad: .sections(
      """
      lists:
        ours: {file: ours.txt, of: cidr, review: 90d}
      """, files: [("ours.txt", "192.0.2.0/24 office\n")]), mend: ("90d", "900d"))
}
