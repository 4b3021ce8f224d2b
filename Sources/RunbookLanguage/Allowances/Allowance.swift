package import Diagnostics

/// A comment that allows a finding at the node it stands above, or beside: `# tocsin: allow CODE until DATE: reason`.
package struct Allowance: Sendable {
  package let code: String
  /// The last day on which it counts; `nil`: always.
  package let until: CalendarDay?
  package let reason: String
  /// The comment.
  package let location: SourceLocation
  /// The node: its key and its value, with all that stands in it.
  let scope: SourceRange
  /// Files of lists that are declared in the node: they have no place for comments.
  var files: [SourceText] = []

  func covers(_ finding: Diagnostic) -> Bool {
    guard finding.code.id == code, let place = finding.location else { return false }
    if files.contains(where: { $0 === place.source }) { return true }
    guard place.source === location.source else { return false }
    return scope.start <= place.range.start && place.range.end <= scope.end
  }
}

extension Allowance {
  /// - Parameter files: Of lists, by their ids.
  func with(_ files: [String: SourceText], of lists: [Placed<String>]) -> Allowance {
    guard !files.isEmpty else { return self }
    var allowance = self
    allowance.files = lists.compactMap { list in
      let place = list.location
      let isHere =
        place.source === location.source && scope.start <= place.range.start && place.range.end <= scope.end
      return isHere ? files[list.value] : nil
    }
    return allowance
  }
}

/// A finding that somebody has allowed.
package struct AllowedFinding: Sendable {
  package let finding: Diagnostic
  package let allowance: Allowance
}

/// What becomes of findings where some are allowed.
package struct AllowanceJudgement: Sendable {
  /// Those that are told: all that nobody allowed, and what is wrong with the allowances themselves.
  package private(set) var told: [Diagnostic] = []
  package private(set) var allowed: [AllowedFinding] = []
  /// Allowances that still count and for which there was nothing to allow.
  package private(set) var idle: [Allowance] = []

  /// - Parameter today: `nil`: it is not asked whether an allowance has expired.
  package init(_ findings: [Diagnostic], _ allowances: [Allowance], on today: CalendarDay?) {
    let expired = allowances.filter { $0.hasExpired(on: today) }
    let standing = allowances.filter { !$0.hasExpired(on: today) }
    var isUsed = Array(repeating: false, count: standing.count)
    for finding in findings {
      let index = finding.severity == .error ? nil : standing.firstIndex { $0.covers(finding) }
      guard let index else {
        told.append(finding)
        continue
      }
      isUsed[index] = true
      allowed.append(AllowedFinding(finding: finding, allowance: standing[index]))
    }
    told += expired.map { .expiredAllowance($0) }
    idle = zip(standing, isUsed).filter { !$0.1 }.map(\.0)
  }
}

extension Allowance {
  fileprivate func hasExpired(on today: CalendarDay?) -> Bool {
    guard let until, let today else { return false }
    return until.number < today.number
  }
}
