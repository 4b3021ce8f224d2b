import RunbookLanguage
import Testing
import Values

@testable import Investigation

/// An unknown stays open, earns no verdict, and cannot close a case (language, 2.1 and 2.7).
@Suite struct UnknownTests {
  /// `first` rests on a source that is not there, `second` on one that is.
  private func runbook(_ first: String, second: String = "{yes: malicious, no: benign}", optional: Bool = false)
    -> String
  {
    """
    questions:
      first:
        ask: First?
        answer: absent.size() > 0
        then: \(first)
        optional: \(optional)
      second:
        ask: Second?
        answer: present.size() > 0
        then: \(second)
    queries:
    \(query("absent", "rows: {x: int}"))\(query("present", "rows: {x: int}"))
    """
  }

  struct Case: Sendable {
    let then: String
    var second = "{yes: malicious, no: benign}"
    var optional = false
    var present = Given.none
    let verdict: String
    var open = ["first"]
    var assumed = false
  }

  static let cases = [
    // It goes on to the question that follows, and what that finds clean does not close the case.
    Case(then: "{yes: malicious, no: second}", verdict: "undetermined"),
    Case(then: "{yes: second, no: benign}", present: .rows("x\n1"), verdict: "malicious"),
    // Nothing follows: undetermined.
    Case(then: "{yes: malicious, no: [second, suspicious], unknown: second}", present: .none, verdict: "undetermined"),
    Case(then: "{yes: second, no: benign, unknown: undetermined}", verdict: "undetermined", assumed: true),
    // What the author says follows is reached, and assumed.
    Case(then: "{yes: second, no: benign, unknown: suspicious}", verdict: "suspicious", assumed: true),
    Case(then: "{yes: second, no: benign, unknown: benign}", verdict: "undetermined", assumed: true),
    // An optional question does not stay open.
    Case(then: "{yes: malicious, no: second}", optional: true, verdict: "benign", open: []),
    Case(
      then: "{yes: second, no: malicious, unknown: benign}", optional: true, verdict: "benign", open: [], assumed: true),
  ]

  @Test(arguments: cases)
  func `an unknown follows its branch and stays open`(_ item: Case) throws {
    var driver = try RunDriver(
      runbook(item.then, second: item.second, optional: item.optional), ["present": item.present])
    let outcome = try driver.run()
    #expect(outcome.verdict == item.verdict)
    #expect(outcome.open == item.open)
    #expect(outcome.answer("first")?.answer == "unknown")
    #expect(outcome.answer("first")?.because == "'absent' has no answer: nothing was given")
    #expect(outcome.answer("first")?.assumed == item.assumed)
  }

  @Test func `an unknown with only verdicts behind it ends undetermined`() throws {
    var driver = try RunDriver(
      """
      questions:
        only:
          ask: Only?
          answer: absent.size() > 0
          then: {yes: malicious, no: benign}
      queries:
      \(query("absent", "rows: {x: int}"))
      """)
    let outcome = try driver.run()
    #expect(outcome.verdict == "undetermined")
    #expect(outcome.severity == .high)
    #expect(outcome.answer("only")?.assumed == false)
    #expect(driver.reached.map(\.verdict) == ["undetermined"])
  }

  @Test func `a medium verdict is reached in spite of an open question`() throws {
    var driver = try RunDriver(
      runbook("{yes: malicious, no: second}", second: "{yes: suspicious, no: benign}"), ["present": .rows("x\n1")])
    let outcome = try driver.run()
    #expect(outcome.verdict == "suspicious")
    #expect(outcome.open == ["first"])
    #expect(outcome.answer("second")?.because == "present: 1 row")
  }

  @Test func `a field that the alert lacks makes what mentions it unknown, with its reason`() throws {
    let yaml = """
      alert: {fields: {user: alert.labels.user}}
      questions:
        root:
          ask: Is ${user} root?
          answer: user == "root"
          then: {yes: malicious, no: benign}
      """
    var missing = try RunDriver(yaml, fields: ["user": .missing("the alert has no label 'user'")])
    let outcome = try missing.run()
    #expect(outcome.verdict == "undetermined")
    #expect(outcome.answer("root")?.because == "the alert has no label 'user'")
    #expect(outcome.answer("root")?.ask == "Is (unknown) root?")
    var given = try RunDriver(yaml, fields: ["user": .value(.string("root"))])
    #expect(try given.run().verdict == "malicious")
  }
}
