import RunbookPorts
import Testing
import Values

@testable import LogAdapters

/// Alike rows that SQLite is given once, with their number.
@Suite("Counted rows")
struct CountedRowTests {
  private static func text(_ sql: String) throws -> String? { try SQLStatementText(template(sql)).countedText }

  @Test(arguments: [
    "SELECT count(*) AS n FROM log",
    "SELECT status, count(*) AS n FROM log GROUP BY status ORDER BY n DESC LIMIT 5;",
    "SELECT lower(agent) AS a, COUNT ( * ) AS n FROM log AS l WHERE l.status IN (404, 403) GROUP BY 1 HAVING count(*) > 2",
    "SELECT client, count(*) AS n, count(DISTINCT path) AS p, max(bytes) AS b FROM \"log\" WHERE NOT (status = 200) GROUP BY client",
    "SELECT CASE WHEN (status > 399) THEN 'bad' ELSE 'good' END AS k, count(*) AS n FROM log GROUP BY k",
    "SELECT client, count(*) AS n FROM log WHERE client IN ${clients} GROUP BY client",
  ])
  func `alike rows can be counted before SQL sees them`(sql: String) throws {
    let counted = try #require(try Self.text(sql))
    #expect(!counted.lowercased().replacing(" ", with: "").contains("count(*)"))
    #expect(counted.contains(SQLCounting.sum))
  }

  @Test(arguments: [
    "SELECT client FROM log", "SELECT count(DISTINCT client) AS n FROM log",
    "SELECT client, count(*) AS n, sum(bytes) AS b FROM log GROUP BY client",
    "SELECT client, count(*) AS n, group_concat(path) AS p FROM log GROUP BY client",
    "SELECT count(path) AS p, count(*) AS n FROM log", "SELECT count(*) FILTER (WHERE status = 200) AS n FROM log",
    "SELECT a.client, count(*) AS n FROM log AS a, log AS b GROUP BY 1",
    "SELECT a.client, count(*) AS n FROM log AS a JOIN log AS b ON a.client = b.client GROUP BY 1",
    "SELECT count(*) AS n FROM (SELECT DISTINCT client FROM log)",
    "SELECT client, (SELECT count(*) FROM log) AS n FROM log", "WITH x AS (SELECT 1) SELECT count(*) AS n FROM log",
    "SELECT count(*) AS n FROM log UNION ALL SELECT 1 FROM log", "SELECT rowid, count(*) AS n FROM log GROUP BY 1",
    "SELECT client, count(*) OVER () AS n FROM log", "SELECT \"count(*)\" AS n, 'count(*)' AS m FROM log",
    "SELECT avg(bytes) AS a, count(*) AS n FROM log",
    "SELECT unheard_of(client) AS a, count(*) AS n FROM log GROUP BY 1",
  ])
  func `rows come one by one where their number could change the answer`(sql: String) throws {
    #expect(try Self.text(sql) == nil)
  }

  private static let lines = 30_000

  /// Lines of which few are alike in everything, some are none, and the last breaks off.
  private static func log() -> String {
    var text = ""
    for index in 0..<lines {
      text +=
        index % 9_000 == 8_999
        ? "a line that is none\n"
        : "192.0.2.\(index % 250) - - [18/Nov/2026:11:0\(index / 5_000):40 +0000] "
          + "\"GET /\(index % 7)/\(index / 10) HTTP/1.1\" 200 5 \"-\" \"x\"\n"
    }
    return text + "192.0.2.1 - - [18/Nov"
  }

  /// Files that are read in parts of a few kilobytes.
  private static func adapter(_ names: [String], in folder: Folder, partBytes: Int = 50_000) throws -> LogAdapter {
    let limits = FileLimits(recordBytes: 1 << 16, partBytes: partBytes)
    return LogAdapter(
      tables: [AccessLogTable(format: try AccessLogFormat("combined"), limits: limits)],
      files: FileSet(patterns: names, folder: folder.path, limits: limits), resolution: .seconds(1))
  }

  private static func ask(
    _ adapter: LogAdapter, _ sql: String, _ columns: [(String, ColumnType)], in window: TimeWindow? = nil
  ) async throws -> QueryResult {
    try await adapter.fetch(
      BoundQuery(
        query: "q", source: "log", language: "sql", body: .text(template(sql)), parameters: [:], window: window,
        shape: .rows(columns.map { Column($0.0, $0.1) }, isSingle: false), limits: FetchLimits()))
  }

  @Test(arguments: ["client", "substr(path, 1, 2)", "path", "status || coalesce(problem, '')", "substr(time, 1, 16)"])
  func `parts of files that are read side by side give the answer of the whole`(key: String) async throws {
    let folder = try Folder()
    try folder.write("a.log", Self.log())
    try folder.write("b.log", "192.0.2.1 - - [18/Nov/2026:11:06:41 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"x\"\n")
    let log = try Self.adapter(["a.log", "b.log"], in: folder)
    let columns: [(String, ColumnType)] = [("k", .string), ("n", .int)]
    let end = "AS n FROM log GROUP BY k ORDER BY n DESC, k LIMIT 20"
    let counted = try await Self.ask(log, "SELECT \(key) AS k, count(*) \(end)", columns)
    // The same question in words that cannot be counted beforehand.
    let plain = try await Self.ask(log, "SELECT \(key) AS k, sum(1) \(end)", columns)
    #expect(counted.table?.cells.map { $0.map(\.displayText) } == plain.table?.cells.map { $0.map(\.displayText) })
    #expect(counted.completeness == plain.completeness)
    #expect(counted.warnings == plain.warnings)
    #expect(counted.warnings.first?.contains("a.log:9000: ") == true)
    #expect(counted.statistics == plain.statistics)
    #expect(counted.extent == plain.extent)
  }

