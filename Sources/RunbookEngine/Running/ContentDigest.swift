import Crypto
package import Diagnostics

/// Digests of what a run rests on.
package enum ContentDigest {
  /// `sha256:` and 64 lower-case hexadecimal digits.
  package static func of(_ bytes: [UInt8]) -> String {
    var text = Array("sha256:".utf8)
    text.reserveCapacity(7 + 64)
    for byte in SHA256.hash(data: bytes) {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  /// The digest of a runbook with everything that it imports: over its documents' digests in their order, a line each.
  package static func of(_ documents: [SourceText]) -> String {
    of(documents.flatMap { Array(of($0.bytes).utf8) + [0x0A] })
  }
}
