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
    // Warnings: the expression works, but hardly as meant.
    case constantCondition = "constant-condition"
    case neverHolds = "never-holds"
    case unusedVariable = "unused-variable"

    public var severity: Severity {
      switch self {
      case .constantCondition, .neverHolds, .unusedVariable: .warning
      default: .error
      }
    }
  }

  public enum Severity: String, Hashable, Sendable {
    /// There is no expression to evaluate.
    case error
    /// The expression can be evaluated.
    case warning
  }

  public var severity: Severity { kind.severity }
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
