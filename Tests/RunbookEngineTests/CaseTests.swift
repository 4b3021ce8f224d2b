import Diagnostics
import LogAdapters
import RunbookLanguage
import Testing
import Values

@testable import RunbookEngine

/// A runbook, files of cases beside it, and what comes of them.
struct CaseTests {
  static let runbook = """
    tocsin: 1
    runbook: web
    alert:
      when: alert.labels.alertname == "Burst"
      fields: {site: alert.labels.site}
    questions:
      spike:
        ask: Was there a spike in web traffic to ${site}?
        answer: burst.breached
        then: {yes: known, no: benign}
      known:
        each: source
        ask: Is ${source} well known?
        answer: source in known_sources
        then: {yes: benign, no: caught}
      caught:
        each: source
        ask: Did the firewall stop everything that ${source} sent?
        answer: blocked.size() > 0 && blocked.all(b, b.stopped)
        then: {yes: stopped, no: attack, unknown: attack}
    verdicts:
      stopped: {severity: low, means: All of it was stopped.}
      attack: {severity: high, means: Not all of it was stopped., escalate: call, export: [sources]}
    entities:
      source: talkers.source
    thresholds:
      burst: {of: rate, above: 100, for: 2m}
    queries:
      rate:
        from: traffic
        promql: sum(rate(http_requests_total[1m]))
        series: requests/s
      talkers:
        from: access
        sql: SELECT client AS source, count(*) AS hits FROM access WHERE time BETWEEN ${from} AND ${to} GROUP BY client
        rows: {source: ip, hits: int}
      blocked:
        from: waf
        each: source
        sql: SELECT client AS source, attack, stopped FROM waf WHERE client IN ${source} AND time BETWEEN ${from} AND ${to}
        rows: {source: ip, attack: string, stopped: bool}
        at_most: 5
    lists:
      known_sources: {file: known.txt, of: cidr}
    contacts:
      web-on-call: {email: web@example.org}
    escalations:
      call: [{notify: [web-on-call]}]
    exports:
      sources: {data: source}
    """
  static let head = "tests: web\nalert: {site: shop, at: \"2026-03-02T10:00:00Z\"}\ncases:\n"
  static let scanner = """
      a scanner that the firewall stopped:
        given:
          rate: 40 x 50m, 900 x 5m, 40 x 5m
          talkers: |
            source       hits
            203.0.113.9  5200
          blocked: |
            source       attack         stopped
            203.0.113.9  sql injection  true
        expect:
          verdict: stopped
          answers: {spike: yes, known: no, caught: {203.0.113.9: yes}}
          open: none
          source: {203.0.113.9: stopped}

    """
  /// An answer of Prometheus around the alert of `scanner`.
  private static let recorded: String = {
    let start = (Timestamp(rfc3339: "2026-03-02T10:00:00Z")?.seconds ?? 0) - 300
    let values = (0...5).map { "[\(start + Int64($0) * 60),\"900\"]" }.joined(separator: ",")
    return #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":["# + values + "]}]}}"
  }()

  static let files = MemoryFiles(files: [
    "known.txt": "192.0.2.0/24\n", "web.tests.yaml": "",
    "blocked.csv": "source,attack,stopped,extra\n203.0.113.9,sqli,true,1\n",
    "blocked.jsonl": "{\"source\":\"203.0.113.9\",\"attack\":null,\"stopped\":false}\n\n",
    "misspelt.csv": "sorce,attack,stopped\n203.0.113.9,sqli,true\n", "semicolons.csv": "source;attack;stopped\n",
    "misspelt.jsonl": "{\"sorce\":\"203.0.113.9\",\"attack\":\"sqli\",\"stopped\":true}\n",
    "rate.csv": "timestamp,value\n-2m,900\n-1m,900\n-0m,900\n-3m,900\n-4m,\n",
    "twice.csv": "timestamp,value\n-2m,900\n-2m,900\n", "no-time.csv": "timestamp,value\n,900\n",
    "no-number.csv": "timestamp,value\n-2m,many\n", "labels.csv": "timestamp,value,site\n-2m,900,shop\n",
    "rate.json": recorded, "refused.json": #"{"status":"error","error":"too many samples"}"#,
    "array.json": "[{\"source\":\"203.0.113.9\"}]\n", "table.txt": "source  attack\n",
    "real.alert.json": #"{"labels":{"alertname":"Burst","site":"shop"},"startsAt":"2026-03-02T10:00:00Z"}"#,
  ])

