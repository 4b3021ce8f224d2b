internal import Dispatch
internal import DurableFiles
internal import Synchronization

/// Lets everybody who waits for the disk at the same time share one wait.
final class GroupCommit: Sendable {
  private struct State {
    var waiting: [CheckedContinuation<FileProblem?, Never>] = []
    var isRunning = false
    /// Set for good by the first failure: what the disk holds is not known after it.
    var failure: FileProblem?
  }

  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "tocsin.trail.commit")
  private let synchronize: @Sendable () -> FileProblem?

  /// - Parameter synchronize: Brings to the disk all that was written before its call; blocks.
  init(synchronize: @escaping @Sendable () -> FileProblem?) { self.synchronize = synchronize }

  var failure: FileProblem? { state.withLock(\.failure) }

  /// Returns when all that was written before the call is on the disk, or with the failure.
  func wait() async -> FileProblem? {
    await withCheckedContinuation { continuation in
      let mustStart = state.withLock { state in
        state.waiting.append(continuation)
        defer { state.isRunning = true }
        return !state.isRunning
      }
      if mustStart { queue.async { self.run() } }
    }
  }

  private func run() {
    while true {
      let (group, earlier) = state.withLock { state in
        defer { state.waiting = [] }
        if state.waiting.isEmpty { state.isRunning = false }
        return (state.waiting, state.failure)
      }
      guard !group.isEmpty else { return }
      let failure = earlier ?? synchronize()
      if let failure { state.withLock { $0.failure = failure } }
      for continuation in group { continuation.resume(returning: failure) }
    }
  }
}
