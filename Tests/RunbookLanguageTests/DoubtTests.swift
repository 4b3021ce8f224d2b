import Diagnostics
import RunbookLanguage
import Testing

/// What is no mistake by itself, and hardly meant: in SQL, of alerts, of lists, of questions about each.
@Suite struct DoubtTests {
  /// The codes, with the text at their places, of a query's doubtful conditions.
  private func doubts(_ condition: String) -> [String] {
    let result = check(
      runbook(
        rest: "  more:\n    from: logs\n    sql: |\n      SELECT source FROM logs WHERE \(condition)\n"
          + "    rows: {source: ip}\n    window: {from: -2h, to: 0s}\ndefinitions: {d: more.size()}\n"))
    let codes = ["TOC0534", "TOC0535", "TOC0536"]
    return result.diagnostics.filter { codes.contains($0.code.id) }.map { finding in
      "\(finding.code.id) \(finding.location.map { $0.source.text(in: $0.range) } ?? "-")"
    }
  }

  @Test(arguments: [
    ("time BETWEEN ${to} AND ${from}", "TOC0534 ${to} AND ${from}"),
    ("time between ${to} and ${from} AND n > 1", "TOC0534 ${to} and ${from}"),
    ("time >= ${to} AND n = 1 AND time < ${from}", "TOC0534 time >= ${to} AND n = 1 AND time < ${from}"),
    ("${from} > time AND ${to} <= time", "TOC0534 ${from} > time AND ${to} <= time"),
    ("time BETWEEN ${from} AND ${to} AND user = NULL", "TOC0535 = NULL"),
    ("time BETWEEN ${from} AND ${to} AND lower(user) <> null", "TOC0535 <> null"),
    ("time BETWEEN ${from} AND ${to} AND user != NULL", "TOC0535 != NULL"),
    ("time BETWEEN ${from} AND ${to} AND a = 1 OR b = 2", "TOC0536 OR"),
    ("a = 1 OR b = 2 AND time >= ${from} AND time < ${to}", "TOC0536 OR"),
    ("time BETWEEN ${from} AND ${to} OR b = 2", "TOC0536 OR"),
    ("n > 0 AND (time BETWEEN ${from} AND ${to} AND a = 1 OR b = 2)", "TOC0536 OR"),
    ("a IN (SELECT a FROM logs WHERE time BETWEEN ${from} AND ${to} AND b = 1 OR c = 2)", "TOC0536 OR"),
  ])
  func `what a query can never find, or finds of all times, is told at its place`(condition: String, told: String) {
    #expect(doubts(condition) == [told])
  }

  @Test(arguments: [
    "time BETWEEN ${from} AND ${to}", "time >= ${from} AND time < ${to}", "starts <= ${to} AND ends >= ${from}",
    "starts >= ${to} OR ends < ${from}", "time BETWEEN ${from} AND ${to} AND (a = 1 OR b = 2)",
    "time BETWEEN ${from} AND ${to} AND a = 1 OR time BETWEEN ${from} AND ${to} AND b = 2",
    "starts <= ${to} AND (ends >= ${from} OR ends IS NULL)", "time BETWEEN ${from} AND ${to} OR time IS NULL",
    "n IN (SELECT n FROM logs WHERE a = 1 OR b = 2) AND time BETWEEN ${from} AND ${to}",
    "time BETWEEN ${from} AND ${to} AND user IS NOT NULL", "time BETWEEN ${from} AND ${to} AND note = ' = NULL OR '",
    "CASE WHEN a = 1 OR b = 2 THEN 1 ELSE 0 END AND time BETWEEN ${from} AND ${to}",
    "start <= ${to} AND end >= ${from}", "coalesce(a, NULL) = b AND time BETWEEN ${from} AND ${to}",
    "time + 5 >= ${to} AND time < ${from}", "time BETWEEN ${from} AND ${to} GROUP BY a HAVING sum(a) > 1 OR b = 1",
    "time >= ${from} AND time < ${to} /* OR = NULL */ -- OR x",
  ])
  func `conditions that can hold are no doubt`(condition: String) {
    #expect(doubts(condition) == [])
  }