  /// Small files, some of them in order, with lines that nobody understands at their edges, empty, torn, or of nothing but
  /// such lines.
  private static func files(_ seed: Int) -> [String] {
    var state = UInt64(seed)
    func number(below bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    return (0..<(2 + number(below: 5))).map { _ in
      let isGarbage = number(below: 6) == 0
      var second = number(below: 2_400)
      var lines = (0..<number(below: 40)).map { _ in
        second = max(0, min(3_599, second + number(below: 120) - (number(below: 12) == 0 ? 700 : 0)))
        let clock = [second / 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return isGarbage || number(below: 15) == 0
          ? "rubbish \(second)"
          : "192.0.2.\(number(below: 9)) - - [18/Nov/2026:11:\(clock) +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"x\""
      }
      if number(below: 3) == 0 { lines.insert("rubbish first", at: 0) }
      if number(below: 3) == 0 { lines.append("rubbish last") }
      return lines.joined(separator: "\n") + (number(below: 4) == 0 || lines.isEmpty ? "" : "\n")
    }
  }

  @Test(arguments: 0..<60)
  func `parts that go over the ends of files know as much as a scan of the whole`(seed: Int) async throws {
    let folder = try Folder()
    let files = Self.files(seed)
    for (place, text) in files.enumerated() { try folder.write("\(place).log", text) }
    let window = try #require(
      TimeWindow(from: Timestamp(seconds: 1_795_000_800), to: Timestamp(seconds: 1_795_001_700)))
    let columns: [(String, ColumnType)] = [("k", .string), ("n", .int)]
    for partBytes in [100, 700, 2_500] {
      let log = try Self.adapter(files.indices.map { "\($0).log" }, in: folder, partBytes: partBytes)
      let end = "AS n FROM log GROUP BY k ORDER BY k"
      let key = "coalesce(client, '') || ' ' || file"
      let counted = try await Self.ask(log, "SELECT \(key) AS k, count(*) \(end)", columns, in: window)
      let plain = try await Self.ask(log, "SELECT \(key) AS k, sum(1) \(end)", columns, in: window)
      #expect(counted.table?.cells.map { $0.map(\.displayText) } == plain.table?.cells.map { $0.map(\.displayText) })
      #expect(counted.completeness == plain.completeness)
      #expect(counted.warnings == plain.warnings)
      #expect(counted.statistics == plain.statistics)
      #expect(counted.extent == plain.extent)
    }
  }

  @Test(arguments: [
    ("SELECT count(*) AS n FROM log", lines + 1), ("SELECT count(*) AS n FROM log WHERE status = 404", 0),
    ("SELECT count(*) AS n FROM log WHERE line = 7", 1),
    ("SELECT count(*) AS n FROM log WHERE client = '192.0.2.7'", 120),
    ("SELECT count(*) AS n FROM log WHERE time = '2026-11-18T11:00:40.000000000Z'", 5_000),
  ])
  func `rows are counted, with conditions or without`(sql: String, count: Int) async throws {
    let folder = try Folder()
    try folder.write("a.log", Self.log())
    let result = try await Self.ask(try Self.adapter(["a.log"], in: folder), sql, [("n", .int)])
    #expect(result.table?.cells[0][0].displayText == "\(count)")
  }

  @Test func `a line over the ends of several parts is one record`() async throws {
    let folder = try Folder()
    let short = Array("192.0.2.1 - - [18/Nov/2026:11:06:41 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"x\"\n".utf8)
    try folder.write("a.log", short + [UInt8](repeating: 65, count: 400_000) + [10] + short + short)
    let result = try await Self.ask(
      try Self.adapter(["a.log"], in: folder), "SELECT count(*) AS n FROM log", [("n", .int)])
    #expect(result.table?.cells[0][0].displayText == "4")
    #expect(result.statistics.malformedRecords == 1)
    #expect(result.warnings.first?.contains("a.log:2: the line is longer than") == true)
  }

  @Test func `rows that are alike are kept once, in the order of their first, also of several together`() {
    let counts = RowCounts(columns: [0, 1])
    let cursor = Numbers(rows: (0..<50_000).map { [$0 % 20_000, $0 % 3 == 0 ? nil : 7] })
    while cursor.advance() { counts.add(cursor) }
    var total: Int64 = 0
    for index in 0..<counts.count { total += counts.count(of: index) }
    #expect(total == 50_000)
    guard case .int(0) = counts.cell(0, of: 0), case .null = counts.cell(1, of: 0), case .int(7) = counts.cell(1, of: 1)
    else {
      Issue.record("the rows come in the order of their first")
      return
    }
    let both = RowCounts(columns: [0, 1])
    both.add(counts)
    both.add(counts)
    #expect(both.count == counts.count)
    #expect(both.count(of: 5) == 2 * counts.count(of: 5))
  }

  private final class Numbers: RecordCursor {
    let rows: [[Int?]]
    var index = -1
    init(rows: [[Int?]]) { self.rows = rows }
    func advance() -> Bool {
      index += 1
      return index < rows.count
    }
    func cell(_ column: Int) -> Cell { Cell(rows[index][column]) }
  }
}
