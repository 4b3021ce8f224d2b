internal import Crypto
internal import Values

/// The public key of a witness: somebody else who signs a log's checkpoint after having seen that it only grew
/// (C2SP tlog-cosignature, `cosignature/v1`).
package struct WitnessKey: Hashable, Sendable {
  /// Ed25519 with a time, in C2SP signed-note.
  static let algorithm: UInt8 = 4

  package let name: String
  /// 32 bytes.
  package let publicKey: [UInt8]

  package init?(name: String, publicKey: [UInt8]) {
    guard VerifierKey.isName(name), publicKey.count == 32,
      (try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)) != nil
    else { return nil }
    self.name = name
    self.publicKey = publicKey
  }

  /// - Parameter text: `NAME+HASH+BASE64`, the Base64 of a byte 4 and the key.
  package init?(_ text: some StringProtocol) {
    guard let (name, hash, key) = VerifierKey.parts(of: text, algorithm: Self.algorithm),
      let witness = WitnessKey(name: name, publicKey: key), witness.hash == hash
    else { return nil }
    self = witness
  }

  package var hash: [UInt8] {
    Array(Digest(of: Array(name.utf8) + [0x0A, Self.algorithm], publicKey).bytes.prefix(4))
  }

  package var text: String {
    "\(name)+\(Hexadecimal.text(of: hash))+\(Base64.text(of: [Self.algorithm] + publicKey))"
  }

  /// What a witness signs: the time, and the checkpoint's text.
  package static func message(_ text: [UInt8], at seconds: UInt64) -> [UInt8] {
    Array("cosignature/v1\ntime \(seconds)\n".utf8) + text
  }

  /// What a note's signatures that bear this key's name say.
  enum Finding: Hashable, Sendable {
    case none
    case wrong
    /// Signed, the last time at this second of the epoch.
    case signed(UInt64)
  }

  func finding(in note: SignedNote) -> Finding {
    let own = note.signatures.filter { $0.keyHash == hash && ExactString($0.name) == ExactString(name) }
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey), !own.isEmpty else { return .none }
    var last: UInt64 = 0
    for signature in own {
      guard signature.bytes.count == 72 else { return .wrong }
      let seconds = signature.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard key.isValidSignature(signature.bytes.dropFirst(8), for: Self.message(note.text, at: seconds)) else {
        return .wrong
      }
      last = max(last, seconds)
    }
    return .signed(last)
  }
}
