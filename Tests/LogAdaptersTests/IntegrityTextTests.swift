import Foundation
import RunbookPorts
import Testing
import Values

@testable import LogAdapters

@Suite("File integrity reports in plain text")
struct IntegrityTextTests {
  private static let asked: [(String, ColumnType)] = [
    ("path", .path), ("change", .string), ("time", .timestamp), ("size_old", .int), ("size_new", .int),
    ("perm_new", .string), ("attributes", .list(.string)),
  ]

  private func fixture(_ path: String) throws -> String {
    try String(contentsOf: URL(fileURLWithPath: "\(Asking.fixtures)/\(path)"), encoding: .utf8)
  }

  private func source(_ kind: any AdapterKind, _ text: String, _ settings: [String: String] = [:]) throws -> (
    Asking, Folder
  ) {
    let folder = try Folder()
    try folder.write("report", text)
    let all = ["path": AdapterOptions.Setting.text("report")]
      .merging(settings.mapValues { .text($0) }) { first, _ in first }
    return (try Asking(kind, all, folder: folder.path), folder)
  }

  @Test func `AIDE's text says what its JSON says`() async throws {
    let text = try Asking(IntegrityKind(), ["path": .text("aide/check_changed_plain.txt")])
    let json = try Asking(
      IntegrityKind(), ["path": .text("aide/check_changed_json_changed_attributes.json")])
    let question = "SELECT path, change, time, size_old, size_new, perm_new, attributes FROM log ORDER BY path"
    #expect(try await text.rows(question, Self.asked) == (try await json.rows(question, Self.asked)))
    let digest = try AideReport.read(Array(try fixture("aide/check_changed_plain.txt").utf8), name: "r")
    #expect(
      digest.changes.first { $0.path.hasSuffix("/passwd") }?.attribute("sha256")?.new
        == "5nf96ZQ05Q03bOaP71wLBOT291bF6JOkQmLlEvm5Ttk=")
  }

  @Test func `Tripwire's report names rules, properties, and times in the zone of the option`() async throws {
    let source = try Asking(
      TripwireKind(), ["path": .text("tripwire/report_level4.txt"), "zone": .text("+01:00")])
    let rows = try await source.rows(
      "SELECT path, change, time, size_old, size_new, perm_new, attributes FROM log ORDER BY path", Self.asked)
    let watch = "/srv/rblab001/tw/watch"
    #expect(
      rows == [
        #"["\#(watch)","changed","2026-11-23T02:45:42Z",null,null,null,["modify_time","change_time"]]"#,
        #"["\#(watch)/a.conf","changed","2026-11-23T02:45:42Z",4,11,null,["size","modify_time","change_time","crc32","md5","sha1","haval"]]"#,
        #"["\#(watch)/b.txt","removed",null,4,null,null,[]]"#,
        #"["\#(watch)/new.php","added","2026-11-23T02:45:42Z",null,3,"-rw-r--r--",[]]"#,
        #"["\#(watch)/with space.txt","changed","2026-11-23T02:45:42Z",null,null,"-rwxrwxrwx",["perm","change_time"]]"#,
      ])
    let end = Timestamp(rfc3339: "2026-11-23T02:45:42Z")
    let result = try await source.fetch("SELECT path FROM log", [("path", .path)])
    #expect(result.extent == SourceExtent(kind: .report, first: end, last: end, resolution: .seconds(1)))
    #expect(result.completeness == .complete)
  }

  @Test func `a report that names fewer files than it counts, or tells of errors, is partial`() async throws {
    let whole = try fixture("tripwire/report_level4.txt")
    for (text, reason) in [
      ("TWReport vm 20261123034542 V:5 S:66 A:1 R:1 C:3\n", "report counts 5 changes and names 0 of them"),
      (
        whole.replacing("Total violations found:  5", with: "Total violations found:  7"),
        "report counts 7 changes and names 5 of them"
      ),
      (
        whole.replacing("No Errors", with: "1.   File system error.\n     Filename: /etc/x"),
        "report tells of 2 errors: 1.   File system error."
      ),
    ] {
      let (source, folder) = try source(TripwireKind(), text)
      let result = try await source.fetch("SELECT path FROM log", [("path", .path)])
      #expect(result.completeness == .partial(reason))
      withExtendedLifetime(folder) {}
    }
  }

  @Test(arguments: ["aide", "tripwire"])
  func `a report that breaks off is no report`(checker: String) throws {
    let path = checker == "aide" ? "aide/check_changed_plain.txt" : "tripwire/report_level4.txt"
    let lines = try fixture(path).split(separator: "\n", omittingEmptySubsequences: false)
    let end = try #require(lines.lastIndex { $0.hasPrefix(checker == "aide" ? "End timestamp" : "*** End of report") })
    for count in 0..<end {
      let bytes = Array(lines.prefix(count).joined(separator: "\n").utf8)
      #expect(throws: DocumentProblem.self, "after \(count) lines") {
        if checker == "aide" {
          _ = try AideReport.read(bytes, name: "r")
        } else if count >= 10 {
          var reader = TripwireReport(name: "r", zone: .utc)
          _ = try reader.read(bytes)
        } else {
          throw DocumentProblem("")
        }
      }
    }
  }

  @Test(arguments: [
    "", "\n\n", "not a report", "AIDE found", "TWReport", "  ERROR: x",
    "Start timestamp: x\nAIDE initialized database.\nEnd timestamp: 2026-11-23 03:40:31 +0000",
    "AIDE found differences\nEnd timestamp: never", "\u{1b}[2J", "404 page not found",
  ])
  func `what is no report makes the source unavailable`(text: String) async throws {
    for kind in [IntegrityKind(), TripwireKind()] as [any AdapterKind] where text != "TWReport" {
      let (source, folder) = try source(kind, text)
      await #expect {
        try await source.count("SELECT count(*) AS n FROM log")
      } throws: { error in
        if case .unavailable? = error as? AdapterError { true } else { false }
      }
      withExtendedLifetime(folder) {}
    }
  }

  @Test func `names that look like sections stay names`() async throws {
    let text = try fixture("aide/check_changed_plain.txt").replacing(
      "www/link", with: "www/Removed entries: f---: x|y\u{202e}")
    let (source, folder) = try source(IntegrityKind(), text)
    #expect(try await source.count("SELECT sum(change = 'added') AS n FROM log") == 2)
    #expect(try await source.count("SELECT sum(path LIKE '%x|y%') AS n FROM log") == 1)
    withExtendedLifetime(folder) {}
  }
}
