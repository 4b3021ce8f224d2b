import AuditTrail
import RunbookPorts
import Synchronization
import Testing
import Values

/// Each look at it is a hundred seconds later.
private final class LeapingClock: RunClock {
  private let looks = Mutex<UInt64>(0)

  func now() -> Timestamp { Timestamp(seconds: SteppingClock.startSeconds) }
  func monotonicNanoseconds() -> UInt64 {
    looks.withLock { looks in
      looks += 1
      return looks * 100_000_000_000
    }
  }
  func wait(until instant: Timestamp) async throws(CancellationError) {}
}

@Suite struct EvidenceRoomTests {
  private func settings(
    _ files: MemoryFiles, limitBytes: Int, clock: any RunClock = SteppingClock()
  ) -> TrailSurroundings {
    let own = surroundings(files: files, key: VerifiedTrail.key)
    return TrailSurroundings(
      node: own.node, bootID: own.bootID, engine: own.engine, clock: clock, randomBytes: own.randomBytes,
      files: files, key: own.key, checkpointDelay: nil, evidenceLimitBytes: limitBytes)
  }

  @Test func `what finds no room in the store is used, not kept, and said to be so`() async throws {
    let files = MemoryFiles()
    let random = { (count: Int) in (0..<count).map { _ in UInt8.random(in: .min ... .max) } }
    // Another process has kept something before.
    let first = try TrailWriter(folder: "trail", surroundings: settings(files, limitBytes: 1 << 20))
    try first.begin(run: "r1", runbook: runbookDigest)
    let kept = try await first.keep(random(600), mediaType: "x/y")
    try await first.append(JournalEntry("t", .object(["evidence": kept.json])), to: "r1", durability: .anchored)
    #expect(kept.notKept == nil)

    let writer = try TrailWriter(folder: "trail", surroundings: settings(files, limitBytes: 1_000))
    try writer.begin(run: "r2", runbook: runbookDigest)
    let refused = try await writer.keep(random(600), mediaType: "x/y")
    #expect(refused.notKept == "the trail holds as much evidence as it may, 1000 bytes")
    let small = try await writer.keep(random(100), mediaType: "x/y")
    #expect(small.notKept == nil, "what still fits is kept")
    #expect(writer.unkeptEvidence == 1)
    for reference in [refused, small] {
      try await writer.append(JournalEntry("t", .object(["evidence": reference.json])), to: "r2", durability: .soon)
    }
    try await writer.append(
      JournalEntry("run.closed", .object(["verdict": .string("ok")])), to: "r2", durability: .anchored)
    let result = try TrailVerifier(
      folder: "trail", files: files, keys: [VerifiedTrail.key?.verifier].compactMap(\.self)
    ).verify()
    #expect(result.status == .verified, "\(result.problems)")
    #expect(result.evidence == .init(intact: 2, gone: 0, notKept: 1))
    #expect(throws: RecordProblem.self) {
      try RecordBody(.object(["evidence": refused.json])).evidence("evidence")
    }
  }

  @Test func `room that was made is found again`() async throws {
    let files = MemoryFiles()
    let writer = try TrailWriter(
      folder: "trail", surroundings: settings(files, limitBytes: 1_000, clock: LeapingClock()))
    let bytes = (0..<700).map { _ in UInt8.random(in: .min ... .max) }
    #expect(try await writer.keep(bytes, mediaType: "x/y").notKept == nil)
    #expect(try await writer.keep(bytes, mediaType: "x/y").notKept != nil)
    for path in files.all.keys where path.contains("/evidence/") { files[path] = nil }
    #expect(try await writer.keep(bytes, mediaType: "x/y").notKept == nil)
  }
}
