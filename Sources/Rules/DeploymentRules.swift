package import Diagnostics

/// The shape of a configuration: TOC10xx, as TOC01xx is that of a runbook.
extension Rule {
  private static func twin(
    _ id: String, of rule: Rule, bad: RuleExample, mend: (String, String)
  ) -> Rule {
    Rule(id, rule.code.slug, rule.severity, rule.summary, why: rule.why, fix: rule.fix, bad: bad, mend: mend)
  }

  /// The rule under which a finding of the common reader is told in a configuration.
  package static func inDeployment(_ code: Diagnostic.Code) -> Rule? {
    deploymentTwins.first { $0.id.suffix(2) == code.id.suffix(2) && code.id.hasPrefix("TOC01") }
  }

  static let deploymentTwins: [Rule] = [
    twin(
      "TOC1001", of: wrongKind, bad: .deployment("recorded: perhaps"), mend: ("perhaps", "true")),
    twin("TOC1002", of: missingValue, bad: .deployment("node:"), mend: ("node:", "node: collector-1")),
    twin(
      "TOC1003", of: unknownKey,
      bad: .deployment(
        """
        sources:
          access: {adapter: access-log, path: access.log, format: combined, lagg: 5s}
        """), mend: ("lagg", "lag")),
    twin(
      "TOC1004", of: missingKey,
      bad: .deployment(
        """
        sources:
          access: {adapter: access-log, format: combined}
        """), mend: ("access-log,", "access-log, path: access.log,")),
    twin(
      "TOC1005", of: badID,
      bad: .deployment(
        """
        thresholds:
          Limit: 10
        """), mend: ("Limit", "limit")),
    twin(
      "TOC1008", of: badDuration,
      bad: .deployment(
        """
        sources:
          access: {adapter: access-log, path: access.log, format: combined, lag: 5}
        """), mend: ("lag: 5", "lag: 5s")),
    twin(
      "TOC1009", of: unknownType,
      bad: .deployment(
        """
        sources:
          access: {adapter: csv, path: access.csv, columns: {time: timestamp, client: address}}
        """), mend: ("address", "ip")),
    Rule(
      "TOC1016", moreFindings.code.slug, .error, "The configuration has more findings than are told.",
      why: moreFindings.why, fix: moreFindings.fix, bad: .described("A configuration with 600 bad durations."),
      good: .described("A configuration with fewer mistakes.")),
    Rule(
      "TOC1007", outOfRange.code.slug, .error, outOfRange.summary, why: "A number beyond it has no meaning.",
      fix: outOfRange.fix, bad: .deployment("deployment: -1"), mend: ("-1", "1")),
  ]
}

/// What a configuration says: TOC11xx.
extension Rule {
  package static let unknownDeploymentVersion = Rule(
    "TOC1101", "unknown-deployment-version", .error, "The configuration is written in another version of its form.",
    why: "The same words may mean something else in it.", fix: "Write `deployment: 1`.",
    bad: .deployment("deployment: 7"), mend: ("7", "1"))

  package static let unknownAdapter = Rule(
    "TOC1102", "unknown-adapter", .error, "A source is bound to an adapter that there is not.",
    why: "The source could not be read.", fix: "Write one that `tocsin tables` lists.",
    bad: .deployment(
      """
      sources:
        access: {adapter: acces-log, path: access.log, format: combined}
      """), mend: ("acces-log", "access-log"))

  package static let notAChoice = Rule(
    "TOC1103", "not-one-of", .error, "A value is none of those that there are.",
    why: "What was meant cannot be guessed.", fix: "Write one of the values that the message names.",
    bad: .deployment(
      """
      sources:
        access: {adapter: access-log, path: access.log, format: combined, silence: usual}
      """), mend: ("usual", "normal"))

  package static let badNodeName = Rule(
    "TOC1104", "bad-node-name", .error, "The name of the node has characters that it cannot have.",
    why: "It stands in every record of the trail and in the checkpoints' signatures.",
    fix: "Use printable characters without spaces.",
    bad: .deployment("node: collector one"), mend: ("collector one", "collector-1"))

