/// Which part of a version a change must raise (semver.org, applied to what a runbook means).
package enum VersionStep: String, Sendable, CaseIterable, Comparable {
  /// Words for people.
  case patch
  /// What is asked, of which data, and what counts as abnormal.
  case minor
  /// What others rely on: questions and verdicts that are gone, fields, exports, who is called.
  case major

  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// A version of three numbers. What follows a `-` or `+` is not looked at.
package struct RunbookVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let major: Int
  package let minor: Int
  package let patch: Int

  package init?(_ text: String) {
    let core = text.prefix { $0 != "-" && $0 != "+" }
    let parts = core.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 3, let major = parts[0], let minor = parts[1], let patch = parts[2] else { return nil }
    (self.major, self.minor, self.patch) = (major, minor, patch)
  }

  private init(_ major: Int, _ minor: Int, _ patch: Int) {
    (self.major, self.minor, self.patch) = (major, minor, patch)
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }

  /// What the step from an earlier version raises; `nil` if it raises nothing.
  package func step(from base: Self) -> VersionStep? {
    guard base < self else { return nil }
    return major > base.major ? .major : minor > base.minor ? .minor : .patch
  }

  /// The next version after a step. Before 1.0.0 nothing is promised, so that a major step raises the middle number.
  package func raised(by step: VersionStep) -> Self {
    switch step {
    case .major: major == 0 ? Self(0, minor + 1, 0) : Self(major + 1, 0, 0)
    case .minor: Self(major, minor + 1, 0)
    case .patch: Self(major, minor, patch + 1)
    }
  }

  package var description: String { "\(major).\(minor).\(patch)" }
}
