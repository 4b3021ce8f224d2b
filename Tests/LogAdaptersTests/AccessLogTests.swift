import RunbookPorts
import Testing
import Values

@testable import LogAdapters

@Suite("Access logs")
struct AccessLogTests {
  private static let custom =
    #"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" rt=$request_time uid=$request_id"#

  private func source(
    _ path: String, format: String? = nil, client: String? = nil, folder: Folder? = nil
  ) throws -> Asking {
    var settings: [String: AdapterOptions.Setting] = ["path": .text(path)]
    if let format { settings["format"] = .text(format) }
    if let client { settings["client"] = .text(client) }
    return try Asking(AccessLogKind(), settings, folder: folder?.path ?? Asking.fixtures)
  }

  /// The rows that lines give.
  private func rows(
    _ lines: String, format: String? = nil, client: String? = nil, _ columns: [(String, ColumnType)]
  ) async throws -> [String] {
    let folder = try Folder()
    try folder.write("a.log", lines)
    return try await source("a.log", format: format, client: client, folder: folder)
      .rows("SELECT \(columns.map(\.0).joined(separator: ", ")) FROM log", columns)
  }

  // Counted with wc, awk and grep.
  @Test(arguments: [
    ("access/access_combined.log", "combined", 519, 33, 25), ("access/access_common.log", "common", 518, 33, 24),
    (
      "access/access_block_vhost_uid.log",
      #"%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i" %{UNIQUE_ID}e %D"#, 190, 10, 24
    ),
    ("access/nginx_access_custom.log", custom, 99, 0, 21),
  ])
  func `every line of a capture is a row that was understood`(
    path: String, format: String, lines: Int, missing: Int, clients: Int
  ) async throws {
    let log = try source(path, format: format)
    let result = try await log.fetch(
      "SELECT count(*) AS n FROM log WHERE problem IS NOT NULL OR time IS NULL OR client IS NULL", [("n", .int)])
    #expect(result.table?.cells[0][0].displayText == "0")
    #expect(result.statistics.recordsRead == lines)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE status = 404") == missing)
    #expect(try await log.count("SELECT count(DISTINCT client) AS n FROM log") == clients)
  }

  @Test(arguments: [
    ("common", #"83 "-" "curl""#, "%O"), ("common", "x", "%O"), ("%h %t %>s %b", "83 2", "%b"),
    ("%h %t %>s %D", "0x1F", "%D"), ("%h %t %>s %T", "1.2.3", "%T"), ("%h %t %>s %p", "https", "%p"),
    ("%h %t %>s %b", "9999999999999999999", "%b"),
  ])
  func `a field without its number shows that the format is another`(
    format: String, rest: String, field: String
  ) async throws {
    let start =
      format == "common"
      ? #"192.0.2.1 - - [23/Nov/2026:03:33:53 +0000] "GET / HTTP/1.1" 200 "#
      : "192.0.2.1 [23/Nov/2026:03:33:53 +0000] 200 "
    #expect(
      try await rows("\(start)\(rest)\n", format: format, [("status", .int), ("problem", .string)])
        == ["[200,\"the line does not fit the format at \(field), which is no number\"]"])
  }

