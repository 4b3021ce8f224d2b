import AuditTrail
import Testing

@Suite struct SignedNoteTests {
  private let seed = [UInt8](0..<32)

  private func key(_ name: String = "tocsin/node-1") throws -> SigningKey {
    try #require(SigningKey(name: name, seed: seed))
  }

  private func note() throws -> SignedNote {
    let leaf = Digest(leaf: Array("record".utf8))
    return try Checkpoint(origin: "tocsin/node-1", size: 1, root: leaf).note(signedBy: key())
  }

  @Test func `a checkpoint is three lines and a signature`() throws {
    let note = try note()
    let lines = String(decoding: note.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.prefix(2) == ["tocsin/node-1", "1"])
    #expect(lines[3].isEmpty && lines[4].hasPrefix("— tocsin/node-1 ") && lines.count == 6)
    #expect(SignedNote(parsing: note.bytes) == note)
    #expect(Checkpoint(text: note.text)?.size == 1)
    #expect(note.isSigned(by: try key().verifier))
  }

  @Test func `one changed bit of a signed checkpoint is never accepted`() throws {
    let bytes = try note().bytes
    let verifier = try key().verifier
    for bit in 0..<bytes.count * 8 {
      var changed = bytes
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      let note = SignedNote(parsing: changed)
      #expect(note.map { $0.isSigned(by: verifier) } ?? false == false, "bit \(bit)")
    }
    for count in 0..<bytes.count {
      #expect(SignedNote(parsing: Array(bytes[..<count]))?.isSigned(by: verifier) != true)
    }
  }

  @Test func `a wrong signature beside a right one of the same key spoils the note`() throws {
    var note = try note()
    let right = try #require(note.signatures.first)
    var wrong = right.bytes
    wrong[0] ^= 1
    note = SignedNote(
      text: note.text, signatures: [right, .init(name: right.name, keyHash: right.keyHash, bytes: wrong)])
    #expect(!note.isSigned(by: try key().verifier))
    let foreign = SignedNote.Signature(name: "witness", keyHash: [1, 2, 3, 4], bytes: wrong)
    #expect(SignedNote(text: note.text, signatures: [foreign, right]).isSigned(by: try key().verifier))
  }

  @Test func `keys are read back from their texts`() throws {
    let key = try key()
    #expect(VerifierKey(key.verifier.text) == key.verifier)
    #expect(SigningKey(secretText: key.secretText)?.verifier == key.verifier)
    #expect(SigningKey(secretText: key.secretText + "A") == nil)
    let other = key.verifier.text.replacing("node-1", with: "node-2")
    #expect(VerifierKey(other) == nil, "the hash is over the name too")
    for name in ["", "a b", "a+b", "a\u{a0}b", "a\n", String(repeating: "x", count: 201)] {
      #expect(SigningKey(name: name, seed: seed) == nil)
    }
    #expect(!"\(key) \(String(reflecting: key))".contains(key.secretText.suffix(20)))
  }

  /// The example of C2SP tlog-checkpoint's vectors: a key of Go's `sumdb/note` documentation.
  @Test func `a note that another program signed is verified`() throws {
    let verifier = try #require(VerifierKey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"))
    let note = SignedNote(
      parsing: Array(
        """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

        """.utf8))
    #expect(note?.isSigned(by: verifier) == true)
  }

  @Test(arguments: ["", "=", "A", "AA=", "AB==", "AAB=", "AA==A", "AAAA=", "AA-A", "A===", "AA= "])
  func `Base64 that is not the shortest is refused`(text: String) {
    #expect(Base64.bytes(Array(text.utf8)) == (text.isEmpty ? [] : nil))
  }

  @Test func `Base64 and hexadecimal digits read back what they write`() {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
      #expect(Base64.bytes(Array(Base64.text(of: bytes).utf8)) == bytes)
      #expect(Hexadecimal.bytes(Hexadecimal.text(of: bytes)) == bytes)
    }
    #expect(Hexadecimal.bytes("abc") == nil && Hexadecimal.bytes("AB") == nil)
  }
}
