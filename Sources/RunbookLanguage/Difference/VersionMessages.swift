package import Diagnostics
import Rules

/// Versions, compared with an earlier state: TOC08xx.
extension Diagnostic {
  /// - Parameter handedOver: Where others still hand over to it.
  package static func runbookRemoved(
    _ id: String, version: String?, _ status: Runbook.Status, from path: String, handedOver: [SourceLocation]
  ) -> Diagnostic {
    let state =
      switch status {
      case .stable: ", and no version had said that it would go; let one with 'status: deprecated' go before"
      case .draft: "; it was a draft"
      case .deprecated: "; it was deprecated"
      }
    return Diagnostic(
      Rule.runbookRemoved.code, status == .stable ? Rule.runbookRemoved.severity : .note,
      "the runbook '\(id)'\(version.map { " (\($0))" } ?? "") is gone\(state)",
      at: SourceLocation(SourceText(name: path, bytes: []), SourceRange(0, 0)),
      notes: handedOver.map { .init("this still hands over to it", at: $0) })
  }

  /// - Parameter location: Of the version, or of the runbook where it has none.
  package static func version(
    _ problem: RunbookDifference.VersionProblem, of difference: RunbookDifference, at location: SourceLocation
  ) -> Diagnostic {
    let needed = difference.neededVersion.map { "; the changes demand '\($0)'" } ?? ""
    let version = difference.version ?? "none"
    let fix = difference.neededVersion.map { FixIt("write \($0)", replace: location.range, by: "\($0)") }
    return switch problem {
    case .notRaised(let step):
      Diagnostic(
        .versionNotRaised,
        "the runbook changed (\(step.rawValue)) and its version is still '\(version)'\(needed)", at: location,
        fixIts: [fix].compactMap { $0 })
    case .raisedTooLittle(let step, let needs):
      Diagnostic(
        .versionRaisedTooLittle,
        "the version was raised by a \(step.rawValue) step, and the change is \(needs.rawValue)\(needed)", at: location,
        fixIts: [fix].compactMap { $0 })
    case .lowered:
      Diagnostic(
        .versionLowered,
        "the version went back from '\(difference.base ?? "none")' to '\(version)'", at: location,
        fixIts: [fix ?? difference.base.map { FixIt("write \($0)", replace: location.range, by: $0) }].compactMap { $0 }
      )
    case .missing:
      Diagnostic(
        .versionMissing,
        "the runbook had the version '\(difference.base ?? "none")' and has none now", at: location)
    }
  }

  package static func nameReused(_ id: String, was: String, is now: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .nameReused,
      "'\(id)' was a \(was) and is a \(now) now; take another name, so that earlier runs are not misread", at: location)
  }
}
