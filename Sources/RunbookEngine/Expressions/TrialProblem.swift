package import Diagnostics
import Rules

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
    let rule: Rule =
      switch part {
      case .types: .badTypes
      case .data: .badData
      case .line: .badLine
      }
    return Diagnostic(rule, message, at: location)
  }
}
