import RunbookPorts
import Testing
import Values

@testable import LogAdapters

/// A small log that the SQL tests ask.
private let lines = """
  192.0.2.1 - - [23/Nov/2026:03:33:50 +0000] "GET /a?x=1 HTTP/1.1" 200 10
  192.0.2.2 - - [23/Nov/2026:03:33:51 +0000] "GET /b HTTP/1.1" 404 20
  2001:DB8:0::1 - - [23/Nov/2026:03:33:52 +0000] "POST /c HTTP/1.1" 500 -
  192.0.2.1 - bob [23/Nov/2026:04:33:53 +0100] "GET /it's HTTP/1.1" 200 40

  """

private func smallLog() throws -> (Asking, Folder) {
  let folder = try Folder()
  try folder.write("access.log", lines)
  let log = try Asking(
    AccessLogKind(), ["path": .text("access.log"), "format": .text("common")], folder: folder.path)
  return (log, folder)
}

@Suite("SQL over logs")
struct SQLTests {
  @Test func `parameters of every type are bound`() async throws {
    let (log, folder) = try smallLog()
    defer { withExtendedLifetime(folder) {} }
    let time = try #require(Timestamp(rfc3339: "2026-11-23T03:33:51Z"))
    let address = try #require(NetworkAddress("2001:db8::1"))
    let one = try #require(NetworkAddress("192.0.2.1"))
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE time = ${t}", ["t": .timestamp(time)]) == 1)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE time > ${t}", ["t": .timestamp(time)]) == 2)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE ${t} >= time", ["t": .timestamp(time)]) == 2)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE client = ${a}", ["a": .address(address)]) == 1)
    #expect(
      try await log.count(
        "SELECT count(*) AS n FROM log WHERE status = ${s} AND ${b}", ["s": .int(404), "b": .bool(true)])
        == 1)
    let both = Value.list([.address(one), .address(address)])
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE client IN ${a}", ["a": both]) == 3)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE client IN (${a})", ["a": both]) == 3)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE client NOT IN ${a}", ["a": both]) == 1)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE client IN ${a}", ["a": .list([])]) == 0)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE client IN ${a}", ["a": .address(one)]) == 2)
  }

  @Test(arguments: [
    "' OR 1=1 --", "\"; DROP TABLE log; --", "/it's", "\u{0}", "${path}", "é", #"\"#, "%", "megabyte",
  ])
  func `a value is never a part of the query`(value: String) async throws {
    let (log, folder) = try smallLog()
    defer { withExtendedLifetime(folder) {} }
    let expected = value == "/it's" ? 1 : 0
    let value = value == "megabyte" ? String(repeating: "a", count: 1 << 20) : value
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE path = ${p}", ["p": .string(value)]) == expected)
    #expect(
      try await log.count("SELECT count(*) AS n FROM log WHERE path IN ${p}", ["p": .list([.string(value)])])
        == expected)
  }

  @Test(arguments: [
    ("SELECT '${p}' AS n FROM log", "a quote has no end"),
    ("SELECT 1 AS n FROM log -- ${p}", "a parameter stands in a comment"),
    ("SELECT 1 AS n FROM log WHERE path = ?1", "SQLite's own parameters"),
    ("SELECT 1 AS n FROM log WHERE path = ${list}", "a list stands only behind IN"),
    ("SELECT 1 AS n FROM log WHERE path IN (${p}, ${list})", "a list stands only behind IN"),
    ("SELECT 1 AS n FROM log WHERE path = ${missing}", "has no value"),
    ("SELECT nowhere AS n FROM log", "no such column: nowhere"),
    ("SELECT 1 AS n FROM other", "no such table: other"),
    ("SELEC 1", "syntax error"),
    ("DELETE FROM log", "may not be modified"),
    ("INSERT INTO log(path) VALUES ('x')", "only SELECT"),
    ("CREATE TABLE t(a)", "only SELECT"),
    ("ATTACH '/tmp/x.db' AS x", "only SELECT"),
    ("PRAGMA user_version", "only SELECT"),
    ("SELECT sql AS n FROM sqlite_master", "sqlite_master"),
    ("SELECT count(*) AS n FROM sqlite_schema", "sqlite_"),
    ("SELECT count(*) AS n FROM pragma_database_list", ""),
    ("SELECT load_extension('x') AS n", "load_extension"),
    ("SELECT datetime('now') AS n", "`datetime` asks the machine's clock; ${now}, ${at}"),
    ("SELECT strftime ('%s', 'NOW', '-1 day') AS n", "`strftime` asks the machine's clock"),
    ("SELECT strftime('%s') AS n", "`strftime` asks"), ("SELECT unixepoch() AS n", "`unixepoch` asks"),
    ("SELECT abs(julianday((SELECT 1), 'now')) AS n", "`julianday` asks"),
    ("SELECT CURRENT_TIMESTAMP AS n", "asks the machine's clock"), ("SELECT current_date AS n", "asks the machine's"),
    ("SELECT random() AS n", "it answers otherwise each time"),
    ("SELECT hex(randomblob(4)) AS n", "it answers otherwise each time"),
    ("SELECT writefile('/tmp/x', 'y') AS n", "writefile"),
    ("SELECT count(*) AS n FROM log; DELETE FROM log", "one statement"),
    ("", ""),
  ])
  func `what is no plain question is refused with a reason`(text: String, reason: String) async throws {
    let (log, folder) = try smallLog()
    defer { withExtendedLifetime(folder) {} }
    await #expect {
      try await log.fetch(text, [("n", .int)], ["p": .string("x"), "list": .list([.string("x")])])
    } throws: { error in
      guard case .rejected(let message)? = error as? AdapterError else { return false }
      return reason.isEmpty || message.contains(reason)
    }
  }

  @Test func `an answer of other columns or types is a mismatch that says which`() async throws {
    let (log, folder) = try smallLog()
    defer { withExtendedLifetime(folder) {} }
    let cases: [(String, [(String, ColumnType)], String)] = [
      ("SELECT path FROM log", [("paths", .string)], "no column `paths`; it has `path`"),
      ("SELECT path, status FROM log", [("path", .string)], "a column `status` that is not declared"),
      ("SELECT path, path FROM log", [("path", .string)], "two columns of one name"),
      ("SELECT path FROM log", [("path", .int)], "`path` is declared int, but row 1 holds text"),
      (
        "SELECT status AS path FROM log", [("path", .string)],
        "`path` is declared string, but row 1 holds a whole number"
      ),
    ]
    for (text, columns, message) in cases {
      await #expect {
        try await log.fetch(text, columns)
      } throws: { error in
        guard case .mismatched(let text)? = error as? AdapterError else { return false }
        return text.contains(message)
      }
    }
  }

  @Test func `limits of rows and bytes cut the answer and say so`() async throws {
    let (log, folder) = try smallLog()
    defer { withExtendedLifetime(folder) {} }
    let columns: [(String, ColumnType)] = [("path", .string)]
    let rows = try await log.fetch("SELECT path FROM log", columns, limits: FetchLimits(rows: 3))
    #expect(rows.completeness == .truncated("cut at 3 rows"))
    #expect(rows.table?.count == 3)
    #expect(rows.isMonotone)
    let whole = try await log.fetch("SELECT path FROM log", columns, limits: FetchLimits(rows: 4))
    #expect(whole.completeness == .complete)
    let bytes = try await log.fetch("SELECT path FROM log", columns, limits: FetchLimits(bytes: 5))
    #expect(bytes.completeness == .truncated("cut at 5 bytes after 2 rows"))
  }

  @Test(
    arguments: [
      ("SELECT path FROM log LIMIT 2", "cut by LIMIT 2"), ("SELECT path FROM log LIMIT 4", "cut by LIMIT 4"),
      ("SELECT path FROM log LIMIT 5", nil), ("SELECT path FROM log ORDER BY path LIMIT 1, 3;", "cut by LIMIT 3"),
      ("SELECT path FROM log LIMIT 3 OFFSET 2", nil), ("SELECT path FROM log LIMIT ${most}", "cut by LIMIT 2"),
      ("SELECT path FROM log LIMIT 1 + 1", "its LIMIT may have cut rows off"),
      ("SELECT path FROM log LIMIT 0", "cut by LIMIT 0"),
      ("SELECT path FROM (SELECT path FROM log LIMIT 2)", nil), ("SELECT path FROM log LIMIT -1", "its LIMIT may have"),
    ] as [(String, String?)])
  func `rows behind a statement's own LIMIT are missing, as those behind a query's`(sql: String, reason: String?)
    async throws
  {
    let (log, folder) = try smallLog()
    defer { withExtendedLifetime(folder) {} }
    let result = try await log.fetch(sql, [("path", .string)], ["most": .int(2)])
    guard let reason else {
      #expect(result.completeness == .complete)
      return
    }
    guard case .truncated(let text) = result.completeness else {
      Issue.record("\(result.completeness)")
      return
    }
    #expect(text.hasPrefix(reason))
  }

  @Test func `a question without an end is stopped by the time limit, and is not put again`() async throws {
    let (log, folder) = try smallLog()
    defer { withExtendedLifetime(folder) {} }
    let slow = AdapterError.limitExceeded("no answer within 0.05s")
    #expect(!slow.isRetryable)
    await #expect(throws: slow) {
      try await log.fetch(
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) AS n FROM c", [("n", .int)],
        limits: FetchLimits(time: .milliseconds(50)))
    }
  }

  @Test func `a cancelled task stops its question`() async throws {
    let (log, folder) = try smallLog()
    defer { withExtendedLifetime(folder) {} }
    let task = Task {
      try await log.fetch(
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) AS n FROM c", [("n", .int)])
    }
    task.cancel()
    await #expect(throws: AdapterError.cancelled) { try await task.value }
  }

  @Test func `questions run side by side over one source`() async throws {
    let (log, folder) = try smallLog()
    defer { withExtendedLifetime(folder) {} }
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<16 { group.addTask { try await log.count("SELECT count(*) AS n FROM log WHERE status = 200") } }
      for try await count in group { #expect(count == 2) }
    }
  }

  @Test func `times are UTC text with nine digits, and bounds on them change no answer`() async throws {
    let (log, folder) = try smallLog()
    defer { withExtendedLifetime(folder) {} }
    #expect(
      try await log.rows("SELECT max(time) AS t FROM log", [("t", .string)]) == [#"["2026-11-23T03:33:53.000000000Z"]"#]
    )
    for bound in ["2026-11-23T03:33:51.000000000Z", "2026-11-23T03:33:51Z", "2026-11-23", "x", ""] {
      for sign in ["<", "<=", "=", ">=", ">"] {
        let direct = try await log.count("SELECT count(*) AS n FROM log WHERE time \(sign) ${b}", ["b": .string(bound)])
        let hidden = try await log.count(
          "SELECT count(*) AS n FROM log WHERE time || '' \(sign) ${b}", ["b": .string(bound)])
        #expect(direct == hidden, "time \(sign) '\(bound)'")
      }
    }
  }

  @Test func `paths and encoded texts can be taken apart`() async throws {
    let (log, folder) = try smallLog()
    defer { withExtendedLifetime(folder) {} }
    let rows = try await log.rows(
      """
      SELECT dirname('/srv/shop/app.js') AS a, dirname('/srv') AS b, dirname('app.js') AS c, dirname('/srv/shop/') AS d,
        basename('/srv/shop/app.js') AS e, basename('/') AS f, basename('/srv/shop/') AS g, basename(NULL) AS h,
        dirname('//') AS i, dirname('') AS j, basename('') AS k
      """, ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"].map { ($0, .string) })
    #expect(rows == [#"["/srv/shop","/",".","/srv","app.js","/","shop",null,"/",".",""]"#])
  }

  @Test func `what is asked of the log is counted`() async throws {
    let (log, folder) = try smallLog()
    defer { withExtendedLifetime(folder) {} }
    let result = try await log.fetch(
      "SELECT count(*) AS n FROM log a JOIN log b ON a.client = b.client", [("n", .int)])
    #expect(result.table?.cells.first?.first?.displayText == "6")
    let extent = try #require(result.extent)
    #expect(extent.first == Timestamp(rfc3339: "2026-11-23T03:33:50Z"))
    #expect(extent.last == Timestamp(rfc3339: "2026-11-23T03:33:53Z"))
    #expect(extent.resolution == .seconds(1))
    #expect(result.warnings.isEmpty)
  }
}

