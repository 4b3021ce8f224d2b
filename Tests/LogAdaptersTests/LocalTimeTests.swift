import RunbookPorts
import Testing
import Values

@testable import LogAdapters

/// Times that do not say all: which year, which zone, which of two hours of one name.
@Suite struct LocalTimeTests {
  private static func instant(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

  private static func pattern(
    _ lines: [String], _ format: String, _ settings: [String: AdapterOptions.Setting], folder: Folder
  ) throws -> Asking {
    try folder.write("a", lines.map { $0 + "\n" }.joined())
    let all: [String: AdapterOptions.Setting] = [
      "path": .text("a"), "pattern": .text("(?P<time>.*) (?P<n>[a-z0-9]+)"), "time_format": .text(format),
    ]
    return try Asking(PatternKind(), all.merging(settings) { $1 }, folder: folder.path)
  }

  private static func packet(_ time: String) -> String {
    "\(time) vm kernel: X IN=eth0 OUT= SRC=192.0.2.7 DST=192.0.2.1 PROTO=TCP SPT=3 DPT=22"
  }

  @Test func `a log goes over New Year, once or twice`() async throws {
    let folder = try Folder()
    let lines = [
      "Nov 30 10:00:00 a", "Dec 31 23:59:59 b", "Jan  1 00:00:01 c", "Feb 29 12:00:00 d", "Nov 30 01:00:00 e",
    ]
    let log = try Self.pattern(
      lines + ["Jan  2 00:00:00 f"], "%b %e %T", ["year": .text("2027")], folder: folder)
    let rows = try await log.rows("SELECT time, n FROM log", [("time", .timestamp), ("n", .string)])
    #expect(
      rows.map { String($0.dropFirst(2).prefix(10)) } == [
        "2027-11-30", "2027-12-31", "2028-01-01", "2028-02-29", "2028-11-30", "2029-01-02",
      ])
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE time >= '2028-01-01'") == 4)
  }

  @Test func `a packet of January lies behind one of December`() async throws {
    let folder = try Folder()
    try folder.write("a", ["Dec 31 23:59:59", "Jan  1 00:00:01"].map { Self.packet($0) + "\n" }.joined())
    let log = try Asking(PacketLogKind(), ["path": .text("a"), "year": .text("2025")], folder: folder.path)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE time > '2026-01-01'") == 1)
  }

  @Test func `a line that stands in the wrong place does not take those behind it into another year`() async throws {
    let folder = try Folder()
    let log = try Self.pattern(
      ["Dec 30 10:00:00 a", "Jan  1 00:00:00 forged", "Dec 30 10:00:01 b", "Jul  1 00:00:00 c", "Dec 30 10:00:02 d"],
      "%b %e %T", ["year": .text("2025")], folder: folder)
    let rows = try await log.rows("SELECT n FROM log WHERE time LIKE '2025%'", [("n", .string)])
    #expect(rows == [#"["a"]"#, #"["b"]"#, #"["c"]"#, #"["d"]"#])
  }

  @Test func `each file begins in the year that is given`() async throws {
    let folder = try Folder()
    try folder.write("0", "Dec 31 23:59:59 a\nJan  1 00:00:00 b\n")
    try folder.write("1", "Dec 31 23:00:00 c\n")
    let log = try Self.pattern(
      ["Dec 31 23:59:00 d"], "%b %e %T", ["year": .text("2025"), "path": .texts(["0", "1", "a"])], folder: folder)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE time < '2026'") == 3)
  }

  @Test(arguments: [
    ("Europe/Berlin", "2026-10-25 01:59:59", "2026-10-24T23:59:59Z"),
    ("Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25T01:30:00Z"),
    ("Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25T02:00:00Z"),
    ("Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29T00:59:59Z"),
    ("Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29T01:30:00Z"),
    ("Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29T01:00:00Z"),
    ("America/New_York", "2026-11-01 01:30:00", "2026-11-01T06:30:00Z"),
    ("America/New_York", "2026-11-01 00:59:59", "2026-11-01T04:59:59Z"),
    ("Australia/Lord_Howe", "2026-04-05 01:45:00", "2026-04-04T15:15:00Z"),
  ])
  func `of an hour that comes twice the later one is meant`(zone: String, local: String, utc: String) async throws {
    let folder = try Folder()
    let log = try Self.pattern(["\(local) a"], "%F %T", ["zone": .text(zone)], folder: folder)
    let rows = try await log.rows("SELECT time FROM log", [("time", .timestamp)])
    #expect(rows.map { Timestamp(rfc3339: $0.dropFirst(2).dropLast(2)) } == [try Self.instant(utc)], "\(rows)")
  }

  @Test(arguments: [
    ("2026-10-25T01:10:00Z", "2026-10-25T02:00:00Z", true), ("2026-10-25T00:10:00Z", "2026-10-25T01:00:00Z", true),
    ("2026-10-25T00:10:00Z", "2026-10-25T02:00:00Z", false), ("2026-10-25T02:00:00Z", "2026-10-25T03:00:00Z", false),
    ("2026-10-24T22:00:00Z", "2026-10-25T00:00:00Z", false),
  ])
  func `a window that holds one of two hours of one name is not wholly known`(
    from: String, to: String, isDoubtful: Bool
  ) async throws {
    let lines = ["2026-10-25 01:30:00 a", "2026-10-25 02:30:00 b", "2026-10-25 03:30:00 c"]
    let window = try #require(TimeWindow(from: Self.instant(from), to: Self.instant(to)))
    for zone in ["Europe/Berlin", "+01:00"] {
      let folder = try Folder()
      let log = try Self.pattern(lines, "%F %T", ["zone": .text(zone)], folder: folder)
      let result = try await log.fetch(
        "SELECT n FROM log WHERE time BETWEEN ${from} AND ${to}", [("n", .string)],
        ["from": .timestamp(window.from), "to": .timestamp(window.to)], window: window)
      #expect((result.completeness != .complete) == (isDoubtful && zone == "Europe/Berlin"), "\(result.completeness)")
    }
  }
}
