import AuditTrail
import Foundation
import Testing

/// The test program starts itself again, as the process whose only test is the second of these.
@Suite struct TwoProcessTests {
  private static let variable = "TOCSIN_TEST_TRAIL"
  private static let runs = 40
  private static let environment = ProcessInfo.processInfo.environment

  @Test(.enabled(if: environment[variable] == nil))
  func `two processes write one trail without losing or mixing records`() async throws {
    let scratch = try ScratchFolder()
    let processes = try (0..<2).map { index in
      let process = Process()
      process.executableURL = URL(
        fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      process.arguments = Self.arguments
      process.environment = Self.environment.merging([Self.variable: "\(index) \(scratch.trail)"]) { $1 }
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    for run in 0..<Self.runs { try await writer.record(run: "own-\(run)", middle: 5) }
    for process in processes { process.waitUntilExit() }
    #expect(processes.map(\.terminationStatus) == [0, 0])
    #expect(try problems(in: scratch.trail).isEmpty)
    let (runs, damaged) = try TrailReader(folder: scratch.trail).runs()
    #expect(damaged.isEmpty)
    #expect(runs.count == 3 * Self.runs)
    #expect(runs.allSatisfy { $0.status == .closed && $0.records == 7 })
  }

  @Test(.enabled(if: environment[variable] != nil))
  func `the other process`() async throws {
    let words = try #require(Self.environment[Self.variable]).split(separator: " ", maxSplits: 1)
    let writer = try TrailWriter(folder: String(words[1]), surroundings: surroundings())
    for run in 0..<Self.runs { try await writer.record(run: "process\(words[0])-\(run)", middle: 5) }
  }

  /// As this process was called, but for one test only.
  private static var arguments: [String] {
    var arguments = Array(CommandLine.arguments.dropFirst())
    while let index = arguments.firstIndex(where: { ["--filter", "--skip", "--xunit-output"].contains($0) }) {
      arguments.removeSubrange(index..<min(index + 2, arguments.count))
    }
    return arguments + ["--filter", "AuditTrailTests.TwoProcessTests"]
  }
}
