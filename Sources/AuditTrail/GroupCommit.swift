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
    /// How many have come together last time; as many are waited for, a little.
    var lastCount = 1
    var isGathering = false
    /// Set for good by the first failure: what the disk holds is not known after it.
    var failure: CommitProblem?
  }

  /// Longest wait for others to come, of the time that the disk took last.
  private static let gatheringShare = 0.25
  private static let gatheringLimitSeconds = 0.002

  private let state = Mutex(State())
  private let gathered = DispatchSemaphore(value: 0)
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
        if state.isGathering, state.waiting.count >= state.lastCount {
          state.isGathering = false
          gathered.signal()
        }
        defer { state.isRunning = true }
        return !state.isRunning
      }
      if mustStart { queue.async { self.run() } }
    }
  }

  private func run() {
    var lastSeconds = 0.0
    while true {
      gather(atMost: min(lastSeconds * Self.gatheringShare, Self.gatheringLimitSeconds))
      let (group, isAnchored, earlier) = state.withLock { state in
        defer { (state.waiting, state.mustAnchor, state.lastCount) = ([], false, state.waiting.count) }
        if state.waiting.isEmpty { state.isRunning = false }
        return (state.waiting, state.mustAnchor, state.failure)
      }
      guard !group.isEmpty else { return }
      let start = DispatchTime.now().uptimeNanoseconds
      let failure = earlier ?? synchronize(isAnchored)
      lastSeconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      if let failure { state.withLock { $0.failure = failure } }
      for continuation in group { continuation.resume(returning: failure) }
    }
  }

  /// Those who waited together last time are on their way back: a disk that is asked at once would serve the first of
  /// them alone, and let the others wait for twice the time.
  private func gather(atMost seconds: Double) {
    let mustWait = state.withLock { state in
      state.isGathering = !state.waiting.isEmpty && state.waiting.count < state.lastCount
      return state.isGathering
    }
    guard mustWait, gathered.wait(timeout: .now() + seconds) == .timedOut else { return }
    let isSignalled = state.withLock { state in
      defer { state.isGathering = false }
      return !state.isGathering
    }
    if isSignalled { gathered.wait() }
  }
}

/// Why what was written is not known to be on the disk.
struct CommitProblem: Error, Sendable {
  let message: String
}
