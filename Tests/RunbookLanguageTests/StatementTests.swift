import Diagnostics
import RunbookLanguage
import Testing

/// Statements in SQL are looked at without a source: what no dialect reads is told, and what one may know is not.
@Suite struct StatementTests {
  private static let told = ["TOC0526", "TOC0527", "TOC0528", "TOC0540", "TOC0541", "TOC0542"]

  /// The codes, with the text at their places, of a query of the source `logs` that declares `source` and `hits`.
  private func findings(_ sql: String, rows: String = "{source: ip, hits: int}") -> [String] {
    let lines = sql.split(separator: "\n").map { "      " + $0 + "\n" }.joined()
    let result = check(
      runbook(
        rest: "  more:\n    from: logs\n    sql: |\n\(lines)    rows: \(rows)\n    window: {from: -2h, to: 0s}\n"
          + "definitions: {d: more.size()}\nlists: {many: [a, b]}\nsources: {logs: {about: x}, users: {about: y}}\n"))
    return result.diagnostics.filter { Self.told.contains($0.code.id) }.map { finding in
      "\(finding.code.id) \(finding.location.map { $0.source.text(in: $0.range) } ?? "-")"
        + (finding.fixIts.first.map { " → \($0.replacement)" } ?? "")
    }
  }

  private static let window = "time BETWEEN ${from} AND ${to}"

  @Test(arguments: [
    ("SELCT source, hits FROM logs WHERE \(window)", "TOC0540 SELCT → SELECT"),
    ("DELETE FROM logs WHERE \(window)", "TOC0540 DELETE"),
    ("SELECT source, hits FROM logs WHERE \(window); DROP TABLE logs", "TOC0540 DROP"),
    ("WITH x AS (SELECT 1) DELETE FROM logs WHERE \(window)", "TOC0540 WITH"),
    ("SELECT source, hits FORM logs WHERE \(window)", "TOC0540 FORM → FROM"),
    ("SELECT source, count(*) AS hits FORM logs WHERE \(window)", "TOC0540 FORM → FROM"),
    ("SELECT * FORM logs WHERE \(window)", "TOC0540 FORM → FROM"),
    ("SELECT source, hits FROM logs WHER \(window)", "TOC0540 WHER → WHERE"),
    ("SELECT source, hits FROM logs WHERE time BETWEN ${from} AND ${to}", "TOC0540 BETWEN → BETWEEN"),
    ("SELECT source, hits FROM logs WHERE a = 1 ADN \(window)", "TOC0540 ADN → AND"),
    ("SELECT source, hits FROM logs WHERE \(window) GRUOP BY source", "TOC0540 GRUOP → GROUP"),
    ("SELECT source, hits FROM logs WHERE \(window) AND", "TOC0540 AND"),
    ("SELECT source, hits FROM logs WHERE AND \(window)", "TOC0540 WHERE"),
    ("SELECT source, hits FROM logs WHERE a = AND \(window)", "TOC0540 ="),
    ("SELECT source,, hits FROM logs WHERE \(window)", "TOC0540 ,"),
    ("SELECT , hits FROM logs WHERE \(window)", "TOC0540 ,"),
    ("SELECT source, hits FROM logs WHERE \(window) WHERE a = 1", "TOC0540 WHERE"),
    ("SELECT source, hits FROM logs WHERE \(window) AND a = ?", "TOC0540 ?"),
    ("SELECT source, hits FROM logs WHERE \(window) AND a = :site", "TOC0540 :site"),
    ("SELECT source, hits FROM logs WHERE \(window) AND a = $site", "TOC0540 $site"),
    ("SELECT source, hits FROM logs WHERE \(window) AND a = {{site}}", "TOC0540 {{"),
    ("SELECT source, hits FROM logs WHERE \(window) AND a IN (%s)", "TOC0540 %s"),
  ])
  func `what no dialect reads is told at its place`(sql: String, told: String) {
    #expect(findings(sql) == [told])
  }

  @Test(arguments: [
    ("SELECT source, hits FROM lgos WHERE \(window)", "TOC0541 lgos → logs"),
    ("SELECT source, hits FROM \"lgos\" WHERE \(window)", "TOC0541 lgos → logs"),
    ("SELECT source, hits FROM logs l JOIN lgos m ON l.a = m.a WHERE \(window)", "TOC0541 lgos → logs"),
    ("SELECT source, hits FROM (SELECT * FROM lgos WHERE \(window))", "TOC0541 lgos → logs"),
    ("SELECT source, hits FROM users WHERE \(window)", "TOC0541 users → logs"),
    ("SELECT source, n AS hist FROM logs WHERE \(window)", "TOC0542 hist → hits"),
    ("SELECT source FROM logs WHERE \(window)", "TOC0542 source"),
    ("WITH x AS (SELECT * FROM logs WHERE \(window)) SELECT sorce, hits FROM x", "TOC0542 sorce → source"),
    ("SELECT DISTINCT l.sorce, l.hits FROM logs l WHERE \(window)", "TOC0542 sorce → source"),
    ("SELECT source, n hist FROM logs WHERE \(window) UNION SELECT 1, 2", "TOC0542 hist → hits"),
  ])
  func `a table that is none and a column that is not selected are told`(sql: String, told: String) {
    #expect(findings(sql) == [told])
  }

