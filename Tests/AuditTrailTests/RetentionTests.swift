import AuditTrail
import DurableFiles
import RunbookPorts
import Testing
import Values

private let day: Int64 = 86_400

extension VerifiedTrail {
  /// A writer of the same trail at a later time.
  func writer(days: Int64, segmentLimitBytes: Int = 3_000) throws -> TrailWriter {
    try TrailWriter(
      folder: layout.folder,
      surroundings: surroundings(
        files: files, key: VerifiedTrail.key, segmentLimitBytes: segmentLimitBytes, later: days * day))
  }

  /// Two old runs that were removed, and one that follows.
  static func retained() async throws -> VerifiedTrail {
    let trail = try await VerifiedTrail(middle: 8, segmentLimitBytes: 3_000)
    let writer = try trail.writer(days: 10)
    _ = try await writer.retain(.seconds(5 * day), as: "5d", actor: "ada")
    try await writer.record(run: "r3", end: .anchored)
    return trail
  }

  /// A run that began in a file that was removed, and ended in one that stays.
  static func cut() async throws -> VerifiedTrail {
    let trail = try await VerifiedTrail(middle: 1)
    let early = try trail.writer(days: 1, segmentLimitBytes: 8_000)
    try early.begin(run: "r3", runbook: runbookDigest)
    try early.begin(run: "r4", runbook: runbookDigest)
    let names = { try trail.layout.segments(in: trail.files).count }
    while try names() < 2 {
      for run in ["r3", "r4"] {
        try await early.append(JournalEntry("t", .object([:])), to: run, durability: .durable)
      }
    }
    for run in ["r3", "r4"] {
      try await early.append(
        JournalEntry("run.closed", .object(["verdict": .string("ok")])), to: run, durability: .anchored)
    }
    let late = try trail.writer(days: 10, segmentLimitBytes: 1 << 20)
    try await late.record(run: "r5", end: .anchored)
    _ = try await late.retain(.seconds(5 * day), as: "5d", actor: "ada")
    return trail
  }
}

@Suite struct RetentionTests {
  @Test func `what is too old goes with its evidence, and everything else is VERIFIED`() async throws {
    let trail = try await VerifiedTrail(middle: 8, segmentLimitBytes: 3_000)
    let whole = try trail.verify()
    #expect(trail.evidencePaths.count == 16)
    let writer = try trail.writer(days: 10)
    let before = trail.files.all
    let planned = try writer.retention(keeping: .seconds(5 * day))
    #expect(!planned.plan.isEmpty && planned.blocking.isEmpty)
    #expect(before == trail.files.all, "a plan changes nothing")
    let done = try await writer.retain(.seconds(5 * day), as: "5d", actor: "ada")
    #expect(planned.plan.records == done.plan.records && planned.evidence == done.evidence)
    #expect(done.plan.records >= whole.records && done.plan.runs == 2 && done.evidence == 16 && done.plan.cut.isEmpty)
    #expect(trail.evidencePaths.isEmpty)
    let result = try trail.verify()
    #expect(result.status == .verified, "\(result.problems) \(result.remarks)")
    #expect(result.removed?.before == done.plan.before && result.records < 4)
    #expect(result.removed?.body["keep"]?.text == "5d")
    #expect(try trail.verify(keys: [VerifiedTrail.otherKey]).status == .unverifiable)

    // The log goes on, also in another process, and without what can be made anew.
    try await writer.record(run: "r3", end: .anchored)
    for name in [trail.layout.frontier, trail.layout.leaves] { trail.files[name] = nil }
    try await trail.writer(days: 11).record(run: "r4", end: .anchored)
    #expect(try trail.verify().status == .verified)
    let reader = TrailReader(folder: trail.layout.folder, files: trail.files)
    #expect(try reader.runs().runs.map(\.run) == ["r3", "r4"])
    #expect(throws: TrailReadError.noSuchRun("r1")) { try reader.records(ofRun: "r1") }
    let again = try await trail.writer(days: 12).retain(.seconds(5 * day), as: "5d", actor: "ada")
    #expect(again.plan.isEmpty, "there is nothing more to remove")
  }