@Suite("SQL before any data")
struct SQLCheckTests {
  private let tables = [(name: "log", columns: ["time", "client", "path"]), (name: "log_rules", columns: ["rule"])]

  @Test func `names the columns of an answer`() throws {
    #expect(
      try SQLCheck.columns(
        of: template("SELECT client AS source, count(*) AS hits FROM log WHERE path IN ${p} GROUP BY 1"), tables: tables
      )
        == ["source", "hits"])
  }

  @Test(arguments: [
    ("SELECT clint FROM log WHERE path = ${p}", "no such column: clint", 7),
    ("SELECT client FROM log WHERE path IN ${p} AND pth = 1", "no such column: pth", 46),
    ("SELECT client FROM log WHERE path IN ${path} OR path = ${p} OR pth = ${p}", "no such column: pth", 63),
    ("SELECT client FORM log", #"near "log": syntax error"#, 19),
    ("DROP TABLE log", "only SELECT", 0),
  ])
  func `places what is wrong in the text of the runbook`(text: String, message: String, offset: Int) {
    #expect {
      try SQLCheck.columns(of: template(text), tables: tables)
    } throws: { error in
      guard let problem = error as? SQLProblem else { return false }
      return problem.message.contains(message) && (problem.offset == offset || offset == 0)
    }
  }

  @Test(arguments: [
    ("SELECT path FROM log", true),
    ("SELECT DISTINCT path FROM log WHERE path LIKE '%count(%' ORDER BY time", true),
    ("SELECT a.path FROM log a JOIN log b ON a.id = b.id WHERE a.status >= 400", true),
    ("SELECT path FROM log UNION SELECT path FROM other INTERSECT SELECT path FROM third", true),
    ("SELECT path FROM log WHERE client IN (SELECT client FROM rules)", true),
    ("SELECT path FROM log WHERE EXISTS (SELECT 1 FROM rules) AND path <> ''", true),
    ("SELECT path FROM (SELECT path FROM log WHERE status = 200)", true),
    ("WITH w AS (SELECT path FROM log) SELECT path FROM w", true),
    ("SELECT max(status, 1) AS n FROM log WHERE client IN ${c} AND client NOT IN ${d}", true),
    ("SELECT path FROM log WHERE path = 'group' /* LIMIT */ -- count(*)", true),
    ("SELECT count(*) AS n FROM log", false),
    ("SELECT COUNT (path) AS n FROM log", false),
    ("SELECT max(time) AS n FROM log", false),
    ("SELECT client FROM log GROUP BY client", false),
    ("SELECT path FROM log LIMIT 5", false),
    ("SELECT path FROM log EXCEPT SELECT path FROM other", false),
    ("SELECT path FROM log WHERE client NOT IN (SELECT client FROM rules)", false),
    ("SELECT path FROM log WHERE NOT EXISTS (SELECT 1 FROM rules)", false),
    ("SELECT path FROM log WHERE (client IN (SELECT client FROM rules)) = 0", false),
    ("SELECT path FROM log WHERE client IN (SELECT client FROM rules) = 0", false),
    ("SELECT client IN (SELECT client FROM rules) AS known FROM log", false),
    ("SELECT path FROM log WHERE client NOT IN rules", false),
    ("SELECT path, (SELECT 1 FROM rules) AS n FROM log", false),
    ("SELECT a.path FROM log a LEFT JOIN rules b ON a.id = b.id", false),
    ("SELECT path, row_number() OVER (ORDER BY time) AS n FROM log", false),
    ("SELECT path FROM log WHERE status > (SELECT 400)", false),
    ("SELECT path FROM (SELECT path FROM log LIMIT 5)", false),
  ])
  func `knows whether more records could only add rows`(text: String, isMonotone: Bool) throws {
    #expect(try SQLStatementText(template(text)).isMonotone == isMonotone)
  }
}

