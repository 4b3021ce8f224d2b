import Diagnostics

/// What a runbook costs, what never comes into play, and what it should show and does not: TOC0422 to TOC0433.
extension Rule {
  package static let handOverLoop = Rule(
    "TOC0422", "hand-over-loop", .error, "Runbooks hand over to one another in a circle.",
    why: "One alert would start runs without end.", fix: "Let the last of them end in a verdict without `hand_over`.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: busy, no: benign}
      verdicts:
        busy: {severity: medium, means: Many requests., hand_over: {to: sample, with: {site: site}}}
      """), mend: ("to: sample", "to: host-triage"))

  package static let verdictNeverReached = Rule(
    "TOC0423", "verdict-never-reached", .warning, "Only questions that are never asked lead to a verdict.",
    why: "No run can end in it, however bad things are.", fix: "Lead to one of the questions, or remove the verdict.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: suspicious, no: benign}
        shell:
          ask: Did anybody ask for the shell?
          answer: hits.exists(h, h.path == "/shell.php")
          then: {yes: called, no: suspicious}
      verdicts:
        called: {severity: medium, means: Somebody called the shell.}
      """), mend: ("{yes: suspicious, no: benign}", "{yes: shell, no: benign}"))

  package static let idleSign = Rule(
    "TOC0424", "idle-sign", .warning, "A sign changes no answer, whatever the other signs are.",
    why: "It is asked and shown as if it counted; its weight is probably another one than is meant.",
    fix: "Give it a weight that matters, change `at_least`, or do not weigh it.",
    bad: .sections(
      """
      questions:
        many:
          ask: Do the signs speak for an attack?
          weigh: {shell: 2, login: 1}
          at_least: 2
          then: {yes: suspicious, no: benign}
        shell:
          ask: Did anybody ask for the shell?
          answer: hits.exists(h, h.path == "/shell.php")
        login:
          ask: Did anybody ask for the login?
          answer: hits.exists(h, h.path == "/login")
      """), mend: ("at_least: 2", "at_least: 3"))

  package static let noEntityArrives = Rule(
    "TOC0425", "no-entity-arrives", .warning, "A question is asked of each of nothing.",
    why: "The list is always empty, so the question is never asked and what follows it is never reached.",
    fix: "Take the entity from a query's column, or put something into the list.",
    bad: .sections(
      """
      questions:
        ours:
          each: shop
          ask: Is ${shop} busy?
          answer: hits.size() > 100
          then: {yes: suspicious, no: benign}
      entities:
        shop: shops
      lists:
        shops: []
      """), mend: ("shops: []", "shops: [books, mugs]"))

  package static let longWay = Rule(
    "TOC0426", "long-way", .warning, "The longest way through a runbook has more questions than anybody follows.",
    why: "A person must be able to follow the process by hand, and to read in a report how a verdict came about.",
    fix: "Weigh signs together in one question, or hand over to a second runbook.",
    bad: .described("Forty-one questions, each of which leads to the next."),
    good: .described("One question that weighs a dozen signs."))

  package static let moreQueriesThanAllowed = Rule(
    "TOC0427", "more-queries-than-allowed", .warning, "A run can need more queries than it may make.",
    why: "Those beyond the limit are not made, and every question that rests on them stays unknown.",
    fix: "Raise `limits.queries`, or need fewer.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}, or many sources?
          answer: hits.size() > 100 || sources.number > 20
          then: {yes: suspicious, no: benign}
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
        sources:
          from: access
          sql: SELECT count(DISTINCT client) AS number FROM access WHERE time BETWEEN ${from} AND ${to}
          row: {number: int}
      limits: {queries: 1}
      """), mend: ("limits: {queries: 1}", "limits: {queries: 20}"))

  package static let morePeopleThanAllowed = Rule(
    "TOC0428", "more-people-than-allowed", .warning, "A run can ask more people than it may.",
    why: "Questions beyond the limit are put to nobody and stay unknown.",
    fix: "Raise `limits.people`, or ask fewer.",
    bad: .sections(
      """
      questions:
        theirs:
          ask: Does ${user} say it was them?
          person: {who: desk, within: 1h}
          then: {yes: benign, no: suspicious}
      contacts:
        desk: {email: desk@example.org}
      limits: {people: 0}
      """), mend: ("people: 0", "people: 2"))

  package static let waitsTooLong = Rule(
    "TOC0429", "waits-too-long", .warning, "A window ends later than a run may last.",
    why: "The run does not wait for it: the query is asked too early, and its question stays unknown.",
    fix: "End the window sooner, or raise `limits.time`.",
    bad: .sections(
      """
      window: {from: -1h, to: +2h}
      limits: {time: 30m}
      """), mend: ("time: 30m", "time: 3h"))

  package static let attackNotShown = Rule(
    "TOC0430", "attack-not-shown", .warning, "No question that can be asked would show an attack that is known.",
    why: "The runbook says that the attack is possible, and would let it pass.",
    fix: "Add a question, and name the attack under its `shows`; or say elsewhere that the runbook is not about it.",
    bad: .sections(
      """
      know:
        attacks: {T1190: Exploit of a public application}
      """),
    good: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          shows: [T1190]
          then: {yes: suspicious, no: benign}
      know:
        attacks: {T1190: Exploit of a public application}
      """))

  package static let componentUnseen = Rule(
    "TOC0431", "component-unseen", .note, "No source sees a component of the application.",
    why: "What happens there stays hidden; somebody should decide that before an alert comes.",
    fix: "Write under `sees` of a source which components it sees, or find one that sees this one.",
    bad: .sections(
      """
      sources:
        access: {about: requests}
      know:
        application: {name: shop, components: [web server]}
      """), mend: ("about: requests", "about: requests, sees: [web server]"))

  package static let asksTooLong = Rule(
    "TOC0432", "asks-too-long", .warning, "A person is given longer to answer than a run may last.",
    why: "The run does not wait so long: an answer that comes in time for the question is too late for the run.",
    fix: "Give less time under `within`, or raise `limits.time`.",
    bad: .sections(
      """
      questions:
        many:
          ask: Does somebody know of the requests to ${site}?
          person: {who: desk, within: 2h}
          then: {yes: benign, no: suspicious}
      contacts:
        desk: {name: Security desk, email: desk@example.org}
      limits: {time: 1h}
      """), mend: ("time: 1h", "time: 3h"))

  package static let handOverField = Rule(
    "TOC0433", "hand-over-field", .warning, "A hand-over does not fit the runbook that it leads to.",
    why: "The run would not begin, or a value would arrive nowhere and the field that was meant be unknown.",
    fix: "Write the runbook, or one of the fields, that the message names, and give each a value of its type.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100
          then: {yes: busy, no: benign}
      verdicts:
        busy: {severity: medium, means: Many requests., hand_over: {to: triage, with: {sit: site}}}
      """,
      files: [
        (
          "triage.runbook.yaml",
          """
          tocsin: 1
          runbook: triage
          alert: {fields: {site: alert.labels.site}}
          questions:
            ours:
              ask: Is ${site} ours?
              person: {who: desk, within: 1h}
              then: {yes: suspicious, no: benign}
          contacts: {desk: {email: desk@example.org}}

          """
        )
      ]), mend: ("{sit: site}", "{site: site}"))
}
