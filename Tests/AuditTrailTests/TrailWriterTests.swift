import AuditTrail
import Crypto
import Foundation
import RunbookPorts
import Synchronization
import Testing
import Values

@Suite struct TrailWriterTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test func `a record is one canonical line with every field of the format`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try writer.begin(run: "r1", runbook: runbookDigest)
    try await writer.append(
      JournalEntry("run.started", .object(["b": .integer(1), "a": .double(0.5)]), actor: "ada"), to: "r1",
      durability: .durable)
    let text = String(decoding: try scratch.bytes(scratch.log), as: UTF8.self)
    #expect(
      text == """
        {"actor":"ada","body":{"a":0.5,"b":1},"boot_id":"0f0e0d0c","engine":{"semantics":"1","version":"0.1.0"},\
        "log":"tocsin/node-1","mono_ns":"1795408503000","node":"node-1","run":"r1","run_seq":1,\
        "runbook":"\(runbookDigest)","seq":0,"type":"run.started","v":1,"wall":"2026-11-23T04:35:03.000000000Z"}

        """)
  }

  @Test func `each record of a run holds the leaf hash of the one before`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try await writer.record(run: "r1")
    let lines = try scratch.bytes(scratch.log).split(separator: 0x0A)
    let records = try lines.map { try TrailRecord(line: $0) }
    #expect(records.map(\.place?.sequence) == [1, 2, 3, 4])
    #expect(records.map(\.sequence) == [0, 1, 2, 3])
    #expect(records[0].place?.previous == nil)
    for index in 1..<4 {
      let hash = SHA256.hash(data: [0] + lines[index - 1]).map { String(format: "%02x", $0) }.joined()
      #expect(records[index].place?.previous == hash)
    }
    #expect(try problems(in: scratch.trail).isEmpty)
  }

  @Test func `the closing record counts the records and digests what was decided`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try await writer.record(run: "r1", middle: 3)
    let last = try TrailReader(folder: scratch.trail).records(ofRun: "r1").records.last?.record
    #expect(last?.body["records"]?.integer == 5)
    let words = Array(#"{"severity":"low","verdict":"blocked"}"#.utf8)
    let digest = SHA256.hash(data: words).map { String(format: "%02x", $0) }.joined()
    #expect(last?.body["verdict_hash"]?.text == "sha256:\(digest)")
  }

  @Test func `nothing follows a closed run`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try await writer.record(run: "r1")
    await #expect(throws: JournalError.closed) {
      try await writer.append(JournalEntry("late", .object([:])), to: "r1", durability: .soon)
    }
    #expect(throws: JournalError.closed) { try writer.resume(run: "r1") }
    let other = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    #expect(throws: JournalError.closed) { try other.resume(run: "r1") }
  }

  @Test(arguments: [
    (JSON.integer(1 << 53), "whole number"), (.integer(.min), "whole number"), (.double(.nan), "not finite"),
    (.double(.infinity), "not finite"), (.double(1e17), "must be a string"), (.number("1e999"), "must be a string"),
    (.object([.init("x", .null), .init("x", .null)]), "twice"),
  ])
  func `what readers may not see alike is refused`(value: JSON, reason: String) async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try writer.begin(run: "r1", runbook: runbookDigest)
    let error = await #expect(throws: JournalError.self) {
      try await writer.append(JournalEntry("t", .object(["v": .array([value])])), to: "r1", durability: .soon)
    }
    #expect(error?.message.contains(reason) == true)
    #expect(try scratch.bytes(scratch.log).isEmpty)
  }

  @Test func `numbers that a record may not hold can be written as strings`() {
    let json = JSON.array([
      .integer(1 << 53), .integer(7), .double(.nan), .double(1e17), .double(2.5), .number("1e999"),
      .object([.init("x", .double(-.infinity))]),
    ])
    #expect(
      json.recordable.canonicalText
        == #"["9007199254740992",7,"NaN","100000000000000000",2.5,"1e999",{"x":"-Infinity"}]"#)
    #expect(RecordLint.problem(in: json.recordable) == nil)
  }

  @Test func `a record of 60000 bytes is kept and a longer one is refused`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try writer.begin(run: "r1", runbook: runbookDigest)
    let entry = { (count: Int) in JournalEntry("t", .object(["x": .string(String(repeating: "x", count: count))])) }
    try await writer.append(entry(0), to: "r1", durability: .soon)
    let overhead = try scratch.bytes(scratch.log).count - 1
    // The second record is longer by the hash of the first and its name.
    let room = 60_000 - overhead - 78
    await #expect(throws: JournalError.tooLarge(bytes: 60_001, limit: 60_000)) {
      try await writer.append(entry(room + 1), to: "r1", durability: .soon)
    }
    try await writer.append(entry(room), to: "r1", durability: .soon)
    #expect(try scratch.bytes(scratch.log).count == overhead + 60_002)
    #expect(try problems(in: scratch.trail).isEmpty)
  }

  @Test func `the deepest body that is taken can be read`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try writer.begin(run: "r1", runbook: runbookDigest)
    func nested(_ depth: Int) -> JSON { (1..<depth).reduce(.object([:])) { json, _ in .object(["x": json]) } }
    try await writer.append(JournalEntry("t", nested(RecordLint.depthLimit - 1)), to: "r1", durability: .soon)
    await #expect(throws: JournalError.self) {
      try await writer.append(JournalEntry("t", nested(RecordLint.depthLimit)), to: "r1", durability: .soon)
    }
    #expect(try problems(in: scratch.trail).isEmpty)
  }

  @Test func `a run that was not begun has no place in the trail`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    await #expect(throws: JournalError.self) {
      try await writer.append(JournalEntry("t", .object([:])), to: "r9", durability: .soon)
    }
    #expect(throws: JournalError.self) { try writer.begin(run: "../r", runbook: runbookDigest) }
    #expect(throws: JournalError.self) { try writer.begin(run: "r1", runbook: "sha256:12") }
    try writer.begin(run: "r1", runbook: runbookDigest)
    #expect(throws: JournalError.self) { try writer.begin(run: "r1", runbook: runbookDigest) }
    #expect(throws: JournalError.self) { try writer.resume(run: "r7") }
  }

  /// After a crash many alerts may come at once, and each process finds the run that was broken off.
  @Test func `of those who take a run up at the same time one has it, and the trail stays whole`() async throws {
    let entry = JournalEntry("run.resumed", .object([:]))
    for round in 0..<20 {
      let run = "r\(round)"
      let lost = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
      try lost.begin(run: run, runbook: runbookDigest)
      for _ in 0..<3 { try await lost.append(JournalEntry("t", .object([:])), to: run, durability: .durable) }
      let ends = await withTaskGroup(of: JournalError?.self) { group in
        for _ in 0..<6 {
          group.addTask { [trail = scratch.trail] in
            do throws(JournalError) {
              let writer = try TrailWriter(folder: trail, surroundings: surroundings(gatheringDelay: .milliseconds(1)))
              try writer.resume(run: run, after: 3)
              try await writer.append(entry, to: run, durability: .durable)
              for _ in 0..<3 { try await writer.append(JournalEntry("t", .object([:])), to: run, durability: .soon) }
              try await writer.append(JournalEntry("run.closed", .object([:])), to: run, durability: .durable)
              return nil
            } catch { return error }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(ends.count { $0 == nil } == 1, "\(ends)")
      #expect(ends.compactMap(\.self).allSatisfy { $0 == .closed || $0 == .continuedElsewhere(run: run) }, "\(ends)")
      let records = try TrailReader(folder: scratch.trail).records(ofRun: run).records
      #expect(records.compactMap(\.record?.place?.sequence) == Array(1...8))
    }
    #expect(try problems(in: scratch.trail).isEmpty)
  }

  @Test func `a run goes on in another writer, and then not in the first`() async throws {
    let first = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    let second = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    let entry = JournalEntry("t", .object([:]))
    try first.begin(run: "r1", runbook: runbookDigest)
    try await first.append(entry, to: "r1", durability: .durable)
    try second.resume(run: "r1")
    try await second.append(JournalEntry("run.resumed", .object([:])), to: "r1", durability: .durable)
    await #expect(throws: JournalError.continuedElsewhere(run: "r1")) {
      try await first.append(entry, to: "r1", durability: .soon)
    }
    try await second.append(JournalEntry("run.closed", .object([:])), to: "r1", durability: .durable)
    #expect(try problems(in: scratch.trail).isEmpty)
  }

  @Test func `many writers of one trail at once make one log without gaps`() async throws {
    let folder = scratch.trail
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<8 {
        group.addTask {
          let writer = try TrailWriter(folder: folder, surroundings: surroundings())
          for run in 0..<3 { try await writer.record(run: "r\(index)-\(run)", middle: 10) }
        }
      }
      try await group.waitForAll()
    }
    #expect(try problems(in: folder).isEmpty)
    let runs = try TrailReader(folder: folder).runs()
    #expect(runs.runs.count == 24)
    #expect(runs.runs.allSatisfy { $0.status == .closed && $0.records == 12 })
  }

  @Test func `those who wait at the same time share one wait for the disk`() async throws {
    let waits = Mutex(0)
    let writer = try TrailWriter(
      folder: scratch.trail,
      surroundings: surroundings(fault: {
        waits.withLock { $0 += 1 }
        return nil
      }))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<64 {
        try writer.begin(run: "r\(index)", runbook: runbookDigest)
        group.addTask {
          for _ in 0..<10 {
            try await writer.append(JournalEntry("t", .object([:])), to: "r\(index)", durability: .durable)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try problems(in: scratch.trail).isEmpty)
    #expect(try scratch.bytes(scratch.log).count { $0 == 0x0A } == 640)
    #expect(waits.withLock { $0 } < 640)
  }

  @Test func `a record that need not be durable waits for no disk`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings(fault: { EIO }))
    try writer.begin(run: "r1", runbook: runbookDigest)
    try await writer.append(JournalEntry("t", .object([:])), to: "r1", durability: .soon)
    #expect(try scratch.bytes(scratch.log).last == 0x0A)
  }

  @Test func `names of runs follow time and chance`() {
    let instant = Timestamp(seconds: 1_795_408_502, nanoseconds: 5)
    #expect(RunID.make(at: instant) { Array(repeating: 37, count: $0) } == "20261123T043502Z-555555")
    #expect(RunID.isValid(RunID.make(at: instant) { (0..<$0).map { UInt8($0 * 40) } }))
    for bad in ["", ".x", "a/b", "a b", "é", String(repeating: "x", count: 65)] { #expect(!RunID.isValid(bad)) }
  }
}
