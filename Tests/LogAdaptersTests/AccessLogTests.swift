import RunbookPorts
import Testing
import Values

@testable import LogAdapters

@Suite("Access logs")
struct AccessLogTests {
  private func source(_ path: String, format: String? = nil, client: String? = nil) throws -> Asking {
    var settings: [String: AdapterOptions.Setting] = ["path": .text(path)]
    if let format { settings["format"] = .text(format) }
    if let client { settings["client"] = .text(client) }
    return try Asking(AccessLogKind(), settings)
  }

  // Counts: wc -l, and `awk '$9==404'` on the files.
  @Test(arguments: [
    ("access/access_combined.log", "combined", 519), ("access/access_common.log", "common", 518),
  ])
  func `every line of a capture is a row that was understood`(path: String, format: String, lines: Int) async throws {
    let log = try source(path, format: format)
    #expect(try await log.count("SELECT count(*) AS n FROM log") == lines)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE problem IS NOT NULL") == 0)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE time IS NULL OR client IS NULL") == 0)
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
}
