import AuditTrail
import DurableFiles
import RunbookPorts
import Testing
import Values

/// Who wrote what stands behind the last checkpoint of a signed log.
@Suite struct LogTipTests {
  private let remark = "nobody had signed this when another process found it there"

  private func writer(of trail: VerifiedTrail, key: SigningKey? = VerifiedTrail.key) throws -> TrailWriter {
    try TrailWriter(folder: trail.layout.folder, surroundings: surroundings(files: trail.files, key: key, later: 60))
  }

  /// The first records, by `log.recovered`, that nobody had signed.
  private func unsignedFrom(_ trail: VerifiedTrail) throws -> [Int64] {
    try trail.lines().compactMap { line in
      let record = try JSON(parsing: line)
      return record["type"]?.text == "log.recovered" ? record["body"]?["unsigned_from"]?.integer : nil
    }
  }

  /// Adds the run's records once more under another name, as somebody does who can write to the folder and has read
  /// `FORMAT.md`, but has no key.
  private func forge(_ trail: VerifiedTrail, from run: String = "r1", as name: String = "forged") throws -> ClosedRange<
    Int64
  > {
    var lines = trail.lines()
    let first = Int64(lines.count)
    var previous: String?
    for line in lines {
      let record = try JSON(parsing: line)
      guard record["run"]?.text == run, var members = record.members else { continue }
      members.removeAll { ["run", "seq", "run_prev"].contains($0.name) }
      let forged = JSON.object(
        members + [
          .init("run", .string(name)), .init("seq", .integer(Int64(lines.count))),
        ] + (previous.map { [.init("run_prev", .string($0))] } ?? []))
      lines.append(forged.canonicalBytes)
      previous = Digest(leaf: forged.canonicalBytes).hexadecimal
    }
    trail.setLines(lines)
    return first...Int64(lines.count) - 1
  }

  @Test func `a run that somebody has added without the key is told for ever, also once signed`()
    async throws
  {
    let trail = try await VerifiedTrail()
    let forged = try forge(trail)
    #expect(try trail.verify().status == .prefix)
    try await writer(of: trail).record(run: "r4", end: .anchored)
    let result = try trail.verify()
    #expect(result.status == .verified)
    #expect(result.remarks.contains { $0.hasPrefix("records \(forged.lowerBound) to \(forged.upperBound): \(remark)") })
    #expect(try unsignedFrom(trail) == [forged.lowerBound])
  }

  @Test func `so is one that is added while another process writes`() async throws {
    let trail = try await VerifiedTrail()
    let writer = try writer(of: trail)
    try await writer.record(run: "r4", end: .anchored)
    let forged = try forge(trail)
    try await writer.record(run: "r5", end: .anchored)
    #expect(try unsignedFrom(trail) == [forged.lowerBound])
    #expect(try trail.verify().status == .verified)
  }

  @Test func `what a process wrote that was broken off before the next checkpoint is known to be its own`() async throws
  {
    let trail = try await VerifiedTrail(tail: 3)
    #expect(try trail.verify().status == .prefix)
    try await writer(of: trail).record(run: "r4", end: .anchored)
    #expect(try unsignedFrom(trail).isEmpty)
    let result = try trail.verify()
    #expect(result.status == .verified)
    #expect(result.remarks.isEmpty)
  }

  @Test func `of processes that write in turn each knows the other's records`() async throws {
    let trail = try await VerifiedTrail()
    let writers = try (0..<2).map { _ in try writer(of: trail) }
    for turn in 0..<6 { try await writers[turn % 2].record(run: "turn-\(turn)", end: .durable) }
    #expect(try unsignedFrom(trail).isEmpty)
  }

  enum Tip: CaseIterable { case missing, torn, foreign, old, larger }

  @Test(arguments: Tip.allCases)
  func `a tip vouches only for what it is the root of`(tip: Tip) async throws {
    let trail = try await VerifiedTrail(tail: 3)
    let covered = try trail.slots()[1].checkpoint.size
    let path = trail.layout.tip
    let note = try #require(trail.files[path])
    let checkpoint = try #require(SignedNote(parsing: note).flatMap { Checkpoint(text: $0.text) })
    #expect(checkpoint.size == Int64(trail.lines().count))
    var expected = covered
    switch tip {
    case .missing: trail.files[path] = nil
    case .torn: trail.files[path] = Array(note.dropLast(9))
    case .foreign: trail.files[path] = try checkpoint.note(signedBy: VerifiedTrail.otherKey).bytes
    case .old:
      let leaves = trail.lines().dropLast().map { Digest(leaf: $0) }
      let root = try #require(MerkleLeaves(leaves).root)
      let older = Checkpoint(origin: checkpoint.origin, size: checkpoint.size - 1, root: root)
      trail.files[path] = try older.note(signedBy: VerifiedTrail.key).bytes
      expected = older.size
    case .larger: trail.setLines(trail.lines().dropLast())
    }
    try await writer(of: trail).record(run: "r4", end: .anchored)
    #expect(try unsignedFrom(trail) == [expected])
    #expect(try trail.verify().status == .verified)
  }

  @Test func `nobody vouches for anything in a log without signatures`() async throws {
    let trail = try await VerifiedTrail(key: nil, tail: 3)
    #expect(trail.files[trail.layout.tip] == nil)
    _ = try forge(trail)
    try await writer(of: trail, key: nil).record(run: "r4", end: .anchored)
    #expect(try unsignedFrom(trail).isEmpty)
  }

  @Test func `nothing signs records that it could not say of that nobody had`() async throws {
    let trail = try await VerifiedTrail()
    let writer = try writer(of: trail)
    let forged = try forge(trail)
    trail.files.isFull = true
    await #expect(throws: JournalError.self) { try await writer.record(run: "r4", end: .anchored) }
    #expect(try trail.slots()[1].checkpoint.size <= forged.lowerBound)
  }
}
