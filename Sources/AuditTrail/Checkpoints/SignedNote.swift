internal import Values

/// A text with signatures below it, as C2SP signed-note writes it: the text, an empty line, and for each signature a
/// line `— NAME BASE64`, where the Base64 holds four bytes that tell the key and then the signature.
package struct SignedNote: Hashable, Sendable {
  package struct Signature: Hashable, Sendable {
    package let name: String
    /// The first four bytes of the key's hash.
    package let keyHash: [UInt8]
    package let bytes: [UInt8]

    package init(name: String, keyHash: [UInt8], bytes: [UInt8]) {
      self.name = name
      self.keyHash = keyHash
      self.bytes = bytes
    }
  }

  /// Most bytes of a note that is read.
  package static let sizeLimitBytes = 65_536
  /// Most signatures of a note that is read.
  private static let signatureLimit = 100
  private static let dash: [UInt8] = Array("— ".utf8)

  /// One or more lines, each with its LF.
  package let text: [UInt8]
  package private(set) var signatures: [Signature]

  package init(text: [UInt8], signatures: [Signature] = []) {
    self.text = text
    self.signatures = signatures
  }

  /// - Parameter bytes: The whole note. A note without signatures ends with the empty line.
  /// - Returns: `nil` for anything that is no such note: also for control characters, bytes that are not UTF-8, and
  ///   Base64 that is not the shortest.
  package init?(parsing bytes: [UInt8]) {
    guard bytes.count <= Self.sizeLimitBytes, bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }),
      String(validating: bytes, as: UTF8.self) != nil
    else { return nil }
    // The last empty line stands before the signatures.
    guard
      let gap = bytes.indices.dropLast().last(where: { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }), gap > 0
    else { return nil }
    text = Array(bytes[...gap])
    signatures = []
    var rest = bytes[(gap + 2)...]
    while !rest.isEmpty {
      guard let end = rest.firstIndex(of: 0x0A), signatures.count < Self.signatureLimit,
        let signature = Self.signature(rest[..<end])
      else { return nil }
      signatures.append(signature)
      rest = rest[(end + 1)...]
    }
  }

  private static func signature(_ line: ArraySlice<UInt8>) -> Signature? {
    guard line.starts(with: dash) else { return nil }
    let words = line.dropFirst(dash.count).split(separator: 0x20, omittingEmptySubsequences: false)
    guard words.count == 2, let bytes = Base64.bytes(words[1]), bytes.count > 4 else { return nil }
    let name = String(decoding: words[0], as: UTF8.self)
    guard VerifierKey.isName(name) else { return nil }
    return Signature(name: name, keyHash: Array(bytes.prefix(4)), bytes: Array(bytes.dropFirst(4)))
  }

  package var bytes: [UInt8] {
    var bytes = text + [0x0A]
    for signature in signatures {
      bytes += Self.dash + Array(signature.name.utf8) + [0x20]
      bytes += Base64.text(of: signature.keyHash + signature.bytes).utf8 + [0x0A]
    }
    return bytes
  }

  /// Adds a signature, unless it is there.
  mutating func add(_ signature: Signature) {
    if !signatures.contains(signature) { signatures.append(signature) }
  }

  package mutating func sign(with key: SigningKey) throws(SigningProblem) {
    signatures.append(
      Signature(name: key.verifier.name, keyHash: key.verifier.hash, bytes: try key.signature(of: text)))
  }

  /// Whether one of the signatures is the key's. A note that bears the key's name and hash over a wrong signature is
  /// never signed by it.
  package func isSigned(by key: VerifierKey) -> Bool {
    let own = signatures(of: key)
    return !own.isEmpty && own.allSatisfy { key.hasSigned(text, $0.bytes) }
  }

  /// Whether one of the signatures says that it is the key's.
  func bears(_ key: VerifierKey) -> Bool { !signatures(of: key).isEmpty }

  private func signatures(of key: VerifierKey) -> [Signature] {
    signatures.filter { $0.keyHash == key.hash && ExactString($0.name) == ExactString(key.name) }
  }
}

/// Base64 (RFC 4648, section 4), with its padding and nothing else.
package enum Base64 {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, letter) in letters.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
  }()

  package static func text(of bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits: UInt32 = 0
      for byte in group { bits = bits << 8 | UInt32(byte) }
      bits <<= UInt32(8 * (3 - group.count))
      for position in 0..<4 {
        text.append(position <= group.count ? letters[Int(bits >> UInt32(18 - 6 * position) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// - Returns: `nil` for anything but what `text(of:)` gives.
  package static func bytes(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    let body = text.prefix { $0 != UInt8(ascii: "=") }
    guard text.count - body.count <= 2, text.dropFirst(body.count).allSatisfy({ $0 == UInt8(ascii: "=") }) else {
      return nil
    }
    var bytes: [UInt8] = []
    var (bits, count): (UInt32, Int) = (0, 0)
    for letter in body {
      let value = values[Int(letter)]
      guard value != 0xFF else { return nil }
      (bits, count) = (bits << 6 | UInt32(value), count + 6)
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    // What is left over must be nothing, so that there is one text for the bytes.
    return bits & (1 << UInt32(count) - 1) == 0 ? bytes : nil
  }
}
