import RunbookPorts
import Testing
import Values

@testable import LogAdapters

@Suite("Access logs in JSON")
struct AccessJSONTests {
  private static let asked: [(String, ColumnType)] = [
    ("time", .timestamp), ("client", .ip), ("method", .string), ("path", .string), ("query", .string),
    ("status", .int), ("bytes", .int), ("agent", .string), ("duration", .double),
  ]

  private func ask(
    _ bytes: [UInt8], _ columns: [(String, ColumnType)] = Self.asked, fields: [String] = []
  ) async throws -> (rows: [String], result: QueryResult) {
    let folder = try Folder()
    try folder.write("a.log", bytes)
    var settings: [String: AdapterOptions.Setting] = ["path": .text("a.log"), "format": .text("json")]
    if !fields.isEmpty { settings["fields"] = .texts(fields) }
    let result = try await Asking(AccessLogKind(), settings, folder: folder.path).fetch(
      "SELECT \(columns.map(\.0).joined(separator: ", ")) FROM log", columns)
    let table = try #require(result.table)
    return ((0..<table.count).map { row in JSON.array(table.cells.map { $0[row].json }).compactText }, result)
  }

  @Test(arguments: ["status", "bytes", "port", "duration"])
  func `a member without its number is told`(name: String) async throws {
    for (value, isNumber) in [("7", true), (#""7""#, true), (#""-""#, true), ("null", true), (#""7ms""#, false)] {
      let line = #"{"time":"2026-11-23T03:36:28Z","client":"192.0.2.7","\#(name)":\#(value)}"#
      let (rows, _) = try await ask(Array(line.utf8), [("problem", .string)])
      #expect(rows == [isNumber ? "[null]" : #"["the column `\#(name)` is no number"]"#])
    }
  }

  @Test(
    arguments: [
      ("client", [], "client"), ("status", [], nil), ("client", ["client=adr"], "client"), ("user", [], nil),
      ("user", ["user=who"], "user"), ("user", ["user=agent"], nil), ("more", ["more=moer"], "more"), ("path", [], nil),
    ] as [(String, [String], String?)])
  func `a column that some request should have and none has makes the answer incomplete`(
    column: String, fields: [String], absent: String?
  ) async throws {
    let line =
      #"{"time":"2026-11-23T03:36:28Z","addr":"192.0.2.7","status":200,"request":"GET / HTTP/1.1","agent":"-"}"#
    let (_, result) = try await ask(
      Array(line.utf8), [(column, Self.type(of: column))], fields: fields)
    #expect(result.completeness == (absent.map { .truncated("no record that was read has `\($0)`") } ?? .complete))
  }

  private static func type(of column: String) -> ColumnType {
    asked.first { $0.0 == column }?.1 ?? .string
  }

  private static let row = #"["2026-11-23T03:36:28Z","192.0.2.7","GET","/a","b=c",200,83,"x\"y",0.25]"#

  @Test(
    arguments: [
      (
        #"{"time":"2026-11-23T03:36:28+00:00","remote_addr":"192.0.2.7","method":"GET","uri":"/a?b=c","status":200,"bytes":83,"ua":"x\"y","request_time":0.250}"#,
        []
      ),
      (
        #"{"time_local":"23/Nov/2026:03:36:28 +0000","remote_addr":"192.0.2.7","request":"GET /a?b=c HTTP/1.1","status":"200","body_bytes_sent":"83","http_user_agent":"x\x22y","request_time":"0.250"}"#,
        []
      ),
      (
        #"{"msec":1795404988.000,"client":"192.0.2.7","request_method":"GET","uri":"/a","args":"b=c","status":200,"bytes_sent":83,"user_agent":"x\u0022y","duration":0.25}"#,
        []
      ),
      (
        #"{"at":"2026-11-23T03:36:28Z","peer":"10.0.0.1","request":{"remote":"198.51.100.1, 192.0.2.7","method":"GET","uri":"/a?b=c"},"status":200,"size":83,"ua":"x\"y","took":0.25}"#,
        ["time=at", "client=request.remote", "method=request.method", "path=request.uri", "duration=took"]
      ),
    ] as [(String, [String])])
  func `requests have the same columns whatever their members are called`(
    line: String, fields: [String]
  ) async throws {
    #expect(try await ask(Array(line.utf8), fields: fields).rows == [Self.row])
  }

  @Test func `members of other names are columns where they are declared`() async throws {
    let line = #"{"time":"2026-11-23T03:36:28Z","upstream":{"addr":"10.0.0.5"},"n":7}"#
    let rows = try await ask(
      Array(line.utf8), [("backend", .string), ("n", .string)], fields: ["backend=upstream.addr", "n=n"]
    ).rows
    #expect(rows == [#"["10.0.0.5","7"]"#])
    for (field, message) in [
      ("client", "not of the form"), ("line=x", "not in the log"), ("=x", "not of the form"), ("a=", "not of the form"),
    ] {
      await #expect {
        try await ask([], fields: [field])
      } throws: { error in
        (error as? BindingProblem)?.message.contains(message) ?? false
      }
    }
  }

  @Test func `torn, foreign, huge and hostile lines are kept with what is wrong`() async throws {
    let start = #"{"time":"2026-11-23T03:36:28Z","client":"192.0.2.7","ua":""#
    var bytes = Array(start.utf8) + [0xFF] + Array("\"}\n".utf8)
    bytes += Array("\(start)\\\n[1]\nnonsense\n\(start)\",\"client\":\"198.51.100.1\"}\n".utf8)
    bytes +=
      Array(#"{"time":"soon"}"#.utf8) + [10] + Array(#"{"time":"2026-11-23T03:36:28Z","client":"x"}"#.utf8) + [10]
    bytes += Array(start.utf8) + [UInt8](repeating: 65, count: 2 << 20)
    let (rows, result) = try await ask(bytes, [("line", .int), ("client", .ip), ("problem", .string)])
    #expect(rows.count == 8)
    #expect(rows.first == #"[1,"192.0.2.7",null]"#)
    #expect(rows.dropFirst().allSatisfy { !$0.hasSuffix("null]") && !$0.contains("198.51") })
    #expect(result.statistics.malformedRecords == 7)
    #expect(result.statistics.repairedRecords == 1)
  }
}
