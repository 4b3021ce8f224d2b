import Diagnostics
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Synchronization
import Values

/// Runs jobs one at a time on the thread that drains it, each time one of those that could run, chosen by the seed.
final class SeededExecutor: TaskExecutor, SerialExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    var chance: Chance
  }

  private let state: Mutex<State>

  init(_ chance: Chance) { state = Mutex(State(chance: chance)) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.jobs.append(job) }
  }

  /// Runs jobs until there is none.
  func drain() {
    while true {
      let next = state.withLock { state -> UnownedJob? in
        guard !state.jobs.isEmpty else { return nil }
        return state.jobs.remove(at: state.chance.below(state.jobs.count))
      }
      guard let next else { return }
      next.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}

/// Numbers that only their seed decides.
struct Chance: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0xD1B5_4A32_D192_ED03 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }
  mutating func oneIn(_ number: Int) -> Bool { below(number) == 0 }
}

/// A clock that goes on only when nothing else can happen.
final class SeededClock: RunClock {
  private struct Sleeper {
    let until: UInt64
    let order: Int
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var nanoseconds: UInt64 = 0
    var sleepers: [Sleeper] = []
    var next = 0
  }

  static let start = Timestamp(seconds: 1_772_445_600)
  private let state = Mutex(State())

  func monotonicNanoseconds() -> UInt64 { state.withLock(\.nanoseconds) }
  func now() -> Timestamp { Self.start.adding(.nanoseconds(Int64(monotonicNanoseconds()))) ?? Self.start }

  func wait(until instant: Timestamp) async throws(CancellationError) {
    try await sleep(instant.since(now()))
  }

  func sleep(_ time: Duration) async throws(CancellationError) {
    let nanoseconds = UInt64(max(0, time.inSeconds * 1e9))
    let order = state.withLock { state in
      state.next += 1
      return state.next
    }
    let isOver = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isCancelled = Task.isCancelled
        state.withLock { state in
          guard !isCancelled else { return }
          state.sleepers.append(
            Sleeper(until: state.nanoseconds + nanoseconds, order: order, continuation: continuation))
        }
        if isCancelled { continuation.resume(returning: false) }
      }
    } onCancel: {
      wake(order, isOver: false)
    }
    if !isOver { throw CancellationError() }
  }

  private func wake(_ order: Int, isOver: Bool) {
    let sleeper = state.withLock { state -> Sleeper? in
      guard let place = state.sleepers.firstIndex(where: { $0.order == order }) else { return nil }
      return state.sleepers.remove(at: place)
    }
    sleeper?.continuation.resume(returning: isOver)
  }

  /// Goes on to the next sleeper and wakes it.
  ///
  /// - Returns: Whether there was one.
  func advance() -> Bool {
    let next = state.withLock { state -> Int? in
      guard let next = state.sleepers.min(by: { ($0.until, $0.order) < ($1.until, $1.order) }) else { return nil }
      state.nanoseconds = max(state.nanoseconds, next.until)
      return next.order
    }
    guard let next else { return false }
    wake(next, isOver: true)
    return true
  }
}

/// A journal in memory that a crash cuts off.
final class SeededJournal: RunJournal {
  struct State {
    var entries: [JournalEntry] = []
    var kept: [String: [UInt8]] = [:]
    var left = Int.max
  }

  let name = "simulated"
  private let state = Mutex(State())

  var entries: [JournalEntry] { state.withLock(\.entries) }
  var isClosed: Bool { entries.last?.type == "run.closed" }

  /// Lets so many further records be written, and none after them.
  func cut(after records: Int) { state.withLock { $0.left = records } }

  func begin(run: String, runbook: String) throws(JournalError) {}
  func resume(run: String, after count: Int64?) throws(JournalError) {}
  func pin(_ bytes: [UInt8], digest: String) throws(JournalError) {}

  func append(_ entry: JournalEntry, to run: String, durability: Durability) async throws(JournalError) {
    // The disk takes its time; others go on meanwhile.
    if durability == .durable { await Task.yield() }
    // What is read back are the bytes of a record.
    guard let body = try? JSON(parsing: entry.body.canonicalBytes) else { throw .cannotWrite("the body is no JSON") }
    let isWritten = state.withLock { state in
      guard state.left > 0 else { return false }
      state.left -= 1
      state.entries.append(JournalEntry(entry.type, body, actor: entry.actor))
      return true
    }
    if !isWritten { throw .cannotWrite("the process was killed") }
  }

  func keep(_ bytes: [UInt8], mediaType: String) async throws(JournalError) -> EvidenceReference {
    let digest = ContentDigest.of(bytes)
    state.withLock { $0.kept[digest] = bytes }
    return EvidenceReference(digest: digest, length: bytes.count, mediaType: mediaType)
  }

  func evidence(_ reference: EvidenceReference) throws(RecordProblem) -> JSON {
    guard let bytes = state.withLock({ $0.kept[reference.digest] }), let json = try? JSON(parsing: bytes) else {
      throw RecordProblem("evidence", "is not there")
    }
    return json
  }
}
