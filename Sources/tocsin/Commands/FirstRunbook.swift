import RunbookEngine

/// The files that `tocsin new` writes: small, whole, and ready to be run.
enum FirstRunbook {
  static func files(named name: String) -> [(name: String, text: String, about: String)] {
    [
      ("\(name).runbook.yaml", runbook(name), "the questions"),
      ("\(name).tests.yaml", cases(name), "what must come of it"),
      ("tocsin.yaml", configuration, "where the data lies"),
      ("runbook.schema.json", DocumentSchema.runbook.text([]), "what editors know of runbooks"),
      ("example-sign-ins.csv", signIns, "data to try it on"),
      ("\(name).alert.json", alert, "an alert to try it on"),
      ("known-addresses.txt", addresses, "a list that the runbook uses"),
    ]
  }

  private static func runbook(_ name: String) -> String {
    #"""
    # yaml-language-server: $schema=runbook.schema.json
    # A first runbook: many sign-ins have failed. Is somebody guessing passwords?
    # It can be run as it is; then make it yours, from top to bottom. Say `tocsin check` after every change.
    tocsin: 1
    runbook: \#(name)
    version: 0.1.0
    title: Is somebody guessing passwords?
    owner: you
    about: Drill down from failed sign-ins to the accounts that were opened.

    # Which alerts this is for, and what it takes from them. `fields` are the names that questions may use.
    alert:
      when: alert.labels.alertname == "ManyFailedSignIns"
      at: alert.startsAt
      fields:
        service: alert.labels.service

    # The process. Each question is answered yes, no, or unknown, and `then` names what follows. An unknown stays open:
    # it goes on to the next question and keeps the case from being closed as harmless.
    questions:
      many:
        ask: Did many sign-ins to ${service} fail?
        answer: failed.attempts.sum() >= enough
        then: {yes: foreign, no: benign}
      foreign:
        each: source  # asked of every source on its own; each goes its own way
        ask: Is ${source} unknown to us, and did it fail again and again?
        answer: '!(source in known_addresses) && failed.exists(f, f.source == source && f.attempts >= enough)'
        finding: ${source}
        then: {yes: opened, no: benign}
      opened:
        each: source
        ask: Did ${source} get in, after all?
        answer: succeeded.size() > 0
        finding: ${succeeded.account}
        then: {yes: taken_over, no: guessing}

    # How a run, or one source, can end. `benign` and `undetermined` are built in.
    verdicts:
      guessing:
        severity: medium
        means: Somebody guesses passwords and has not got in.
        advise: ["Slow down sign-ins to ${service}."]
      taken_over:
        severity: critical
        means: A guessed password was accepted.
        escalate: on_call
        export: [accounts]
        advise: [Lock the accounts found., Sign out all of their sessions.]

    # What questions with `each` are asked of.
    entities:
      source: failed.source

    # Numbers that a deployment may override.
    thresholds:
      enough: 5

    # The span of time that queries ask about, counted from `at` of the alert.
    window: {from: -30m, to: +5m}

    # Questions to your data. A ${name} is bound as a value and never becomes a part of the query.
    # `tocsin tables --config tocsin.yaml` lists the tables and columns there are.
    queries:
      failed:
        from: sign_ins
        sql: |
          SELECT source, count(*) AS attempts FROM sign_ins
          WHERE service = ${service} AND NOT success AND time BETWEEN ${from} AND ${to}
          GROUP BY source
        rows: {source: ip, attempts: int}
      succeeded:
        from: sign_ins
        each: source  # the column `source` says whose row it is
        sql: |
          SELECT DISTINCT source, account FROM sign_ins
          WHERE service = ${service} AND success AND source IN ${source} AND time BETWEEN ${from} AND ${to}
        rows: {source: ip, account: string}

    lists:
      known_addresses: {file: known-addresses.txt, of: cidr}

    sources:
      sign_ins: {about: who signed in from where, blind: every attempt to sign in}

    contacts:
      first-responder: {name: First responder, email: first-responder@example.org}
    escalations:
      on_call: [{notify: [first-responder]}]
    exports:
      accounts: {data: succeeded}

    """#
  }

  private static func cases(_ name: String) -> String {
    #"""
    # Cases of the runbook beside it: what each query answers, and what must come of it. `tocsin test` tries them, and
    # says which answers no case gives. What a case does not give is unavailable.
    tests: \#(name)
    alert: {service: mail, at: "2026-03-02T10:05:00Z"}

    cases:
      a guessed password was accepted:
        given:
          failed: |
            source       attempts
            203.0.113.9  7
            192.0.2.17   1
          succeeded: |
            source       account
            203.0.113.9  amina
        expect:
          verdict: taken_over
          answers: {many: yes, foreign: {203.0.113.9: yes, 192.0.2.17: no}, opened: {203.0.113.9: yes}}
          notified: [first-responder]
          export: {accounts: 1}

      somebody guesses, and did not get in:
        like: a guessed password was accepted
        given: {succeeded: none}
        expect: {verdict: guessing, answers: {opened: {203.0.113.9: no}}, notified: none, export: none}

      it cannot be told whether somebody got in:
        like: a guessed password was accepted
        given: {succeeded: unavailable}
        expect: {verdict: undetermined, answers: {opened: {203.0.113.9: unknown}}, notified: none, export: none}

      somebody in the office forgot a password:
        given:
          failed: |
            source      attempts
            192.0.2.17  6
        expect: {verdict: benign, answers: {many: yes, foreign: {192.0.2.17: no}}, notified: none, export: none}

      only a part of the sign-ins could be read:
        given:
          failed:
            rows: |
              source         attempts
              203.0.113.9    3
              203.0.113.200  3
            truncated: cut at 2 rows
        expect: {verdict: undetermined, answers: {many: yes, foreign: unknown}, notified: none, export: none}

      a morning like any other:
        given: {failed: none}
        expect: {verdict: benign, answers: {many: no}, notified: none, export: none}

      nothing can be read:
        expect: {verdict: undetermined, answers: {many: unknown}, notified: none, export: none}

    """#
  }

  private static let configuration = #"""
    # Where the sources of the runbook lie. Paths count from this file's folder, or from --data.
    deployment: 1
    recorded: true  # the example is a recording; leave this out for live data
    sources:
      sign_ins:
        adapter: csv  # `tocsin tables` lists all adapters and their options
        path: example-sign-ins.csv
        columns: {time: timestamp, service: string, source: ip, account: string, success: bool}
        gap: 10m  # the longest silence that is normal
    # Notices go to outbox.jsonl in the trail's folder, unless you say otherwise:
    # notify: {command: [/usr/local/bin/page, --quiet]}

    """#

  private static let addresses = """
    # A network, a space, a name. The first match wins.
    192.0.2.0/24 our office
    """ + "\n"

  private static let alert = """
    {"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"ManyFailedSignIns",\
    "service":"mail"},"annotations":{"summary":"many sign-ins fail"},"startsAt":"2026-03-02T10:05:00Z"}]}
    """ + "\n"

  /// An hour of a small office, and 203.0.113.9.
  private static let signIns: String = {
    var rows = ["time,service,source,account,success"]
    func add(_ minute: Int, _ second: Int, _ source: String, _ account: String, _ success: Bool) {
      let clock = "\(9 + minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60):\(second < 10 ? "0" : "")\(second)"
      rows.append("2026-03-02T\(minute < 60 ? "0" : "")\(clock)Z,mail,\(source),\(account),\(success)")
    }
    for minute in 20..<80 {
      if minute % 4 == 0 { add(minute, 11, "192.0.2.\(10 + minute % 7)", "amina", true) }
      if minute % 9 == 0 { add(minute, 37, "192.0.2.17", "jonas", false) }
      if (58..<66).contains(minute) { add(minute, 42, "203.0.113.9", "amina", minute == 65) }
    }
    return rows.joined(separator: "\n") + "\n"
  }()
}