  package static let thresholdIsNoNumber = Rule(
    "TOC1105", "threshold-is-no-number", .error, "A threshold is overridden by something that is no number.",
    why: "A deployment changes a number; what is abnormal is the runbook's to say.", fix: "Write the number.",
    bad: .deployment(
      """
      thresholds:
        limit: {above: 200}
      """), mend: ("{above: 200}", "200"))

  package static let twoChannels = Rule(
    "TOC1106", "two-channels", .error, "Notices would go two ways.",
    why: "Nobody could say which of them counts as delivered.", fix: "Keep `outbox` or `command`.",
    bad: .deployment("notify: {outbox: notices.jsonl, command: [/usr/local/bin/page]}"),
    mend: (", command: [/usr/local/bin/page]", ""))

  package static let noChannel = Rule(
    "TOC1107", "no-channel", .error, "`notify` names no way.",
    why: "Nobody would be told.", fix: "Name an `outbox` or a `command`, or leave `notify` out.",
    bad: .deployment("notify: {}"), mend: ("{}", "{outbox: notices.jsonl}"))

  package static let commandIsOneText = Rule(
    "TOC1108", "command-is-one-text", .warning, "A command with spaces is one word.",
    why: "No shell divides it; a program of that whole name is looked for.", fix: "Write a list of words.",
    bad: .deployment("notify: {command: /usr/local/bin/page --quiet}"),
    mend: ("/usr/local/bin/page --quiet", "[/usr/local/bin/page, --quiet]"))

  package static let cannotBind = Rule(
    "TOC1109", "cannot-bind", .error, "A source cannot be bound.",
    why: "Every question that rests on it would stay unknown.", fix: "Mend the option that the message names.",
    bad: .sections(
      "sources: {access: {about: requests}}",
      with: """
        sources:
          access: {adapter: access-log, path: access.log, format: combned}
        """), mend: ("combned", "combined"))

  package static let noCommand = Rule(
    "TOC1110", "no-command", .error, "A command names no program.",
    why: "Nobody would be told.", fix: "Write the program and its arguments as a list.",
    bad: .deployment("notify: {command: []}"), mend: ("[]", "[/usr/local/bin/page]"))
}

/// A runbook together with a configuration: TOC12xx.
extension Rule {
  package static let unboundSource = Rule(
    "TOC1201", "unbound-source", .warning, "The deployment binds no such source.",
    why: "Every question that rests on it stays unknown.", fix: "Bind the source, or give it the name that is bound.",
    bad: .sections(
      "sources: {access: {about: requests, blind: who asked for what}}",
      with: """
        sources:
          acess: {adapter: access-log, path: access.log, format: combined}
        """), mend: ("acess:", "access:"))

