import Foundation
import RunbookPorts
import Testing
import Values

@testable import LogAdapters

/// A record that nobody understands may be the one that matters: over its time nothing is proven absent.
@Suite struct HiddenRecordTests {
  private static func line(_ time: String) -> String {
    "192.0.2.1 - - [23/Nov/2026:04:\(time) +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"x\"\n"
  }

  @Test(arguments: [
    ("first in a second file", line("10:00") + line("25:00"), "rubbish\n" + line("11:00"), true),
    ("last in the first file", line("10:00") + line("25:00") + "rubbish\n", line("12:00"), false),
    ("in a second file without a time", line("10:00") + line("25:00"), "rubbish\n", true),
  ])
  func `the records of one file say nothing of another's order`(
    _ place: String, _ first: String, _ second: String, _ isHidden: Bool
  ) async throws {
    let folder = try Folder()
    try folder.write("1.log", first)
    try folder.write("2.log", second)
    let window = try Self.window()
    let asking = try Asking(AccessLogKind(), ["path": .texts(["1.log", "2.log"])], folder: folder.path)
    for sql in [Self.plain, "SELECT path FROM log WHERE substr(time, 1, 19) <= substr(${to}, 1, 19)"] {
      let result = try await asking.fetch(
        sql, [("path", .string)], ["from": .timestamp(window.from), "to": .timestamp(window.to)], window: window)
      #expect((result.completeness != .complete) == isHidden, "\(place): \(result.completeness)")
    }
  }

  private static func window() throws -> TimeWindow {
    let from = try #require(Timestamp(rfc3339: "2026-11-23T04:10:00Z"))
    let to = try #require(Timestamp(rfc3339: "2026-11-23T04:20:00Z"))
    return try #require(TimeWindow(from: from, to: to))
  }

  private func completeness(_ log: String, _ sql: String, _ column: (String, ColumnType)) async throws -> Completeness {
    let folder = FileManager.default.temporaryDirectory.appending(path: "hidden-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(log.utf8).write(to: folder.appending(path: "access.log"))
    let asking = try Asking(
      AccessLogKind(), ["path": .text("access.log")], folder: folder.path(percentEncoded: false))
    let from = try #require(Timestamp(rfc3339: "2026-11-23T04:10:00Z"))
    let to = try #require(Timestamp(rfc3339: "2026-11-23T04:20:00Z"))
    return try await asking.fetch(
      sql, [column], ["from": .timestamp(from), "to": .timestamp(to)], window: TimeWindow(from: from, to: to)
    ).completeness
  }

  private static let plain = "SELECT path FROM log WHERE time BETWEEN ${from} AND ${to}"
  private static let counted = "SELECT count(*) AS n FROM log WHERE time BETWEEN ${from} AND ${to}"

  @Test(arguments: [
    ("within", line("09:00") + line("12:00") + "rubbish\n" + line("13:00") + line("21:00"), true),
    ("at its beginning", line("09:00") + "rubbish\n" + line("12:00"), true),
    ("at its end", line("19:00") + "rubbish\n" + line("21:00"), true),
    ("last in the log", line("19:00") + "rubbish\n", true),
    ("before it", line("08:00") + "rubbish\n" + line("09:00") + line("12:00"), false),
    ("behind it", line("12:00") + line("21:00") + "rubbish\n" + line("22:00"), false),
    ("still being written", line("12:00") + line("19:59") + "192.0.2.1 - - [23/N", false),
    ("nowhere", line("12:00"), false),
    ("behind later records in a log without order", line("59:00") + "rubbish\n" + line("15:00") + line("22:00"), true),
    ("among records from the last to the first", line("28:00") + line("24:00") + "rubbish\n" + line("12:00"), true),
    (
      "before it, in a log without order", line("15:00") + line("02:00") + "rubbish\n" + line("03:00") + line("21:00"),
      true
    ),
    ("behind a line a little out of order", line("22:00") + line("21:00") + "rubbish\n" + line("23:00"), false),
  ])
  func `rubbish counts where it may belong to the window`(_ place: String, _ log: String, _ isHidden: Bool) async throws
  {
    let rows = try await completeness(log, Self.plain, ("path", .string))
    let count = try await completeness(log, Self.counted, ("n", .int))
    guard isHidden else {
      #expect(rows == .complete && count == .complete)
      return
    }
    guard case .truncated(let reason) = rows, case .partial = count else {
      Issue.record("rubbish \(place) was passed over: \(rows), \(count)")
      return
    }
    #expect(reason.hasPrefix("1 record that may belong to it was not understood"))
  }
}
