import Investigation
import RunbookLanguage
import Synchronization

/// A runbook made ready to be run, once for all runs with the same thresholds.
final class RunbookVariants: Sendable {
  let checked: CheckedRunbook
  private let known = Mutex<[String: CompiledRunbook]>([:])
  /// Most variants that are kept.
  private static let limit = 100

  init(_ checked: CheckedRunbook) { self.checked = checked }

  /// The runbook with the thresholds that a run starts with.
  func compiled(for start: RunStart) -> CompiledRunbook {
    let thresholds = start.thresholds.isEmpty ? "" : start.replacedThresholds
    if let compiled = known.withLock({ $0[thresholds] }) { return compiled }
    let compiled = CompiledRunbook(checked, thresholds: start.thresholds)
    known.withLock { known in
      if known.count >= Self.limit { known = [:] }
      known[thresholds] = compiled
    }
    return compiled
  }
}
