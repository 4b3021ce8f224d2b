import Diagnostics

/// The text of queries, and what can never come of them: TOC0526 to TOC0536, and TOC0540 to TOC0542.
extension Rule {
  /// The sample with a series, and the threshold that is asked for.
  private static func rate(_ query: String, _ threshold: String = "{of: rate, above: 100}") -> RuleExample {
    .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: high.breached
          then: {yes: suspicious, no: benign}
      thresholds:
        high: \(threshold)
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
        rate:
          from: metrics
      \(query.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
      """)
  }

  private static let promql = "promql: sum(rate(requests_total[1m]))\nseries: requests/s"

  package static let unbalancedQuery = Rule(
    "TOC0526", "unbalanced-query", .error, "A bracket or a quotation in a query's text is not closed, or never opened.",
    why: "The source would refuse the query when an alert has come.", fix: "Close it, or remove it.",
    bad: rate("promql: sum(rate(requests_total[1m])\nseries: requests/s"), mend: ("[1m])", "[1m]))"))

  package static let misplacedParameter = Rule(
    "TOC0527", "misplaced-parameter", .error, "A query's `${…}` stands where its language has no value.",
    why: "A parameter is bound as a value; names of tables, metrics and columns cannot come from an alert.",
    fix: "Write the name out, or compare something with the parameter.",
    bad: rate("promql: sum(rate(${site}_requests_total[1m]))\nseries: requests/s"),
    mend: ("${site}_requests_total", "requests_total{site=${site}}"))

  package static let quotedParameter = Rule(
    "TOC0528", "quoted-parameter", .error, "A query's `${…}` stands within quotes or a comment.",
    why: "There it is a part of a text, and no adapter can bind it as a value.",
    fix: "Remove the quotes: the adapter writes them as its language needs them.",
    bad: rate("promql: sum(rate(requests_total{site=\"${site}\"}[1m]))\nseries: requests/s"),
    mend: ("\"${site}\"", "${site}"))

  package static let neverBreaches = Rule(
    "TOC0529", "never-breaches", .warning, "A threshold can never be exceeded.",
    why: "The answer is always no, whatever the data say.", fix: "Change the limit, or what it is compared with.",
    bad: rate(promql, "{of: rate, below: 10, at_least: 20}"), mend: (", at_least: 20", ""))

  package static let alwaysBreaches = Rule(
    "TOC0530", "always-breaches", .warning, "A threshold is always exceeded.",
    why: "The answer is always yes, whatever the data say.", fix: "Change the limit, or what it is compared with.",
    bad: rate(promql, "{of: hits.size(), above: -1}"), mend: ("above: -1", "above: 100"))

  package static let atMostMissing = Rule(
    "TOC0531", "at-most-missing", .warning, "More rows are counted on than a query fetches.",
    why: "The rest is cut: what needs all rows stays unknown, and an entity beyond the cut is not looked at.",
    fix: "Give the query an `at_most` that is large enough.",
    bad: .sections(
      """
      questions:
        often:
          each: source
          ask: Did ${source} ask often?
          answer: hits.filter(h, h.client == source).size() > 100
          then: {yes: suspicious, no: benign}
      entities:
        source: {from: hits.client, at_most: 20000}
      """), mend: (", at_most: 20000", ""))

  package static let unitOfRate = Rule(
    "TOC0532", "unit-of-rate", .warning, "A query gives a rate per another time than its unit says.",
    why: "A limit that is right for one unit is sixty times too high for the other.",
    fix: "Write the unit that the query gives, or let the query count per the unit's time.",
    bad: rate("nrql: SELECT rate(count(*), 1 minute) FROM Transaction TIMESERIES\nseries: requests/s"),
    mend: ("1 minute", "1 second"))

  package static let listWithoutPattern = Rule(
    "TOC0533", "list-without-pattern", .error, "A list is bound where PromQL takes one value.",
    why: "`=` compares with one value; only a pattern can stand for a list.", fix: "Write `=~` or `!~`.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests?
          answer: high.breached
          then: {yes: suspicious, no: benign}
      thresholds:
        high: {of: rate, above: 100}
      queries:
        rate:
          from: metrics
          promql: sum(rate(requests_total{site=${shops}}[1m]))
          series: requests/s
      lists:
        shops: [shop, outlet]
      """), mend: ("site=$", "site=~$"))

  /// The sample with another condition in its query.
  private static func condition(_ text: String) -> RuleExample {
    .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE \(text)
          rows: {client: ip, path: string}
      """)
  }

  package static let emptySpan = Rule(
    "TOC0534", "empty-span", .warning,
    "A query asks for times that lie behind the window's end and before its beginning.",
    why: "There are none, so the query finds nothing, and its answer is a no that nobody has looked for.",
    fix: "Write `${from}` first: `time BETWEEN ${from} AND ${to}`.",
    bad: condition("host = ${site} AND time BETWEEN ${to} AND ${from}"),
    mend: ("${to} AND ${from}", "${from} AND ${to}"))

  package static let comparedWithNull = Rule(
    "TOC0535", "compared-with-null", .warning, "A query compares something with NULL.",
    why: "In SQL nothing equals NULL and nothing differs from it, so the condition never holds.",
    fix: "Write `IS NULL` or `IS NOT NULL`.",
    bad: condition("agent = NULL AND host = ${site} AND time BETWEEN ${from} AND ${to}"), mend: ("= NULL", "IS NULL"))

  package static let looseOr = Rule(
    "TOC0536", "loose-or", .warning, "One side of an `OR` in a query is not bound by the window.",
    why: "AND binds closer than OR, so rows of all times are found that the other side fits.",
    fix: "Put the sides of the OR in parentheses.",
    bad: condition("host = ${site} AND time BETWEEN ${from} AND ${to} AND status = 401 OR status = 403"),
    mend: ("status = 401 OR status = 403", "(status = 401 OR status = 403)"))

  package static let noStatement = Rule(
    "TOC0540", "no-statement", .error, "A query's text in SQL is not one statement that reads.",
    why: "The source would refuse the query when an alert has come.",
    fix: "Write one SELECT, and each of its words in full.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path FORM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
      """), mend: ("FORM", "FROM"))

  package static let anotherTable = Rule(
    "TOC0541", "another-table", .warning, "A query reads a table that its source hardly has.",
    why: "The table of a source is called as the source; the query would be refused when an alert has come.",
    fix: "Read the source's table, or ask the other source.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM acess WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
      """), mend: ("acess", "access"))

  package static let columnNotSelected = Rule(
    "TOC0542", "column-not-selected", .warning, "A query declares a column that its SELECT does not have.",
    why: "What rests on the column would stay unknown.", fix: "Select the column under that name.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, uri AS paht FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
      """), mend: ("paht", "path"))
}
