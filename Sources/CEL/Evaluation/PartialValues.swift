import Values

// What is proven by something known in part, because more data cannot undo it. Everything that does not stand here is
// unknown, with the reason for which data is missing. `l` is a list or a table of which at least the elements known
// are in it, `p` a number that is at least the one known; `n` is a number.
//
// | expression                    | known                                   | else    |
// | l.exists(x, …)                | true when a known element passes        | unknown |
// | l.all(x, …)                   | false when a known element fails        | unknown |
// | l.exists_one(x, …)            | false when two known elements pass      | unknown |
// | x in l                        | true when it is among the known         | unknown |
// | l.filter(…), l.map(…), l.col  | a list known in part                    |         |
// | l + list, l + l, l.distinct() | a list known in part                    |         |
// | l.size(), size(l)             | a number known in part                  |         |
// | l.sum()                       | a number known in part; no known element may be negative, those missing are not either |
// | l.max()                       | a number known in part, of known numbers | unknown |
// | p > n, p >= n                 | true when the number known is           | unknown |
// | p < n, p <= n                 | false when the number known is not      | unknown |
// | p == n                        | false when the number known is larger   | unknown |
// | p + n, p + p, p * n, double(p) | a number known in part, for n >= 0     | unknown |
// | p / n                         | a number known in part, for n > 0       | unknown |
//
// `n < p` and the like are read from the other side. `p` may also be said to be at least a negative number; then
// products and quotients by n are not less than those of the number known, for n as above.

extension PartialValue {
  func failure(at place: Place) -> EvaluationFailure { EvaluationFailure(.unknown, reason, at: place) }

  /// - Throws: unless the lower bound shows that the number is another.
  func isEqual(to other: Value, at place: Place) throws(EvaluationFailure) -> Bool {
    if numericOrder(known, other) == .greater { return false }
    throw failure(at: place)
  }

  /// The answer, if the lower bound gives it.
  func compare(_ comparison: Comparison, with other: Value) -> Bool? {
    guard let order = numericOrder(known, other), order != .none else { return nil }
    switch comparison {
    case .greater, .greaterEqual: return comparison.holds(order) ? true : nil
    case .less, .lessEqual: return comparison.holds(order) ? nil : false
    }
  }

  /// The operands of which the result is a lower bound of what `sign` gives for the real ones; `nil` if nothing is.
  static func operands(
    of sign: BinaryOperator, _ left: Value, _ right: Value
  ) -> (known: (left: Value, right: Value), reason: String)? {
    switch (left, sign, right) {
    case (.partial(let left), .add, .partial(let right)) where left.isList == right.isList:
      return ((left.known, right.known), left.reason)
    case (.partial(let partial), .add, _) where partial.isList ? Elements(right) != nil : isAtLeastZero(right):
      return ((partial.known, right), partial.reason)
    case (_, .add, .partial(let partial)) where partial.isList ? Elements(left) != nil : isAtLeastZero(left):
      return ((left, partial.known), partial.reason)
    case (.partial(let partial), .multiply, _) where !partial.isList && isAtLeastZero(right):
      return ((partial.known, right), partial.reason)
    case (_, .multiply, .partial(let partial)) where !partial.isList && isAtLeastZero(left):
      return ((left, partial.known), partial.reason)
    case (.partial(let partial), .divide, _)
    where !partial.isList && isAtLeastZero(right) && numericOrder(right, .int(0)) == .greater:
      return ((partial.known, right), partial.reason)
    default: return nil
    }
  }

  private var isList: Bool { Elements(known) != nil }

  /// Infinity is none: its product with zero is not a number.
  private static func isAtLeastZero(_ value: Value) -> Bool {
    if case .double(let number) = value { return number >= 0 && number.isFinite }
    return numericOrder(value, .int(0)).map { $0 == .greater || $0 == .equal } ?? false
  }
}