  @Test(arguments: [
    ("alert.startAt", "startsAt"), ("alert.lables.site", "labels"), ("has(alert.annotation)", "annotations"),
    ("alert . endAt", "endsAt"), ("alert.?fingerprnt.orValue(\"\")", "fingerprint"),
    ("alert.generatorUrl", "generatorURL"), ("alert.Status", "status"),
  ])
  func `a member of alerts that is written almost so is told with the one that is meant`(written: String, meant: String)
  {
    let result = check(runbook(rest: "definitions: {d: '\(written)'}\n"))
    let told = result.diagnostics.filter { $0.code.id == "TOC0313" }
    #expect(told.map { $0.fixIts.first?.replacement } == [meant])
    #expect(told.first?.severity == .warning)
  }

  @Test(arguments: [
    "alert.labels.startAt", "alert.startsAt", "alert.values", "alert.dashboardURL", "alert.event.id", "alert.size()",
    "alert.rule", "\"alert.startAt\"",
  ])
  func `other members of alerts may be what the sender has`(written: String) {
    let result = check(runbook(rest: "definitions: {d: '\(written)'}\n"))
    #expect(!result.diagnostics.contains { $0.code.id == "TOC0313" })
  }

  @Test(arguments: [
    ("203.0.113.9/8", "TOC0537", "203.0.0.0/8"), ("2001:db8::1/32", "TOC0537", "2001:db8::/32"),
    ("0.0.0.0/0", "TOC0538", "every address"), ("::/0", "TOC0538", "every address"),
    ("10.1.2.3/0", "TOC0538", "every address"),
  ])
  func `a block that holds more than it seems to is told`(block: String, code: String, words: String) throws {
    let result = check(
      runbook(rest: "lists: {known: {file: known.txt, of: cidr}}\n"), files: ["known.txt": "192.0.2.0/24\n\(block) a\n"]
    )
    let finding = try #require(result.diagnostics.first { $0.code.id.hasPrefix("TOC053") })
    #expect(finding.code.id == code && finding.severity == .warning)
    #expect(finding.message.contains(words))
    #expect(finding.location?.start.description == "2:1")
  }

  @Test(arguments: ["203.0.113.0/24", "203.0.113.9", "203.0.113.9/32", "2001:db8::/32", "2001:DB8:0::/32"])
  func `a block that is what it seems to be is not told`(block: String) {
    let result = check(
      runbook(rest: "lists: {known: {file: known.txt, of: cidr}}\n"), files: ["known.txt": "\(block)\n"])
    #expect(!result.diagnostics.contains { $0.code.id.hasPrefix("TOC053") })
  }

  /// A runbook that asks about each source with this answer.
  private func aboutEach(_ answer: String, _ threshold: String, each: String = "") -> RunbookChecker.Result {
    check(
      runbook(
        question: "each: source\n    answer: \(answer)",
        rest: """
            rate: {from: metrics, promql: "rate(x[1m])", series: requests/s}
            own: {from: logs, sql: "SELECT source FROM logs WHERE time BETWEEN ${from} AND ${to}", rows: {source: ip}\(each)}
          entities: {source: q.source}
          thresholds: {high: \(threshold)}
          definitions: {wild: high.breached, hers: "own.exists(o, o.source == source)"}

          """))
  }

  @Test(arguments: [
    ("high.breached", "{of: rate, normal: {history: 2d}}"), ("high.breached", "{of: rate, above: 5}"),
    ("wild", "{of: rate, above: 5}"), ("high.breached && site == 'shop'", "{of: rate, above: 5}"),
  ])
  func `an answer about each that is the same for all is told`(answer: String, threshold: String) {
    let result = aboutEach(answer, threshold)
    let same = result.diagnostics.filter { $0.code.id == "TOC0539" }
    #expect(same.count == 1, "\(told(result))")
    #expect(same.first?.notes.map(\.message) == ["the threshold 'high' stands here"])
  }

  @Test(arguments: [
    ("high.breached", "{of: rate, normal: {history: 2d, by: source}}", ""),
    ("high.breached && hers", "{of: rate, above: 5}", ""),
    ("high.breached && own.size() > 0", "{of: rate, above: 5}", ""),
    ("own.size() > 3", "{of: rate, above: 5}", ""), ("source == ip('192.0.2.1') && wild", "{of: rate, above: 5}", ""),
  ])
  func `an answer that is about each is not told`(answer: String, threshold: String, each: String) {
    let each = answer.contains("own.size") ? ", each: source" : each
    let result = aboutEach(answer, threshold, each: each)
    #expect(!result.diagnostics.contains { $0.code.id == "TOC0539" }, "\(told(result))")
  }

