import AuditTrail
import Crypto
import DurableFiles
import Foundation
import RunbookPorts
import Testing
import Values

@Suite struct EvidenceTests {
  let scratch: ScratchFolder
  let writer: TrailWriter

  init() throws {
    scratch = try ScratchFolder()
    writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try writer.begin(run: "r1", runbook: runbookDigest)
  }

  private func path(of digest: String) -> String {
    let digits = digest.dropFirst(7)
    return "\(scratch.trail)/evidence/\(digits.prefix(2))/\(digits)"
  }

  private func settle() async throws {
    try await writer.append(JournalEntry("t", .object([:])), to: "r1", durability: .durable)
  }

  @Test(arguments: [[], Array("rows".utf8), [UInt8](repeating: 7, count: 3_000_000)] as [[UInt8]])
  func `what is kept can be read back, before and after it is on the disk`(bytes: [UInt8]) async throws {
    let reference = try await writer.keep(bytes, mediaType: "application/json")
    let reader = TrailReader(folder: scratch.trail)
    #expect(reference.length == bytes.count)
    #expect(try reader.evidence(reference.digest) == bytes)
    try await settle()
    #expect(try reader.evidence(reference.digest) == bytes)
    #expect(try scratch.names(in: "\(scratch.trail)/evidence/incoming").isEmpty)
  }

  @Test func `the digest is over salt and bytes, and the file's own`() async throws {
    let reference = try await writer.keep(Array("rows".utf8), mediaType: "text/plain")
    try await settle()
    let file = try scratch.bytes(path(of: reference.digest))
    #expect(file.count == 36)
    #expect(reference.digest == "sha256:" + SHA256.hash(data: file).map { String(format: "%02x", $0) }.joined())
    let again = try await writer.keep(Array("rows".utf8), mediaType: "text/plain")
    #expect(again.digest != reference.digest, "the same bytes cannot be found by their digest")
  }

  @Test func `evidence is in its place when a record that names it is durable`() async throws {
    for index in 0..<100 {
      let reference = try await writer.keep([UInt8(index)], mediaType: "x/y")
      try await writer.append(
        JournalEntry("t", reference.json), to: "r1", durability: index % 7 == 0 ? .durable : .soon)
      if index % 7 == 0 { #expect(Folder.exists(path(of: reference.digest))) }
    }
  }

  @Test func `no record is called durable whose evidence is not`() async throws {
    _ = try await writer.keep([1], mediaType: "x/y")
    let incoming = "\(scratch.trail)/evidence/incoming"
    for name in try scratch.names(in: incoming) { try Folder.remove("\(incoming)/\(name)") }
    for _ in 0..<2 {
      await #expect(throws: JournalError.self) { try await settle() }
    }
    await #expect(throws: JournalError.self) { _ = try await writer.keep([1], mediaType: "x/y") }
  }

  @Test func `changed, missing and unnamed evidence is told apart`() async throws {
    let reference = try await writer.keep(Array("rows".utf8), mediaType: "text/plain")
    try await settle()
    let reader = TrailReader(folder: scratch.trail)
    var file = try scratch.bytes(path(of: reference.digest))
    file[35] ^= 1
    try scratch.write(file, to: path(of: reference.digest))
    #expect(throws: EvidenceProblem.damaged) { try reader.evidence(reference.digest) }
    try scratch.write([], to: path(of: reference.digest))
    #expect(throws: EvidenceProblem.damaged) { try reader.evidence(reference.digest) }
    try Folder.remove(path(of: reference.digest))
    #expect(throws: EvidenceProblem.missing) { try reader.evidence(reference.digest) }
    for bad in ["", "sha256:", "sha256:../../../etc/passwd", "md5:00", "sha256:" + String(repeating: "G", count: 64)] {
      #expect(throws: EvidenceProblem.badReference) { try reader.evidence(bad) }
    }
  }

  @Test func `evidence of a process that ended is put in its place by the next, if it is whole`() async throws {
    let folder = "\(scratch.path)/other"
    var digest = ""
    do {
      let writer = try TrailWriter(folder: folder, surroundings: surroundings())
      digest = try await writer.keep(Array("rows".utf8), mediaType: "text/plain").digest
    }
    let torn = String(repeating: "0", count: 64)
    try scratch.write([1, 2, 3], to: "\(folder)/evidence/incoming/\(torn)")
    _ = try TrailWriter(folder: folder, surroundings: surroundings())
    #expect(try TrailReader(folder: folder).evidence(digest) == Array("rows".utf8))
    #expect(try scratch.names(in: "\(folder)/evidence/incoming") == [torn])
  }
}
