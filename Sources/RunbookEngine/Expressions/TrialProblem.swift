package import Diagnostics

/// Why an expression cannot be tried: the data, the types or the line that brings them are wrong.
package struct TrialProblem: Error, Hashable, Sendable {
  package enum Part: Hashable, Sendable { case types, data, line }

  package let part: Part
  /// The thing, then what would be right.
  package let message: String
  /// The byte of the JSON text from which on it is none; 0 for what is wrong with its meaning.
  package let offset: Int

  package init(_ part: Part, _ message: String, offset: Int = 0) {
    self.part = part
    self.message = message
    self.offset = offset
  }

  package func diagnostic(at location: SourceLocation?) -> Diagnostic {
    let code: Diagnostic.Code =
      switch part {
      case .types: .init("TOC0393", "bad-types")
      case .data: .init("TOC0394", "bad-data")
      case .line: .init("TOC0395", "bad-line")
      }
    return Diagnostic(code, .error, message, at: location)
  }
}
