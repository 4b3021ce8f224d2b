public import Values

/// What became of an expression, or of a name that it uses.
public enum Evaluation: Sendable {
  case value(Value)
  case failure(EvaluationFailure)
}

/// Why there is no value. It is never to be read as false.
public final class EvaluationFailure: Error, Sendable, CustomStringConvertible {
  public enum Kind: String, Hashable, Sendable {
    /// The expression does not work on these values.
    case error
    /// What it needs is not known, or known only in part.
    case unknown
  }

  public let kind: Kind
  /// For people, as a part of a sentence: `the query 'blocked' timed out`.
  public let reason: String
  /// Reasons of other parts that failed and would have decided as well; each stands once, `reason` not among them.
  public let furtherReasons: [String]
  /// The part of the expression that failed, in bytes of its UTF-8 text; empty for failures that came from outside
  /// before they were placed.
  public let range: Range<Int>
  /// Whether a limit ended the evaluation. Such a failure is not absorbed by `||` or `exists`.
  public let isLimit: Bool

  public init(_ kind: Kind, _ reason: String, at range: Range<Int> = 0..<0) {
    self.kind = kind
    self.reason = reason
    self.range = range
    furtherReasons = []
    isLimit = false
  }

  private init(_ kind: Kind, _ reason: String, _ further: [String], at range: Range<Int>, isLimit: Bool) {
    self.kind = kind
    self.reason = reason
    furtherReasons = further
    self.range = range
    self.isLimit = isLimit
  }

  static func limit(_ reason: String, at range: Range<Int>) -> EvaluationFailure {
    EvaluationFailure(.error, reason, [], at: range, isLimit: true)
  }

  /// The same failure with the place of the name that brought it in.
  func placed(at range: Range<Int>) -> EvaluationFailure {
    EvaluationFailure(kind, reason, furtherReasons, at: range, isLimit: isLimit)
  }

  /// This failure, which came first, with the other's reasons.
  func joined(with other: EvaluationFailure) -> EvaluationFailure {
    guard other !== self, furtherReasons.count < CELLimits.furtherReasons else { return self }
    let further = ([other.reason] + other.furtherReasons).filter { $0 != reason && !furtherReasons.contains($0) }
    guard !further.isEmpty else { return self }
    let all = (furtherReasons + further).prefix(CELLimits.furtherReasons)
    return EvaluationFailure(kind, reason, Array(all), at: range, isLimit: isLimit)
  }

  public var description: String { ([reason] + furtherReasons).joined(separator: "; ") }
}

/// Where an expression finds the values of its names.
public protocol Bindings {
  /// The value of a declared name. Asked at most once for a name in one evaluation, and only when it is needed.
  func value(of name: String) -> Evaluation
}