@Suite("Joins of results")
struct TableJoinerTests {
  private let people = Table(
    columns: [Column("user", .string), Column("address", .ip)],
    cells: [
      [.string("ann"), .string("bob")],
      [NetworkAddress("192.0.2.1"), NetworkAddress("2001:db8::1")].map { $0.map { .address($0) } ?? .null },
    ], count: 2)
  private let hits = Table(
    columns: [Column("source", .ip), Column("at", .timestamp), Column("blocked", .bool)],
    cells: [
      [NetworkAddress("192.0.2.1").map { .address($0) } ?? .null],
      [Timestamp(rfc3339: "2026-11-23T03:33:51.5Z").map { .timestamp($0) } ?? .null], [.bool(true)],
    ], count: 1)

  private func query(_ text: String, _ columns: [Column]) -> BoundQuery {
    BoundQuery(
      query: "q", source: "joined", language: "sql", body: .text(template(text)), parameters: ["u": .string("ann")],
      window: nil, shape: .rows(columns, isSingle: false), limits: FetchLimits())
  }

  @Test func `results are joined in SQL and keep their types`() async throws {
    let result = try await TableJoiner().join(
      query(
        "SELECT user, at, blocked, source FROM people JOIN hits ON source = address WHERE user = ${u}",
        [Column("user", .string), Column("at", .timestamp), Column("blocked", .bool), Column("source", .ip)]),
      inputs: [("people", people), ("hits", hits)])
    let table = try #require(result.table)
    #expect(
      JSON.array(table.cells.map { $0[0].json }).compactText == #"["ann","2026-11-23T03:33:51.5Z",true,"192.0.2.1"]"#)
    #expect(result.isMonotone)
  }

