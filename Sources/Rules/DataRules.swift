import Diagnostics

/// Thresholds and lists: TOC05xx, as far as they are about what results are compared with.
extension Rule {
  /// A runbook with a threshold of the series `rate`.
  private static func threshold(_ text: String) -> RuleExample {
    .sections(
      """
      thresholds:
        high: \(text)
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
        rate: {from: metrics, promql: sum(rate(requests_total)), series: requests/s}
      """)
  }

  package static let thresholdRule = Rule(
    "TOC0506", "threshold-rule", .error, "A threshold has no rule, or several.",
    why: "Nothing says what is abnormal.", fix: "Give it one of `above`, `below`, `outside` and `normal`.",
    bad: threshold("{of: rate}"), good: threshold("{of: rate, above: 100}"))

  package static let badBand = Rule(
    "TOC0507", "bad-band", .error, "A band is not made of two numbers, the lower first.",
    why: "No value would lie in it.", fix: "Write it like `[10, 200]`.",
    bad: threshold("{of: rate, outside: [200, 10]}"), good: threshold("{of: rate, outside: [10, 200]}"))

  package static let badPersistence = Rule(
    "TOC0508", "bad-persistence", .error, "`for` does not say how long a breach lasts.",
    why: "One odd point would count as much as an hour of them.", fix: "Write it like `30s` or `2 of 3`.",
    bad: threshold("{of: rate, above: 100, for: a while}"), good: threshold("{of: rate, above: 100, for: 30s}"))

  package static let thresholdSubject = Rule(
    "TOC0509", "threshold-subject", .error, "A threshold is of neither a series nor a number.",
    why: "A table of rows is not above or below anything.",
    fix: "Name a query with `series`, or an expression such as `hits.size()`.",
    bad: threshold("{of: hits, above: 100}"), good: threshold("{of: hits.size(), above: 100}"))

  package static let normalNeedsSeries = Rule(
    "TOC0510", "normal-needs-series", .error, "What is normal is asked of a single number.",
    why: "Only a series has a history.", fix: "Use `above`, `below` or `outside`, or name a query with `series`.",
    bad: threshold("{of: hits.size(), normal: {history: 2h}}"),
    good: threshold("{of: rate, normal: {history: 2h}}"))

  package static let badListValue = Rule(
    "TOC0513", "bad-list-value", .error, "A value in a list is not of the list's type.",
    why: "It would never match anything.", fix: "Mend the value, or the type under `of`.",
    bad: .sections(
      """
      lists:
        ours: {file: ours.txt, of: cidr}
      """, files: [("ours.txt", "192.0.2.0/24 office\n192.0.2.300 printer\n")]), mend: ("192.0.2.300", "192.0.2.30/32"))

  package static let listShape = Rule(
    "TOC0514", "list-shape", .error, "A list file has another form than the runbook says.",
    why: "Columns would be taken for others.", fix: "Mend the file, or what `of` and `key` say about it.",
    bad: .sections(
      """
      lists:
        people: {file: people.csv, key: user, of: {manager: string}}
      """, files: [("people.csv", "user,manager\n\"anna,bob\n")]), mend: ("\"anna", "anna"))

  package static let badCalendar = Rule(
    "TOC0515", "bad-calendar", .error, "A text is no calendar of hours.",
    why: "Nobody could say whether an instant lies in it.",
    fix: "Write days, hours and time zone, such as `Mo-Fr 07:00-19:00 Europe/Zurich`.",
    bad: .sections(
      """
      lists:
        office: {calendar: "Mo-Fr 7-19 Europe/Zurich"}
      """), mend: ("7-19", "07:00-19:00"))

  package static let repeatedListKey = Rule(
    "TOC0519", "repeated-list-key", .warning, "A list has two rows with the same key.",
    why: "Only the first counts; the other is dropped.", fix: "Remove one of them.",
    bad: .sections(
      """
      lists:
        people: {file: people.csv, key: user, of: {manager: string}}
      """, files: [("people.csv", "user,manager\nanna,bob\nanna,eve\n")]), mend: ("anna,eve", "karl,eve"))

  package static let unknownTimeZone = Rule(
    "TOC0521", "unknown-time-zone", .error, "A text names no time zone.",
    why: "The hour of a value would be another one.", fix: "Write it like `Europe/Zurich`.",
    bad: threshold("{of: rate, normal: {kind: seasonal, timezone: Zurich}}"),
    good: threshold("{of: rate, normal: {kind: seasonal, timezone: Europe/Zurich}}"))

