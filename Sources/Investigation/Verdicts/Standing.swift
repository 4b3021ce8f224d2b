import RunbookLanguage

/// A verdict as it stands at the end, for comparison with others.
struct Standing: Hashable, Sendable {
  let verdict: Int
  let severity: Severity
  /// Neither assumed nor `undetermined`.
  let isProven: Bool

  /// Whether this one goes before another: the more severe; of equals what was proven, then what stands first in the
  /// file.
  func precedes(_ other: Standing) -> Bool {
    if severity != other.severity { return severity > other.severity }
    if isProven != other.isProven { return isProven }
    return verdict < other.verdict
  }

  static func first(_ one: Standing?, _ other: Standing) -> Standing {
    guard let one else { return other }
    return other.precedes(one) ? other : one
  }
}
