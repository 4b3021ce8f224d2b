/// A mistake in an expression.
public struct CELProblem: Hashable, Sendable {
  /// What kind of mistake it is. The raw values are stable: documents and machines may name them.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case syntax
    case unknownName = "unknown-name"
    case unknownFunction = "unknown-function"
    case noOverload = "no-overload"
    case noSuchField = "no-such-field"
    case wrongType = "wrong-type"
    case unknownLabel = "unknown-label"
    case badLiteral = "bad-literal"
    case badPattern = "bad-pattern"
    case badMacro = "bad-macro"
    case tooDeep = "too-deep"
    case tooLong = "too-long"
  }

  public let kind: Kind
  public let message: String
  /// Bytes of the expression's UTF-8 text.
  public let range: Range<Int>
  /// What may have been meant: a name or a piece of an expression to stand in the place of `range`.
  public let suggestion: String?

  init(_ kind: Kind, _ message: String, at range: Range<Int>, suggestion: String? = nil) {
    self.kind = kind
    self.message = message
    self.range = range
    self.suggestion = suggestion
  }
}
