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
}