  /// What is doubted of a threshold, and of an expression that reads it.
  private func doubts(
    _ threshold: String, _ answer: String = "t.breached", series: String = #"promql: "rate(x[1m])""#
  ) -> [String] {
    let result = check(
      runbook(
        question: "answer: \(answer)",
        rest: """
            rate: {from: metrics, \(series), series: requests/s}
          thresholds: {t: \(threshold)}

          """))
    return result.diagnostics.filter { ["TOC0111", "TOC0548", "TOC0549"].contains($0.code.id) }.map(\.message)
  }

  @Test(arguments: [
    ("{of: rate, above: 3}", "t.rank == 1", "'t.rank'"), ("{of: rate, above: 3}", "t.low > 1.0", "'t.low'"),
    ("{of: rate, above: 3}", "t.cooled < at", "'t.cooled'"), ("{of: q.size(), above: 3}", "t.from < at", "'t.from'"),
    ("{of: rate, normal: {kind: level}}", "t.low > 1.0", "'t.low'"),
    ("{of: rate, normal: {kind: level}}", "t.entity == 'a'", "'t.entity'"),
    ("{of: rate, normal: {kind: level}}", "t.short_of == 'a'", "'t.short_of'"),
    ("{of: rate, normal: {history: 1h, minimum_history: 2h}}", "t.breached", "needs 2h of history, and 1h are fetched"),
    ("{of: rate, normal: {minimum_history: 15d}}", "t.breached", "needs 15d"),
    ("{of: rate, normal: {history: 0s}}", "t.breached", "no history"),
    ("{of: rate, normal: {kind: level}, for: 25h}", "t.breached", "it must last 25h"),
    ("{of: rate, above: 3, ratio: 2}", "t.breached", "'ratio'"),
    ("{of: rate, above: 3, direction: up}", "t.breached", "'dire"),
    ("{of: q.size(), above: 3, for: 2 of 3}", "t.breached", "'for'"),
    ("{of: q.size(), above: 3, recover: 2h}", "t.breached", "'recover'"),
    ("{of: rate, normal: {kind: silence}, cooldown: 1h}", "t.breached", "'cooldown'"),
    ("{of: rate, normal: {kind: level}, ratio: 1}", "t.breached", "'ratio'"),
  ])
  func `what a threshold never has or does is told`(threshold: String, answer: String, words: String) {
    let doubts = doubts(threshold, answer)
    #expect(doubts.count == 1 && doubts[0].contains(words), "\(doubts)")
  }

  @Test(arguments: [
    ("{of: rate, above: 3}", "t.high > 1.0 && t.from < at && t.value > 1.0 && !has(t.rank)"),
    ("{of: rate, below: 3, cooldown: 1h}", "t.low > 1.0 && t.cooled < at"),
    (
      "{of: rate, normal: {kind: level, by: host}, at_least: 5, direction: both}",
      "t.low > 1.0 && t.high > 1.0 && t.entity == 'a' && t.short_of == 'a' && t.rank > 1 && t.surprise > 2.0"
    ),
    ("{of: rate, normal: {kind: silence}}", "t.high > 1.0"),
    ("{of: rate, normal: {}, direction: down}", "t.high > 1.0"),
    ("{of: rate, normal: {history: 2h, minimum_history: 2h}, ratio: 1.1, for: 2m}", "t.breached"),
  ])
  func `what a threshold may have or do is not told`(threshold: String, answer: String) {
    #expect(doubts(threshold, answer).isEmpty)
  }

  @Test(arguments: [("3 minutes", 481), ("5 minutes", 289), ("2 HOURS", 13), ("1 day", 2)])
  func `more points than a window can have are told where the query says how far apart they are`(
    step: String, most: Int
  ) {
    let series = "nrql: \"SELECT count(*) FROM T TIMESERIES \(step)\", window: {from: -24h, to: 0s}"
    for rule in ["above: 3", "normal: {kind: level}"] {
      let doubts = doubts("{of: rate, \(rule), for: 2 of \(most + 1)}", series: series)
      #expect(doubts.count == 1 && doubts[0].contains("has \(most) at most"), "\(doubts)")
      #expect(self.doubts("{of: rate, \(rule), for: 2 of \(most)}", series: series).isEmpty)
    }
    #expect(doubts("{of: rate, above: 3, for: 2 of 999}").isEmpty)
  }
}
