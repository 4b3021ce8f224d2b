import Diagnostics

/// Expressions and texts: TOC03xx.
extension Rule {
  package static let expression = Rule(
    "TOC0301", "expression", .error, "An expression cannot be understood, or its types do not fit.",
    why: "It would be an error at three in the morning, and its question would stay unknown.",
    fix: "Mend what the message names. Columns are those that the query declares under `rows`.",
    bad: .sections(
      """
      questions:
        many:
          ask: Did anybody ask for the shell?
          answer: hits.exists(h, h.pth == "/shell.php")
          then: {yes: suspicious, no: benign}
      """), mend: ("h.pth", "h.path"))

  package static let wrongType = Rule(
    "TOC0302", "wrong-type", .error, "An expression gives a value of another type than belongs there.",
    why: "An answer is true or false, an instant is an instant; a number is neither.",
    fix: "Compare the value with something, or convert it.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size()
          then: {yes: suspicious, no: benign}
      """), mend: ("hits.size()", "hits.size() > 100"))

  package static let unclosedHole = Rule(
    "TOC0303", "unclosed-hole", .error, "A `${` in a text is not closed.",
    why: "The reader would see `${site` instead of the site.",
    fix: "Close it by `}`.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site ?
          answer: hits.size() > 100
          then: {yes: suspicious, no: benign}
      """), mend: ("${site ?", "${site}?"))

  package static let computedParameter = Rule(
    "TOC0304", "computed-parameter", .error, "A query's `${…}` holds a computation.",
    why: "A parameter is bound as a value by its name; the trail keeps which value each name had.",
    fix: "Name the computation under `definitions`, and use that name.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client FROM access WHERE host = ${site + ".example.org"} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip}
      """),
    good: .sections(
      """
      definitions:
        full_name: site + ".example.org"
      queries:
        hits:
          from: access
          sql: SELECT client FROM access WHERE host = ${full_name} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip}
      """))

  package static let parameterType = Rule(
    "TOC0305", "parameter-type", .error, "A value is bound to a query that no query can take.",
    why: "A parameter is one value or a list of values, never a table.",
    fix: "Bind a column, such as `${hits.client}`, or a single value.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
        others:
          from: access
          sql: SELECT path FROM access WHERE client IN ${hits} AND time BETWEEN ${from} AND ${to}
          rows: {path: string}
      """), mend: ("IN ${hits}", "IN ${hits.client}"))

  package static let seriesInExpression = Rule(
    "TOC0306", "series-in-expression", .error, "An expression names a series.",
    why: "A series has no single value; what is abnormal in it is what a threshold says.",
    fix: "Declare a threshold `of` the series and ask for its `.breached`.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: rate > 100
          then: {yes: suspicious, no: benign}
      queries:
        rate: {from: metrics, promql: "sum(rate(requests_total{site=${site}}[1m]))", series: requests/s}
      """),
    good: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: high.breached
          then: {yes: suspicious, no: benign}
      thresholds:
        high: {of: rate, above: 100}
      queries:
        rate: {from: metrics, promql: "sum(rate(requests_total{site=${site}}[1m]))", series: requests/s}
      """))

  package static let outsideEntity = Rule(
    "TOC0307", "outside-entity", .error, "A name that only makes sense of one entity is used of all.",
    why: "Outside of a question with `each`, nobody knows which source, host or user is meant.",
    fix: "Ask the question with `each`.",
    bad: .sections(
      """
      questions:
        many:
          ask: Did one client ask often?
          answer: busy
          then: {yes: suspicious, no: benign}
      entities:
        source: hits.client
      definitions:
        busy: hits.filter(h, h.client == source).size() > 100
      """), mend: ("  many:\n", "  many:\n    each: source\n"))

  package static let notAtIntake = Rule(
    "TOC0308", "not-at-intake", .error, "Where an alert is looked at, something is named that is not known yet.",
    why: "`when`, `at` and fields are decided before anything is asked.",
    fix: "Name a part of `alert`, or a list.",
    bad: .sections(
      """
      alert:
        when: site == "shop"
        fields: {site: alert.labels.site}
      """), mend: ("when: site", "when: alert.labels.site"))

  package static let verdictInExpression = Rule(
    "TOC0309", "verdict-in-expression", .error, "An expression names a verdict.",
    why: "A verdict is where a run ends; it has no value.",
    fix: "Name the question that leads to it.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: hits.size() > 100 && malicious
          then: {yes: suspicious, no: benign}
      """), mend: (" && malicious", ""))

  /// The sample with an answer that is hardly meant.
  private static func answer(_ text: String) -> RuleExample {
    .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: \(text)
          then: {yes: suspicious, no: benign}
      """)
  }

  package static let constantCondition = Rule(
    "TOC0310", "constant-condition", .warning, "A part of an expression is always true, or always false.",
    why: "It decides nothing, so something else is probably meant.", fix: "Remove it, or write what is meant.",
    bad: answer("hits.size() > 100 || 1 > 0"), good: answer("hits.size() > 100"))

  package static let neverHolds = Rule(
    "TOC0311", "never-holds", .warning, "A comparison can never hold.",
    why: "The answer is always no, whatever the data say.", fix: "Compare with a value that there can be.",
    bad: answer("hits.size() < 0"), good: answer("hits.size() == 0"))

  package static let unusedVariable = Rule(
    "TOC0312", "unused-variable", .warning, "A name that an expression gives to a value is not used.",
    why: "It is left over, or another name stands in its place.", fix: "Use the name, or remove it.",
    bad: answer("cel.bind(n, hits.size(), hits.size() > 100)"), good: answer("cel.bind(n, hits.size(), n > 100)"))

  package static let alertMember = Rule(
    "TOC0313", "alert-member", .warning, "A part of an alert is written almost like one that alerts have.",
    why:
      "It would be missing from every alert: the run would count windows from its arrival, or not know a field, and say so "
      + "only then.",
    fix: "Write the member's name, or allow the finding if your sender really has this one.",
    bad: .sections(
      """
      alert:
        when: alert.labels.alertname == "Sample"
        at: timestamp(alert.startAt)
        fields: {site: alert.labels.site, user: alert.labels.user}
      """), mend: ("startAt", "startsAt"))
}
