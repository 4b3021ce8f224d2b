import AuditTrail
import Foundation
import RunbookPorts
import Testing
import Values

@Suite struct VerifierTests {
  @Test func `a trail that is as it was signed is VERIFIED`() async throws {
    let trail = try await VerifiedTrail()
    let result = try trail.verify()
    #expect(result.status == .verified)
    #expect(result.problems.isEmpty && result.remarks.isEmpty && result.firstBad == nil)
    #expect(result.records == 11 && result.covered == 11)
    #expect(result.key == VerifiedTrail.key?.verifier)
    #expect(result.closedRuns == 2 && result.openRuns == 0)
    #expect(result.evidence == .init(intact: 6, gone: 0))
    #expect(result.limits.contains { $0.contains("Whoever holds the key tocsin/node-1") })
    #expect(try trail.verify(run: "r1").evidence.intact == 3)
  }

  @Test func `a trail of many files is VERIFIED`() async throws {
    let trail = try await VerifiedTrail(middle: 20, segmentLimitBytes: 3_000)
    #expect(try trail.layout.segments(in: trail.files).count > 4)
    for width in [1, 2, 7] {
      let result = try trail.verify(width: width)
      #expect(result.status == .verified, "\(result.problems) \(result.remarks)")
    }
  }

  @Test func `records behind the last checkpoint make it VERIFIED-PREFIX`() async throws {
    let trail = try await VerifiedTrail(tail: 3)
    let result = try trail.verify()
    #expect(result.status == .prefix)
    #expect(result.records == 14 && result.covered == 11)
    #expect(result.remarks == ["3 records follow that no checkpoint covers yet"])
    // The remains of a crash behind them change nothing.
    trail.files[trail.layout.log] = (trail.files[trail.layout.log] ?? []) + Array("{\"actor\":\"eng".utf8)
    #expect(try trail.verify().status == .prefix)
  }

  @Test func `whoever asks for one run is told whether it is another that was changed`() async throws {
    let trail = try await VerifiedTrail()
    let log = trail.files[trail.layout.log] ?? []
    var lines = log.split(separator: 0x0A).map(Array.init)
    let place = try #require(lines.lastIndex { String(decoding: $0, as: UTF8.self).contains("\"run\":\"r2\"") })
    lines[place] = Array(
      String(decoding: lines[place], as: UTF8.self).replacing("\"actor\":\"engine\"", with: "\"actor\":\"nobody\"").utf8
    )
    trail.files[trail.layout.log] = lines.flatMap { $0 + [0x0A] }
    #expect(trail.files[trail.layout.log] != log)
    func isTold(_ run: String?) throws -> Bool {
      let result = try trail.verify(run: run)
      #expect(result.status == .tampered)
      return result.remarks.contains { $0.hasPrefix("nothing of this is in the records of run \(run ?? "")") }
    }
    #expect(try isTold("r1") && !isTold(nil))
  }

  @Test func `a trail that was broken off when it was made is not told to be tampered with`() async throws {
    let trail = try await VerifiedTrail.begun()
    let result = try trail.verify()
    #expect(result.status == .unverifiable && result.problems.isEmpty, "\(result.problems)")
    #expect(result.remarks.first == "there are no records")
    #expect(result.remarks.contains { $0.hasSuffix("the trail was broken off when it was made") })
    trail.files[trail.layout.log] = Array("{\"actor\":\"engine\"}\n".utf8)
    #expect(try trail.verify().status == .tampered)
  }

