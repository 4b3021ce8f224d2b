import RunbookPorts
import Testing
import Values

@testable import Investigation

/// Questions about entities: each goes its own way (language, 2.5).
@Suite struct EntityTests {
  private static let perHost = "rows: {host: string, x: int}"

  /// Who is known is benign; of the others those that ran something go on to a question asked once.
  private static let hosts = """
    questions:
      known:
        each: host
        ask: Is ${host} known?
        answer: host in known_hosts
        then: {yes: benign, no: ran}
      ran:
        each: host
        ask: Did ${host} run something?
        answer: programs.size() > 0
        finding: ${programs.x}
        then: {yes: [suspicious, changed], no: benign}
      changed:
        ask: Was anything changed?
        answer: changes.size() > 0
        then: {yes: malicious, no: benign}
    entities:
      host: {from: targets.host, at_most: 4}
    queries:
    \(query("targets", "rows: {host: string}"))\(query("programs", perHost, "each: host"))\
    \(query("changes", "rows: {x: int}"))lists:
      known_hosts: [a]
    """
  private static let targets = Given.rows("host\na\nb\nc\nb")

  @Test func `each entity goes its own way and ends in its own verdict`() throws {
    var driver = try RunDriver(
      Self.hosts, ["targets": Self.targets, "programs": .rows("host  x\nb  1\nb  2\nb  1"), "changes": .none])
    let outcome = try driver.run()
    #expect(outcome.verdicts(of: "host") == ["a: benign", "b: suspicious", "c: benign"])
    #expect(outcome.verdict == "suspicious")
    #expect(
      outcome.said == ["known a: yes", "known b: no", "known c: no", "ran b: yes", "ran c: no", "changed: no"])
    #expect(outcome.answer("ran", "b")?.ask == "Did b run something?")
    #expect(outcome.answer("ran", "b")?.finding == ["1", "2"])
    #expect(outcome.answer("ran", "b")?.because == "programs: 3 rows")
    #expect(outcome.answer("ran", "c")?.finding == [])
  }

  @Test func `a query is fetched once, for all who can still come to a question needing it`() throws {
    var driver = try RunDriver(Self.hosts, ["targets": Self.targets, "programs": .none])
    _ = try driver.run()
    #expect(driver.fetched == ["targets", "programs"])
    let request = try #require(driver.requests.last)
    #expect(request.shape == .rows([Column("host", .string), Column("x", .int)], isSingle: false))
  }

  @Test func `what a run question reaches counts on the way of the entities that led to it`() throws {
    var driver = try RunDriver(
      Self.hosts, ["targets": Self.targets, "programs": .rows("host  x\nb  1"), "changes": .rows("x\n1")])
    let outcome = try driver.run()
    #expect(outcome.verdicts(of: "host") == ["a: benign", "b: malicious", "c: benign"])
    #expect(outcome.verdict == "malicious")
  }

  @Test func `an unknown of one entity leaves the others alone, one of the run does not`() throws {
    var one = try RunDriver(Self.hosts, ["targets": Self.targets, "changes": .none])
    let outcome = try one.run()
    #expect(outcome.verdicts(of: "host") == ["a: benign", "b: undetermined", "c: undetermined"])
    #expect(outcome.open == ["ran"])
    var run = try RunDriver(Self.hosts, ["targets": Self.targets, "programs": .rows("host  x\nb  1")])
    let other = try run.run()
    // `changed` stands on the way of `b`, and on the run's: the clean verdicts of all turn.
    #expect(other.verdicts(of: "host") == ["a: undetermined", "b: undetermined", "c: undetermined"])
    #expect(other.open == ["changed"])
  }

  @Test func `entities beyond the limit are undetermined, not dropped`() throws {
    var driver = try RunDriver(
      Self.hosts, ["targets": .rows("host\na\na1\na2\na3\nb\nc"), "programs": .none, "changes": .none])
    let outcome = try driver.run()
    #expect(
      outcome.verdicts(of: "host") == [
        "a: undetermined", "a1: undetermined", "a2: undetermined", "a3: undetermined", "b: undetermined",
        "c: undetermined",
      ])
    #expect(outcome.verdict == "undetermined")
    #expect(outcome.open == ["known", "ran"])
    #expect(
      outcome.answers.first { $0.question == "known" && $0.entity == nil }?.because
        == "not every host is known: only the first 4 of 6 are asked about (at_most)")
  }

  @Test func `a list that is cut is an open unknown of the run`() throws {
    var driver = try RunDriver(
      Self.hosts, ["targets": .truncated("host\na\nb"), "programs": .rows("host  x\nb  1"), "changes": .rows("x\n1")])
    let outcome = try driver.run()
    #expect(outcome.verdicts(of: "host") == ["a: undetermined", "b: malicious"])
    #expect(outcome.open == ["known", "ran"])
    #expect(outcome.verdict == "malicious")
  }

  @Test func `without a list the questions about the run are still asked`() throws {
    var driver = try RunDriver(Self.hosts, ["changes": .rows("x\n1")])
    let outcome = try driver.run()
    #expect(outcome.said == ["known: unknown", "ran: unknown", "changed: yes"])
    #expect(outcome.entities.isEmpty)
    #expect(outcome.open == ["known", "ran"])
    #expect(outcome.verdict == "malicious")
  }

  @Test func `an empty list asks nobody and proves nothing`() throws {
    var driver = try RunDriver(Self.hosts, ["targets": .none])
    let outcome = try driver.run()
    #expect(outcome.answers.isEmpty)
    #expect(outcome.verdict == "undetermined")
    #expect(driver.fetched == ["targets"])
  }

  @Test(arguments: [
    (Given.rows("host  x\na  1\nb  1"), "yes", "ran: 2 entries"), (.rows("host  x\na  1"), "no", "ran: 1 entry"),
    (.unavailable("down"), "unknown", "'ran' is unknown: 'programs' has no answer: down"),
    (.truncated("host  x\na  1\nb  1"), "yes", "ran: at least 2 entries"),
    (.truncated("host  x\na  1"), "unknown", "'ran' is unknown: 'programs' is incomplete: cut at 2 rows"),
  ])
  func `outside, a question about entities is the list of those answered yes`(
    _ programs: Given, _ expected: String, _ because: String
  ) throws {
    var driver = try RunDriver(
      """
      questions:
        many:
          ask: Did several?
          answer: ran.size() > 1
          then: {yes: malicious, no: benign}
        ran:
          each: host
          ask: Did ${host}?
          answer: programs.size() > 0
      entities:
        host: targets.host
      queries:
      \(query("targets", "rows: {host: string}"))\(query("programs", Self.perHost, "each: host"))
      """, ["targets": Self.targets, "programs": programs])
    let outcome = try driver.run()
    #expect(outcome.answer("many")?.answer == expected)
    #expect(outcome.answer("many")?.because == because)
    #expect(outcome.answers.count { $0.question == "ran" } == 3)
  }

  @Test func `where all went another way, nobody answered yes`() throws {
    var driver = try RunDriver(
      """
      questions:
        first:
          each: host
          ask: First?
          answer: host != ""
          then: {yes: last, no: second, unknown: second}
        second:
          each: host
          ask: Second?
          answer: host == "a"
          then: {yes: last, no: benign}
        last:
          ask: Last?
          answer: '!second.exists(h, h == "a")'
          then: {yes: suspicious, no: malicious}
      entities:
        host: targets.host
      queries:
      \(query("targets", "rows: {host: string}"))
      """, ["targets": Self.targets])
    let outcome = try driver.run()
    #expect(outcome.answer("last")?.answer == "yes")
    #expect(outcome.verdict == "suspicious")
  }

  @Test func `the list of those answered yes goes into queries`() throws {
    var driver = try RunDriver(
      """
      questions:
        ran:
          each: host
          ask: Did ${host}?
          answer: host != "b"
          then: {yes: any, no: any}
        any:
          ask: Any?
          answer: found.size() > 0
          then: {yes: malicious, no: benign}
      entities:
        host: targets.host
      queries:
      \(query("targets", "rows: {host: string}"))  found:
          from: s
          sql: SELECT x FROM s WHERE host IN ${ran} AND other IN ${host} AND more IN ${targets.host}
          window: none
          rows: {x: int}
      """, ["targets": Self.targets, "found": .none])
    _ = try driver.run()
    let request = try #require(driver.requests.last)
    #expect(request.parameters["ran"]?.displayText == "a, c")
    #expect(request.parameters["host"]?.displayText == "a, b, c")
    #expect(request.parameters["targets.host"]?.displayText == "a, b, c, b")
  }

  @Test func `from a run question the whole set enters`() throws {
    var driver = try RunDriver(
      """
      questions:
        bad:
          each: host
          ask: Is ${host} bad?
          answer: host == "b"
          then: {yes: wide, no: benign}
        wide:
          ask: Is it wide?
          answer: "bad.size() > 0"
          then: {yes: again, no: benign}
        again:
          each: host
          ask: Again ${host}?
          answer: host == "a"
          then: {yes: suspicious, no: benign}
      entities:
        host: targets.host
      queries:
      \(query("targets", "rows: {host: string}"))
      """, ["targets": Self.targets])
    let outcome = try driver.run()
    #expect(outcome.verdicts(of: "host") == ["a: suspicious", "b: benign", "c: benign"])
    #expect(outcome.answers.count { $0.question == "again" } == 3)
  }

  @Test func `a choice about entities is no list`() throws {
    var driver = try RunDriver(
      """
      questions:
        many:
          ask: Many?
          answer: kind.size() > 0
          then: {yes: malicious, no: benign}
        kind:
          each: host
          ask: Which?
          answer: {first: host == "a", second: host == "b"}
      entities:
        host: targets.host
      queries:
      \(query("targets", "rows: {host: string}"))
      """, ["targets": Self.targets])
    #expect(try driver.run().answer("many")?.answer == "unknown")
  }

  @Test func `entities of one kind lead to those of another, whose verdicts count on their way`() throws {
    var driver = try RunDriver(
      """
      questions:
        suspect:
          each: host
          ask: Suspect?
          answer: host == "b"
          then: {yes: wide, no: benign}
        wide:
          ask: Wide?
          answer: suspect.size() > 0
          then: {yes: misused, no: benign}
        misused:
          each: user
          ask: Misused?
          answer: user == "root"
          then: {yes: malicious, no: benign}
      entities:
        host: targets.host
        user: logins.user
      queries:
      \(query("targets", "rows: {host: string}"))\(query("logins", "rows: {user: string}"))
      """, ["targets": Self.targets, "logins": .rows("user\nroot\njoe")])
    let outcome = try driver.run()
    #expect(outcome.verdicts(of: "host") == ["a: benign", "b: malicious", "c: benign"])
    #expect(outcome.verdicts(of: "user") == ["root: malicious", "joe: benign"])
    #expect(outcome.entities.map(\.entity) == ["host", "user"])
  }

  @Test func `a definition means one entity inside and all outside`() throws {
    var driver = try RunDriver(
      """
      questions:
        many:
          ask: Many?
          answer: big.size() > 2
          then: {yes: own, no: benign}
        own:
          each: host
          ask: Own?
          answer: big.size() > 1
          then: {yes: malicious, no: benign}
      entities:
        host: targets.host
      definitions:
        big: programs.filter(p, p.x > 5)
      queries:
      \(query("targets", "rows: {host: string}"))\(query("programs", Self.perHost, "each: host"))
      """, ["targets": Self.targets, "programs": .rows("host  x\na  6\na  7\nb  8\nc  1")])
    let outcome = try driver.run()
    #expect(outcome.answer("many")?.because == "big: 3 entries")
    #expect(outcome.verdicts(of: "host") == ["a: malicious", "b: benign", "c: benign"])
  }

  @Test func `a row of each is one row inside, and missing where there is none`() throws {
    var driver = try RunDriver(
      """
      questions:
        hosting:
          each: host
          ask: Hosting?
          answer: network.hosting
          then: {yes: suspicious, no: benign}
      entities:
        host: targets.host
      queries:
      \(query("targets", "rows: {host: string}"))\
      \(query("network", "row: {host: string, hosting: bool}", "each: host"))
      """, ["targets": Self.targets, "network": .rows("host  hosting\na  true\nb  false\nb  true")])
    let outcome = try driver.run()
    #expect(outcome.answer("hosting", "a")?.because == "network.hosting true")
    #expect(outcome.answer("hosting", "b")?.because == "'network' has 2 rows")
    #expect(outcome.answer("hosting", "c")?.because == "'network' has no row")
  }
}
