internal import Crypto
internal import Values

/// The public half of a trail's key: what others need to verify it.
package struct VerifierKey: Hashable, Sendable {
  /// Ed25519, in C2SP signed-note.
  static let algorithm: UInt8 = 1
  /// Most bytes of a name.
  package static let nameLimitBytes = 200

  /// By convention the name of the log.
  package let name: String
  /// 32 bytes.
  package let publicKey: [UInt8]

  package init?(name: String, publicKey: [UInt8]) {
    guard Self.isName(name), publicKey.count == 32,
      (try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)) != nil
    else { return nil }
    self.name = name
    self.publicKey = publicKey
  }

  /// - Parameter text: `NAME+HASH+BASE64`, as C2SP signed-note writes a verifier key; spaces around it are left out.
  package init?(_ text: some StringProtocol) {
    guard let (name, hash, key) = Self.parts(of: text), let verifier = VerifierKey(name: name, publicKey: key),
      verifier.hash == hash
    else { return nil }
    self = verifier
  }

  /// The name, the hash and the key of a verifier key's text, or of what follows `PRIVATE+KEY+` in a signing key's.
  static func parts(
    of text: some StringProtocol, algorithm: UInt8 = VerifierKey.algorithm
  ) -> (name: String, hash: [UInt8], key: [UInt8])? {
    let words = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count == 3, words[1].utf8.count == 8, let hash = Hexadecimal.bytes(words[1]),
      let key = Base64.bytes(Array(words[2].utf8)), key.first == algorithm
    else { return nil }
    return (String(words[0]), hash, Array(key.dropFirst()))
  }

  /// Tells keys apart: the first four bytes of a digest over the name and the key.
  package var hash: [UInt8] {
    Array(Digest(of: Array(name.utf8) + [0x0A, Self.algorithm], publicKey).bytes.prefix(4))
  }

  package var text: String {
    "\(name)+\(Hexadecimal.text(of: hash))+\(Base64.text(of: [Self.algorithm] + publicKey))"
  }

  /// The key as `openssl` reads it (RFC 8410).
  package var pem: String {
    let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
    return "-----BEGIN PUBLIC KEY-----\n\(Base64.text(of: prefix + publicKey))\n-----END PUBLIC KEY-----\n"
  }

  package func hasSigned(_ message: [UInt8], _ signature: [UInt8]) -> Bool {
    guard signature.count == 64, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
      return false
    }
    return key.isValidSignature(signature, for: message)
  }

  /// Whether a text can name a key: no spaces, no `+`, no control characters, 1…200 bytes.
  package static func isName(_ text: String) -> Bool {
    (1...nameLimitBytes).contains(text.utf8.count)
      && text.unicodeScalars.allSatisfy {
        $0.value > 0x20 && $0.value != 0x7F && $0 != "+" && !$0.properties.isWhitespace
      }
  }
}

/// The private half of a trail's key. It never shows what it is.
package struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
  private static let mark = "PRIVATE+KEY+"

  package let verifier: VerifierKey
  private let key: Curve25519.Signing.PrivateKey

  /// - Parameter seed: 32 random bytes.
  package init?(name: String, seed: [UInt8]) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
      let verifier = VerifierKey(name: name, publicKey: Array(key.publicKey.rawRepresentation))
    else { return nil }
    self.key = key
    self.verifier = verifier
  }

  /// - Parameter text: What `secretText` gives.
  package init?(secretText text: String) {
    guard text.hasPrefix(Self.mark), let (name, hash, seed) = VerifierKey.parts(of: text.dropFirst(Self.mark.count)),
      let key = SigningKey(name: name, seed: seed), key.verifier.hash == hash
    else { return nil }
    self = key
  }

  /// The key for its file: `PRIVATE+KEY+NAME+HASH+BASE64`, which Go's `sumdb/note` reads too.
  package var secretText: String {
    let hash = Hexadecimal.text(of: verifier.hash)
    return Self.mark + "\(verifier.name)+\(hash)+\(Base64.text(of: [VerifierKey.algorithm] + key.rawRepresentation))"
  }

  package func signature(of message: [UInt8]) throws(SigningProblem) -> [UInt8] {
    do { return Array(try key.signature(for: message)) } catch { throw SigningProblem(message: "\(error)") }
  }

  package var description: String { "the key of \(verifier.name)" }
  package var customMirror: Mirror { Mirror(self, children: ["verifier": verifier.text]) }
}

/// Why something could not be signed.
package struct SigningProblem: Error, Hashable, Sendable {
  package let message: String
}
