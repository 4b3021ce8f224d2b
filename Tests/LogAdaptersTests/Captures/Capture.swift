import Foundation
import RunbookPorts
import Testing
import Values

@testable import LogAdapters

/// A file that a real program wrote, how it is read, and what somebody else counted in it.
struct Capture: Sendable, CustomTestStringConvertible {
  let path: String
  let kind: String
  var settings: [String: AdapterOptions.Setting] = [:]
  /// Expressions that aggregate the rows of the table, with their values.
  var counts: [(table: String, expression: String, value: Int)] = []
  /// Records that are not understood, and records that are not valid UTF-8.
  var malformed = 0
  var repaired = 0
  /// What is said of the file instead of reading it.
  var refusal: String?
  /// Whether the file itself says that it does not tell all.
  var isPartial = false

  var testDescription: String { path }

  init(_ path: String, _ kind: String, _ settings: [String: String] = [:]) {
    self.path = path
    self.kind = kind
    self.settings = settings.mapValues { .text($0) }
  }

  func columns(_ columns: [Column]) -> Capture { with { $0.settings["columns"] = .columns(columns) } }

  func count(_ expression: String, _ value: Int, in table: String = "log") -> Capture {
    with { $0.counts.append((table, expression, value)) }
  }

  func malformed(_ count: Int) -> Capture { with { $0.malformed = count } }
  func repaired(_ count: Int) -> Capture { with { $0.repaired = count } }
  var partial: Capture { with { $0.isPartial = true } }
  func refused(_ reason: String) -> Capture { with { $0.refusal = reason } }

  private func with(_ change: (inout Capture) -> Void) -> Capture {
    var copy = self
    change(&copy)
    return copy
  }

  /// The folder of all captures: `TOCSIN_SHARED_DATA` names its parent, which else lies beside the package.
  static let folder: String? = {
    let named = ProcessInfo.processInfo.environment["TOCSIN_SHARED_DATA"]
    let package = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().pathComponents.dropLast(4)
    let data = named ?? "/" + package.dropFirst().joined(separator: "/") + "/../shared/data"
    let folder = data + "/captures"
    return FileManager.default.fileExists(atPath: folder) ? folder : nil
  }()
}

@Suite(
  "Captures", .enabled(if: Capture.folder != nil, "no captures: set TOCSIN_SHARED_DATA to the folder of shared data"))
struct CaptureTests {
  static let all = accessLogs + firewallLogs + integrityReports + networkCaptures + auditCaptures

  @Test(arguments: all)
  func `a capture holds what others count in it`(capture: Capture) async throws {
    let folder = try #require(Capture.folder)
    let kind = try #require(LogAdapterKinds.all.first { $0.name == capture.kind })
    var settings = capture.settings
    settings["path"] = .text(capture.path)
    let asking = try Asking(kind, settings, folder: folder)
    if let refusal = capture.refusal {
      await #expect {
        try await asking.count("SELECT count(*) AS n FROM log")
      } throws: { error in
        (error as? AdapterError)?.message.contains(refusal) ?? false
      }
      return
    }
    for (table, expression, value) in capture.counts {
      #expect(try await asking.count("SELECT \(expression) AS n FROM \(table)") == value, "\(expression)")
    }
    let all = try await asking.fetch("SELECT count(*) AS n FROM log", [("n", .int)])
    #expect(all.statistics.malformedRecords == capture.malformed, "\(all.warnings)")
    #expect((all.completeness != .complete) == (capture.isPartial || capture.malformed > 0), "\(all.completeness)")
    #expect(all.statistics.repairedRecords == capture.repaired, "\(all.warnings)")
  }

  @Test(arguments: ["access", "waf", "audit", "aide", "tripwire", "vnet"])
  func `every capture is read`(name: String) throws {
    let folder = try #require(Capture.folder)
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)").map { "\(name)/\($0)" }
    #expect(Set(files).subtracting(Self.all.map(\.path)).sorted() == [])
  }
}
