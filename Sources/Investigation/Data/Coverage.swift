import RunbookPorts
import Values

/// Whether a source has seen the whole of a window (design, "Time").
struct Coverage {
  let policy: SourcePolicy
  /// Nothing after this instant is covered; `nil`: no such bound.
  let bound: Timestamp?

  /// - Returns: Why the window is not covered, as a sentence part for people; `nil` if it is.
  func lack(of window: TimeWindow, in extent: SourceExtent?) -> String? {
    if let bound, window.to > bound {
      return "the window ends at \(window.to.shortDescription), after \(bound.shortDescription)"
    }
    guard !policy.isSilenceNormal, let extent else { return nil }
    return switch extent.kind {
    case .report: lackOfReport(window, extent)
    case .records: lackOfRecords(window, extent)
    case .untimed: "no column of the source says when, so that nobody can tell what span it covers"
    }
  }

  private func lackOfReport(_ window: TimeWindow, _ extent: SourceExtent) -> String? {
    guard let last = extent.last else { return "the source holds no report" }
    guard reaches(last, extent.resolution, window.to) else {
      return "the report of \(last.shortDescription) ends before the window does, at \(window.to.shortDescription)"
    }
    return nil
  }

  private func lackOfRecords(_ window: TimeWindow, _ extent: SourceExtent) -> String? {
    guard let first = extent.first, let last = extent.last else { return "the source holds no records" }
    let tolerance = policy.gap + extent.resolution
    guard reaches(window.from, tolerance, first) else {
      return "the source begins at \(first.shortDescription), after the window's start, \(window.from.shortDescription)"
    }
    guard reaches(last, tolerance, window.to) else {
      return "the source ends at \(last.shortDescription), before the window's end, \(window.to.shortDescription)"
    }
    // Only a gap that was written down says how long a silence is normal.
    if policy.gap > .zero, let silence = extent.silence, !reaches(silence.from, tolerance, silence.to) {
      return "the source has nothing from \(silence.from.shortDescription) to \(silence.to.shortDescription), "
        + "longer than its gap, \(policy.gap.shorthand)"
    }
    return nil
  }

  /// Whether `instant` plus `tolerance` is at or after `goal`. Past the end of the calendar it is.
  private func reaches(_ instant: Timestamp, _ tolerance: Duration, _ goal: Timestamp) -> Bool {
    guard let extended = instant.adding(tolerance) else { return tolerance > .zero }
    return extended >= goal
  }
}
