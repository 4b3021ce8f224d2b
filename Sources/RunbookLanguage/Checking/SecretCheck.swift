package import Diagnostics

/// Looks for texts in a document that look like secrets, in its comments, too.
package enum SecretCheck {
  /// Most secrets of one document that are told.
  static let limit = 20

  package static func findings(in source: SourceText) -> [Diagnostic] {
    SecretShape.ranges(in: source.bytes).prefix(limit).map { range in
      .secret(at: SourceLocation(source, SourceRange(range.lowerBound, range.upperBound)))
    }
  }
}
