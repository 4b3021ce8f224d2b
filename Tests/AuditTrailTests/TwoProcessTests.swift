import AuditTrail
import DurableFiles
import Foundation
import RunbookPorts
import Testing
import Values

/// The test program starts itself again, as a process whose only test is `the other process`.
@Suite struct TwoProcessTests {
  private static let variable = "TOCSIN_TEST_TRAIL"
  private static let runs = 40
  private static let environment = ProcessInfo.processInfo.environment

  @Test(.enabled(if: environment[variable] == nil))
  func `two processes write one trail without losing or mixing records`() async throws {
    let scratch = try ScratchFolder()
    let processes = try (0..<2).map { try Self.start("runs\($0)", scratch.trail) }
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

  @Test(.enabled(if: environment[variable] == nil), arguments: [1, 5, 23])
  func `a run whose process is killed keeps what was acknowledged and goes on in another`(records: Int) async throws {
    let scratch = try ScratchFolder()
    let process = try Self.start("endless", scratch.trail)
    // Each byte is a record that was acknowledged as durable.
    let acknowledged = "\(scratch.trail)/acknowledged"
    while (try? scratch.bytes(acknowledged).count) ?? 0 < records, process.isRunning { await Task.yield() }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let count = try scratch.bytes(acknowledged).count
    #expect(count >= records)
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try writer.resume(run: "endless")
    try await writer.append(JournalEntry("run.closed", .object([:])), to: "endless", durability: .durable)
    #expect(try problems(in: scratch.trail).isEmpty)
    let lines = try TrailReader(folder: scratch.trail).records(ofRun: "endless").records
    #expect(lines.count > count)
    for line in lines.prefix(count) {
      let digest = try #require(line.record?.body["digest"]?.text)
      #expect(try TrailReader(folder: scratch.trail).evidence(digest).count == 3)
    }
  }

  @Test(.enabled(if: environment[variable] != nil))
  func `the other process`() async throws {
    let words = try #require(Self.environment[Self.variable]).split(separator: " ", maxSplits: 1).map(String.init)
    let writer = try TrailWriter(folder: words[1], surroundings: surroundings())
    guard words[0] == "endless" else {
      for run in 0..<Self.runs { try await writer.record(run: "\(words[0])-\(run)", middle: 5) }
      return
    }
    try writer.begin(run: "endless", runbook: runbookDigest)
    let acknowledged = try OpenFile("\(words[1])/acknowledged", for: .appending)
    // Ends with the process; the number is only a bound.
    for _ in 0..<10_000 {
      let evidence = try await writer.keep([1, 2, 3], mediaType: "x/y")
      try await writer.append(JournalEntry("t", evidence.json), to: "endless", durability: .durable)
      try acknowledged.write([1])
    }
  }

  private static func start(_ task: String, _ folder: String) throws -> Process {
    let process = Process()
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = environment.merging([variable: "\(task) \(folder)"]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// As this process was called, but for one suite only.
  private static var arguments: [String] {
    var arguments = Array(CommandLine.arguments.dropFirst())
    while let index = arguments.firstIndex(where: { ["--filter", "--skip", "--xunit-output"].contains($0) }) {
      arguments.removeSubrange(index..<min(index + 2, arguments.count))
    }
    return arguments + ["--filter", "AuditTrailTests.TwoProcessTests"]
  }
}
