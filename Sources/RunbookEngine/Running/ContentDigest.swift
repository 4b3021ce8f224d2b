import Crypto
package import Diagnostics

/// Digests of what a run rests on.
package enum ContentDigest {
  /// `sha256:` and 64 lower-case hexadecimal digits.
  package static func of(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return "sha256:" + String(decoding: text, as: UTF8.self)
  }

  /// The digest of a runbook with everything that it imports: over its documents' digests in their order, a line each.
  package static func of(_ documents: [SourceText]) -> String {
    of(documents.flatMap { Array(of($0.bytes).utf8) + [0x0A] })
  }
}
