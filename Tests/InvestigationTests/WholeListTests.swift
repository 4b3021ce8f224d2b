import RunbookPorts
import Testing
import Values

@testable import Investigation

/// Outside of the questions about an entity, its queries are about all of them (README, "Entities").
@Suite struct WholeListTests {
  private static let queries =
    query("targets", "rows: {host: string}") + """
        programs:
          from: s
          sql: SELECT host, x FROM s WHERE host IN ${host}
          window: none
          rows: {host: string, x: int}
          each: host

      """

  private func runbook(_ answer: String, _ more: String = "") -> String {
    """
    questions:
      first:
        each: host
        ask: First?
        answer: host == "a"
        then: {yes: wide, no: benign}
      wide:
        ask: Wide?
        answer: \(answer)
        then: {yes: malicious, no: suspicious}
    entities:
      host: targets.host
    queries:
    \(Self.queries)\(more)
    """
  }

  private func asked(_ query: String, _ driver: RunDriver) -> String? {
    driver.requests.first { $0.id.query == query }?.parameters["host"]?.displayText
  }

  @Test func `a question asked once, to which one entity came, looks at the rows of all`() throws {
    var driver = try RunDriver(
      runbook("programs.size() > 1"),
      ["targets": .rows("host\na\nb"), "programs": .rows("host  x\na  1\nb  1")])
    _ = try driver.run()
    #expect(asked("programs", driver) == "a, b")
  }

  @Test func `so does one to which only those came who could not be listed`() throws {
    var driver = try RunDriver(
      runbook("programs.size() > 1"),
      ["targets": .truncated("host\nb\nc"), "programs": .rows("host  x\nb  1\nc  1")])
    let outcome = try driver.run()
    // `first` is unknown of those beyond the cut, and `wide` follows; two rows are enough whoever they are.
    #expect(asked("programs", driver) == "b, c")
    #expect(outcome.answer("wide")?.answer == "yes")
  }

  @Test func `rows of hosts that are not in the list may be missing from those of all`() throws {
    var driver = try RunDriver(
      runbook("programs.size() == 0"), ["targets": .truncated("host\na"), "programs": .none])
    #expect(try driver.run().answer("wide")?.answer == "unknown")
  }

  @Test func `a join that is not asked of each looks at the rows of all`() throws {
    let join = """
        joined:
          from: [programs]
          sql: SELECT x FROM programs
          rows: {x: int}

      """
    var driver = try RunDriver(
      runbook("joined.size() > 1", join),
      ["targets": .rows("host\na\nb"), "programs": .rows("host  x\na  1\nb  1"), "joined": .rows("x\n1\n1")])
    _ = try driver.run()
    #expect(asked("programs", driver) == "a, b")
  }

  @Test func `a join that is asked of each looks at those who came`() throws {
    let yaml = """
      questions:
        first:
          each: host
          ask: First?
          answer: host == "a"
          then: {yes: second, no: benign}
        second:
          each: host
          ask: Second?
          answer: joined.size() > 0
          then: {yes: malicious, no: suspicious}
      entities:
        host: targets.host
      queries:
      \(Self.queries)  joined:
          from: [programs]
          each: host
          sql: SELECT host, x FROM programs WHERE host IN ${host}
          rows: {host: string, x: int}
      """
    var driver = try RunDriver(
      yaml,
      ["targets": .rows("host\na\nb"), "programs": .rows("host  x\na  1"), "joined": .rows("host  x\na  1")])
    let outcome = try driver.run()
    #expect(asked("programs", driver) == "a")
    #expect(outcome.verdicts(of: "host") == ["a: malicious", "b: benign"])
  }
}
