import Glibc
import Synchronization
import Testing

@testable import AuditTrail

@Suite struct GroupCommitTests {
  /// What came to pass at the disk.
  private struct Traffic {
    var underWay = 0
    var most = 0
    var calls = 0
  }

  @Test func `the disk works for one group at a time, and many share a wait`() async {
    let traffic = Mutex(Traffic())
    let commit = GroupCommit { _ in
      traffic.withLock { traffic in
        traffic.calls += 1
        traffic.underWay += 1
        traffic.most = max(traffic.most, traffic.underWay)
      }
      for _ in 0..<200 { sched_yield() }
      traffic.withLock { $0.underWay -= 1 }
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
    #expect(returned == 3_200 && seen.most == 1)
    #expect(seen.calls < returned / 2)
  }

  @Test func `after a failure nobody asks the disk again`() async {
    let calls = Mutex(0)
    let commit = GroupCommit { _ in
      calls.withLock { $0 += 1 }
      return CommitProblem(message: "the disk is gone")
    }
    for isAnchored in [false, true, false] {
      #expect(await commit.wait(isAnchored: isAnchored)?.message == "the disk is gone")
    }
    #expect(calls.withLock { $0 } == 1)
  }
}