  static func checked(_ text: String = runbook) throws -> CheckedRunbook {
    try #require(RunbookChecker(files: files).check(SourceText(name: "web.runbook.yaml", text: text)).runbook)
  }

  static func read(_ cases: String, of text: String = runbook) throws -> (file: CaseFile, findings: [Diagnostic]) {
    CaseReader(files: files).read(
      SourceText(name: "web.tests.yaml", text: cases.hasPrefix("tests:") ? cases : head + cases), for: try checked(text)
    )
  }

  static func run(_ cases: String, of text: String = runbook) async throws -> RunbookTest.Report {
    let (file, findings) = try read(cases, of: text)
    try #require(findings.map(\.message) == [])
    return await RunbookTest(try checked(text), joiner: TableJoiner()).run(file, alerts: [])
  }

  static func told(_ report: RunbookTest.Report) -> [String] {
    report.results.flatMap(\.findings).map { finding in
      "\(finding.location.map { "\($0.start) " } ?? "")\(finding.code.id) \(finding.message)"
    }
  }

  @Test func `a case that says what comes of it passes`() async throws {
    let report = try await Self.run(Self.scanner)
    #expect(Self.told(report) == [])
    #expect(report.results.map(\.name) == ["a scanner that the firewall stopped"])
  }

  private static let asking = """
    tocsin: 1
    runbook: web
    alert: {fields: {site: alert.labels.site}}
    questions:
      theirs:
        each: user
        ask: Does ${user} say it was them?
        person: {who: desk, within: 30m}
        then: {yes: benign, no: attack, unknown: attack}
    verdicts:
      attack: {severity: high, means: It was not them.}
    entities: {user: logins.user}
    queries:
      logins: {from: directory, window: none, sql: SELECT user FROM directory, rows: {user: string}}
    contacts:
      desk: {email: desk@example.org}
    """

  @Test func `people answer what a case has them say, and who is not named stays silent`() async throws {
    let report = try await Self.run(
      """
      tests: web
      alert: {site: shop, at: "2026-03-02T10:00:00Z"}
      cases:
        both say so:
          given:
            logins: |
              user
              ana
              ben
          people: {theirs: yes}
          expect: {verdict: benign, answers: {theirs: yes}, open: none}
        one denies it and one is silent:
          given:
            logins: |
              user
              ana
              ben
              cleo
          people: {theirs: {ana: no, cleo: yes}}
          expect: {verdict: attack, answers: {theirs: {ana: no, ben: unknown, cleo: yes}}, open: [theirs]}
      """, of: Self.asking)
    #expect(Self.told(report) == [])
  }

  @Test(arguments: [
    (
      "ana: yes, bob: no", "[{user: ana}, {user: ben}]", "9:38",
      "nobody is asked 'theirs' of 'bob', only of 'ana' and 'ben'"
    ),
    ("ana: yes", "none", "9:28", "nobody is asked 'theirs' of 'ana'"),
  ])
  func `an answer for which nobody is asked is told, unless it comes from another case`(
    _ said: String, _ logins: String, _ place: String, _ message: String
  ) async throws {
    let report = try await Self.run(
      """
      tests: web
      alert: {site: shop, at: "2026-03-02T10:00:00Z"}
      cases:
        asked:
          given: {logins: [{user: ana}]}
          people: {theirs: {ana: yes}}
          expect: {open: none}
        one:
          people: {theirs: {\(said)}}
          given: {logins: \(logins)}
          expect: {notified: none}
        like it:
          like: one
          expect: {notified: none}
      """, of: Self.asking)
    #expect(Self.told(report).filter { $0.contains("TOC0761") }.count == 1, "\(Self.told(report))")
    #expect(Self.told(report).contains("\(place) TOC0761 \(message)"), "\(Self.told(report))")
  }