  @Test func `of a log in one file a plan says what would be removed`() async throws {
    let trail = try await VerifiedTrail()
    let planned = try trail.writer(days: 10).retention(keeping: .seconds(5 * day))
    let done = try await trail.writer(days: 10).retain(.seconds(5 * day), as: "5d", actor: "ada")
    #expect(planned.plan.before == done.plan.before && planned.plan.records == 12 && done.plan.records == 12)
    #expect(planned.plan.runs == 2 && done.plan.runs == 2 && planned.evidence == 6 && done.evidence == 6)
    let young = try trail.writer(days: 10).retention(keeping: .seconds(5 * day))
    #expect(young.plan.isEmpty)
  }

  @Test func `only what is old enough goes, and once more when the time has come`() async throws {
    let trail = try await VerifiedTrail(middle: 8, segmentLimitBytes: 3_000)
    try await trail.writer(days: 8).record(run: "r3", middle: 20, end: .anchored)
    let first = try await trail.writer(days: 10).retain(.seconds(5 * day), as: "5d", actor: "ada")
    #expect(!first.plan.isEmpty && first.plan.runs + first.plan.cut.count == 2)
    let reader = TrailReader(folder: trail.layout.folder, files: trail.files)
    #expect(try reader.runs().runs.map(\.run) == ["r3"])
    #expect(try trail.verify().status == .verified)
    let second = try await trail.writer(days: 20).retain(.seconds(5 * day), as: "5d", actor: "ada")
    #expect(first.plan.runs + second.plan.runs == 3 && second.plan.before > first.plan.before)
    #expect(try trail.verify().status == .verified)
    #expect(try trail.verify().removed?.before == second.plan.before)
  }

  @Test func `a run that is not closed keeps what it began with`() async throws {
    let trail = try await VerifiedTrail(middle: 2, tail: 1, segmentLimitBytes: 3_000)
    try await trail.writer(days: 1).record(run: "r4", middle: 20, end: .anchored)
    let writer = try trail.writer(days: 30)
    let result = try await writer.retain(.seconds(5 * day), as: "5d", actor: "ada")
    #expect(result.blocking == ["r3"])
    #expect(try TrailReader(folder: trail.layout.folder, files: trail.files).runs().runs.contains { $0.run == "r3" })
    try writer.resume(run: "r3")
    try await writer.append(
      JournalEntry("run.closed", .object(["verdict": .string("ok")])), to: "r3", durability: .anchored)
    #expect(try trail.verify().status == .verified)
    let later = try await trail.writer(days: 60).retain(.seconds(5 * day), as: "5d", actor: "ada")
    #expect(later.blocking.isEmpty && !later.plan.isEmpty)
    #expect(try trail.verify().status == .verified)
  }

