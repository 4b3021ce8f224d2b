import RunbookPorts
import Testing
import Values

@testable import Investigation

/// What people read: questions, findings, reasons.
@Suite struct TextTests {
  private func answer(_ finding: String, _ rows: Given, _ answer: String = "a.size() > 0") throws -> Answer? {
    var driver = try RunDriver(
      """
      alert: {fields: {user: alert.labels.user}}
      questions:
        first:
          ask: Did ${user} do it?
          answer: \(answer)
          finding: \(finding)
          then: {yes: malicious, no: benign}
      queries:
      \(query("a", "rows: {x: int, path: string}"))\(query("b", "row: {n: int}"))
      """, ["a": rows, "b": .rows("n\n7")], fields: ["user": .value(.string("root"))])
    return try driver.run().answer("first")
  }

  @Test(arguments: [
    ("${a.path}", ["/b", "/a"]), ("'file ${a.path}'", ["file /b", "file /a"]),
    ("'${a.path} by ${user}'", ["/b by root", "/a by root"]), ("'${a.x}: ${a.path}'", ["1: /b", "2: /a"]),
    ("nothing to list", ["nothing to list"]), ("'${b.n} of ${a.size()}'", ["7 of 3"]),
  ])
  func `a finding lists each element once, in order`(_ finding: String, _ expected: [String]) throws {
    #expect(try answer(finding, .rows("x  path\n1  /b\n2  /a\n1  /b"))?.finding == expected)
  }

  @Test func `what is not there is not found`() throws {
    let unknown = try answer("${a.path}", .unavailable("down"))
    #expect(unknown?.answer == "unknown")
    #expect(unknown?.finding == [])
    #expect(try answer("'file ${a.path}'", .unavailable("down"))?.finding == [])
    #expect(try answer("${a.path}", .none)?.finding == [])
  }

  @Test func `of incomplete data what is known is found`() throws {
    let found = try answer("${a.path}", .truncated("x  path\n1  /b"))
    #expect(found?.finding == ["/b"])
    #expect(found?.because == "a: at least 1 row")
  }

  @Test func `long lists and long texts are cut, and that is said`() throws {
    let rows = (["x  path"] + (0..<1_500).map { "1  /\($0)" }).joined(separator: "\n")
    let found = try #require(try answer("${a.path}", .rows(rows))?.finding)
    #expect(found.count == 1_001)
    #expect(found.last == "… and 500 more")
    let long = try answer("${a.path}", .rows("x  path\n1  \(String(repeating: "y", count: 9_000))"))
    #expect(long?.finding.first?.hasSuffix("… (9000 bytes)") == true)
    let reason = try answer("x", .unavailable(String(repeating: "z", count: 900)))
    #expect(reason?.because.count == 200)
  }

  @Test func `a reason names what was mentioned`() throws {
    let rows = Given.rows("x  path\n1  /b")
    #expect(try answer("x", rows, "a.size() > 0 && b.n > 3 && user != ''")?.because == "a: 1 row, b.n 7, user root")
    #expect(try answer("x", rows, "a.path.size() > 0 || b.n > 3")?.because == "a: 1 row, b.n 7")
  }
}
