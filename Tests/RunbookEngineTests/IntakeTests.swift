import Investigation
import RunbookLanguage
import Testing
import Values

@testable import RunbookEngine

struct AlertPayloadTests {
  static let hostile: [(bytes: [UInt8], says: String)] = [
    ([], "it is empty"),
    (Array("  \n".utf8), "it is empty"),
    ([0, 1, 2, 0xFF], "it is not JSON"),
    (Array("PK\u{3}\u{4}".utf8), "it is not JSON"),
    (Array(#"{"alerts":[{"labels":{"#.utf8), "it is not JSON"),
    (Array(#"{"alerts":[]} trailing"#.utf8), "it is not JSON"),
    (Array(#"{"alerts":[],"alerts":[]}"#.utf8), "stands twice"),
    (Array(String(repeating: "[", count: 100_000).utf8), "nested deeper"),
    (Array("[]".utf8), "it must be an object"),
    (Array("\"alert\"".utf8), "it must be an object"),
    (Array("{}".utf8), "neither 'alerts'"),
    (Array(#"{"alerts":{}}"#.utf8), "'alerts' must be a list"),
    (Array(#"{"labels":null}"#.utf8), "the alert has no object 'labels'"),
    (Array(#"{"labels":{"a":1}}"#.utf8), "the alert has a label that is no string"),
    (Array(repeating: 0x20, count: AlertPayload.byteLimit + 1), "at most \(AlertPayload.byteLimit) are read"),
    (
      Array("{\"alerts\":[\(Array(repeating: "{\"labels\":{}}", count: 1_001).joined(separator: ","))]}".utf8),
      "at most 1000 are taken"
    ),
  ]

  @Test(arguments: hostile)
  func `what is no alert is refused with the reason`(bytes: [UInt8], says: String) {
    do throws(PayloadProblem) {
      let payload = try AlertPayload(bytes)
      Issue.record("\(payload.alerts.count) alerts were read")
    } catch {
      #expect(error.message.contains(says), "\(error.message)")
    }
  }

  @Test func `a payload's alerts keep their order, and its oddities are told`() throws {
    let payload = try AlertPayload(
      Array(
        #"{"version":"5","truncatedAlerts":3,"alerts":[{"labels":{"alertname":"a"}},{"labels":{"alertname":"b"},"status":"resolved"}]}"#
          .utf8))
    #expect(payload.alerts.map(\.name) == ["a", "b"])
    #expect(payload.alerts.map(\.isResolved) == [false, true])
    #expect(payload.warnings.count == 2)
  }

  @Test(arguments: [
    ("1", "must be an object"), (#"{"labels":[]}"#, "has no object 'labels'"), (#"{}"#, "has no object 'labels'"),
    (#"{"labels":{"a":1}}"#, "has a label that is no string"),
    (#"{"labels":{},"status":"burning"}"#, #"must have the 'status' "firing" or "resolved""#),
  ])
  func `an alert that is none is refused alone, and the others are taken`(alert: String, says: String) throws {
    let payload = try AlertPayload(
      Array(#"{"alerts":[{"labels":{"alertname":"a"}},\#(alert),{"labels":{"alertname":"c"}}]}"#.utf8))
    #expect(payload.alerts.map(\.name) == ["a", "c"])
    #expect(payload.alerts.map(\.position) == [1, 3])
    #expect(payload.refused.map(\.position) == [2])
    #expect(payload.refused.map(\.problem.message) == [says])
    #expect(payload.count == 3)
  }

  @Test func `one alert alone is taken too`() throws {
    #expect(try AlertPayload(Array(#"{"labels":{"alertname":"a"}}"#.utf8)).alerts.count == 1)
  }
}

struct IntakeTests {
  private static let now = FixedClock.instant

  private func consider(_ json: String) throws -> Intake.Decision {
    let alert = try #require(try AlertPayload(Array(json.utf8)).alerts.first)
    return Intake.consider(alert, for: try Sample.runbook().runbook, at: nil, now: Self.now)
  }

  @Test func `an alert gives the run its fields and its instant`() throws {
    let decision = try consider(
      #"{"labels":{"alertname":"Sample","site":"shop","client":"192.0.2.1"},"startsAt":"2026-03-02T09:00:00Z"}"#)
    guard case .run(let intake) = decision else { throw Stranger.decision }
    #expect(intake.at.shortDescription == "2026-03-02T09:00:00Z")
    #expect(intake.remarks.isEmpty)
    guard case .value(let site)? = intake.fields["site"], case .value(let client)? = intake.fields["client"] else {
      throw Stranger.decision
    }
    #expect(site.displayText == "shop")
    #expect(client.displayText == "192.0.2.1")
  }

  enum Stranger: Error { case decision }

  @Test(arguments: [
    (#"{"labels":{"alertname":"Sample"},"status":"resolved"}"#, "resolved"),
    (#"{"labels":{"alertname":"Other"}}"#, "'when' is false"),
  ])
  func `an alert that the runbook is not for is skipped, and why`(json: String, says: String) throws {
    guard case .skip(let reason) = try consider(json) else { throw Stranger.decision }
    #expect(reason.contains(says))
  }

  @Test func `an alert that cannot be decided starts a run, and that is said`() throws {
    guard case .run(let intake) = try consider(#"{"labels":{"site":"shop"}}"#) else { throw Stranger.decision }
    #expect(intake.remarks.count == 2)
    #expect(intake.remarks.first?.contains("'when' cannot be decided") == true)
    #expect(intake.at == Self.now)
  }

  @Test(arguments: [
    #"{"labels":{"alertname":"Sample"}}"#, #"{"labels":{"alertname":"Sample","client":"not an address"}}"#,
  ])
  func `a field that the alert lacks or has in another form is missing with its reason`(json: String) throws {
    guard case .run(let intake) = try consider(json), case .missing(let reason)? = intake.fields["client"] else {
      throw Stranger.decision
    }
    #expect(reason.contains("client"))
  }

  @Test(arguments: [
    ([("sote", "x")], "did you mean 'site'?"), ([("client", "x")], "is no ip"),
    ([("site", "a"), ("site", "b")], "given several times"),
  ])
  func `fields by hand are checked`(given: [(String, String)], says: String) throws {
    let runbook = try Sample.runbook().runbook
    do throws(FieldProblem) {
      _ = try Intake.byHand(given.map { (name: $0.0, value: $0.1) }, for: runbook, at: Self.now)
      Issue.record("the fields were taken")
    } catch {
      #expect(error.message.contains(says), "\(error.message)")
    }
  }

  @Test func `a field that was not given by hand is missing with its reason`() throws {
    let intake = try Intake.byHand([("site", "shop")], for: try Sample.runbook().runbook, at: Self.now)
    guard case .missing(let reason)? = intake.fields["client"] else { throw Stranger.decision }
    #expect(reason == "'client' was not given")
  }
}
