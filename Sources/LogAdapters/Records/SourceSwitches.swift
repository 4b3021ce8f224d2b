import RunbookPorts
import Values

/// When a source says of itself that it falls silent, and that it speaks again. What it did not record meanwhile is not
/// known, though records on both sides of a window make it look as if the source had seen the whole of it.
struct SourceSwitches {
  private static let limit = 1_000
  /// A service that is started anew is silent for less, and the kernel holds its records back meanwhile.
  private static let restart = Duration.seconds(10)

  enum Change: Sendable {
    case silent
    /// Only after it was silent.
    case speaking
    /// Whatever it did before.
    case begun
    /// It goes on, and no longer records all that it did.
    case rulesRemoved
    case rulesAdded
  }

  private var all: [(time: Timestamp, change: Change)] = []
  private var areTooMany = false

  mutating func add(_ change: Change, at time: Timestamp) {
    // Rules are removed and added by the hundred.
    if change == .rulesRemoved || change == .rulesAdded, all.last?.change == change { return }
    if all.count < Self.limit { all.append((time, change)) } else { areTooMany = true }
  }

  mutating func add(_ others: SourceSwitches) {
    for other in others.all { add(other.change, at: other.time) }
    areTooMany = areTooMany || others.areTooMany
  }

  /// Why records of a window may be missing, as a sentence part; `nil` if the source has not said so.
  ///
  /// - Parameter first: The time of the source's first record: a beginning there is no beginning anew.
  func silence(in window: TimeWindow, first: Timestamp?) -> String? {
    guard !areTooMany else { return "the source was switched off and on more than \(Self.limit) times" }
    let changes = all.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
      .map(\.element)
    return Self.whenOff(changes, in: window, first: first) ?? Self.withoutRules(changes, in: window)
  }

  private static func whenOff(
    _ changes: [(time: Timestamp, change: Change)], in window: TimeWindow, first: Timestamp?
  ) -> String? {
    var since: Timestamp?
    for (time, change) in changes {
      switch (change, since) {
      case (.silent, _): since = since ?? time
      case (.rulesRemoved, _), (.rulesAdded, _): break
      case (_, let start?):
        if start <= window.to, time >= window.from, time.since(start) > restart {
          return "by its own records the source was silent from \(start.shortDescription) to \(time.shortDescription)"
        }
        since = nil
      case (.begun, nil):
        if window.contains(time), let first, first < time {
          return "the source began anew at \(time.shortDescription), and does not say when it had ended"
        }
      case (.speaking, nil): break
      }
    }
    guard let since, since <= window.to else { return nil }
    return "by its own records the source was silent from \(since.shortDescription) on"
  }

  private static func withoutRules(_ changes: [(time: Timestamp, change: Change)], in window: TimeWindow) -> String? {
    var since: Timestamp?
    for (time, change) in changes {
      switch (change, since) {
      case (.rulesRemoved, nil): since = time
      case (.rulesAdded, let start?), (.begun, let start?):
        if start <= window.to, time >= window.from, time.since(start) > restart {
          return "by its own records the source had rules removed at \(start.shortDescription), and none added until "
            + time.shortDescription
        }
        since = nil
      default: break
      }
    }
    guard let since, since <= window.to else { return nil }
    return "by its own records the source had rules removed at \(since.shortDescription), and none added since"
  }
}