  @Test(arguments: ["DELETE FROM people", "SELECT 1 AS n FROM others", "SELECT 1 AS n FROM sqlite_master"])
  func `joins only read, and only the results`(text: String) async {
    await #expect {
      try await TableJoiner().join(query(text, [Column("n", .int)]), inputs: [("people", people)])
    } throws: { error in
      if case .rejected? = error as? AdapterError { true } else { false }
    }
  }
}

@Suite("Joins of tables")
struct TableJoinTests {
  /// A log of so many requests, each with a number of its own, and half as many clients.
  private func numbered(_ count: Int) throws -> (Asking, Folder) {
    let folder = try Folder()
    let lines = (0..<count).map { number in
      "10.0.\(number / 2 / 250).\(number / 2 % 250) - u\(number) [23/Nov/2026:03:33:50 +0000] \"GET /\(number) HTTP/1.1\" \(number) 0\n"
    }
    try folder.write("a.log", lines.joined())
    let log = try Asking(AccessLogKind(), ["path": .text("a.log"), "format": .text("common")], folder: folder.path)
    return (log, folder)
  }

  @Test(arguments: [
    ("SELECT count(*) AS n FROM log a JOIN log b ON a.client = b.client", 4_000),
    ("SELECT count(*) AS n FROM log a JOIN log b ON a.path = '/' || b.status", 2_000),
    ("SELECT count(*) AS n FROM log a JOIN log b ON b.status = substr(a.path, 2)", 2_000),
    ("SELECT count(*) AS n FROM log a LEFT JOIN log b ON b.status = a.status + 1 WHERE b.status IS NULL", 1),
    ("SELECT count(*) AS n FROM log a WHERE EXISTS (SELECT 1 FROM log b WHERE b.status = a.status * 2)", 1_000),
    ("SELECT count(*) AS n FROM log a WHERE (SELECT count(*) FROM log b WHERE b.client = a.client) = 2", 2_000),
    ("SELECT count(*) AS n FROM log a JOIN log b USING (user) JOIN log c USING (client)", 4_000),
  ])
  func `a join looks rows up instead of reading the log again for each`(text: String, expected: Int) async throws {
    let (log, folder) = try numbered(2_000)
    defer { withExtendedLifetime(folder) {} }
    let result = try await log.fetch(text, [("n", .int)], limits: FetchLimits(time: .seconds(20)))
    #expect(result.table?.cells[0][0].displayText == "\(expected)")
    #expect(result.statistics.recordsRead == 2_000)
  }
}
