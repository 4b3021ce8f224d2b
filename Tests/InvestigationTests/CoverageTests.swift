import RunbookPorts
import Testing
import Values

@testable import Investigation

@Suite struct CoverageTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var kind = SourceExtent.Kind.records
    var first: String? = "09:00:00"
    var last: String? = "12:00:00"
    var resolution = Duration.zero
    var gap = Duration.zero
    var isSilenceNormal = false
    var silence: (from: String, to: String)?
    var from = "10:00:00"
    var to = "11:00:00"
    var bound: String?
    let covers: Bool
  }

  static let cases = [
    Case(testDescription: "records on both sides", covers: true),
    Case(testDescription: "records exactly at both ends", first: "10:00:00", last: "11:00:00", covers: true),
    Case(testDescription: "first record a second late", first: "10:00:01", covers: false),
    Case(testDescription: "last record a second early", last: "10:59:59", covers: false),
    Case(testDescription: "late by the gap", first: "10:05:00", gap: .seconds(300), covers: true),
    Case(testDescription: "late by more than the gap", first: "10:05:01", gap: .seconds(300), covers: false),
    Case(testDescription: "early by the gap", last: "10:55:00", gap: .seconds(300), covers: true),
    Case(testDescription: "early by more than the gap", last: "10:54:59", gap: .seconds(300), covers: false),
    Case(testDescription: "early by the resolution", last: "10:59:59", resolution: .seconds(1), covers: true),
    Case(testDescription: "late by the resolution", first: "10:00:01", resolution: .seconds(1), covers: true),
    Case(
      testDescription: "gap and resolution add up", last: "10:54:59", resolution: .seconds(1), gap: .seconds(300),
      covers: true),
    Case(testDescription: "no records", first: nil, last: nil, covers: false),
    Case(
      testDescription: "no records where silence is normal", first: nil, last: nil, isSilenceNormal: true, covers: true),
    Case(testDescription: "silence is normal", last: "09:30:00", isSilenceNormal: true, covers: true),
    Case(testDescription: "a later report", kind: .report, first: nil, last: "11:00:00", covers: true),
    Case(testDescription: "an earlier report", kind: .report, first: nil, last: "10:59:59", covers: false),
    Case(
      testDescription: "a report knows no gap", kind: .report, first: nil, last: "10:59:00", gap: .seconds(300),
      covers: false),
    Case(
      testDescription: "a report of the second", kind: .report, last: "10:59:59", resolution: .seconds(1), covers: true),
    Case(testDescription: "no report", kind: .report, first: nil, last: nil, covers: false),
    Case(
      testDescription: "records without times", kind: .untimed, first: nil, last: nil, gap: .seconds(300), covers: false
    ),
    Case(
      testDescription: "records without times where silence is normal", kind: .untimed, first: nil, last: nil,
      isSilenceNormal: true, covers: true),
    Case(
      testDescription: "a silence between the ends", gap: .seconds(300), silence: ("10:05:00", "10:10:01"),
      covers: false),
    Case(
      testDescription: "a silence as long as the gap", gap: .seconds(300), silence: ("10:05:00", "10:10:00"),
      covers: true),
    Case(
      testDescription: "a silence as long as gap and resolution", resolution: .seconds(1), gap: .seconds(300),
      silence: ("10:05:00", "10:10:01"), covers: true),
    Case(testDescription: "a silence where no gap is given", silence: ("10:05:00", "10:50:00"), covers: true),
    Case(
      testDescription: "a silence where silence is normal", gap: .seconds(300), isSilenceNormal: true,
      silence: ("10:05:00", "10:50:00"), covers: true),
    Case(
      testDescription: "a report knows no silence", kind: .report, gap: .seconds(300),
      silence: ("10:05:00", "10:50:00"), covers: true),
    Case(testDescription: "now at the window's end", bound: "11:00:00", covers: true),
    Case(testDescription: "now before the window's end", bound: "10:59:59", covers: false),
    Case(testDescription: "silence does not cover the future", isSilenceNormal: true, bound: "10:59:59", covers: false),
    Case(testDescription: "a window of no length", from: "10:00:00", to: "10:00:00", covers: true),
  ]

  @Test(arguments: cases)
  func `a source covers what it has seen`(_ item: Case) throws {
    func instant(_ time: String) throws -> Timestamp { try #require(Timestamp(rfc3339: "2026-03-02T\(time)Z")) }
    let window = try #require(TimeWindow(from: instant(item.from), to: instant(item.to)))
    let policy = SourcePolicy(binding: .bound(adapter: "x"), gap: item.gap, isSilenceNormal: item.isSilenceNormal)
    let coverage = Coverage(policy: policy, bound: try item.bound.map(instant))
    let extent = SourceExtent(
      kind: item.kind, first: try item.first.map(instant), last: try item.last.map(instant),
      resolution: item.resolution,
      silence: try item.silence.flatMap { TimeWindow(from: try instant($0.from), to: try instant($0.to)) })
    #expect((coverage.lack(of: window, in: extent) == nil) == item.covers)
  }

  @Test func `what was not recorded is told by its ends`() throws {
    let window = try #require(TimeWindow(from: Timestamp(seconds: 36_000), to: Timestamp(seconds: 39_600)))
    let extent = SourceExtent(
      first: window.from, last: window.to, resolution: .seconds(1),
      silence: TimeWindow(from: Timestamp(seconds: 36_300), to: Timestamp(seconds: 39_000)))
    let policy = SourcePolicy(binding: .bound(adapter: "x"), gap: .seconds(30))
    #expect(
      Coverage(policy: policy, bound: nil).lack(of: window, in: extent)
        == "the source has nothing from 1970-01-01T10:05:00Z to 1970-01-01T10:50:00Z, longer than its gap, 30s")
  }

  @Test func `a source that is as it is now covers every window that is over`() throws {
    let instant = Timestamp(seconds: 1_000)
    let window = try #require(TimeWindow(from: instant, to: instant))
    let policy = SourcePolicy(binding: .bound(adapter: "x"))
    #expect(Coverage(policy: policy, bound: nil).lack(of: window, in: nil) == nil)
    #expect(Coverage(policy: policy, bound: Timestamp(seconds: 999)).lack(of: window, in: nil) != nil)
  }

  @Test func `tolerances at the end of the calendar neither trap nor deny`() throws {
    let last = Timestamp(seconds: Timestamp.validSeconds.upperBound)
    let window = try #require(TimeWindow(from: last, to: last))
    let policy = SourcePolicy(binding: .bound(adapter: "x"), gap: .seconds(Int64.max / 2))
    let extent = SourceExtent(first: last, last: last, resolution: .seconds(Int64.max / 2))
    #expect(Coverage(policy: policy, bound: nil).lack(of: window, in: extent) == nil)
  }
}
