import AuditTrail
package import Diagnostics

/// Digests of what a run rests on.
package enum ContentDigest {
  /// `sha256:` and 64 lower-case hexadecimal digits.
  package static func of(_ bytes: [UInt8]) -> String { Digest(of: bytes).text }

  /// The digest of a runbook with everything that it imports: over its documents' digests in their order, a line each.
  package static func of(_ documents: [SourceText]) -> String {
    Digest(ofDocuments: documents.map { of($0.bytes) }).text
  }
}
