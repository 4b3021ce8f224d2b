import AuditTrail
import DurableFiles
import Foundation
import RunbookPorts
import Synchronization
import Values

/// A clock that moves a second with every look at it, while next to no time passes.
final class SteppingClock: RunClock {
  static let startSeconds: Int64 = 1_795_408_502
  private let seconds: Mutex<Int64>

  /// - Parameter later: How much later than other clocks it begins.
  init(later: Int64 = 0) { seconds = Mutex(Self.startSeconds + later) }

  func now() -> Timestamp {
    Timestamp(
      seconds: seconds.withLock { seconds in
        seconds += 1
        return seconds
      })
  }
  func monotonicNanoseconds() -> UInt64 { seconds.withLock { UInt64($0) * 1_000 } }
  func wait(until instant: Timestamp) async throws(CancellationError) {}
}

/// A folder that goes away with the test.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = "\(NSTemporaryDirectory())trail-tests-\(UUID().uuidString)"
    try Folder.make(path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var trail: String { "\(path)/trail" }
  var log: String { "\(trail)/log/trail.jsonl" }

  func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
  func write(_ bytes: some Collection<UInt8>, to path: String) throws {
    try Data(Array(bytes)).write(to: URL(fileURLWithPath: path))
  }
  func names(in path: String) throws -> [String] { try Folder.names(in: path) }
}

func surroundings(
  node: String = "node-1", files: any FileSystem = LinuxFiles(), key: SigningKey? = nil,
  adoptsUnsigned: Bool = false, segmentLimitBytes: Int = 1 << 20, checkpointDelay: Duration? = nil,
  gatheringDelay: Duration? = nil, later: Int64 = 0,
  fault: (@Sendable () -> Int32?)? = nil
) -> TrailSurroundings {
  TrailSurroundings(
    node: node, bootID: "0f0e0d0c", engine: .init(version: "0.1.0", semantics: "1"), clock: SteppingClock(later: later),
    randomBytes: { count in (0..<count).map { _ in UInt8.random(in: .min ... .max) } }, files: files, key: key,
    adoptsUnsigned: adoptsUnsigned, segmentLimitBytes: segmentLimitBytes, checkpointDelay: checkpointDelay,
    gatheringDelay: gatheringDelay,
    synchronizationFault: fault)
}

let runbookDigest = "sha256:" + String(repeating: "ab", count: 32)

extension TrailWriter {
  /// A run with an opening record, `middle` records, and a closing one.
  func record(run: String, middle: Int = 2, durability: Durability = .soon, end: Durability = .durable) async throws {
    try begin(run: run, runbook: runbookDigest)
    try await append(
      JournalEntry("run.started", .object(["runbook": .string("was-i-hacked"), "version": .string("1.2.0")])), to: run,
      durability: .durable)
    for index in 0..<middle {
      try await append(
        JournalEntry("question.answered", .object(["n": .integer(Int64(index)), "why": .string("é \u{1} \"q\"")])),
        to: run, durability: durability)
    }
    try await append(
      JournalEntry("run.closed", .object(["verdict": .string("blocked"), "severity": .string("low")])), to: run,
      durability: end)
  }
}

func problems(in folder: String) throws -> [ChainProblem] {
  var check = ChainCheck()
  return try TrailReader(folder: folder).lines().flatMap { check.problems(with: $0) }
}
