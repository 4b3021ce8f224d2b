import Dispatch
import Glibc
import Synchronization
import Testing

@testable import AuditTrail

@Suite struct GroupCommitTests {
  /// What is on its way to the disk, and what came to pass.
  private struct Traffic {
    var lanes: Set<Int> = []
    var anchors = 0
    var calls = 0
    var mostLanes = 0
    var mostAnchors = 0
    var lanesMet: [Int] = []
  }

  @Test func `two groups are on their way at once`() async {
    let (first, second) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let calls = Mutex(0)
    let commit = GroupCommit { _, _ in
      let number = calls.withLock { calls in
        calls += 1
        return calls
      }
      // Each goes on when the other is there too.
      let (own, other) = number == 1 ? (first, second) : (second, first)
      own.signal()
      return other.wait(timeout: .now() + 300) == .success ? nil : CommitProblem(message: "nobody else came")
    }
    let problems = await withTaskGroup(of: CommitProblem?.self) { group in
      group.addTask { await commit.wait(isAnchored: false) }
      // The second sets out when the first has.
      await Self.wait(for: calls, toReach: 1)
      group.addTask { await commit.wait(isAnchored: false) }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(problems.compactMap(\.?.message) == [])
    #expect(calls.withLock { $0 } == 2)
  }

  private static func wait(for count: borrowing Mutex<Int>, toReach goal: Int) async {
    while count.withLock({ $0 < goal }) { await Task.yield() }
  }

  @Test func `no lane is taken twice, checkpoints follow each other, and many share a wait`() async {
    let traffic = Mutex(Traffic())
    let commit = GroupCommit { lane, isAnchored in
      traffic.withLock { traffic in
        traffic.calls += 1
        if !traffic.lanes.insert(lane).inserted { traffic.lanesMet.append(lane) }
        if isAnchored { traffic.anchors += 1 }
        traffic.mostLanes = max(traffic.mostLanes, traffic.lanes.count)
        traffic.mostAnchors = max(traffic.mostAnchors, traffic.anchors)
      }
      for _ in 0..<200 { sched_yield() }
      traffic.withLock { traffic in
        traffic.lanes.remove(lane)
        if isAnchored { traffic.anchors -= 1 }
      }
      return nil
    }
    let returned = await withTaskGroup(of: Int.self) { group in
      for task in 0..<64 {
        group.addTask {
          for turn in 0..<50 { _ = await commit.wait(isAnchored: (task + turn) % 7 == 0) }
          return 50
        }
      }
      return await group.reduce(0, +)
    }
    let seen = traffic.withLock { $0 }
    #expect(returned == 3_200)
    #expect(seen.lanesMet == [])
    #expect(seen.mostLanes <= GroupCommit.laneCount)
    #expect(seen.mostAnchors == 1)
    #expect(seen.calls < returned / 2)
  }

  @Test func `after a failure nobody asks the disk again`() async {
    let calls = Mutex(0)
    let commit = GroupCommit { _, _ in
      calls.withLock { $0 += 1 }
      return CommitProblem(message: "the disk is gone")
    }
    for isAnchored in [false, true, false] {
      #expect(await commit.wait(isAnchored: isAnchored)?.message == "the disk is gone")
    }
    #expect(calls.withLock { $0 } == 1)
  }
}
