internal import Dispatch
internal import Synchronization

/// Lets everybody who waits for the disk at the same time share one wait.
///
/// Two groups may be on their way at once, each on a lane of its own: while the disk works for one, the records of the
/// other are made and written. Of all who write, about half go together then.
final class GroupCommit: Sendable {
  /// How many groups may be on their way to the disk at once.
  static let laneCount = 2

  private struct Waiter {
    let continuation: CheckedContinuation<CommitProblem?, Never>
    let isAnchored: Bool
  }

  /// Those who go to the disk together.
  private struct Group {
    let waiters: [Waiter]
    let isAnchored: Bool
    /// The disk has failed before, and is not asked again.
    let failure: CommitProblem?
  }

  private struct State {
    var waiting: [Waiter] = []
    var idleLanes = Array(0..<GroupCommit.laneCount)
    /// A lane that has not set out yet; whoever comes now goes with it.
    var isGathering = false
    /// The lane sleeps until so many have come.
    var awaited: Int?
    /// A group on its way brings a checkpoint to the disk. There is one at a time, because a later one holds more.
    var isAnchoring = false
    /// How many went together last, on each lane.
    var lastCounts = [Int](repeating: 0, count: GroupCommit.laneCount)
    /// What the disk took last.
    var lastSeconds = 0.0
    /// Set for good by the first failure: what the disk holds is not known after it.
    var failure: CommitProblem?

    /// How many are likely to come, by those who went last: a fair share of them for each lane.
    var expected: Int { (lastCounts.reduce(0, +) + lastCounts.count - 1) / lastCounts.count }

    /// Those who can go now: a checkpoint waits for the one that is on its way.
    var canGo: Bool { waiting.contains { !($0.isAnchored && isAnchoring) } }

    mutating func nextLane() -> Int? {
      guard !isGathering, canGo, let lane = idleLanes.popLast() else { return nil }
      isGathering = true
      return lane
    }

    mutating func takeGroup(on lane: Int) -> Group {
      let staying = isAnchoring ? waiting.filter(\.isAnchored) : []
      let going = isAnchoring ? waiting.filter { !$0.isAnchored } : waiting
      let group = Group(waiters: going, isAnchored: going.contains(where: \.isAnchored), failure: failure)
      (waiting, isGathering, awaited) = (staying, false, nil)
      // Who does not come any more is soon not waited for.
      for idle in idleLanes { lastCounts[idle] /= 2 }
      lastCounts[lane] = going.count
      isAnchoring = isAnchoring || group.isAnchored
      return group
    }
  }

  /// Longest wait for others to come, of the time that the disk took last.
  private static let gatheringShare = 0.25
  private static let gatheringLimitSeconds = 0.002

  private let state = Mutex(State())
  private let gathered = DispatchSemaphore(value: 0)
  private let queues = (0..<laneCount).map { DispatchQueue(label: "tocsin.trail.commit-\($0)") }
  private let synchronize: @Sendable (_ lane: Int, _ isAnchored: Bool) -> CommitProblem?

  /// - Parameter synchronize: Brings to the disk all that was written before its call, and a checkpoint of it if it is
  ///   told to; blocks. It is called for two lanes at once, with a checkpoint for one of them at most.
  init(synchronize: @escaping @Sendable (_ lane: Int, _ isAnchored: Bool) -> CommitProblem?) {
    self.synchronize = synchronize
  }

  var failure: CommitProblem? { state.withLock(\.failure) }

  /// Returns when all that was written before the call is on the disk, or with the failure.
  func wait(isAnchored: Bool) async -> CommitProblem? {
    await withCheckedContinuation { continuation in
      let lane = state.withLock { state in
        state.waiting.append(Waiter(continuation: continuation, isAnchored: isAnchored))
        if let awaited = state.awaited, state.waiting.count >= awaited {
          state.awaited = nil
          gathered.signal()
        }
        return state.nextLane()
      }
      if let lane { start(lane) }
    }
  }

  private func start(_ lane: Int) { queues[lane].async { self.run(lane) } }

  /// Takes groups to the disk as long as there are any.
  private func run(_ lane: Int) {
    repeat {
      gather()
      let group = state.withLock { $0.takeGroup(on: lane) }
      let start = DispatchTime.now().uptimeNanoseconds
      let failure = group.failure ?? synchronize(lane, group.isAnchored)
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      state.withLock { state in
        state.lastSeconds = seconds
        if let failure { state.failure = failure }
        if group.isAnchored { state.isAnchoring = false }
      }
      for waiter in group.waiters { waiter.continuation.resume(returning: failure) }
    } while goesOn(lane)
  }

  /// Whether a lane that has come back sets out again at once.
  private func goesOn(_ lane: Int) -> Bool {
    state.withLock { state in
      state.idleLanes.append(lane)
      return state.nextLane() != nil
    }
  }

  /// Those who waited together last time are on their way back: a disk that is asked at once would serve the first of
  /// them alone, and let the others wait for twice the time.
  private func gather() {
    let patience = state.withLock { state -> Double? in
      guard state.waiting.count < state.expected else { return nil }
      state.awaited = state.expected
      return min(state.lastSeconds * Self.gatheringShare, Self.gatheringLimitSeconds)
    }
    guard let patience, gathered.wait(timeout: .now() + patience) == .timedOut else { return }
    let isSignalled = state.withLock { state in
      defer { state.awaited = nil }
      return state.awaited == nil
    }
    if isSignalled { gathered.wait() }
  }
}

/// Why what was written is not known to be on the disk.
struct CommitProblem: Error, Sendable {
  let message: String
}