  @Test func `a run whose first records went is checked from where it goes on, and no longer listed`() async throws {
    let trail = try await VerifiedTrail.cut()
    let result = try trail.verify()
    #expect(result.status == .verified, "\(result.problems)")
    let cut = try #require(result.removed?.cut.map(\.run))
    #expect(!cut.isEmpty && Set(cut).isSubset(of: ["r3", "r4"]))
    let reader = TrailReader(folder: trail.layout.folder, files: trail.files)
    #expect(try !reader.runs().runs.contains { cut.contains($0.run) })
    for run in cut { #expect(throws: TrailReadError.removedRun(run)) { try reader.records(ofRun: run) } }
    // A record of the run that is left out behind the cut is found, as in a whole log.
    let last = try #require(try trail.layout.segments(in: trail.files).first)
    let lines = trail.lines(of: last.path)
    let place = try #require(lines.firstIndex { String(decoding: $0, as: UTF8.self).contains("run.closed") })
    trail.files[last.path] = (lines[..<place] + lines[(place + 1)...]).flatMap { $0 + [0x0A] }
    #expect(try trail.verify().status == .tampered)
  }

  @Test func `a removal that was broken off is brought to its end by the next`() async throws {
    let trail = try await VerifiedTrail(middle: 8, segmentLimitBytes: 3_000)
    let whole = trail.files.all
    _ = try await trail.writer(days: 10).retain(.seconds(5 * day), as: "5d", actor: "ada")
    let done = trail.files.all
    for (path, bytes) in whole where done[path] == nil { trail.files[path] = bytes }
    let result = try trail.verify()
    #expect(result.status == .verified && result.remarks.contains { $0.contains("was broken off") })
    #expect(try TrailReader(folder: trail.layout.folder, files: trail.files).runs().runs.isEmpty)
    _ = try await trail.writer(days: 10).retain(.seconds(5 * day), as: "5d", actor: "ada")
    #expect(trail.evidencePaths.isEmpty && trail.files[trail.layout.log] == nil)
    #expect(try trail.verify().remarks.isEmpty)
  }

  @Test func `no change to the file that stands for what is gone goes unseen`() async throws {
    let trail = try await VerifiedTrail.cut()
    let bytes = try #require(trail.files[trail.layout.removed])
    for bit in stride(from: 0, to: bytes.count * 8, by: 37) {
      var changed = bytes
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      let result = try trail.verify(with: changed, in: trail.layout.removed)
      #expect(result.status == .tampered, "bit \(bit)")
    }
    #expect(try trail.verify(with: nil, in: trail.layout.removed).status == .tampered)
    trail.files[trail.layout.removed] = Array(bytes.dropLast(5))
    #expect(throws: JournalError.self) { try trail.writer(days: 11) }
  }

  @Test func `who takes records away without the key is told`() async throws {
    // An earlier removal's file, put in the place of the later one's.
    let trail = try await VerifiedTrail(middle: 8, segmentLimitBytes: 3_000)
    try await trail.writer(days: 8).record(run: "r3", middle: 20, end: .anchored)
    let before = trail.files.all
    _ = try await trail.writer(days: 20).retain(.seconds(5 * day), as: "5d", actor: "ada")
    let removed = try #require(trail.files[trail.layout.removed])
    // The same trail before, whose head is cut with what another history's removal left.
    for path in trail.files.all.keys { trail.files[path] = before[path] }
    for (path, bytes) in before { trail.files[path] = bytes }
    trail.files[trail.layout.removed] = removed
    #expect(try trail.verify().status != .verified)
  }

  @Test func `a power failure during a removal leaves a trail that is whole or removed`() async throws {
    let trail = try await VerifiedTrail(middle: 6, segmentLimitBytes: 3_000)
    let files = CrashingFiles(trail.files.all)
    func settings(_ files: any FileSystem) -> TrailSurroundings {
      surroundings(files: files, key: VerifiedTrail.key, segmentLimitBytes: 3_000, later: 10 * day)
    }
    _ = try await TrailWriter(folder: "trail", surroundings: settings(files))
      .retain(.seconds(5 * day), as: "5d", actor: "ada")
    var seed = 1
    for crash in 0...files.operations.count {
      for _ in 0..<4 {
        let left = MemoryFiles(
          files.remains(after: crash) { limit in
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(UInt(bitPattern: seed) >> 33) % max(1, limit)
          })
        func status() throws -> Verification {
          try TrailVerifier(folder: "trail", files: left, keys: [VerifiedTrail.key?.verifier].compactMap(\.self))
            .verify()
        }
        let found = try status()
        #expect(found.status != .tampered, "crash at \(crash): \(found.problems)")
        let writer = try TrailWriter(folder: "trail", surroundings: settings(left))
        do { _ = try await writer.retain(.seconds(5 * day), as: "5d", actor: "ada") } catch {
          Issue.record("crash at \(crash): \(error)")
          return
        }
        let result = try status()
        #expect(result.status == .verified, "crash at \(crash): \(result.problems) \(result.remarks)")
        // What a crash has left is recorded today, in a file that stays then.
        #expect(left.all.keys.count { $0.contains("/evidence/") } == result.evidence.intact, "crash at \(crash)")
      }
    }
  }
}
