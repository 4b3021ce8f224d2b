import AuditTrail
import DurableFiles
import Foundation
import RunbookPorts
import Testing
import Values

extension VerifiedTrail {
  static let witness = SigningKey(name: "witness.example", seed: [UInt8](repeating: 9, count: 32))

  static var witnessKey: WitnessKey? {
    witness.flatMap { WitnessKey(name: $0.verifier.name, publicKey: $0.verifier.publicKey) }
  }

  /// The last checkpoint, to be shown to others.
  func newest(signedBy key: SigningKey? = VerifiedTrail.key) throws -> TrailAnchor {
    let key = try #require(key).verifier
    return try #require(try AnchorFolder(layout, files: files).newest(signedBy: key))
  }

  /// What a witness answers.
  static func cosignature(of anchor: TrailAnchor, at seconds: UInt64 = 1_795_500_000) throws -> [UInt8] {
    let witness = try #require(VerifiedTrail.witness)
    let time = (0..<8).map { UInt8(truncatingIfNeeded: seconds >> (56 - 8 * UInt64($0))) }
    let signature = try witness.signature(of: WitnessKey.message(anchor.note.text, at: seconds))
    let bytes = try #require(VerifiedTrail.witnessKey).hash + time + signature
    return Array("— witness.example \(Base64.text(of: bytes))\n".utf8)
  }

  func keep(_ anchor: TrailAnchor) throws { try AnchorFolder(layout, files: files).keep(anchor, suffix: "tmp") }

  func verify(witnesses: [WitnessKey?] = [], elsewhere: [TrailAnchor] = []) throws -> Verification {
    try TrailVerifier(
      folder: layout.folder, files: files, keys: [VerifiedTrail.key?.verifier].compactMap(\.self),
      witnesses: witnesses.compactMap(\.self), elsewhere: elsewhere
    ).verify()
  }

  /// A trail that a witness has seen before its last records.
  static func anchored() async throws -> VerifiedTrail {
    let trail = try await VerifiedTrail()
    let anchor = try trail.newest()
    let lines = try cosignature(of: anchor)
    try trail.keep(try #require(anchor.adding(lines)))
    let writer = try TrailWriter(
      folder: trail.layout.folder, surroundings: surroundings(files: trail.files, key: VerifiedTrail.key))
    try await writer.record(run: "r3", end: .anchored)
    return trail
  }
}

@Suite struct AnchorTests {
  @Test func `a witness's signature is verified by its key, and says how far it reaches`() async throws {
    let trail = try await VerifiedTrail.anchored()
    let result = try trail.verify(witnesses: [VerifiedTrail.witnessKey])
    #expect(result.status == .verified, "\(result.problems)")
    #expect(result.witnessed == 11 && result.records == 15)
    #expect(result.notes.contains { $0.contains("was signed by the witness witness.example at 2026-11-24T") })
    #expect(result.limits.contains { $0.contains("of what follows the first 11 records") })
    let unknown = try trail.verify()
    #expect(unknown.status == .verified && unknown.witnessed == nil)
  }

  @Test func `whoever names a witness gets its word, or nothing is said to be verified`() async throws {
    let silent = try #require(
      SigningKey(name: "silent.example", seed: [UInt8](repeating: 8, count: 32)).flatMap {
        WitnessKey(name: $0.verifier.name, publicKey: $0.verifier.publicKey)
      })
    let trail = try await VerifiedTrail.anchored()
    for witnesses in [[silent], [VerifiedTrail.witnessKey, silent]] {
      let result = try trail.verify(witnesses: witnesses)
      #expect(result.status == .unverifiable && result.problems.isEmpty)
      #expect(result.remarks.first == "no checkpoint here bears a signature of the witness silent.example")
    }
    // What an attacker who cuts a trail back removes first.
    trail.files[trail.layout.anchor(11)] = nil
    #expect(try trail.verify(witnesses: [VerifiedTrail.witnessKey]).status == .unverifiable)
    #expect(try trail.verify().status == .verified)
  }