  @Test(arguments: [
    ("SELECT source, hits FROM logs WHERE \(window) ORDER BY path, ${site}", "TOC0527 ${site}"),
    ("SELECT source, hits FROM logs WHERE \(window) ORDER BY ${site}", "TOC0527 ${site}"),
    ("SELECT source, hits FROM logs WHERE \(window) GROUP BY path, ${site}", "TOC0527 ${site}"),
    ("SELECT source, hits FROM logs WHERE \(window) ORDER BY path ${site}", "TOC0527 ${site}"),
    ("SELECT source, hits FROM logs WHERE path ${site} 3 AND \(window)", "TOC0527 ${site}"),
    ("SELECT source, hits FROM logs WHERE ${site}(path) = 3 AND \(window)", "TOC0527 ${site}"),
    ("SELECT source, hits FROM logs WHERE [${site}] = 3 AND \(window)", "TOC0527 ${site}"),
    ("SELECT source, hits FROM logs WHERE count(*) ${site} AND \(window)", "TOC0527 ${site}"),
  ])
  func `a parameter stands only where a value may`(sql: String, told: String) {
    #expect(findings(sql) == [told])
  }

  @Test(arguments: [
    "SELECT source, hits FROM logs WHERE \(window);", "select source, hits from LOGS where \(window)",
    "SELECT source, hits FROM logs_errors WHERE \(window)", "SELECT source, hits FROM log WHERE \(window)",
    "SELECT source, hits FROM events WHERE \(window)", "SELECT source, hits FROM audit.lgos WHERE \(window)",
    "SELECT * FROM logs WHERE \(window)", "SELECT l.* FROM logs l WHERE \(window)",
    "SELECT source, hits FROM logs WHERE \(window) AND user NOT NULL AND host IS NOT DISTINCT FROM ${site}",
    "SELECT source, count(*) AS hits FROM logs WHERE \(window) GROUP BY 1 ORDER BY 2 DESC NULLS LAST LIMIT 5 OFFSET 1",
    "SELECT source, extract(day FROM time) AS hits FROM logs WHERE \(window)",
    "SELECT source, time::date - INTERVAL '1 day' AS hits FROM logs WHERE \(window) AND path ILIKE ${site}",
    "SELECT source, max(hits) FILTER (WHERE a > 1) AS hits FROM logs FINAL PREWHERE a = 1 WHERE \(window)",
    "SELECT source, uniq(user) hits FROM logs SAMPLE 0.1 WHERE \(window) LIMIT 1 BY source LIMIT 10 SETTINGS a = 1",
    "SELECT source, CASE WHEN a = ${site} THEN 1 ELSE 0 END hits FROM logs WHERE \(window)",
    "SELECT source, hits FROM logs, LATERAL (SELECT 1) x WHERE \(window) AND a IN ${many}",
    "SELECT source, lag(hits) OVER w AS hits FROM logs WHERE \(window) WINDOW w AS (PARTITION BY a ORDER BY time)",
    "WITH lgos AS (SELECT * FROM logs WHERE \(window)), users(a) AS (SELECT 1) SELECT source, hits FROM lgos, users",
    "SELECT source, hits FROM logs WHERE \(window) UNION ALL SELECT source, hits FROM logs WHERE \(window)",
    "(SELECT a FROM logs WHERE \(window)) UNION SELECT source, hits FROM logs",
    "SELECT \"source\", [hits] FROM logs WHERE \(window) AND a = arr[${site}] AND b ? 'x' AND c @> '{}'",
    "SELECT DISTINCT ON (a) source, b FROM logs WHERE \(window)", "SELECT * EXCEPT (a) FROM logs WHERE \(window)",
    "SELECT source, hits, FROM logs WHERE \(window)", "SELECT source, ${site} AS hits FROM logs WHERE \(window)",
    "SELECT source, hits FROM logs WHERE \(window) -- FORM\n AND a = ':x ? $y' /* WHER */",
    "SELECT source, hits FROM logs WHERE time AT TIME ZONE 'UTC' >= ${from} AND time < ${to} AND date > DATE '2026-01-01'",
    "SELECT source, sum(n) hits FROM logs WHERE \(window) GROUP BY ALL HAVING sum(n) > 3",
  ])
  func `what some dialect reads is let through`(sql: String) {
    #expect(findings(sql) == [])
  }

  @Test func `what a function gives may have the function's name`() {
    let sql = "SELECT source, count(*) FROM logs WHERE \(Self.window)"
    #expect(findings(sql, rows: "{source: ip, count: int}") == [])
    #expect(findings(sql, rows: "{source: ip, hits: int}") == ["TOC0542 count"])
  }

  /// The findings of a query in PromQL, with the lists `many` and the field `site`, a text.
  private func promql(_ text: String) -> [String] {
    let result = check(
      runbook(
        rest: "  rate: {from: metrics, promql: '\(text)', series: requests/s}\n"
          + "thresholds: {high: {of: rate, above: 5}, least: 3}\ndefinitions: {d: high.breached}\nlists: {many: [a, b]}\n"
      ))
    return result.diagnostics.filter { ["TOC0527", "TOC0533"].contains($0.code.id) }.map(\.message)
  }

  @Test func `a list needs the pattern of its sign, and a text is no number`() {
    #expect(promql("x{a!=${many}}") == ["'many' is a list here; write '!~ ${many}'"])
    #expect(promql("x{a=${many}}") == ["'many' is a list here; write '=~ ${many}'"])
    let number = "'${site}' is bound as a value and cannot stand here: a number stands here, and it is string"
    for text in ["topk(${site}, x)", "x > ${site}", "x @ ${site}", "x > bool ${site}", "sum(x) / ${site}"] {
      #expect(promql(text) == [number], "\(text)")
    }
    for text in [
      "topk(${least}, x)", "x > ${least}", "x{a=${site}}", "x{a=~${many}}", "label_replace(x, \"a\", ${site})",
    ] {
      #expect(promql(text) == [], "\(text)")
    }
  }
}
