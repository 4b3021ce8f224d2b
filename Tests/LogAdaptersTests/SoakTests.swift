import Foundation
import Glibc
import RunbookPorts
import Testing
import Values

@testable import LogAdapters

/// Logs at full size, written by `Benchmarks/soak/generate`; `Benchmarks/soak/logs` runs them.
@Suite(
  "Soak", .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["TOCSIN_SOAK"] != nil, "run by Benchmarks/soak/logs"))
struct SoakTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let path: String
    var settings: [String: String] = [:]
    let question: String
    /// The number that it gives, or the words of the refusal.
    let answer: String
    var testDescription: String { "\(path): \(question)" }
  }

  private static let memoryBytes = 100 << 20

  static let cases = [
    Case(path: "large.log", question: "SELECT count(*) > 30000000 AS n FROM log", answer: "1"),
    Case(
      path: "large.log", settings: ["order": "time"],
      question: """
        SELECT count(*) AS n FROM log WHERE time BETWEEN '2026-11-18T12:00:00.000000000Z'
          AND '2026-11-18T12:00:59.000000000Z'
        """,
      answer: "12000"),
    Case(path: "clients.log", question: "SELECT count(DISTINCT client) AS n FROM log", answer: "1000000"),
    Case(path: "line.log", question: "SELECT sum(length(raw)) AS n FROM log", answer: "\((1 << 20) + 73)"),
    Case(path: "bomb.log.gz", question: "SELECT count(*) AS n FROM log", answer: "it unpacks to more than"),
    Case(path: "rotated/*", question: "SELECT count(DISTINCT file) AS n FROM log", answer: "10000"),
  ]

  @Test(arguments: cases)
  func `the answer is right, or a limit is stated, in bounded memory`(asked: Case) async throws {
    let folder = try #require(ProcessInfo.processInfo.environment["TOCSIN_SOAK"])
    var settings = asked.settings.mapValues { AdapterOptions.Setting.text($0) }
    settings["path"] = .text(asked.path)
    let source = try Asking(AccessLogKind(), settings, folder: folder)
    let before = Self.peakBytes()
    let start = ContinuousClock.now
    do {
      let table = try #require(
        try await source.fetch(asked.question, [("n", .int)], limits: FetchLimits(time: .seconds(600))).table)
      #expect(table.cells[0][0].displayText == asked.answer)
    } catch let error as AdapterError {
      #expect(error.message.contains(asked.answer))
    }
    print("\(asked.path): \(ContinuousClock.now - start)")
    // What the tests themselves need was there before.
    #expect(Self.peakBytes() - before < Self.memoryBytes)
  }

  private static func peakBytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1_024
  }
}