  package static let newValuesAlone = Rule(
    "TOC0522", "new-values-alone", .error, "`new_values` stands beside another kind.",
    why: "It looks at rows, the other kinds at a series.", fix: "Ask them in two thresholds.",
    bad: threshold("{of: rate, normal: {kind: [new_values, level]}}"),
    good: threshold("{of: rate, normal: {kind: [level, jump]}}"))

  package static let newValuesRows = Rule(
    "TOC0523", "new-values-rows", .error, "`new_values` lacks the rows, or the columns, that it looks at.",
    why: "Nothing says which values are new.", fix: "Give `of` a query with rows, and `fields` its columns.",
    bad: .sections(
      """
      thresholds:
        fresh: {of: hits, normal: {kind: new_values}}
      queries:
        hits:
          from: access
          sql: SELECT time, client, path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {time: timestamp, client: ip, path: string}
      """), mend: ("kind: new_values", "kind: new_values, fields: [path]"))

  package static let measureWithoutLevel = Rule(
    "TOC0524", "measure-without-level", .error, "A measure of distance is asked of a kind that has none.",
    why: "`z` and `percentile` measure how far a value is from the usual one.",
    fix: "Give `kind: level`, `seasonal` or `jump`.",
    bad: threshold("{of: rate, normal: {kind: novelty}, z: 3}"),
    good: threshold("{of: rate, normal: {kind: level}, z: 3}"))

  package static let nothingAsked = Rule(
    "TOC0525", "nothing-asked", .error, "No surprise is asked for, and nothing else either.",
    why: "Everything would be a breach.", fix: "Give one of `z`, `percentile`, `ratio` and `at_least`.",
    bad: threshold("{of: rate, normal: {kind: level}, surprise: none}"),
    good: threshold("{of: rate, normal: {kind: level}, surprise: none, z: 3}"))

  package static let hostBits = Rule(
    "TOC0537", "host-bits", .warning, "A block of addresses in a list holds more than it seems to.",
    why: "Behind the prefix an address does not count: `203.0.113.9/8` lets 16 million others pass for known.",
    fix: "Write the block that is meant, or the address with `/32`.",
    bad: .sections(
      """
      lists:
        ours: {file: ours.txt, of: cidr}
      """, files: [("ours.txt", "203.0.113.9/8 printer\n")]), mend: ("203.0.113.9/8", "203.0.113.9/32"))

  package static let everyAddress = Rule(
    "TOC0538", "every-address", .warning, "A block of addresses in a list is every address there is.",
    why: "Whoever is looked up stands in the list; where it lets somebody go, it lets everybody go.",
    fix: "Write the blocks that are meant.",
    bad: .sections(
      """
      lists:
        ours: {file: ours.txt, of: cidr}
      """, files: [("ours.txt", "0.0.0.0/0 office\n")]), mend: ("0.0.0.0/0", "192.0.2.0/24"))

  package static let sameForEach = Rule(
    "TOC0539", "same-for-each", .warning, "A question about each rests on a threshold that is the same for all.",
    why: "One series that breaches it answers for everybody: each gets the same answer, and the same verdict.",
    fix: "Tell the series apart with `by`, count rows of a query with `each`, or ask it once.",
    bad: .sections(
      """
      questions:
        many:
          each: source
          ask: Did ${source} send many requests?
          answer: high.breached
          then: {yes: suspicious, no: benign}
      entities:
        source: hits.client
      thresholds:
        high: {of: rate, normal: {history: 2d}}
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
        rate: {from: metrics, promql: "sum by (source) (rate(requests_total[1m]))", series: requests/s}
      """), mend: ("history: 2d", "history: 2d, by: source"))

  package static let neverJudged = Rule(
    "TOC0548", "never-judged", .warning, "A threshold asks for what there can never be, so it is unknown in every run.",
    why: "What rests on it stays open, and nobody is told why before the first alert.",
    fix: "Ask for less history than is fetched, and for breaches that find room in the window.",
    bad: threshold("{of: rate, normal: {history: 1d, minimum_history: 2d}}"),
    good: threshold("{of: rate, normal: {history: 7d, minimum_history: 2d}}"))

  package static let neverAValue = Rule(
    "TOC0549", "never-a-value", .warning, "An expression reads of a threshold what this one never has.",
    why: "What reads it is unknown in every run: a plain limit expects nothing, and has no rank.",
    fix: "Read what it has, such as `breached` and `value`, or write the threshold so that it has it.",
    bad: .sections(
      """
      questions:
        many:
          ask: Were there many requests to ${site}?
          answer: high.breached && high.rank == 1
          then: {yes: suspicious, no: benign}
      thresholds:
        high: {of: rate, above: 100}
      queries:
        rate: {from: metrics, promql: sum(rate(requests_total)), series: requests/s}
      """), mend: ("above: 100", "normal: {history: 2d}"))
}
