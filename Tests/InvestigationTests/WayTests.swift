import RunbookPorts
import Testing
import Values

@testable import Investigation

/// Many entities in one run, compared with a run for each of them.
@Suite struct WayTests {
  private static let verdicts = ["benign", "low", "suspicious", "malicious"]

  /// Up to six questions about a host, each looking at the column of its own in one of two queries.
  private static func runbook(_ dice: inout Dice) -> String {
    let count = 2 + dice.roll(5)
    var text = "questions:\n"
    func target(_ place: Int, clean: Bool = true) -> String {
      let later = place + 1 < count && dice.roll(3) > 0
      return later ? "q\(place + 1 + dice.roll(count - place - 1))" : verdicts[dice.roll(4)]
    }
    for place in 0..<count {
      text += """
          q\(place):
            each: host
            ask: Question ${host}?
            answer: data\(dice.roll(2)).exists(d, d.c\(place))
            optional: \(dice.roll(4) == 0)
            then: {yes: \(target(place)), no: \(target(place)), unknown: \(target(place))}

        """
    }
    text += "verdicts:\n  low: {severity: low, means: Low.}\nentities:\n  host: targets.host\nqueries:\n"
    text += query("targets", "rows: {host: string}")
    let columns = (0..<count).map { "c\($0): bool" }.joined(separator: ", ")
    for data in 0..<2 { text += query("data\(data)", "rows: {host: string, \(columns)}", "each: host") }
    return text
  }

  /// Rows for six hosts; some cells are empty, so that some answers are unknown.
  private static func rows(_ dice: inout Dice) -> String {
    var lines = ["host  c0  c1  c2  c3  c4  c5"]
    for host in 0..<6 {
      for _ in 0..<dice.roll(3) {
        let cells = (0..<6).map { _ in ["true", "false", "-"][dice.roll(3)] }
        lines.append((["h\(host)"] + cells).joined(separator: "  "))
      }
    }
    return lines.joined(separator: "\n")
  }

  @Test func `entities end as they would in a run of their own, with a fetch for all of them`() throws {
    var dice = Dice(7)
    var different = 0
    var fetchesTogether = 0
    var fetchesApart = 0
    for _ in 0..<120 {
      let yaml = Self.runbook(&dice)
      let data = ["data0": Given.rows(Self.rows(&dice)), "data1": .rows(Self.rows(&dice))]
      let hosts = (0..<6).map { "h\($0)" }
      var together = try Self.driver(yaml, data, hosts)
      let verdicts = try together.run().verdicts(of: "host")
      fetchesTogether += together.fetched.count
      #expect(Set(together.fetched).count == together.fetched.count)
      for (host, verdict) in zip(hosts, verdicts) {
        var alone = try Self.driver(yaml, data, [host])
        if try alone.run().verdicts(of: "host") != [verdict] { different += 1 }
        fetchesApart += alone.fetched.count
      }
    }
    #expect(different == 0)
    #expect(fetchesTogether * 4 < fetchesApart)
  }

  private static func driver(_ yaml: String, _ data: [String: Given], _ hosts: [String]) throws -> RunDriver {
    try RunDriver(yaml, data.merging(["targets": .rows((["host"] + hosts).joined(separator: "\n"))]) { $1 })
  }

  @Test func `a thousand entities and ten questions are two fetches`() throws {
    var text = "questions:\n"
    for place in 0..<10 {
      let next = place == 9 ? "benign" : "q\(place + 1)"
      text += """
          q\(place):
            each: host
            ask: Question ${host}?
            answer: data.exists(d, d.x > \(place) && d.host != "")
            finding: ${data.x}
            then: {yes: \(next), no: suspicious, unknown: \(next)}

        """
    }
    text += "entities:\n  host: {from: targets.host, at_most: 20000}\nqueries:\n"
    text += query("targets", "rows: {host: string}") + query("data", "rows: {host: string, x: int}", "each: host")
    let hosts = (0..<1_000).map { "h\($0)" }
    var driver = try RunDriver(
      text,
      [
        "targets": .rows((["host"] + hosts).joined(separator: "\n")),
        "data": .rows((["host  x"] + hosts.enumerated().map { "\($1)  \($0 % 20)" }).joined(separator: "\n")),
      ])
    let outcome = try driver.run()
    #expect(driver.fetched == ["targets", "data"])
    #expect(outcome.verdicts(of: "host").count == 1_000)
    #expect(outcome.verdicts(of: "host")[0] == "h0: suspicious")
    #expect(outcome.verdicts(of: "host")[19] == "h19: benign")
    #expect(outcome.answers.count == 1_000 * 10 - 50 * (9 + 8 + 7 + 6 + 5 + 4 + 3 + 2 + 1))
  }
}
