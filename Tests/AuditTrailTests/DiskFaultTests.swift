import AuditTrail
import DurableFiles
import Foundation
import RunbookPorts
import Synchronization
import Testing
import Values

@Suite struct DiskFaultTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private let entry = JournalEntry("t", .object(["text": .string(String(repeating: "x", count: 1_000))]))

  @Test func `after the disk has failed once nothing is written any more`() async throws {
    let answers = Mutex<[Int32?]>([nil, EIO, nil, nil])
    let writer = try TrailWriter(
      folder: scratch.trail, surroundings: surroundings(fault: { answers.withLock { $0.removeFirst() } }))
    try writer.begin(run: "r1", runbook: runbookDigest)
    try await writer.append(entry, to: "r1", durability: .durable)
    let error = await #expect(throws: JournalError.self) {
      try await writer.append(entry, to: "r1", durability: .durable)
    }
    #expect(error?.message.contains("can no longer be trusted") == true)
    let size = try scratch.bytes(scratch.log).count
    for durability in [Durability.soon, .durable] {
      await #expect(throws: JournalError.self) {
        try await writer.append(entry, to: "r1", durability: durability)
      }
    }
    #expect(try scratch.bytes(scratch.log).count == size)
    #expect(answers.withLock(\.count) == 2, "the disk is not asked again")
    let reopening = #expect(throws: JournalError.self) {
      try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    }
    #expect(reopening?.message.contains("trail.jsonl.suspect") == true)
    try Folder.remove("\(scratch.log).suspect")
    _ = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
  }

  @Test func `everybody who waits for a disk that fails is told`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings(fault: { EIO }))
    let failures = await withTaskGroup(of: Bool.self) { group in
      for index in 0..<16 {
        group.addTask {
          do {
            try writer.begin(run: "r\(index)", runbook: runbookDigest)
            try await writer.append(entry, to: "r\(index)", durability: .durable)
            return false
          } catch { return true }
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(failures == 16)
  }

  @Test func `a log that loses its name or its bytes is not written to any more`() async throws {
    for damage in ["remove", "shorten"] {
      let folder = "\(scratch.path)/\(damage)"
      let writer = try TrailWriter(folder: folder, surroundings: surroundings())
      try await writer.record(run: "r1")
      if damage == "remove" {
        try Folder.remove(writer.layout.log)
      } else {
        try scratch.write([], to: "\(folder)/empty")
        #expect(truncate(writer.layout.log, 10) == 0)
      }
      try writer.begin(run: "r2", runbook: runbookDigest)
      await #expect(throws: JournalError.self) { try await writer.append(entry, to: "r2", durability: .soon) }
    }
  }

  @Test func `a folder that cannot be has a clear reason`() throws {
    try scratch.write([1], to: "\(scratch.path)/file")
    for path in ["file", "file/below"] {
      let error = #expect(throws: JournalError.self) {
        try TrailWriter(folder: "\(scratch.path)/\(path)", surroundings: surroundings())
      }
      #expect(error?.message.hasSuffix("a part of the path is a file, not a folder") == true)
    }
    try Folder.make("\(scratch.trail)/log/trail.jsonl")
    let error = #expect(throws: JournalError.self) {
      try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    }
    #expect(error?.message.contains("trail.jsonl") == true)
  }

  @Test func `the trail is for its owner alone`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try await writer.record(run: "r1")
    let mode = { (path: String) in
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    #expect(try mode(scratch.trail) == 0o700)
    #expect(try mode("\(scratch.trail)/evidence") == 0o700)
    #expect(try mode(scratch.log) == 0o600)
  }

  @Test(.enabled(if: SmallDisk.isPossible, "a file system can be mounted"))
  func `on a full disk a record is refused whole, and there is room again when there is room again`() async throws {
    let disk = try SmallDisk(at: "\(scratch.path)/disk", sizeKilobytes: 512)
    defer { disk.unmount() }
    let writer = try TrailWriter(folder: "\(disk.path)/trail", surroundings: surroundings())
    try writer.begin(run: "r1", runbook: runbookDigest)
    try scratch.write([UInt8](repeating: 0, count: 250_000), to: "\(disk.path)/ballast")
    var written = 0
    let error = await #expect(throws: JournalError.self) {
      while written < 1_000 {
        try await writer.append(entry, to: "r1", durability: .durable)
        written += 1
      }
    }
    #expect(error?.message.hasSuffix("the disk is full") == true)
    let bytes = try scratch.bytes(writer.layout.log)
    #expect(bytes.last == 0x0A)
    let last = try #require(try TrailReader(folder: "\(disk.path)/trail").lines().compactMap(\.record).last)
    #expect(last.type == "log.full" && last.body["refused"]?.text == "t" && last.body["run"]?.text == "r1")
    #expect(bytes.count { $0 == 0x0A } == written + 1)
    #expect(throws: JournalError.self, "what was set aside for the record is no room for a run") {
      try writer.begin(run: "r0", runbook: runbookDigest)
    }
    // Somebody else uses the room up that the record has left.
    try? scratch.write([UInt8](repeating: 0, count: 100_000), to: "\(disk.path)/more")
    for run in ["r1", "r2"] {
      await #expect(throws: JournalError.self) {
        if run == "r2" { try writer.begin(run: run, runbook: runbookDigest) }
        try await writer.append(entry, to: run, durability: .soon)
      }
    }
    #expect(try scratch.bytes(writer.layout.log) == bytes)
    await #expect(throws: JournalError.self) {
      _ = try await writer.keep(
        (0..<300_000).map { _ in UInt8.random(in: .min ... .max) }, mediaType: "application/octet-stream")
    }
    #expect(try Folder.names(in: writer.layout.incoming).isEmpty)
    for name in ["ballast", "more"] { try? Folder.remove("\(disk.path)/\(name)") }
    await #expect(throws: JournalError.self, "a record of it is missing") {
      try await writer.append(entry, to: "r1", durability: .durable)
    }
    try writer.resume(run: "r1")
    try await writer.append(entry, to: "r1", durability: .durable)
    try writer.begin(run: "r2", runbook: runbookDigest)
    #expect(try problems(in: "\(disk.path)/trail").isEmpty)
  }

  @Test(.enabled(if: SmallDisk.isPossible, "a file system can be mounted"))
  func `a read-only disk has a clear reason`() throws {
    let disk = try SmallDisk(at: "\(scratch.path)/disk", sizeKilobytes: 64)
    defer { disk.unmount() }
    try #require(disk.makeReadOnly())
    let error = #expect(throws: JournalError.self) {
      try TrailWriter(folder: "\(disk.path)/trail", surroundings: surroundings())
    }
    #expect(error?.message.hasSuffix("the file system is read-only") == true)
  }
}

/// A file system in memory with little room.
struct SmallDisk {
  let path: String

  static let isPossible: Bool = {
    guard let scratch = try? ScratchFolder(), let disk = try? SmallDisk(at: "\(scratch.path)/d", sizeKilobytes: 64)
    else { return false }
    disk.unmount()
    return true
  }()

  init(at path: String, sizeKilobytes: Int) throws {
    self.path = path
    try Folder.make(path)
    guard mount("none", path, "tmpfs", 0, "size=\(sizeKilobytes)k") == 0 else {
      throw FileProblem("mount", path)
    }
  }

  func makeReadOnly() -> Bool { mount("none", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), "") == 0 }
  func unmount() { umount2(path, Int32(MNT_DETACH)) }
}
