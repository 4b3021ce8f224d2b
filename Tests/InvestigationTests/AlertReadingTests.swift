import RunbookLanguage
import Testing
import Values

@testable import Investigation

@Suite struct AlertReadingTests {
  private static let yaml = """
    alert:
      when: alert.labels.alertname == "High"
      at: alert.startsAt
      fields: {site: alert.labels.site, source: {from: alert.labels.source, type: ip}}
      case: web ${site}
    questions:
      first:
        ask: First?
        answer: site == "x" && source == source
        then: {yes: malicious, no: benign}
    """

  private func read(_ json: String) throws -> AlertReading {
    let checked = try RunDriver.check(Self.yaml)
    return AlertReading(Value(try JSON(parsing: json.utf8)), by: checked.runbook, arrival: Timestamp(seconds: 0))
  }

  @Test func `an alert gives its fields, its instant and its case`() throws {
    let reading = try read(
      """
      {"labels": {"alertname": "High", "site": "shop", "source": "192.0.2.1"}, "startsAt": "2026-03-02T10:00:00Z"}
      """)
    #expect(reading.relevance == .meant)
    #expect(try reading.at == RunDriver.instant("10:00:00"))
    #expect(reading.atReplaced == nil)
    #expect(reading.caseKey == "web shop")
    guard case .value(.address(let box))? = reading.fields["source"] else {
      Issue.record("no address")
      return
    }
    #expect(box.address.description == "192.0.2.1")
  }

  @Test func `what an alert lacks is missing with a reason`() throws {
    let reading = try read(#"{"labels": {"alertname": "Low", "source": "nowhere"}}"#)
    #expect(reading.relevance == .other)
    #expect(reading.at == Timestamp(seconds: 0))
    #expect(reading.atReplaced != nil)
    #expect(reading.caseKey == nil)
    guard case .missing(let site)? = reading.fields["site"], case .missing(let source)? = reading.fields["source"]
    else {
      Issue.record("not missing")
      return
    }
    #expect(site.hasPrefix("'site' has no value: "))
    #expect(source == "'source' is not of type ip: nowhere")
  }

  @Test func `a condition without a value is neither true nor false`() throws {
    guard case .unclear = try read("{}").relevance else {
      Issue.record("not unclear")
      return
    }
  }
}