  @Test func `a case brings what others have said of its checkpoint`() async throws {
    let scratch = try ScratchFolder()
    let trail = try await VerifiedTrail.anchored()
    let reader = TrailReader(folder: trail.layout.folder, files: trail.files)
    let keys = [VerifiedTrail.key?.verifier].compactMap(\.self)
    let witnesses = [VerifiedTrail.witnessKey].compactMap(\.self)
    for (run, size, isSeen) in [("r1", 11, true), ("r3", 15, false)] {
      let folder = "\(scratch.path)/\(run)"
      _ = try CaseExport(reader, key: VerifiedTrail.key).write(run: run, to: folder)
      let result = try CaseVerifier(folder: folder, keys: keys).verify()
      #expect(result.status == .verified && result.checkpoint?.size == Int64(size), "\(result.remarks)")
      let witnessed = try CaseVerifier(folder: folder, keys: keys, witnesses: witnesses).verify()
      #expect(witnessed.status == (isSeen ? .verified : .unverifiable))
      #expect(witnessed.witnessed == (isSeen ? 11 : nil))
      #expect(witnessed.notes.contains { $0.contains("was signed by the witness") } == isSeen)
      let words = String(decoding: try scratch.bytes("\(folder)/VERIFY.md"), as: UTF8.self)
      #expect(words.contains("--witness") == isSeen)
    }
  }

  @Test func `the key of a witness reads back, and is no key of a log`() throws {
    let key = try #require(VerifiedTrail.witnessKey)
    #expect(WitnessKey(key.text) == key)
    #expect(VerifierKey(key.text) == nil)
    let ordinary = try #require(VerifiedTrail.witness).verifier
    #expect(WitnessKey(ordinary.text) == nil)
  }

  @Test func `one changed bit of a witness's signature is told`() async throws {
    let trail = try await VerifiedTrail.anchored()
    let path = trail.layout.anchor(11)
    let bytes = try #require(trail.files[path])
    let anchor = try #require(TrailAnchor(bytes))
    let own = try #require(anchor.note.signatures.last)
    for bit in stride(from: 0, to: own.bytes.count * 8, by: 7) {
      var bytes = own.bytes
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      trail.files[path] =
        SignedNote(
          text: anchor.note.text,
          signatures: anchor.note.signatures.dropLast() + [.init(name: own.name, keyHash: own.keyHash, bytes: bytes)]
        ).bytes
      let result = try trail.verify(witnesses: [VerifiedTrail.witnessKey])
      #expect(result.status == .tampered && result.problems.map(\.check) == [.anchor], "bit \(bit)")
    }
  }

  @Test func `signatures over another checkpoint are not taken`() async throws {
    let trail = try await VerifiedTrail()
    let anchor = try trail.newest()
    #expect(anchor.adding(Array("no signature\n".utf8)) == nil)
    let other = try await VerifiedTrail(middle: 4).newest()
    #expect(anchor.adding(other.note.bytes) == nil)
    let twice = try #require(anchor.adding(anchor.note.bytes))
    #expect(twice.note.signatures.count == 1)
  }

  /// What the signature alone cannot detect, `TamperTests` says: with what others have seen, it shows.
  @Test(arguments: [true, false])
  func `a trail that was cut back does not reach what others have seen`(isElsewhere: Bool) async throws {
    let trail = try await VerifiedTrail()
    let early = trail.files.all
    let writer = try TrailWriter(
      folder: trail.layout.folder, surroundings: surroundings(files: trail.files, key: VerifiedTrail.key))
    try await writer.record(run: "r3", end: .anchored)
    let anchor = try trail.newest()
    for path in trail.files.all.keys { trail.files[path] = early[path] }
    #expect(try trail.verify().status == .verified, "its own signature does not tell")
    if !isElsewhere { try trail.keep(anchor) }
    let result = try trail.verify(elsewhere: isElsewhere ? [anchor] : [])
    #expect(result.status == .tampered && result.problems.first?.message.contains("was cut back") ?? false)
  }

  @Test func `another history by the holder of the key is not what others have seen`() async throws {
    let anchor = try await VerifiedTrail().newest()
    let other = try await VerifiedTrail(middle: 4)
    #expect(try other.verify().status == .verified)
    let result = try other.verify(elsewhere: [anchor])
    #expect(result.status == .tampered && result.problems.map(\.check) == [.anchor])
    let own = try other.verify(elsewhere: [try other.newest()])
    #expect(own.status == .verified && own.keptElsewhere == own.records)
    #expect(own.notes.contains { $0.hasPrefix("the log has grown from the checkpoint of") })
    #expect(!own.limits.contains { $0.contains("compare the size and root") })
  }

