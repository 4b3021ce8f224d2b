package import Diagnostics
import Rules

// The messages of the runbook checker, one factory each. A message names the thing, then what would be right.

/// What must not stand in a document, or lie elsewhere than it says: TOC14xx.
extension Diagnostic {
  package static func secret(at location: SourceLocation) -> Diagnostic {
    Diagnostic(.secret, "this looks like a secret, which cannot be kept in a document; change it", at: location)
  }

  static func scriptOutside(_ path: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.scriptOutside, "the script '\(path.prefix(60))' must lie in the runbook's folder", at: location)
  }

  static func fileOutside(_ path: String, because reason: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.fileOutside, "'\(path.prefix(100))' is not read: \(reason)", at: location)
  }

  package static func scriptDigest(_ path: String, is digest: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.scriptDigest, "the digest of '\(path)' is \(digest); review it, or restore the file", at: location)
  }
}