  @Test(arguments: [
    ("%h %t %>s %b", "-", "[0,null,null]"), ("%h %t %>s %T", "-", "[null,null,null]"),
    ("%h %t %>s %D", "250000", "[null,0.25,null]"), ("%h %t %>s %D", "-500000", "[null,-0.5,null]"),
    ("%h %t %>s %{ms}T", "1.5", "[null,0.0015,null]"), ("%h %t %b %>s", "7 -", "[7,null,null]"),
  ])
  func `a dash and every number that servers write are understood`(
    format: String, rest: String, row: String
  ) async throws {
    let start = "192.0.2.1 [23/Nov/2026:03:33:53 +0000] \(format.hasSuffix("%>s") ? "" : "200 ")"
    #expect(
      try await rows(
        "\(start)\(rest)\n", format: format, [("bytes", .int), ("duration", .double), ("problem", .string)]) == [row])
  }

  @Test func `cells hold what the line says`() async throws {
    let rows = try await source("access/access_combined.log").rows(
      "SELECT time, client, method, path, query, protocol, status, bytes, referer, line FROM log LIMIT 1",
      [
        ("time", .timestamp), ("client", .ip), ("method", .string), ("path", .path), ("query", .string),
        ("protocol", .string), ("status", .int), ("bytes", .int), ("referer", .string), ("line", .int),
      ])
    #expect(
      rows == [
        #"["2026-11-23T03:33:53Z","127.0.0.11","GET","/cgi-bin/item","id=42","HTTP/1.1",200,76,"#
          + #""http://shop.example.test/",1]"#
      ])
  }

  @Test func `fields of any format have their columns`() async throws {
    let vhost = try await source(
      "access/access_block_vhost_uid.log",
      format: #"%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i" %{UNIQUE_ID}e %D"#
    ).rows(
      "SELECT host, port, id, duration FROM log LIMIT 1",
      [("host", .string), ("port", .int), ("id", .string), ("duration", .double)])
    #expect(vhost == [#"["api.example.test",80,"awO0IcGiYsZ28yFAMsAYrwAAAAI",0.001395]"#])
    let nginx = try await source("access/nginx_access_custom.log", format: Self.custom).rows(
      "SELECT path, duration, id FROM log LIMIT 1", [("path", .string), ("duration", .double), ("id", .string)])
    #expect(nginx == [#"["/contact.html",0,"5273c675a3d30fb42cbbf5884b491330"]"#])
  }

  @Test func `a log behind a proxy takes the client from the field that is named`() async throws {
    let line =
      #"10.0.0.1 "198.51.100.7, 203.0.113.9" [23/Nov/2026:03:33:53 +0000] "GET / HTTP/1.1" abc"# + "\n"
    let found = try await rows(
      line, format: #"%h "%{X-Forwarded-For}i" %t "%r" %{X-Trace}o"#, client: "%{X-Forwarded-For}i",
      [("client", .ip), ("client_field", .string), ("x_trace", .string)])
    #expect(found == [#"["203.0.113.9","198.51.100.7, 203.0.113.9","abc"]"#])
    #expect {
      try source("a.log", client: "%{Client-IP}i")
    } throws: { error in
      (error as? BindingProblem)?.message.contains("the format has no field %{Client-IP}i; it has %h") ?? false
    }
  }

  @Test(arguments: [
    ("%h %Z", "%Z is not a directive"), ("%h%u", "nothing stands before %u"), ("no fields", "names no field"),
    ("%{%c}t", "the time form %{%c}t is not known"), ("%{Referer", "brace is not closed"), ("%h %", "after a %"),
    ("$remote_addr$status", "nothing stands before $status"), ("%{X}i %{X}o", "two fields would make the column `x`"),
  ])
  func `a format that cannot be is a problem of the binding`(format: String, message: String) {
    #expect {
      try source("a.log", format: format)
    } throws: { error in
      guard let problem = error as? BindingProblem else { return false }
      return problem.option == "format" && problem.message.contains(message)
    }
  }

  @Test(arguments: [
    (#""GET /a\"b\\c HTTP/1.1""#, #"["GET","/a\"b\\c",null,"HTTP/1.1"]"#),
    (#""GET /\xc3\xa9?q=\xff HTTP/1.0""#, #"["GET","/é","q=�","HTTP/1.0"]"#),
    (#""GET /\x22\x5C HTTP/1.1""#, #"["GET","/\"\\",null,"HTTP/1.1"]"#),
    (#""GET /a b c HTTP/1.1""#, #"["GET","/a b c",null,"HTTP/1.1"]"#),
    (#""GET /old""#, #"["GET","/old",null,null]"#),
    (#""-""#, "[null,null,null,null]"),
    (#""\x16\x03\x01\x02""#, "[null,null,null,null]"),
    (#""GET /? HTTP/1.1""#, #"["GET","/","","HTTP/1.1"]"#),
    (#""GET /'; DROP TABLE log; -- HTTP/1.1""#, #"["GET","/'; DROP TABLE log; --",null,"HTTP/1.1"]"#),
    ("\"GET /\u{1b}[2J HTTP/1.1\"", #"["GET","/\u001b[2J",null,"HTTP/1.1"]"#),
  ])
  func `request lines come apart, escapes decoded`(request: String, expected: String) async throws {
    let found = try await rows(
      "192.0.2.1 - a b [23/Nov/2026:03:33:53 +0000] \(request) 200 -\n", format: "common",
      [("method", .string), ("path", .string), ("query", .string), ("protocol", .string)])
    #expect(found == [expected])
  }

  @Test func `lines that are none are kept with what is wrong, counted and reported`() async throws {
    let folder = try Folder()
    let good = #"192.0.2.1 - - [23/Nov/2026:03:33:53 +0000] "GET / HTTP/1.1" 200 5"#
    var bytes = Array((good + "\n").utf8)
    bytes += Array("complete nonsense\n".utf8)
    bytes += Array(#"192.0.2.1 - - [99/Xxx/2026:03:33:53 +0000] "GET / HTTP/1.1" 200 5"#.utf8) + [10]
    bytes += Array(#"www.example.test - - [23/Nov/2026:03:33:54 +0000] "GET / HTTP/1.1" 200 5"#.utf8) + [10]
    bytes +=
      Array(#"192.0.2.1 - - [23/Nov/2026:03:33:55 +0000] "GET /"#.utf8) + [0xFF, 0x00]
      + Array(#" HTTP/1.1" 200 5"#.utf8) + [10]
    bytes +=
      Array("192.0.2.1 - - [23/Nov/2026:03:33:56 +0000] \"GET /".utf8) + [UInt8](repeating: 65, count: 2 << 20) + [10]
    bytes += Array(#"192.0.2.1 - - [23/Nov/2026:03:33:57 +0000] "GET / HT"#.utf8)
    try folder.write("a.log", bytes)
    let log = try source("a.log", format: "common", folder: folder)
    let result = try await log.fetch(
      "SELECT line, problem, length(raw) AS size, client_field FROM log WHERE problem IS NOT NULL OR line = 5",
      [("line", .int), ("problem", .string), ("size", .int), ("client_field", .string)])
    let table = try #require(result.table)
    #expect(
      (0..<table.count).map { row in JSON.array(table.cells.map { $0[row].json }).compactText } == [
        #"[2,"the line does not fit the format at %l",17,"complete"]"#,
        #"[3,"the time cannot be read",65,"192.0.2.1"]"#,
        #"[4,"the client is no address",72,"www.example.test"]"#,
        #"[5,null,67,"192.0.2.1"]"#,
        #"[6,"the line is longer than 1048576 bytes and was cut",1048576,"192.0.2.1"]"#,
        #"[7,"the file ends within the line",52,"192.0.2.1"]"#,
      ])
    #expect(result.statistics.recordsRead == 7)
    #expect(result.statistics.malformedRecords == 5)
    #expect(result.statistics.repairedRecords == 1)
    #expect(
      result.warnings == [
        "5 records were not understood; the first: a.log:2: the line does not fit the format at %l",
        "1 record is not valid UTF-8 and was repaired; the first: a.log:5",
      ])
    let first = "a.log:2: the line does not fit the format at %l"
    #expect(
      result.completeness
        == .truncated("4 records that may belong to it were not understood; the first of the log: \(first)"))
    #expect(result.extent?.last == Timestamp(rfc3339: "2026-11-23T03:33:57Z"))
  }

  @Test func `a log of carriage returns alone is one line that fits nothing`() async throws {
    let good = #"192.0.2.1 - - [23/Nov/2026:03:33:53 +0000] "GET / HTTP/1.1" 200 5"#
    let found = try await rows(good + "\r" + good + "\r", format: "common", [("line", .int), ("problem", .string)])
    #expect(found == [#"[1,"the file ends within the line"]"#])
  }

  @Test(arguments: [
    ("%{sec}t %h x", "1795405271 192.0.2.1 x\n", "2026-11-23T03:41:11Z"),
    ("%{msec}t %h x", "1795405271970 192.0.2.1 x\n", "2026-11-23T03:41:11.97Z"),
    ("%{usec}t %h x", "1795405271970001 192.0.2.1 x\n", "2026-11-23T03:41:11.970001Z"),
    ("%{%FT%T%z}t %h x", "2026-11-23T04:41:11+0100 192.0.2.1 x\n", "2026-11-23T03:41:11Z"),
    ("$time_iso8601 $remote_addr x", "2026-11-23T03:41:11+00:00 192.0.2.1 x\n", "2026-11-23T03:41:11Z"),
    ("$msec $remote_addr x", "1795405271.970 192.0.2.1 x\n", "2026-11-23T03:41:11.97Z"),
    ("%t %h x", "[23/Nov/2026:01:41:11 -0200] 192.0.2.1 x\n", "2026-11-23T03:41:11Z"),
  ])
  func `times are read in the forms that servers write`(format: String, line: String, time: String) async throws {
    #expect(
      try await rows(line, format: format, [("time", .timestamp), ("problem", .string)]) == ["[\"\(time)\",null]"])
  }
}