  @Test func `a checkpoint from elsewhere that is another log's tells nothing against this one`() async throws {
    let trail = try await VerifiedTrail()
    let foreign = try #require(
      TrailAnchor(
        try Checkpoint(origin: "tocsin/other", size: 4, root: Digest(of: [1])).note(signedBy: VerifiedTrail.key).bytes))
    let unsigned = try await VerifiedTrail(key: VerifiedTrail.otherKey).newest(signedBy: VerifiedTrail.otherKey)
    for anchor in [foreign, unsigned] {
      let result = try trail.verify(elsewhere: [anchor])
      #expect(result.status == .unverifiable && result.problems.isEmpty, "\(result.problems)")
      #expect(result.remarks.contains { $0.contains("that was kept elsewhere") })
    }
  }

  // MARK: Time stamps

  /// An exported case has the time stamp, and `openssl` verifies it there.
  private func verifyStampOfCase(of trail: VerifiedTrail, in scratch: ScratchFolder, states time: String) throws {
    let folder = "\(scratch.path)/case"
    let reader = TrailReader(folder: trail.layout.folder, files: trail.files)
    _ = try CaseExport(reader, key: VerifiedTrail.key).write(run: "r1", to: folder)
    let (code, text) = try shell(
      "head -n 3 checkpoint > ../of-case; openssl ts -verify -data ../of-case -in checkpoint.tsr -CAfile ../tsa.pem",
      in: folder)
    #expect(code == 0 && text.contains("Verification: OK"), "\(text)")
    let keys = [VerifiedTrail.key?.verifier].compactMap(\.self)
    let result = try CaseVerifier(folder: folder, keys: keys).verify()
    #expect(result.status == .verified && result.notes.contains { $0.contains("states \(time)") })
    try scratch.write([0x30, 0], to: "\(folder)/checkpoint.tsr")
    let problems = try CaseVerifier(folder: folder, keys: keys).verify().problems.map(\.check)
    #expect(problems == [.statement, .anchor])
  }

  private static let isOpenSSLThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

  private func shell(_ script: String, in folder: String) throws -> (code: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  private static let authority = """
    set -e
    openssl req -x509 -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.pem -subj /CN=tsa -days 2 \
      -addext extendedKeyUsage=critical,timeStamping 2>/dev/null
    echo 01 > serial
    cat > tsa.cnf <<END
    [tsa]
    default_tsa = authority
    [authority]
    serial = serial
    signer_cert = tsa.pem
    signer_key = tsa.key
    certs = tsa.pem
    default_policy = 1.2.3.4.1
    digests = sha256, sha512
    signer_digest = sha256
    ess_cert_id_alg = sha256
    END
    openssl ts -reply -config tsa.cnf -queryfile request.tsq -out reply.tsr 2>/dev/null
    openssl ts -verify -data text -in reply.tsr -CAfile tsa.pem
    openssl ts -query -data text -sha512 -out other.tsq 2>/dev/null
    openssl ts -reply -config tsa.cnf -queryfile other.tsq -out other.tsr 2>/dev/null
    """

  @Test(.enabled(if: isOpenSSLThere, "there is no openssl"))
  func `a time stamp of a real authority is over the checkpoint, or is told`() async throws {
    let scratch = try ScratchFolder()
    let trail = try await VerifiedTrail()
    let anchor = try trail.newest()
    try scratch.write(anchor.note.text, to: "\(scratch.path)/text")
    try scratch.write(
      TimeStamp.request(for: anchor.note.text, nonce: [UInt8](repeating: 0x80, count: 8)),
      to: "\(scratch.path)/request.tsq")
    let (code, text) = try shell(Self.authority, in: scratch.path)
    #expect(code == 0 && text.contains("Verification: OK"), "\(text)")
    let reply = try scratch.bytes("\(scratch.path)/reply.tsr")
    let stamp = try #require(TimeStamp(reply: reply))
    #expect(stamp.imprint == Digest(of: anchor.note.text) && stamp.time.hasSuffix("Z"))
    #expect(TimeStamp(reply: try scratch.bytes("\(scratch.path)/other.tsr")) == nil, "over another kind of digest")
    #expect(TimeStamp(reply: try scratch.bytes("\(scratch.path)/request.tsq")) == nil)

    try trail.keep(anchor)
    try AnchorFolder(trail.layout, files: trail.files).keep(reply, for: 11, suffix: "tmp")
    let result = try trail.verify()
    #expect(result.status == .verified && result.notes.contains { $0.contains("states \(stamp.time)") })
    try verifyStampOfCase(of: trail, in: scratch, states: stamp.time)
    // Whatever is broken off or changed is no crash, and no time stamp of something else.
    for count in stride(from: 0, to: reply.count, by: 97) {
      trail.files[trail.layout.timeStamp(11)] = Array(reply[..<count])
      #expect(try trail.verify().status == .tampered, "\(count) bytes")
    }
    var changed = reply
    let place = try #require(reply.indices.first { reply[$0...].starts(with: stamp.imprint.bytes) })
    changed[place] ^= 1
    trail.files[trail.layout.timeStamp(11)] = changed
    #expect(try trail.verify().problems.map(\.check) == [.anchor])
  }
}
