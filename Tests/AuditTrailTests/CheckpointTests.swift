import AuditTrail
import DurableFiles
import Foundation
import RunbookPorts
import Testing
import Values

@Suite struct CheckpointTests {
  let scratch: ScratchFolder
  private let key: SigningKey

  init() throws {
    scratch = try ScratchFolder()
    key = try #require(SigningKey(name: "tocsin/node-1", seed: [UInt8](repeating: 7, count: 32)))
  }

  private func stored(_ slot: Int) throws -> (note: SignedNote, checkpoint: Checkpoint) {
    let note = try #require(SignedNote(parsing: try scratch.bytes("\(scratch.trail)/log/checkpoint.\(slot)")))
    return (note, try #require(Checkpoint(text: note.text)))
  }

  private func newest() throws -> (note: SignedNote, checkpoint: Checkpoint) {
    let slots = try [stored(0), stored(1)]
    return slots[0].checkpoint.size > slots[1].checkpoint.size ? slots[0] : slots[1]
  }

  private func root(_ size: Int64) throws -> Digest? {
    let lines = try TrailReader(folder: scratch.trail).lines().prefix(Int(size))
    return MerkleLeaves(lines.map(\.digest)).root
  }

  @Test func `a closed run lies under a signed checkpoint before anybody is told`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings(key: key))
    for run in 1...3 {
      try await writer.record(run: "r\(run)", end: .anchored)
      let (note, checkpoint) = try newest()
      #expect(checkpoint.size == Int64(1 + 4 * run))
      #expect(checkpoint.origin == "tocsin/node-1")
      #expect(try checkpoint.root == root(checkpoint.size))
      #expect(note.isSigned(by: key.verifier))
    }
    #expect(abs(try stored(0).checkpoint.size - stored(1).checkpoint.size) == 4, "the two are written in turn")
  }

  @Test func `a record that is only durable waits for no checkpoint`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try await writer.record(run: "r1")
    #expect(try newest().checkpoint.size == 0)
    #expect(try newest().note.signatures.isEmpty)
  }

  @Test func `the first record of a signed log names its key`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings(node: "other", key: key))
    try await writer.record(run: "r1")
    let first = try #require(try TrailReader(folder: scratch.trail).lines().first { _ in true }?.record)
    #expect(first.type == "log.key")
    #expect(first.origin == "tocsin/node-1", "a log bears its key's name")
    #expect(first.body["key"]?.text == key.verifier.text)
  }

  @Test func `a log that was not signed says from where on it is`() async throws {
    try await TrailWriter(folder: scratch.trail, surroundings: surroundings()).record(run: "r1", end: .anchored)
    for _ in 0..<2 {
      let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings(key: key, adoptsUnsigned: true))
      #expect(writer.isSigned)
      try await writer.record(run: "r\(UUID().uuidString)", end: .anchored)
    }
    let keys = try TrailReader(folder: scratch.trail).lines().compactMap(\.record).filter { $0.type == "log.key" }
    #expect(keys.map(\.sequence) == [4])
    #expect(keys.first?.body["unsigned_before"]?.integer == 4)
    #expect(try newest().note.isSigned(by: key.verifier))
    #expect(try problems(in: scratch.trail).isEmpty)
  }

  /// Whoever can write to the folder can take the signatures away, and change what they covered.
  @Test func `a key does not sign by itself what was written without one`() async throws {
    try await TrailWriter(folder: scratch.trail, surroundings: surroundings()).record(run: "r1", end: .anchored)
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings(key: key))
    #expect(!writer.isSigned && !writer.isNew)
    try await writer.record(run: "r2", end: .anchored)
    #expect(try newest().note.signatures.isEmpty && newest().checkpoint.size == 8)
    #expect(try verified().status == .unverifiable)
  }

  @Test func `a log whose records say that it is signed is not taken for one that never was`() async throws {
    try await TrailWriter(folder: scratch.trail, surroundings: surroundings(key: key)).record(run: "r1", end: .anchored)
    for slot in 0..<TrailLayout.checkpointSlots {
      let path = "\(scratch.trail)/log/checkpoint.\(slot)"
      let note = try #require(SignedNote(parsing: try scratch.bytes(path)))
      try scratch.write(SignedNote(text: note.text, signatures: []).bytes, to: path)
    }
    #expect(try verified().status == .unverifiable)
    let error = #expect(throws: JournalError.self) {
      try TrailWriter(folder: scratch.trail, surroundings: surroundings(key: key, adoptsUnsigned: true))
    }
    #expect(error?.message.hasPrefix("record 0 of the log says that it is signed") == true)
    #expect(try !TrailWriter(folder: scratch.trail, surroundings: surroundings(key: key)).isSigned)
  }

  @Test func `a signed log is not gone on with without its key, or with another`() async throws {
    try await TrailWriter(folder: scratch.trail, surroundings: surroundings(key: key))
      .record(run: "r1", end: .anchored)
    let other = SigningKey(name: "tocsin/node-1", seed: [UInt8](repeating: 8, count: 32))
    for key in [nil, other] {
      #expect(throws: JournalError.self) {
        try TrailWriter(folder: scratch.trail, surroundings: surroundings(key: key))
      }
    }
  }

  /// Checkpoints larger than any of the log's, as somebody without its key can make them.
  private func foreign() throws -> [(name: String, bytes: [UInt8])] {
    let other = SigningKey(name: "tocsin/node-1", seed: [UInt8](repeating: 8, count: 32))
    func note(_ origin: String, _ key: SigningKey?) throws -> [UInt8] {
      try Checkpoint(origin: origin, size: 900, root: Digest(of: [1])).note(signedBy: key).bytes
    }
    return [
      ("signed by another key", try note("tocsin/node-1", other)),
      ("of another log", try note("tocsin/node-2", key)),
      ("of another log and key", try note("tocsin/node-2", other)),
    ]
  }

  private func verified() throws -> Verification {
    try TrailVerifier(folder: scratch.trail, keys: [key.verifier]).verify()
  }

  @Test(arguments: 0..<3, [0, 1])
  func `a larger checkpoint that is not the log's neither hides its own nor stops them`(
    kind: Int, slot: Int
  ) async throws {
    let (name, bytes) = try foreign()[kind]
    let place = "\(scratch.trail)/log/checkpoint.\(slot)"
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings(key: key))
    try await writer.record(run: "r1", end: .anchored)
    try await writer.record(run: "r2", end: .anchored)
    // Written into the file, and given its name.
    for (index, isRenamed) in [false, true].enumerated() {
      if isRenamed {
        try scratch.write(bytes, to: place + "-new")
        try Folder.rename(place + "-new", to: place)
      } else {
        let file = try OpenFile(place, for: .updating)
        try file.write(bytes, at: 0)
        try file.truncate(to: bytes.count)
      }
      #expect(try verified().status == .tampered, "\(name)")
      try await writer.record(run: "r\(3 + index)", end: .anchored)
      try await writer.record(run: "r\(5 + index)", end: .anchored)
      let after = try verified()
      #expect(after.status == .verified, "\(name): \(after.problems) \(after.remarks)")
      #expect(after.remarks.count == index + 1 && after.remarks.allSatisfy { $0.contains("not the log's") })
    }
    let kept = try scratch.names(in: "\(scratch.trail)/log").filter { $0.contains(".foreign-") }
    #expect(try kept.map { try scratch.bytes("\(scratch.trail)/log/\($0)") } == [bytes])
  }

  @Test(arguments: 0..<3)
  func `a log is opened by its own checkpoint, and another's beside it is set aside`(kind: Int) async throws {
    try await TrailWriter(folder: scratch.trail, surroundings: surroundings(key: key))
      .record(run: "r1", end: .anchored)
    let slot = try stored(0).checkpoint.size < stored(1).checkpoint.size ? 0 : 1
    try scratch.write(try foreign()[kind].bytes, to: "\(scratch.trail)/log/checkpoint.\(slot)")
    try await TrailWriter(folder: scratch.trail, surroundings: surroundings(key: key))
      .record(run: "r2", end: .anchored)
    #expect(try verified().status == .verified)
    #expect(try verified().remarks.count == 1)
  }

  @Test(arguments: ["frontier", "leaves"])
  func `what can be made anew is made anew, and never believed`(name: String) async throws {
    let path = "\(scratch.trail)/log/\(name)"
    var count = 0
    func goOn() async throws {
      count += 1
      let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings(key: key))
      try await writer.record(run: "r\(count)", end: .anchored)
      #expect(try newest().checkpoint.size == Int64(1 + 4 * count))
      #expect(try newest().checkpoint.root == root(newest().checkpoint.size))
    }
    try await goOn()
    try await goOn()
    let whole = try scratch.bytes(path)
    for damaged in [[], Array(whole.dropLast(40)), Array("{\"size\":3}".utf8), whole.map { $0 ^ 1 }] {
      try scratch.write(damaged, to: path)
      try await goOn()
    }
    try FileManager.default.removeItem(atPath: path)
    try await goOn()
  }

  @Test func `a long log goes on in another file`() async throws {
    let small = { (key: SigningKey?) in surroundings(key: key, segmentLimitBytes: 4_000) }
    for run in 0..<8 {
      let writer = try TrailWriter(folder: scratch.trail, surroundings: small(key))
      try await writer.record(run: "r\(run)", end: run % 2 == 0 ? .anchored : .durable)
    }
    let names = try scratch.names(in: "\(scratch.trail)/log").filter { $0.hasSuffix(".jsonl") }
    #expect(names.count > 3)
    #expect(try problems(in: scratch.trail).isEmpty)
    let (runs, damaged) = try TrailReader(folder: scratch.trail).runs()
    #expect(damaged.isEmpty && runs.count == 8 && runs.allSatisfy { $0.status == .closed })
    #expect(try newest().checkpoint.root == root(newest().checkpoint.size))
    for cache in ["frontier", "leaves"] { try Folder.remove("\(scratch.trail)/log/\(cache)") }
    _ = try TrailWriter(folder: scratch.trail, surroundings: small(key))
  }

  @Test func `several writers go on together from file to file`() async throws {
    let folder = scratch.trail
    let key = key
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<4 {
        group.addTask {
          let writer = try TrailWriter(folder: folder, surroundings: surroundings(key: key, segmentLimitBytes: 3_000))
          for run in 0..<4 { try await writer.record(run: "r\(index)-\(run)", middle: 4, end: .anchored) }
        }
      }
      try await group.waitForAll()
    }
    #expect(try problems(in: folder).isEmpty)
    #expect(try newest().checkpoint.root == root(newest().checkpoint.size))
    #expect(try TrailReader(folder: folder).runs().runs.count == 16)
  }

  @Test func `what nobody anchors is under a checkpoint before long all the same`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings(checkpointDelay: .milliseconds(5)))
    try writer.begin(run: "r1", runbook: runbookDigest)
    try await writer.append(JournalEntry("t", .object([:])), to: "r1", durability: .soon)
    while try newest().checkpoint.size == 0 { await Task.yield() }
    #expect(try newest().checkpoint.size == 1)
  }

  /// How often the disk is waited for: `TrailWriter` says it.
  @Test func `the number of waits for the disk is the one that is promised`() async throws {
    let files = CrashingFiles()
    let writer = try TrailWriter(folder: "trail", surroundings: surroundings(files: files, key: key))
    try writer.begin(run: "r1", runbook: runbookDigest)
    func waits(_ work: () async throws -> Void) async throws -> Int {
      let before = files.operations.count
      try await work()
      return files.operations.dropFirst(before).count {
        switch $0 {
        case .synchronize, .synchronizeFolder: true
        default: false
        }
      }
    }
    func append(_ durability: Durability) async throws {
      try await writer.append(JournalEntry("t", .object([:])), to: "r1", durability: durability)
    }
    #expect(try await waits { for _ in 0..<10 { try await append(.soon) } } == 0)
    #expect(try await waits { try await append(.durable) } == 1)
    #expect(try await waits { try await append(.anchored) } == 2)
    let kept = try await waits {
      for index in 0..<3 { _ = try await writer.keep([UInt8(index)], mediaType: "x/y") }
      try await append(.durable)
    }
    #expect(
      (6...8).contains(kept), "a wait for each piece, one for each of their folders, one for all, one for the log")
  }
}