  @Test(arguments: [
    ("{known: yes}", "unknown question 'known'"), ("{theirs: maybe}", "unknown answer 'maybe'"),
  ])
  func `what people cannot answer is told`(_ people: String, _ message: String) throws {
    let (_, findings) = try Self.read(
      """
      tests: web
      alert: {site: shop, at: "2026-03-02T10:00:00Z"}
      cases:
        one:
          people: \(people)
          expect: {verdict: attack}
      """, of: Self.asking)
    #expect(findings.map(\.message).contains { $0.hasPrefix(message) }, "\(findings.map(\.message))")
  }

  @Test func `what a case does not give is unavailable, and a case may be like one before it`() async throws {
    let report = try await Self.run(
      Self.scanner + """
          the firewall log cannot be read:
            like: a scanner that the firewall stopped
            given: {blocked: unavailable}
            expect: {verdict: attack, open: [caught], notified: [web-on-call], export: {sources: 1}}
          nothing is given:
            expect: {verdict: undetermined, answers: {spike: unknown}}
        """)
    #expect(Self.told(report) == [])
  }

  @Test(arguments: [
    ("{verdict: attack}", "20:23 TOC0751 the verdict is 'stopped', not 'attack'"),
    ("{severity: high}", "20:24 TOC0752 the severity is 'low', not 'high'"),
    ("{answers: {spike: no}}", "20:31 TOC0753 the answer to 'spike' is 'yes', not 'no'"),
    (
      "{answers: {caught: {192.0.2.1: yes}}}",
      "20:44 TOC0753 'caught' of 192.0.2.1 was not asked, not 'yes'"
    ),
    ("{open: [spike]}", "20:20 TOC0754 'spike' did not stay open"),
    (
      "{source: {203.0.113.9: attack}}",
      "20:36 TOC0755 the verdict of '203.0.113.9' is 'stopped', not 'attack'"
    ),
    (
      "{source: {192.0.2.1: stopped}}",
      "20:34 TOC0755 '192.0.2.1' did not arrive; there came '203.0.113.9'"
    ),
    ("{notified: [web-on-call]}", "20:24 TOC0756 'web-on-call' was not told"),
    ("{export: {sources: 1}}", "20:22 TOC0757 the export 'sources' was not written"),
  ])
  func `what is otherwise is told at its place`(expect: String, finding: String) async throws {
    let report = try await Self.run(
      Self.scanner + "  other:\n    like: a scanner that the firewall stopped\n    expect: \(expect)\n")
    #expect(Self.told(report).map { $0.replacing(" (because", with: "") } == [finding])
  }

