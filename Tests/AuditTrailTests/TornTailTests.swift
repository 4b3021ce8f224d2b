import AuditTrail
import Crypto
import Foundation
import RunbookPorts
import Testing
import Values

@Suite struct TornTailTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func folderNames() throws -> [String] {
    try scratch.names(in: "\(scratch.trail)/log").filter { $0.hasPrefix("trail") }
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
  }

  /// A log with two whole runs.
  private func makeTrail() async throws -> [UInt8] {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try await writer.record(run: "r1")
    try await writer.record(run: "r2")
    return try scratch.bytes(scratch.log)
  }

  @Test func `a log cut at any byte of its last record loses only that record, and says so`() async throws {
    let whole = try await makeTrail()
    let start = try #require(whole.dropLast().lastIndex(of: 0x0A)) + 1
    for cut in stride(from: start + 1, to: whole.count, by: 17) {
      for name in try folderNames() { try FileManager.default.removeItem(atPath: "\(scratch.trail)/log/\(name)") }
      try scratch.write(whole[..<cut], to: scratch.log)
      _ = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
      let recovered = try scratch.bytes(scratch.log)
      #expect(recovered[..<start] == whole[..<start])
      let record = try TrailRecord(line: recovered[start...].dropLast())
      let torn = Array(whole[start..<cut])
      #expect(record.type == "log.recovered")
      #expect(record.sequence == 7)
      #expect(record.body["dropped_bytes"]?.integer == Int64(cut - start))
      #expect(record.body["sha256"]?.text == hexadecimal(torn))
      let name = try #require(record.body["kept_as"]?.text)
      #expect(try scratch.bytes("\(scratch.trail)/log/\(name)") == torn)
      #expect(try problems(in: scratch.trail).isEmpty)
      _ = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
      #expect(try scratch.bytes(scratch.log) == recovered, "a second recovery does nothing")
    }
  }

  @Test(arguments: [
    Array("{\"a\": 1}\n".utf8), Array("nonsense\nmore nonsense\n".utf8), [UInt8](repeating: 0, count: 300_000),
    [0xFF, 0x0A, 0xFE], [0x0A],
  ])
  func `whatever stands behind the last record is set aside`(rubbish: [UInt8]) async throws {
    let whole = try await makeTrail()
    try scratch.write(whole + rubbish, to: scratch.log)
    _ = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    let last = try TrailRecord(line: try scratch.bytes(scratch.log)[whole.count...].dropLast())
    #expect(last.body["dropped_bytes"]?.integer == Int64(rubbish.count))
    #expect(try problems(in: scratch.trail).isEmpty)
  }

  @Test func `the remains of a first record are set aside`() async throws {
    let whole = try await makeTrail()
    try scratch.write(whole[..<100], to: scratch.log)
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try await writer.record(run: "r3")
    #expect(try problems(in: scratch.trail).isEmpty)
    #expect(try TrailReader(folder: scratch.trail).runs().runs.map(\.run) == ["r3"])
  }

  @Test func `a recovery that was broken off is brought to its end`() async throws {
    let whole = try await makeTrail()
    let torn = Array("{\"actor\":\"eng".utf8)
    let name = "trail.jsonl.torn-\(whole.count)-\(hexadecimal(torn).prefix(16))"
    // The bytes were copied and the log cut, and then the power failed.
    try scratch.write(torn, to: "\(scratch.trail)/log/\(name).pending")
    _ = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    let record = try TrailRecord(line: try scratch.bytes(scratch.log)[whole.count...].dropLast())
    #expect(record.body["sha256"]?.text == hexadecimal(torn))
    #expect(try folderNames() == ["trail.jsonl", name])
    // The record was written, and then the power failed.
    let recovered = try scratch.bytes(scratch.log)
    try scratch.write(torn, to: "\(scratch.trail)/log/\(name).pending")
    _ = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    #expect(try scratch.bytes(scratch.log) == recovered)
    #expect(try folderNames() == ["trail.jsonl", name])
  }

  @Test func `a writer recovers what another one that died has left`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try await writer.record(run: "r1")
    let handle = try #require(FileHandle(forWritingAtPath: scratch.log))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("{\"actor\"".utf8))
    try handle.close()
    try await writer.record(run: "r2")
    #expect(try problems(in: scratch.trail).isEmpty)
    #expect(try TrailReader(folder: scratch.trail).lines().compactMap { $0.record?.type }.contains("log.recovered"))
  }

  @Test(arguments: ["a\nb\nc\n", "{}\n{}\n", "\n\n"])
  func `a file that is no trail is left alone`(text: String) throws {
    try FileManager.default.createDirectory(atPath: "\(scratch.trail)/log", withIntermediateDirectories: true)
    try scratch.write(text.utf8, to: scratch.log)
    let error = #expect(throws: JournalError.self) {
      try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    }
    #expect(error?.message.contains("has records and no checkpoint") == true)
    #expect(try scratch.bytes(scratch.log) == Array(text.utf8))
  }

  @Test func `a log that does not reach its last checkpoint any more is left alone`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try await writer.record(run: "r1", end: .anchored)
    let whole = try scratch.bytes(scratch.log)
    let lastStart = try #require(whole.dropLast().lastIndex(of: 0x0A)) + 1
    var edited = whole
    edited[200] ^= 1
    for damaged in [Array(whole.dropLast()), Array(whole[..<lastStart]), [], edited, [0x0A] + whole] {
      try scratch.write(damaged, to: scratch.log)
      for cache in ["frontier", "leaves"] {
        try? FileManager.default.removeItem(atPath: "\(scratch.trail)/log/\(cache)")
      }
      let error = #expect(throws: JournalError.self) {
        try TrailWriter(folder: scratch.trail, surroundings: surroundings())
      }
      #expect(error?.message.contains("is damaged before its last checkpoint, of 4 records") == true)
      #expect(try scratch.bytes(scratch.log) == damaged)
    }
  }

  @Test func `records of a later format are left alone`() async throws {
    let whole = try await makeTrail()
    let later = String(decoding: whole, as: UTF8.self).replacingOccurrences(of: "\"v\":1,", with: "\"v\":2,")
    try scratch.write(later.utf8, to: scratch.log)
    #expect(throws: JournalError.self) { try TrailWriter(folder: scratch.trail, surroundings: surroundings()) }
    let mixed = whole + (later.utf8.split(separator: 0x0A).last.map(Array.init) ?? []) + [0x0A]
    try scratch.write(mixed, to: scratch.log)
    #expect(throws: JournalError.self) { try TrailWriter(folder: scratch.trail, surroundings: surroundings()) }
    #expect(try scratch.bytes(scratch.log) == mixed)
  }
}