  package static let languageNotUnderstood = Rule(
    "TOC1202", "language-not-understood", .error, "The adapter of a source does not understand the query.",
    why: "The query could not be asked there.", fix: "Write it in a language that the adapter understands as well.",
    bad: .sections(
      """
      queries:
        hits: {from: access, promql: "sum(requests{site=${site}})", window: none, rows: {client: ip, path: string}}
      """, with: ""),
    good: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
      """, with: ""))

  package static let queryRejected = Rule(
    "TOC1203", "query-rejected", .error, "A query does not fit the tables of its source.",
    why: "The source would refuse it when an alert has come.", fix: "`tocsin tables` lists tables and columns.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT clent AS client, path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
      """, with: ""), mend: ("clent", "client"))

  package static let neverEqual = Rule(
    "TOC1210", "never-equal", .warning, "A query compares a column of numbers, or of yes and no, with a text.",
    why: "SQL finds them always different and says nothing; the answer is a no that nobody has looked for.",
    fix: "Write the value without quotes: `false`, `404`.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE status = 'ok' AND host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
      """, with: ""), mend: ("'ok'", "200"))

  package static let notAnInstant = Rule(
    "TOC1211", "not-an-instant", .warning, "A query compares a column that holds no instants with the window.",
    why:
      "Instants are text in SQL, so any text compares with them; rows are found, or not, by how the two happen to be "
      + "written.",
    fix: "Compare the column that says when; let the deployment declare texts that are instants as `timestamp`.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE host = ${site} AND path BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
      """, with: ""), mend: ("path BETWEEN", "time BETWEEN"))

  package static let columnOfAnotherType = Rule(
    "TOC1212", "column-of-another-type", .error,
    "A query declares a column as what no value of the table's column can be.",
    why: "The first row would have the answer refused, and what rests on it would stay unknown.",
    fix: "Declare the column as the type that `tocsin tables` gives, or select another one.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, status AS path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
      """, with: ""), mend: ("status AS path", "path"))

  package static let comparedWithAnotherType = Rule(
    "TOC1213", "compared-with-another-type", .warning, "A query compares a column with a value of another type.",
    why:
      "SQL compares numbers with texts, and instants with addresses, without a word; what it finds, or does not, is an "
      + "answer that nobody has looked for.",
    fix: "Compare the column that holds such values.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE status = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
      """, with: ""), mend: ("status = ${site}", "host = ${site}"))

  package static let missingColumn = Rule(
    "TOC1204", "missing-column", .error, "A query declares a column that its answer does not have.",
    why: "What rests on the column would stay unknown.", fix: "Select the column under that name.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: |
            SELECT * FROM (SELECT client FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to})
          rows: {client: ip, path: string}
      """, with: ""), mend: ("SELECT client", "SELECT client, path"))

  package static let undeclaredColumn = Rule(
    "TOC1205", "undeclared-column", .error, "The answer of a query has a column that is not declared.",
    why: "It is fetched and kept, and nothing may use it.", fix: "Declare it under `rows`, or do not select it.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path, status FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
      """, with: ""), mend: (", status", ""))

  /// The sample with a threshold, and a deployment that overrides one.
  private static func override(_ threshold: String, by override: String) -> RuleExample {
    .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > \(threshold.hasPrefix("{") ? "10 && limit.breached" : "limit")
          then: {yes: suspicious, no: benign}
      thresholds:
        limit: \(threshold)
      """,
      with: """
        thresholds:
          \(override)
        """)
  }

  package static let thresholdNotPlain = Rule(
    "TOC1206", "threshold-not-plain", .error, "A deployment overrides a threshold that is a rule.",
    why: "Only plain numbers can be overridden.", fix: "Remove the override, or make the threshold a number.",
    bad: override("{of: hits.size(), above: 100}", by: "limit: 200"), good: override("100", by: "limit: 200"))

  package static let thresholdNotWhole = Rule(
    "TOC1207", "threshold-not-whole", .error, "A whole number is overridden by one that is not.",
    why: "The runbook compares it with whole numbers.", fix: "Write a whole number.",
    bad: override("100", by: "limit: 99.5"), good: override("100", by: "limit: 99"))

  package static let unknownOverride = Rule(
    "TOC1208", "unknown-override", .warning, "A deployment overrides something that the runbook does not have.",
    why: "The name is probably misspelt, and the runbook's own value counts.", fix: "Write the runbook's name.",
    bad: override("100", by: "limt: 200"), good: override("100", by: "limit: 200"))

  package static let sourceWithoutTimes = Rule(
    "TOC1209", "source-without-times", .warning, "A query asks about a window of a source whose records say no time.",
    why: "Nobody can tell whether such a source covers the window: a file that ended long ago would say \"no\".",
    fix: "Name the column that says when, or say `silence: normal` where the records are good for any window.",
    bad: .sections(
      "sources: {access: {about: requests, blind: who asked for what}}",
      with: """
        sources:
          access: {adapter: jsonl, path: access.jsonl, columns: {time: string, client: ip, path: string, host: string}}
        """), mend: ("time: string", "time: timestamp"))
}