  @Test func `a call and an export that the case does not name fail it`() async throws {
    let report = try await Self.run(
      Self.scanner + """
          loud:
            like: a scanner that the firewall stopped
            given: {blocked: none}
            expect: {verdict: attack}
        """)
    #expect(
      Self.told(report) == [
        "18:3 TOC0756 'web-on-call' was told, which 'notified' does not name",
        "18:3 TOC0757 the export 'sources' was written, with 1 rows, and 'export' does not name it",
      ])
  }

  @Test(arguments: [
    ("blocked: {rows: none, truncated: true}", "unknown"),
    ("blocked: {rows: none, partial: a shard is missing}", "unknown"),
    ("blocked: {error: the disk is full}", "unknown"), ("blocked: timeout", "unknown"), ("blocked: none", "no"),
    ("blocked: \"none\"", "no"),
    (
      "blocked: [{source: 203.0.113.9, stopped: true}, {source: 203.0.113.9, stopped: true}, {source: 203.0.113.9, stopped: true}]",
      "yes"
    ),
    // A source's answer would be cut, too.
    (
      "blocked: [\(Array(repeating: "{source: 203.0.113.9, stopped: true}", count: 6).joined(separator: ", "))]",
      "unknown"
    ),
    ("blocked: {file: blocked.csv}", "yes"), ("blocked: {file: blocked.jsonl}", "no"),
    ("blocked: [{source: 203.0.113.9, attack: sqli, stopped: true}]", "yes"),
    ("blocked: {rows: [{source: 203.0.113.9, stopped: false}], truncated: the page ends}", "no"),
    ("blocked: {rows: [{source: 203.0.113.9, stopped: true}], truncated: the page ends}", "unknown"),
  ])
  func `every form of an answer means what it says`(given: String, answer: String) async throws {
    let report = try await Self.run(
      Self.scanner + """
          other:
            like: a scanner that the firewall stopped
            given: {\(given)}
            expect: {answers: {caught: \(answer)}, \(answer == "yes" ? "" : "notified: [web-on-call], export: {sources: 1}")}
        """)
    #expect(Self.told(report) == [])
  }

  @Test(arguments: [
    ("900 x 1h", "yes"), ("900 x 60", "yes"), ("40 x 59m, 900", "no"), ("40 x 55m, gap x 5m", "no"),
    ("{points: 40 x 58m, until: -2m}", "no"), ("{points: 900 x 30s, every: 10s}", "unknown"), ("none", "unknown"),
    ("{file: rate.csv}", "yes"), ("{file: rate.json}", "yes"), ("{file: rate.json, partial: true}", "unknown"),
    ("unavailable", "unknown"), ("[{points: 40 x 1h, labels: {job: a}}]", "no"),
  ])
  func `a series is written as runs`(rate: String, answer: String) async throws {
    let report = try await Self.run(
      "  a:\n    given: {rate: \(rate.contains(",") && !rate.contains("{") ? "\"\(rate)\"" : rate)}\n"
        + "    expect: {answers: {spike: \(answer)}}\n")
    #expect(Self.told(report) == [])
  }

  @Test(arguments: [
    ("tests: shop\ncases: {}", "1:8 TOC0701"), (head + "  a: {like: b, expect: {verdict: stopped}}", "4:13 TOC0703"),
    (head + "  a: {alert: {sight: shop}, expect: {verdict: stopped}}", "4:15 TOC0704"),
    (head + "  a: {alert: {at: noon}, expect: {verdict: stopped}}", "4:19 TOC0704"),
    (head + "  a: {alert: none.alert.json, expect: {verdict: stopped}}", "4:14 TOC0705"),
    (head + "  a: {given: {blockd: none}, expect: {verdict: stopped}}", "4:15 TOC0702"),
    (head + "  a: {given: {blocked: nothing}, expect: {verdict: stopped}}", "4:24 TOC0706"),
    (head + "  a: {given: {blocked: {file: none.csv}}, expect: {verdict: stopped}}", "4:31 TOC0706"),
    (head + "  a: {given: {blocked: {file: misspelt.csv}}, expect: {verdict: stopped}}", "1:1 TOC0706"),
    (head + "  a: {given: {blocked: {file: semicolons.csv}}, expect: {verdict: stopped}}", "1:1 TOC0706"),
    (head + "  a: {given: {blocked: {file: misspelt.jsonl}}, expect: {verdict: stopped}}", "1:1 TOC0706"),
    (head + "  a: {given: {blocked: {file: array.json}}, expect: {verdict: stopped}}", "1:1 TOC0706"),
    (head + "  a: {given: {blocked: {file: table.txt}}, expect: {verdict: stopped}}", "1:1 TOC0706"),
    (head + "  a: {given: {rate: {file: blocked.csv}}, expect: {verdict: stopped}}", "1:1 TOC0706"),
    (head + "  a: {given: {rate: {file: none.csv}}, expect: {verdict: stopped}}", "4:28 TOC0706"),
    (head + "  a: {given: {rate: {file: labels.csv}}, expect: {verdict: stopped}}", "1:1 TOC0706"),
    (head + "  a: {given: {rate: {file: twice.csv}}, expect: {verdict: stopped}}", "1:1 TOC0706"),
    (head + "  a: {given: {rate: {file: no-time.csv}}, expect: {verdict: stopped}}", "1:1 TOC0706"),
    (head + "  a: {given: {rate: {file: no-number.csv}}, expect: {verdict: stopped}}", "2:5 TOC0707"),
    (head + "  a: {given: {rate: {file: refused.json}}, expect: {verdict: stopped}}", "1:1 TOC0706"),
    (head + "  a: {given: {rate: {file: table.txt}}, expect: {verdict: stopped}}", "1:1 TOC0706"),
    (head + "  a: {given: {rate: {file: rate.csv, every: 1m}}, expect: {verdict: stopped}}", "4:45 TOC0706"),
    (head + "  a: {given: {rate: [{file: rate.csv}]}, expect: {verdict: stopped}}", "4:22 TOC0706"),
    (head + "  a: {given: {talkers: [{hits: many}]}, expect: {verdict: stopped}}", "4:32 TOC0707"),
    (head + "  a: {given: {talkers: [{hits: {a: 1}}]}, expect: {verdict: stopped}}", "4:32 TOC0101"),
    (head + "  a: {given: {talkers: [{source: [[a]]}]}, expect: {verdict: stopped}}", "4:35 TOC0101"),
    (head + "  a: {given: {rate: [[1, 2]]}, expect: {verdict: stopped}}", "4:22 TOC0706"),
    (
      head
        + "  a:\n    given:\n      talkers: |\n        source  hits\n        1.2.3.4\n    expect: {verdict: stopped}",
      "8:9 TOC0708"
    ),
    (head + "  a: {given: {rate: 40 times 3}, expect: {verdict: stopped}}", "4:21 TOC0709"),
    (head + "  a: {given: {rate: 40 x 90s}, expect: {verdict: stopped}}", "4:21 TOC0710"),
    (head + "  a: {given: {rate: 40 x 150000000s}, expect: {verdict: stopped}}", "4:21 TOC0711"),
    (head + "  a: {expect: {}}", "4:15 TOC0712"), (head + "  a: {expect: {answers: {}}}", "4:15 TOC0712"),
    (head + "  a: {given: {}}", "4:6 TOC0104"),
    (head + "  a: {expect: {verdict: stoped}}", "4:25 TOC0702"),
    (head + "  a: {expect: {answers: {spike: maybe}}}", "4:33 TOC0702"),
    (head + "  a: {expect: {answers: {spoke: yes}}}", "4:26 TOC0702"),
    (head + "  a: {expect: {verdict: stopped, export: {source: 1}}}", "4:43 TOC0702"),
    (head + "  a: {expect: {verdict: stopped, notified: [me]}}", "4:45 TOC0702"),
  ])
  func `a case that cannot be read is told at its place`(cases: String, finding: String) throws {
    let (file, findings) = try Self.read(cases)
    #expect(findings.map { "\($0.location?.start.description ?? "") \($0.code.id)" } == [finding])
    #expect(file.cases.isEmpty)
  }

  @Test func `a raw alert is put through the runbook`() async throws {
    let report = try await Self.run(
      Self.scanner + """
          raw:
            like: a scanner that the firewall stopped
            alert: real.alert.json
            expect: {verdict: stopped}
        """)
    #expect(Self.told(report) == [])
    let alerts = [
      "{\"labels\":{\"alertname\":\"Burst\"}}", "{\"labels\":{\"alertname\":\"Other\",\"site\":\"shop\"}}", "{}",
    ].enumerated().map { SourceText(name: "\($0.offset).alert.json", text: $0.element) }
    let tried = await RunbookTest(try Self.checked(), joiner: TableJoiner())
      .run(try Self.read(Self.scanner).file, alerts: alerts)
    #expect(tried.results.dropFirst().map { $0.findings.map(\.code.id) } == [["TOC0705"], ["TOC0759"], ["TOC0759"]])
  }

  @Test func `coverage names the ways that no case takes`() async throws {
    let report = try await Self.run(Self.scanner)
    #expect(
      report.coverage.missed.map(\.description) == [
        "spike: no", "spike: unknown", "known: yes", "caught: no", "caught: unknown", "burst: not exceeded", "attack",
        "benign", "call", "sources",
      ])
    #expect(report.coverage.count("answers") == (3, 8))
    #expect(report.coverage.count("thresholds") == (1, 2))
    #expect(report.coverage.percent == 33)
  }

  @Test func `an unknown about nobody is no unknown of the question`() async throws {
    func missed(_ given: String) async throws -> [String] {
      let cases = "  it:\n    given: {rate: '900 x 10m', \(given)}\n    expect: {verdict: undetermined}\n"
      return try await Self.run(cases).coverage.missed.map(\.description)
    }
    #expect(try await missed("talkers: unavailable").contains("caught: unknown"))
    #expect(try await !missed("talkers: [{source: 203.0.113.9}]").contains("caught: unknown"))
  }

  @Test func `a stable runbook needs a case that escalates and one that closes`() async throws {
    let stable = Self.runbook.replacing(
      "runbook: web\n", with: "runbook: web\nstatus: stable\nversion: 1.0.0\nowner: security\n")
    let told = Self.told(try await Self.run(Self.scanner, of: stable))
    #expect(
      told == [
        "4:3 TOC0760 a stable runbook needs a case that escalates and one that closes; no case escalates"
      ])
  }

  @Test func `thousands of cases keep their order`() async throws {
    let report = try await Self.run(
      (0..<300).map { "  case \($0):\n    given: {rate: 40 x 1h}\n    expect: {verdict: benign}\n" }.joined())
    #expect(report.results.map(\.name) == (0..<300).map { "case \($0)" })
    #expect(report.results.count { !$0.passes } == 0)
  }

  // MARK: Boundaries

  private static func boundaries(
    of threshold: String, _ cases: String = scanner, of text: String = runbook
  ) async throws -> (text: String, report: RunbookTest.Report) {
    let checked = try checked(text)
    let (file, findings) = try read(cases, of: text)
    try #require(findings.map(\.message) == [])
    let made = try await BoundaryCases(checked, joiner: TableJoiner()).text(of: threshold, in: file)
    return (made, try await run(cases + made, of: text))
  }

  @Test func `cases at a limit stand below it, at it and above it, and pass as they are printed`() async throws {
    let (text, report) = try await Self.boundaries(of: "burst")
    #expect(Self.told(report) == [])
    let name = "a scanner that the firewall stopped, burst"
    #expect(
      report.results.dropFirst().map(\.name) == [
        "\(name) just below (99)", "\(name) at (100)", "\(name) just above (101)", "\(name) unknown",
      ])
    #expect(text.contains("        points: \"40 x 50, 101 x 5, 40 x 5\"\n"))
    let spikes = text.split(separator: "\n").compactMap { line in line.firstMatch(of: /spike: (\w+)/)?.1 }
    #expect(spikes == ["no", "no", "yes", "unknown"])
  }

  @Test func `a plain number that rows are counted against is met to the row`() async throws {
    let counting = Self.runbook.replacing(
      "blocked.size() > 0 && blocked.all(b, b.stopped)", with: "blocked.size() > few"
    ).replacing("thresholds:\n", with: "thresholds:\n  few: 3\n")
    let cases = Self.scanner.replacing("caught: {203.0.113.9: yes}", with: "caught: {203.0.113.9: no}")
      .replacing("verdict: stopped", with: "verdict: attack").replacing(
        "203.0.113.9: stopped", with: "203.0.113.9: attack"
      )
      .replacing("open: none", with: "open: none\n      notified: [web-on-call]\n      export: {sources: 1}")
    let (text, report) = try await Self.boundaries(of: "few", cases, of: counting)
    #expect(Self.told(report) == [])
    let answers = text.split(separator: "\n").compactMap { line in line.firstMatch(of: /caught: \{[^:]*: (\w+)/)?.1 }
    #expect(answers == ["no", "no", "yes", "unknown"])
    #expect(report.results[1].name.hasSuffix("few just below (2)"))
  }

  @Test(arguments: [
    ("none", "the runbook has no threshold 'none'; it has burst"),
    ("burst", "no case gives a series or rows with which an answer turns at 'burst'; write one first"),
  ])
  func `a boundary that cannot be found is told`(threshold: String, message: String) async throws {
    let (file, _) = try Self.read("  quiet:\n    given: {rate: 40 x 1h}\n    expect: {verdict: benign}\n")
    let checked = try Self.checked()
    let problem = await #expect(throws: BoundaryCases.Problem.self) {
      _ = try await BoundaryCases(checked, joiner: TableJoiner()).text(of: threshold, in: file)
    }
    #expect(problem?.message == message)
  }
}
