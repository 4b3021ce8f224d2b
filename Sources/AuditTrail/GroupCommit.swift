internal import Dispatch
internal import DurableFiles
internal import Synchronization

/// Lets everybody who waits for the disk at the same time share one wait.
final class GroupCommit: Sendable {
  private struct State {
    var waiting: [CheckedContinuation<CommitProblem?, Never>] = []
    /// Somebody who waits wants a checkpoint.
    var mustAnchor = false
    var isRunning = false
    /// Set for good by the first failure: what the disk holds is not known after it.
    var failure: CommitProblem?
  }

  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "tocsin.trail.commit")
  private let synchronize: @Sendable (_ isAnchored: Bool) -> CommitProblem?

  /// - Parameter synchronize: Brings to the disk all that was written before its call, and a checkpoint of it if it is
  ///   told to; blocks.
  init(synchronize: @escaping @Sendable (_ isAnchored: Bool) -> CommitProblem?) { self.synchronize = synchronize }

  var failure: CommitProblem? { state.withLock(\.failure) }

  /// Returns when all that was written before the call is on the disk, or with the failure.
  func wait(isAnchored: Bool) async -> CommitProblem? {
    await withCheckedContinuation { continuation in
      let mustStart = state.withLock { state in
        state.waiting.append(continuation)
        state.mustAnchor = state.mustAnchor || isAnchored
        defer { state.isRunning = true }
        return !state.isRunning
      }
      if mustStart { queue.async { self.run() } }
    }
  }

  private func run() {
    while true {
      let (group, isAnchored, earlier) = state.withLock { state in
        defer { (state.waiting, state.mustAnchor) = ([], false) }
        if state.waiting.isEmpty { state.isRunning = false }
        return (state.waiting, state.mustAnchor, state.failure)
      }
      guard !group.isEmpty else { return }
      let failure = earlier ?? synchronize(isAnchored)
      if let failure { state.withLock { $0.failure = failure } }
      for continuation in group { continuation.resume(returning: failure) }
    }
  }
}

/// Why what was written is not known to be on the disk.
struct CommitProblem: Error, Sendable {
  let message: String
}
