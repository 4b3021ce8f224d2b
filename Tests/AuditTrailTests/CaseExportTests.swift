import AuditTrail
import DurableFiles
import Foundation
import RunbookPorts
import Testing
import Values

@Suite struct CaseExportTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private var folder: String { "\(scratch.path)/case" }

  /// A trail with two runs, one of them exported.
  private func export(key: SigningKey? = VerifiedTrail.key) async throws -> CaseExport.Summary {
    let trail = try await VerifiedTrail(key: key)
    let reader = TrailReader(folder: trail.layout.folder, files: trail.files)
    return try CaseExport(reader, key: key).write(run: "r1", to: folder)
  }

  private func verify(
    _ files: MemoryFiles? = nil, keys: [SigningKey?] = [VerifiedTrail.key], leavingOut check: VerifierCheck? = nil
  ) throws -> Verification {
    let files = try files ?? MemoryFiles(copying: folder)
    return try CaseVerifier(folder: folder, files: files, keys: keys.compactMap { $0?.verifier }, leavingOut: check)
      .verify()
  }

  @Test func `an exported case is VERIFIED without its trail`() async throws {
    let summary = try await export()
    #expect(summary.records == 5 && summary.pieces == 3 && summary.isClosed && summary.uncovered == 0)
    let result = try verify()
    #expect(result.status == .verified, "\(result.problems) \(result.remarks)")
    #expect(result.records == 5 && result.covered == 5 && result.evidence.intact == 3)
    #expect(try verify(keys: []).status == .unverifiable)
    #expect(try verify(keys: [VerifiedTrail.otherKey]).status == .unverifiable)
    #expect(throws: CaseExportError.alreadyThere(folder)) {
      try CaseExport(TrailReader(folder: "x"), key: nil).write(run: "r1", to: folder)
    }
  }

  @Test func `every change to a case is told`() async throws {
    _ = try await export()
    let files = try MemoryFiles(copying: folder)
    for (path, bytes) in files.all.sorted(by: { $0.key < $1.key }) {
      for step in 0..<24 {
        var changed = bytes
        let bit = step * bytes.count * 8 / 24
        changed[bit / 8] ^= 1 << UInt8(bit % 8)
        for damaged in [changed, Array(bytes[..<(bit / 8)])] {
          files[path] = damaged
          let status = try verify(files).status
          #expect(status != .verified, "\(path) bit \(bit): \(status)")
        }
      }
      files[path] = nil
      #expect((try? verify(files))?.status != .verified, "\(path) removed")
      files[path] = bytes
    }
  }

  @Test func `a statement that says something else than the records is told, whoever has signed it`() async throws {
    _ = try await export()
    let files = try MemoryFiles(copying: folder)
    let path = "\(folder)/statement.dsse.json"
    let envelope = try JSON(parsing: files[path] ?? [])
    let payload = try #require(Base64.bytes(Array((envelope["payload"]?.text ?? "").utf8)))
    let other = Array(String(decoding: payload, as: UTF8.self).replacing("\"blocked\"", with: "\"benign\"").utf8)
    #expect(other != payload)
    for key in [VerifiedTrail.key, VerifiedTrail.otherKey].compactMap(\.self) {
      for (text, isTrue) in [(payload, true), (other, false)] {
        files[path] = try signed(text, by: key)
        let result = try verify(files)
        let isOwn = key.verifier == VerifiedTrail.key?.verifier
        #expect(result.status == (!isTrue ? .tampered : isOwn ? .verified : .prefix), "\(result.remarks)")
        #expect(result.problems.map(\.check) == (isTrue ? [] : [.statement]))
        #expect(try verify(files, leavingOut: .statement).problems.isEmpty)
      }
    }
  }

  private func signed(_ payload: [UInt8], by key: SigningKey) throws -> [UInt8] {
    let type = "application/vnd.in-toto+json"
    let signature = try key.signature(of: Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload)
    let signatures = JSON.array([
      .object(["keyid": .string(key.verifier.text), "sig": .string(Base64.text(of: signature))])
    ])
    return JSON.object([
      "payload": .string(Base64.text(of: payload)), "payloadType": .string(type), "signatures": signatures,
    ]).canonicalBytes + [0x0A]
  }

  @Test func `what lies in a case and is proved by nothing is listed`() async throws {
    _ = try await export()
    let files = try MemoryFiles(copying: folder)
    files["\(folder)/report.html"] = Array("all is well".utf8)
    files["\(folder)/evidence/more"] = [1]
    let result = try verify(files)
    #expect(result.status == .verified)
    let line = try #require(result.limits.last)
    #expect(line.hasPrefix("Not looked at: 'report.html', 'evidence/more'."), "\(line)")
    files["\(folder)/statement.dsse.json"] = nil
    let without = try verify(files)
    #expect(without.status == .prefix)
    #expect(without.limits.last?.contains("'VERIFY.md', 'case.json', 'case.jsonld'") == true, "\(without.limits)")
  }

  @Test func `a line that is left out, doubled or of another run is told`() async throws {
    _ = try await export()
    let files = try MemoryFiles(copying: folder)
    let path = "\(folder)/records.jsonl"
    let lines = (files[path] ?? []).split(separator: 0x0A)
    files[path] = lines.dropLast().flatMap { $0 + [0x0A] }
    #expect(try verify(files).problems.map(\.check) == [.statement], "the statement speaks of all records")
    files["\(folder)/statement.dsse.json"] = nil
    for index in lines.indices {
      files[path] = (lines[..<index] + lines[(index + 1)...]).flatMap { $0 + [0x0A] }
      let isLast = index == lines.count - 1
      #expect(try verify(files).status == (isLast ? .prefix : .tampered))
      files[path] = (lines[...index] + lines[index...]).flatMap { $0 + [0x0A] }
      #expect(try verify(files).status == .tampered)
    }
    files[path] = []
    #expect(try verify(files).status == .unverifiable)
  }

  @Test func `a record that is in no proof of the tree is found by its proof alone`() async throws {
    _ = try await export()
    let files = try MemoryFiles(copying: folder)
    files["\(folder)/statement.dsse.json"] = nil
    let path = "\(folder)/records.jsonl"
    // The last record follows from the others, so that a change to its actor shows in the tree only.
    let text = String(decoding: files[path] ?? [], as: UTF8.self)
    let place = try #require(text.range(of: "\"actor\":\"engine\"", options: .backwards))
    files[path] = Array(text.replacingCharacters(in: place, with: "\"actor\":\"nobody\"").utf8)
    #expect(try verify(files).problems.map(\.check) == [.proof])
    #expect(try verify(files, leavingOut: .proof).problems.isEmpty)
  }

  @Test func `openssl verifies the checkpoint, the statement and the evidence as the instructions say`() async throws {
    _ = try await export()
    try scratch.write(try scratch.bytes("\(folder)/key.pem"), to: "\(folder)/trail.pem")
    let guide = String(decoding: try scratch.bytes("\(folder)/VERIFY.md"), as: UTF8.self)
    let commands = guide.split(separator: "\n").filter { $0.hasPrefix("    ") }.map { $0.dropFirst(4) }
      .filter { !$0.hasPrefix("tocsin") && !$0.contains("DIGITS") }
    #expect(commands.count == 4)
    let output = try shell(commands.joined(separator: " &&\n"))
    #expect(output.contains("Signature Verified Successfully"))
    #expect(output.components(separatedBy: ": OK").count == 4)
    let statement = try JSON(parsing: try scratch.bytes("\(folder)/statement.dsse.json"))
    let payload = try #require(Base64.bytes(Array((statement["payload"]?.text ?? "").utf8)))
    let signature = try #require(
      Base64.bytes(Array((statement["signatures"]?.elements?.first?["sig"]?.text ?? "").utf8)))
    let type = "application/vnd.in-toto+json"
    try scratch.write(Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload, to: "\(folder)/text")
    try scratch.write(signature, to: "\(folder)/signature")
    let verified = try shell(
      "openssl pkeyutl -verify -pubin -inkey trail.pem -rawin -in text -sigfile signature")
    #expect(verified.contains("Signature Verified Successfully"))
    #expect(try JSON(parsing: payload)["predicate"]?["verdict"]?.text == "blocked")
  }

  @Test func `a case without a key proves nothing and says so`() async throws {
    _ = try await export(key: nil)
    #expect(try verify().status == .unverifiable)
    #expect(String(decoding: try scratch.bytes("\(folder)/VERIFY.md"), as: UTF8.self).contains("signed by nobody"))
    #expect(!Folder.exists("\(folder)/statement.dsse.json"))
  }

  private static let goPath = "/usr/share/gocode"

  @Test(
    .enabled(
      if: Folder.exists("\(goPath)/src/golang.org/x/mod/sumdb/tlog") && Folder.exists("/usr/bin/go"),
      "Go and its sumdb packages are not here (Debian: golang-go, golang-golang-x-mod-dev)"))
  func `another program that knows transparency logs verifies the proofs`() async throws {
    _ = try await export()
    let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Verification/verify_proof.go").path
    let command =
      "GO111MODULE=off GOPATH=\(Self.goPath) GOCACHE=\(scratch.path)/cache go run \(program) . "
      + "'\(VerifiedTrail.key?.verifier.text ?? "")'"
    #expect(try shell(command).contains("5 records are in the tree that tocsin/node-1 has signed"))
  }

  @Test(.enabled(if: caseValidate != nil, "case_validate is not on the path (PyPI: case-utils)"))
  func `the case in CASE and UCO follows their ontology`() async throws {
    _ = try await export()
    #expect(try shell("\(Self.caseValidate ?? "") case.jsonld").contains("Conforms: True"))
  }

  private static let caseValidate: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/case_validate" }.first { Folder.exists($0) }

  private func shell(_ script: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: bytes, as: UTF8.self)
  }
}
