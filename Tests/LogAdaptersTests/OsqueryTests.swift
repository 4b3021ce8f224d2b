import RunbookPorts
import Testing
import Values

@testable import LogAdapters

@Suite("osquery's results log")
struct OsqueryTests {
  private func source(_ text: String) throws -> (Asking, Folder) {
    let folder = try Folder()
    try folder.write("a.log", text)
    return (try Asking(OsqueryKind(), ["path": .text("a.log")], folder: folder.path), folder)
  }

  private static let asked: [(String, ColumnType)] = [
    ("time", .timestamp), ("host", .string), ("query", .string), ("action", .string), ("path", .path),
    ("old_path", .path), ("program", .path), ("pid", .int), ("size", .int), ("sha256", .hash),
  ]

  private static let columns =
    #"{"action":"CREATED","target_path":"/etc/x","time":"1412098650","size":"12","sha256":"ab","atime":"0"}"#

  // After osquery's documentation, "Logging", and the schemas of its tables.
  @Test(arguments: [
    #"{"name":"file_events","hostIdentifier":"h","calendarTime":"Tue Sep 30 17:37:30 2014 UTC","unixTime":"1412098650","epoch":0,"counter":3,"numerics":false,"action":"added","columns":\#(columns)}"#,
    #"{"name":"file_events","hostIdentifier":"h","unixTime":1412098650,"action":"snapshot","snapshot":[\#(columns)]}"#,
    #"{"name":"file_events","hostIdentifier":"h","calendarTime":"Tue Sep 30 17:37:30 2014 UTC","diffResults":{"added":[\#(columns)],"removed":""}}"#,
  ])
  func `the three forms of a result give the same row`(line: String) async throws {
    let (source, folder) = try source(line + "\n")
    let rows = try await source.rows(
      "SELECT \(Self.asked.map(\.0).joined(separator: ", ")) FROM log", Self.asked)
    #expect(
      rows == [#"["2014-09-30T17:37:30Z","h","file_events","CREATED","/etc/x",null,null,null,12,"ab"]"#])
    #expect(try await source.count("SELECT count(*) AS n FROM log_results") == 1)
    withExtendedLifetime(folder) {}
  }

  @Test func `process_file_events say which program it was, and renames both names`() async throws {
    let (source, folder) = try source(
      #"{"name":"pack_fim_process_file_events","hostIdentifier":"h","unixTime":1412098650,"action":"added","columns":{"operation":"rename","pid":7,"ppid":"1","executable":"/bin/mv","path":"/a","dest_path":"/b","time":1412098649}}"#
        + "\n"
        + #"{"name":"users","hostIdentifier":"h","unixTime":1412098650,"action":"removed","columns":{"username":"eve"}}"#
    )
    let rows = try await source.rows(
      "SELECT \(Self.asked.map(\.0).joined(separator: ", ")) FROM log", Self.asked)
    #expect(
      rows == [
        #"["2014-09-30T17:37:29Z","h","pack_fim_process_file_events","rename","/b","/a","/bin/mv",7,null,null]"#
      ])
    let others = try await source.rows(
      "SELECT change, json_extract(columns, '$.username') AS who FROM log_results WHERE query = 'users'",
      [("change", .string), ("who", .string)])
    #expect(others == [#"["removed","eve"]"#])
    withExtendedLifetime(folder) {}
  }

  @Test func `torn, foreign, huge and hostile lines are kept with what is wrong`() async throws {
    var text = #"{"name":"file_events","columns":{"target_path":"\u001b[2J"}}"# + "\n"
    text += "{\"name\":\"fi\nnot json\n[]\n{}\n{\"name\":1}\n{\"name\":\"x\"}\n"
    text += #"{"name":"file_events","snapshot":[]}"# + "\n"
    text += #"{"name":""# + String(repeating: "x", count: 2 << 20) + "\n"
    let (source, folder) = try source(text)
    let result = try await source.fetch(
      "SELECT line, problem FROM log", [("line", .int), ("problem", .string)])
    let table = try #require(result.table)
    #expect(table.cells[0].map(\.displayText) == ["1", "2", "3", "4", "5", "6", "7", "9"])
    #expect(table.cells[1].allSatisfy { $0.displayText.contains(" ") })
    #expect(result.statistics.malformedRecords == 8)
    withExtendedLifetime(folder) {}
  }
}
