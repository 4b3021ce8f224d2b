import RunbookPorts
import Testing
import Values

@testable import Investigation

/// A whole runbook: from a burst of traffic down to the files that were touched.
@Suite struct DrillDownTests {
  private static let yaml = """
    import: [contacts.yaml]
    alert: {fields: {site: alert.labels.site}}
    questions:
      spike:
        ask: Was there a spike in web traffic to ${site}?
        answer: burst.breached
        then: {yes: known, no: benign}
      known:
        each: source
        ask: Is ${source} a well-known site?
        answer: source in known_sources
        then: {yes: benign, no: caught}
      caught:
        each: source
        ask: Did the firewall stop everything ${source} sent?
        answer: blocked.size() > 0 && blocked.all(b, b.stopped)
        then: {yes: stopped, no: attempt, unknown: attempt}
      attempt:
        each: source
        ask: Was it a hack attempt?
        weigh: {errors: 1, attack_seen: 3, odd_agent: 1, hosting: 1}
        at_least: 3
        person: {who: web-oncall, within: 30m, show: [requests]}
        then: {yes: accessed, no: benign, unknown: accessed}
      accessed:
        each: source
        ask: Did a request of ${source} reach one of the application's files?
        answer: touched.size() > 0
        finding: ${touched.path}
        then: {yes: [intrusion, modified], no: benign}
      modified:
        ask: Were any of these files modified?
        answer: changed.exists(c, c.path in touched.path)
        then: {yes: web_shell, no: benign}
      errors:
        each: source
        ask: More than half errors?
        answer: requests.errors.sum() * 2 > requests.hits.sum()
      attack_seen:
        each: source
        ask: Did the firewall name an attack?
        answer: blocked.exists(b, b.attack != "")
      odd_agent:
        each: source
        ask: A tool instead of a browser?
        answer: requests.exists(r, r.agent.matches("(?i)curl|python|sqlmap|nikto"))
      hosting:
        each: source
        ask: Does it come from a hosting network?
        answer: networks.hosting
    verdicts:
      benign: {severity: info, means: Nothing wrong was found.}
      stopped: {severity: low, means: The firewall stopped everything.}
      intrusion: {severity: high, means: An unknown source reached files., escalate: on-call, export: [sources]}
      web_shell: {severity: critical, means: Files were modified., escalate: on-call, export: [sources]}
    entities:
      source: talkers.source
    thresholds:
      burst: {of: rate, normal: {kind: level, history: 2h}, at_least: 5.0}
    window: {from: -5m, to: 0s}
    queries:
    \(query("rate", "series: requests/s", "window: {from: -5m, to: 0s}"))\
    \(query("talkers", "rows: {source: ip, hits: int}", "window: burst"))\
    \(query("requests", "rows: {source: ip, agent: string, hits: int, errors: int}", "each: source"))\
    \(query("blocked", "rows: {source: ip, attack: string, stopped: bool}", "each: source"))\
    \(query("networks", "row: {source: ip, hosting: bool}", "each: source"))\
    \(query("touched", "rows: {source: ip, path: string}", "each: source"))\
    \(query("changed", "rows: {path: string}"))lists:
      known_sources: {file: known-sources.txt, of: cidr}
    escalations:
      on-call: [{notify: [web-oncall]}]
    exports:
      sources: {data: source, format: csv}
    """

  private static let files = [
    "contacts.yaml": "contacts:\n  web-oncall: {email: web@example.org}\n", "known-sources.txt": "198.51.100.0/24\n",
  ]
  private static let rate = Given.series((0..<115).map { 40 + Double($0 * 7 % 5) } + [900, 905, 910, 900, 890])

  private func run(_ given: [String: Given]) throws -> (RunOutcome, RunDriver) {
    var driver = try RunDriver(
      Self.yaml, given.merging(["rate": Self.rate]) { given, _ in given },
      fields: ["site": .value(.string("shop"))], files: Self.files)
    return (try driver.run(), driver)
  }

  private static let scanner: [String: Given] = [
    "talkers": .rows("source  hits\n203.0.113.9  5200"),
    "blocked": .rows("source  attack  stopped\n203.0.113.9  sqli  true"),
  ]

  @Test func `a scanner that the firewall stopped`() throws {
    let (outcome, driver) = try run(Self.scanner)
    #expect(outcome.verdict == "stopped")
    #expect(outcome.said == ["spike: yes", "known 203.0.113.9: no", "caught 203.0.113.9: yes"])
    #expect(driver.fetched == ["rate", "talkers", "blocked"])
    #expect(driver.requests[1].window?.description == "2026-03-02T09:56:00Z..2026-03-02T10:00:00Z")
    #expect(outcome.answer("caught", "203.0.113.9")?.because == "blocked: 1 row, all match")
  }

  @Test func `no spike, nothing asked further`() throws {
    let (outcome, driver) = try run(["rate": .series((0..<120).map { 40 + Double($0 * 7 % 5) })])
    #expect(outcome.verdict == "benign")
    #expect(driver.fetched == ["rate"])
  }

  @Test func `the same, but the firewall log cannot be read`() throws {
    let given = Self.scanner.merging([
      "blocked": .unavailable("no such file"), "requests": .none, "networks": .unavailable("no answer"),
    ]) { $1 }
    let (outcome, driver) = try run(given)
    #expect(outcome.verdict == "undetermined")
    #expect(outcome.open == ["caught", "attempt", "accessed", "modified"])
    #expect(outcome.verdicts(of: "source") == ["203.0.113.9: undetermined"])
    #expect(driver.notices.isEmpty)
  }

  @Test func `one source reaches files, another is the load tester`() throws {
    let (outcome, driver) = try run([
      "talkers": .rows("source  hits\n198.51.100.7  300\n203.0.113.9  900"), "blocked": .none,
      "requests": .rows("source  agent  hits  errors\n203.0.113.9  curl/8.1  900  620"),
      "networks": .rows("source  hosting\n203.0.113.9  true"),
      "touched": .rows("source  path\n203.0.113.9  /var/www/cgi-bin/cart.pl"), "changed": .none,
    ])
    #expect(outcome.verdict == "intrusion")
    #expect(outcome.verdicts(of: "source") == ["198.51.100.7: benign", "203.0.113.9: intrusion"])
    #expect(outcome.answer("accessed", "203.0.113.9")?.finding == ["/var/www/cgi-bin/cart.pl"])
    #expect(
      outcome.answer("attempt", "203.0.113.9")?.because
        == "3 of 3 needed: errors yes 1, attack_seen no, odd_agent yes 1, hosting yes 1")
    #expect(driver.notices.map(\.contact) == ["web-oncall"])
    #expect(driver.exports.map(\.table.count) == [2])
    #expect(outcome.open.isEmpty)
  }
}
