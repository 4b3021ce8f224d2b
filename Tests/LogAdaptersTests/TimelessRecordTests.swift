import RunbookPorts
import Testing
import Values

@testable import LogAdapters

/// A record without a time may belong to any window: bounds on the time pass it over, and prove nothing of it.
@Suite struct TimelessRecordTests {
  private static let packet = "IN=eth0 OUT= SRC=192.0.2.7 DST=192.0.2.1 PROTO=TCP SPT=3 DPT=22"
  private static let flow = "tcp 6 9 src=192.0.2.7 dst=192.0.2.1 sport=1 dport=2 src=192.0.2.1 dst=192.0.2.7"
  private static let columns = AdapterOptions.Setting.columns([Column("time", .timestamp), Column("src", .string)])
  private static let kinds: [String: any AdapterKind] = [
    "packet-log": PacketLogKind(), "conntrack": ConntrackKind(), "csv": CSVKind(), "jsonl": JSONLinesKind(),
    "pattern-log": PatternKind(),
  ]

  private func fetch(
    _ kind: String, _ text: String, _ settings: [String: AdapterOptions.Setting] = [:], _ sql: String,
    as column: (String, ColumnType) = ("src", .string)
  ) async throws -> QueryResult {
    let folder = try Folder()
    try folder.write("a", text)
    let all = settings.merging(["path": .text("a")]) { first, _ in first }
    let asking = try Asking(try #require(Self.kinds[kind]), all, folder: folder.path)
    let from = try #require(Timestamp(rfc3339: "2026-11-23T04:10:00Z"))
    let to = try #require(Timestamp(rfc3339: "2026-11-23T04:20:00Z"))
    return try await asking.fetch(
      sql, [column], ["from": .timestamp(from), "to": .timestamp(to)], window: TimeWindow(from: from, to: to))
  }

  private static let plain = "SELECT src FROM log WHERE time BETWEEN ${from} AND ${to}"
  private static let counted = "SELECT count(*) AS n FROM log WHERE time BETWEEN ${from} AND ${to}"

  @Test(
    arguments: [
      (
        "packet-log", "[ 17.5] X \(packet)\n", [:],
        "1 record that may belong to it has no time: the source's option `boot`"
      ),
      (
        "packet-log", "Nov 23 04:12:00 vm kernel: X \(packet)\n", [:], "1 record that may belong to it has no time: the"
      ),
      ("packet-log", "[ 17.5] X \(packet)\n", ["boot": .text("2026-11-23T04:12:00Z")], nil),
      ("conntrack", "\(flow)\n\(flow)\n", [:], "2 records that may belong to it have no time: a list is asked without"),
      (
        "csv", "time,src\n2026-11-23T04:09:00Z,a\n,b\n2026-11-23T04:21:00Z,c\n", ["columns": columns],
        "1 record that may"
      ),
      ("csv", "time,src\n,b\n2026-11-23T04:09:00Z,a\n2026-11-23T04:21:00Z,c\n", ["columns": columns], nil),
      (
        "jsonl", "{\"time\":\"2026-11-23T04:21:00Z\"}\n{\"time\":null,\"src\":\"a\"}\n{\"src\":\"b\"}\n",
        ["columns": columns], nil
      ),
      (
        "jsonl", "{\"time\":\"2026-11-23T04:11:00Z\"}\n{\"time\":null,\"src\":\"a\"}\n{\"src\":\"b\"}\n",
        ["columns": columns], "2 records that may belong to it have no time"
      ),
      (
        "pattern-log", "2026-11-23T04:11:00Z a\nb\n2026-11-23T04:22:00Z a\n",
        ["pattern": .text("(?:(?P<time>[0-9T:Z-]+) )?(?P<src>[a-z])")], "1 record that may belong to it has no time"
      ),
    ] as [(String, String, [String: AdapterOptions.Setting], String?)])
  func `a record without a time hides where it may belong to the window`(
    kind: String, text: String, settings: [String: AdapterOptions.Setting], reason: String?
  ) async throws {
    let rows = try await fetch(kind, text, settings, Self.plain).completeness
    let count = try await fetch(kind, text, settings, Self.counted, as: ("n", .int)).completeness
    guard let reason else {
      #expect(rows == .complete && count == .complete)
      return
    }
    guard case .truncated(let first) = rows, case .partial(let second) = count else {
      Issue.record("it was passed over: \(rows), \(count)")
      return
    }
    #expect(first.hasPrefix(reason) && second.hasPrefix(reason), "\(first)")
  }

  @Test(arguments: [
    ("SELECT src FROM log WHERE substr(time, 1, 24) >= substr(${from}, 1, 24)", true),
    ("SELECT src FROM log WHERE time >= ${from} OR src = 'nobody'", true),
    ("SELECT src FROM log", false), ("SELECT src FROM log ORDER BY time", false),
    ("SELECT src FROM log WHERE src = '192.0.2.7'", false),
  ])
  func `only bounds on the time pass it over`(sql: String, isHidden: Bool) async throws {
    let result = try await fetch("conntrack", Self.flow + "\n", [:], sql)
    #expect((result.completeness != .complete) == isHidden)
    #expect((result.table?.count == 0) == isHidden)
  }

  @Test func `parts that are read side by side keep what has no time`() async throws {
    let line = "{\"time\":\"2026-11-23T04:11:00Z\",\"src\":\"x\"}\n"
    let folder = try Folder()
    try folder.write(
      "a", String(repeating: line, count: 3_000) + "{\"src\":\"a\"}\n" + String(repeating: line, count: 3_000))
    let limits = FileLimits(recordBytes: 1 << 16, partBytes: 20_000)
    let columns = try DeclaredColumns(
      [ColumnSchema("time", .timestamp, ""), ColumnSchema("src", .string, "")], time: nil)
    let adapter = LogAdapter(
      tables: [JSONLinesTable(columns: columns, limits: limits, optional: [])],
      files: FileSet(patterns: ["a"], folder: folder.path, limits: limits), resolution: .seconds(1))
    let from = try #require(Timestamp(rfc3339: "2026-11-23T04:10:00Z"))
    let result = try await adapter.fetch(
      BoundQuery(
        query: "q", source: "log", language: "sql",
        body: .text(
          template("SELECT count(*) AS n FROM log WHERE substr(time, 1, 16) >= substr(${from}, 1, 16)")),
        parameters: ["from": .timestamp(from)], window: nil, shape: .rows([Column("n", .int)], isSingle: false),
        limits: FetchLimits()))
    #expect(result.completeness == .partial("1 record that may belong to it has no time"))
  }
}
