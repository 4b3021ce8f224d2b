import Diagnostics

/// Queries and windows: TOC05xx, as far as they are about what is asked.
extension Rule {
  package static let noLanguage = Rule(
    "TOC0501", "no-language", .error, "A query has no text.",
    why: "Nothing would be asked.", fix: "Write the query under the name of its language, such as `sql`.",
    bad: .sections(
      """
      queries:
        hits: {from: access, rows: {client: ip}}
      """),
    good: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip}
      """))

  package static let queryShape = Rule(
    "TOC0502", "query-shape", .error, "A query does not say what it returns, or says it twice.",
    why: "Expressions about its result could not be checked.",
    fix: "Give it one of `row` (one row), `rows` and `series`.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
      """), mend: ("${to}", "${to}\n    rows: {client: ip}"))

  package static let missingBounds = Rule(
    "TOC0503", "missing-bounds", .error, "A query has a window and does not use both of its bounds.",
    why: "It would read all there ever was, or what came after the alert.",
    fix: "Use `${from}` and `${to}`, or say `window: none`.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client FROM access WHERE host = ${site} AND time >= ${from}
          rows: {client: ip}
      """), mend: ("time >= ${from}", "time BETWEEN ${from} AND ${to}"))

  package static let boundsWithoutWindow = Rule(
    "TOC0504", "bounds-without-window", .error, "A query without a window uses the bounds of one.",
    why: "`${from}` and `${to}` have no value there.", fix: "Remove `window: none`, or the bounds.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          window: none
          sql: SELECT client FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip}
      """), mend: ("    window: none\n", ""))

  package static let eachColumn = Rule(
    "TOC0505", "each-column", .error, "A query with `each` lacks the column that says whose row it is.",
    why: "The rows could not be given to the source, host or user that they are about.",
    fix: "Add a column with the entity's name and type.",
    bad: .sections(
      """
      questions:
        often:
          each: source
          ask: Did ${source} ask for the shell?
          answer: asked.exists(a, a.path == "/shell.php")
          then: {yes: malicious, no: benign}
      entities:
        source: hits.client
      queries:
        hits:
          from: access
          sql: SELECT client FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip}
        asked:
          from: access
          each: source
          sql: SELECT path FROM access WHERE client IN ${source} AND time BETWEEN ${from} AND ${to}
          rows: {path: string}
      """),
    good: .sections(
      """
      questions:
        often:
          each: source
          ask: Did ${source} ask for the shell?
          answer: asked.exists(a, a.path == "/shell.php")
          then: {yes: malicious, no: benign}
      entities:
        source: hits.client
      queries:
        hits:
          from: access
          sql: SELECT client FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip}
        asked:
          from: access
          each: source
          sql: SELECT client AS source, path FROM access WHERE client IN ${source} AND time BETWEEN ${from} AND ${to}
          rows: {source: ip, path: string}
      """))

  package static let emptyWindow = Rule(
    "TOC0511", "empty-window", .error, "A window ends before it begins.",
    why: "Nothing can lie in it.", fix: "Exchange the bounds, or mend their signs.",
    bad: .sections("window: {from: +5m, to: -5m}"), mend: ("{from: +5m, to: -5m}", "{from: -5m, to: +5m}"))

  package static let joinOfSource = Rule(
    "TOC0512", "join-of-source", .error, "A join names a source among the results that it joins.",
    why: "A list under `from` joins what other queries have fetched already.",
    fix: "Query the source first, and join that query.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
        both: {from: [hits, access], sql: SELECT client FROM hits, window: none, rows: {client: ip}}
      sources:
        access: {about: requests}
      """), mend: ("[hits, access]", "[hits]"))

  package static let joinLanguage = Rule(
    "TOC0516", "join-language", .error, "Results of queries are joined in another language than SQL.",
    why: "They lie in tables of Tocsin itself, which understands SQL.", fix: "Write the join in `sql`.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
        paths: {from: [hits], promql: hits, window: none, rows: {path: string}}
      """), mend: ("promql: hits", "sql: SELECT path FROM hits"))

  package static let noWindow = Rule(
    "TOC0517", "no-window", .error, "A query takes its window from something that has none.",
    why: "A plain number has no `from` and `to`.", fix: "Name a threshold of a series, or write the window out.",
    bad: .sections(
      """
      thresholds:
        limit: 100
      queries:
        hits:
          from: access
          window: limit
          sql: SELECT client FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip}
      """), mend: ("window: limit", "window: {from: -15m}"))

  package static let joinOfSeries = Rule(
    "TOC0518", "join-of-series", .error, "A join names a series.",
    why: "Only tables of rows can be joined.", fix: "Ask for rows instead of a series.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
        rate: {from: metrics, promql: sum(rate(requests_total)), series: requests/s}
        both: {from: [hits, rate], sql: SELECT client FROM hits, window: none, rows: {client: ip}}
      """), mend: ("[hits, rate]", "[hits]"))

  package static let listWithoutIn = Rule(
    "TOC0520", "list-without-in", .error, "A list is bound where SQL takes one value.",
    why: "`=` compares with one value; the query would be refused or would miss most of the list.",
    fix: "Write `IN ${…}`.",
    bad: .sections(
      """
      queries:
        hits:
          from: access
          sql: SELECT client, path FROM access WHERE host = ${shops} AND time BETWEEN ${from} AND ${to}
          rows: {client: ip, path: string}
      lists:
        shops: [shop, outlet]
      """), mend: ("= ${shops}", "IN ${shops}"))
}