  @Test func `without a key, a signature or records nothing is verified`() async throws {
    let trail = try await VerifiedTrail()
    #expect(try trail.verify(keys: []).status == .unverifiable)
    #expect(
      try trail.verify(keys: [SigningKey(name: "x", seed: [UInt8](repeating: 9, count: 32))]).status == .unverifiable)
    let unsigned = try await VerifiedTrail(key: nil)
    let result = try unsigned.verify()
    #expect(result.status == .unverifiable)
    #expect(result.remarks == ["the checkpoint is not signed: the trail was written without a key"])
    #expect(result.limits.contains { $0.contains("can write the trail anew") })
    let files = MemoryFiles()
    _ = try TrailWriter(folder: "trail", surroundings: surroundings(files: files))
    #expect(try TrailVerifier(folder: "trail", files: files, keys: []).verify().status == .unverifiable)
    #expect(throws: TrailReadError.noTrail("nowhere")) {
      try TrailVerifier(folder: "nowhere", files: files, keys: []).verify()
    }
    #expect(try trail.verify(leavingOut: .runbook).status == .unverifiable, "whoever checks less does not pass")
  }

  @Test func `a key of the same name that did not sign is another key`() async throws {
    let trail = try await VerifiedTrail()
    #expect(try trail.verify(keys: [VerifiedTrail.otherKey]).status == .unverifiable)
    #expect(try trail.verify(keys: [VerifiedTrail.otherKey, VerifiedTrail.key]).status == .verified)
  }

  @Test func `the first record that was changed is named, whatever the change`() async throws {
    let trail = try await VerifiedTrail()
    let lines = trail.lines()
    for index in lines.indices {
      var changed = lines
      changed[index][changed[index].count - 5] ^= 1
      trail.setLines(changed)
      let result = try trail.verify()
      #expect(result.status == .tampered && result.firstBad == Int64(index))
      trail.setLines(Array(lines[..<index] + lines[(index + 1)...]))
      #expect(try trail.verify().firstBad == Int64(index))
      trail.setLines(Array(lines[...index] + lines[index...]))
      #expect(try trail.verify().firstBad == Int64(min(index + 1, lines.count)))
    }
  }

  @Test func `a document is looked at as evidence is, and only where the run's name is given for its own`() async throws
  {
    let trail = try await VerifiedTrail(middle: 1, tail: 1, documents: ["runbook", "list", "new"])
    let whole = try trail.verify()
    #expect(whole.status == .prefix && whole.documents == 3)
    #expect(try trail.verify(run: "r3").documents == 1)
    func path(_ text: String) -> String { "trail/documents/\(Digest(of: Array(text.utf8)).hexadecimal)" }
    for text in ["runbook", "list"] {
      for bytes in [nil, [], Array("other".utf8)] {
        let result = try trail.verify(with: bytes, in: path(text))
        #expect(result.status == .tampered && result.problems.map(\.check) == [.document] && result.firstBad == 1)
        #expect(result.problems.first?.message.contains("'a/\(text).yaml'") == true)
      }
    }
    let behind = try trail.verify(with: nil, in: path("new"))
    #expect(behind.status == .prefix && behind.remarks.contains { $0.contains("'a/new.yaml' is not there") })
  }

  @Test func `an exported file that is not the one that was written is told, and is no part of the trail`() async throws
  {
    let trail = try await VerifiedTrail()
    let writer = try TrailWriter(
      folder: trail.layout.folder, surroundings: surroundings(files: trail.files, key: VerifiedTrail.key))
    try writer.begin(run: "r3", runbook: runbookDigest)
    for text in ["first", "second"] {
      let body = JSON.object([
        "digest": .string(Digest(of: Array(text.utf8)).text), "export": .string("block"),
        "file": .string("trail/exports/block.csv"),
      ])
      try await writer.append(JournalEntry("export.written", body), to: "r3", durability: .anchored)
    }
    #expect(try trail.verify().exports.intact == 0)
    for (text, isSame) in [("second", true), ("first", false), ("", false)] {
      trail.files["trail/exports/block.csv"] = Array(text.utf8)
      let result = try trail.verify()
      #expect(result.status == .verified && result.exports.intact == (isSame ? 1 : 0))
      #expect(result.notes.contains { $0.hasPrefix("exports/block.csv is not the file") } == !isSame)
    }
  }

  @Test func `evidence that was erased is told from evidence that is gone`() async throws {
    let trail = try await VerifiedTrail()
    let path = try #require(trail.evidencePaths.first)
    let digits = try #require(path.split(separator: "/").last).prefix(64)
    #expect(try trail.verify(with: nil, in: path).problems.map(\.check) == [.evidenceMissing])
    let writer = try TrailWriter(
      folder: trail.layout.folder, surroundings: surroundings(files: trail.files, key: VerifiedTrail.key))
    try await writer.erase(["sha256:\(digits)"], reason: "a court's order", actor: "ada")
    #expect(trail.files[path] == nil)
    let result = try trail.verify()
    #expect(result.status == .verified)
    #expect(result.evidence == .init(intact: 5, gone: 1))
    await #expect(throws: JournalError.self) { try await writer.erase(["sha256:\(digits)"], reason: "", actor: "ada") }
  }

  @Test func `a log that was signed late says so, and is VERIFIED since then`() async throws {
    let trail = try await VerifiedTrail(key: nil)
    let writer = try TrailWriter(
      folder: trail.layout.folder,
      surroundings: surroundings(files: trail.files, key: VerifiedTrail.key, adoptsUnsigned: true))
    try await writer.record(run: "r9", end: .anchored)
    let result = try trail.verify()
    #expect(result.status == .verified, "\(result.problems)")
    #expect(result.limits.contains { $0.hasPrefix("The first 10 records were written before there was a key") })
  }
}
