import AuditTrail
import DurableFiles
import Foundation
import RunbookPorts
import Testing
import Values

/// Records that nobody waits for are written together.
@Suite struct GatheringTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func writer(_ folder: String? = nil) throws -> TrailWriter {
    try TrailWriter(folder: folder ?? scratch.trail, surroundings: surroundings(gatheringDelay: .seconds(60)))
  }

  private func entry(_ number: Int, bytes: Int = 10) -> JournalEntry {
    JournalEntry(
      "t", .object(["n": .integer(Int64(number)), "text": .string(String(repeating: "x", count: bytes))]))
  }

  private func numbers(ofRun run: String) throws -> [Int64] {
    try TrailReader(folder: scratch.trail).lines().compactMap(\.record).filter { $0.place?.run == run }
      .compactMap { $0.body["n"]?.integer }
  }

  @Test func `whoever waits for the disk has all before written, each run in its order`() async throws {
    let writer = try writer()
    for run in ["r1", "r2"] { try writer.begin(run: run, runbook: runbookDigest) }
    for number in 0..<6 {
      try await writer.append(entry(number), to: number % 2 == 0 ? "r1" : "r2", durability: .soon)
    }
    #expect(try scratch.bytes(scratch.log).isEmpty)
    try await writer.append(entry(6), to: "r1", durability: .durable)
    #expect(try numbers(ofRun: "r1") == [0, 2, 4, 6])
    #expect(try numbers(ofRun: "r2") == [1, 3, 5])
    #expect(try problems(in: scratch.trail).isEmpty)
  }

  @Test func `a writer that ends writes what waits`() async throws {
    do {
      let writer = try writer()
      try writer.begin(run: "r1", runbook: runbookDigest)
      try await writer.append(entry(1), to: "r1", durability: .soon)
    }
    #expect(try numbers(ofRun: "r1") == [1])
  }

  @Test func `what nobody waits for is written before long all the same`() async throws {
    let writer = try TrailWriter(
      folder: scratch.trail, surroundings: surroundings(gatheringDelay: .milliseconds(1)))
    try writer.begin(run: "r1", runbook: runbookDigest)
    try await writer.append(entry(1), to: "r1", durability: .soon)
    while try scratch.bytes(scratch.log).isEmpty { await Task.yield() }
    #expect(try numbers(ofRun: "r1") == [1])
  }

  @Test func `much is written without waiting for the time`() async throws {
    let writer = try writer()
    try writer.begin(run: "r1", runbook: runbookDigest)
    for number in 0..<20 { try await writer.append(entry(number, bytes: 10_000), to: "r1", durability: .soon) }
    #expect(try !numbers(ofRun: "r1").isEmpty)
  }

  @Test func `of a record that is too large its writer is told at once, and the run goes on`() async throws {
    let writer = try writer()
    try writer.begin(run: "r1", runbook: runbookDigest)
    try await writer.append(entry(1), to: "r1", durability: .soon)
    let error = await #expect(throws: JournalError.self) {
      try await writer.append(entry(2, bytes: 60_000), to: "r1", durability: .soon)
    }
    guard case .tooLarge = error else {
      Issue.record("\(error?.message ?? "nothing")")
      return
    }
    try await writer.append(entry(3), to: "r1", durability: .durable)
    #expect(try numbers(ofRun: "r1") == [1, 3])
  }

  @Test func `a closed run stays closed, and one that was not begun is refused`() async throws {
    let writer = try writer()
    try await writer.record(run: "r1")
    await #expect(throws: JournalError.closed) { try await writer.append(entry(1), to: "r1", durability: .soon) }
    #expect(throws: JournalError.closed) { try writer.begin(run: "r1", runbook: runbookDigest) }
    await #expect(throws: JournalError.self) { try await writer.append(entry(1), to: "r2", durability: .soon) }
    #expect(try problems(in: scratch.trail).isEmpty)
  }

  @Test func `whoever waits is told that another process has gone on with the run`() async throws {
    let writer = try writer()
    try writer.begin(run: "r1", runbook: runbookDigest)
    try await writer.append(entry(1), to: "r1", durability: .soon)
    let other = try self.writer()
    #expect(throws: JournalError.self) { try other.resume(run: "r1") }
    try await writer.append(entry(2), to: "r1", durability: .durable)
    try other.resume(run: "r1")
    try await other.append(entry(3), to: "r1", durability: .durable)
    try await writer.append(entry(4), to: "r1", durability: .soon)
    await #expect(throws: JournalError.self) { try await writer.append(entry(5), to: "r1", durability: .durable) }
    #expect(try numbers(ofRun: "r1") == [1, 2, 3])
    #expect(try problems(in: scratch.trail).isEmpty)
  }

  @Test(.enabled(if: SmallDisk.isPossible, "a file system can be mounted"))
  func `a run of which a record found no room is not gone on with, and the others are whole`() async throws {
    let disk = try SmallDisk(at: "\(scratch.path)/disk", sizeKilobytes: 512)
    defer { disk.unmount() }
    let writer = try writer("\(disk.path)/trail")
    for run in ["r1", "r2"] { try writer.begin(run: run, runbook: runbookDigest) }
    try await writer.append(entry(0), to: "r2", durability: .durable)
    try scratch.write([UInt8](repeating: 0, count: 370_000), to: "\(disk.path)/ballast")
    let error = await #expect(throws: JournalError.self) {
      for number in 0..<100 { try await writer.append(entry(number, bytes: 5_000), to: "r1", durability: .soon) }
    }
    #expect(error != nil)
    try? Folder.remove("\(disk.path)/ballast")
    // A record of it is missing, so that no other may follow.
    await #expect(throws: JournalError.self) { try await writer.append(entry(100), to: "r1", durability: .durable) }
    try await writer.append(entry(1), to: "r2", durability: .durable)
    #expect(try problems(in: "\(disk.path)/trail").isEmpty)
  }
}
