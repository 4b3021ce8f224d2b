import AuditTrail
import Diagnostics
import Foundation
import Investigation
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Synchronization
import Values

/// Runs of a runbook with sources that answer from memory: without a trail, and with one on the disk. With `-` for its folder
/// there is none.
enum RunMeasurement: Measurement {
  static let name = "run"
  static let usage = "[RUNS [IN_FLIGHT [TRAIL_FOLDER]]]"

  static func run(_ arguments: [String]) throws {
    let runs = arguments.first.flatMap(Int.init) ?? 2_000
    let inFlight = arguments.dropFirst().first.flatMap(Int.init) ?? 64
    let folder = arguments.count > 2 ? arguments[2] : NSTemporaryDirectory() + "tocsin-bench-\(getpid())"
    let incident = try MemoryIncident()
    let done = DispatchSemaphore(value: 0)
    let failure = Mutex<String?>(nil)
    Task {
      do {
        let counting = CountingJournal()
        try await measure("without a trail", incident, counting, runs, inFlight)
        print("records of a run\t\(counting.count / (runs + 1))\nanswers of a run\t\(counting.answers)")
        if folder != "-" {
          defer { try? FileManager.default.removeItem(atPath: folder) }
          try await measure("with a trail", incident, try incident.trail(in: folder), runs, inFlight)
        }
      } catch { failure.withLock { $0 = "\(error)" } }
      done.signal()
    }
    done.wait()
    if let reason = failure.withLock({ $0 }) { throw MeasurementError(reason) }
  }

  private static func measure(
    _ name: String, _ incident: MemoryIncident, _ journal: some RunJournal, _ runs: Int, _ inFlight: Int
  ) async throws {
    let engine = incident.engine(journal)
    let first = try await engine.run(incident.request)
    guard first.outcome?.verdict == "intrusion" else {
      throw MeasurementError("the verdict was \(first.outcome?.verdict ?? first.interruption ?? "none")")
    }
    let (clock, processor) = (ContinuousClock(), Timing.processorTime())
    let spent = try await clock.measure {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<runs {
          if number >= inFlight { try await group.next() }
          group.addTask { _ = try await engine.run(incident.request) }
        }
        try await group.waitForAll()
      }
    }
    let seconds = Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
    let used = Timing.processorTime() - processor
    print(
      "\(name)\t\(Int(Double(runs) / seconds)) runs/s\t\(Int(used / Double(runs) * 1e6)) µs of processor time each")
  }
}

/// Counts, and keeps nothing.
private final class CountingJournal: RunJournal {
  private let counts = Mutex((records: 0, answers: 0, isFirst: true))

  var count: Int { counts.withLock(\.records) }
  /// Of the first run.
  var answers: Int { counts.withLock(\.answers) }

  let name = "counting"

  func begin(run: String, runbook: String) throws(JournalError) {}
  func resume(run: String, after count: Int64?) throws(JournalError) {}
  func pin(_ bytes: [UInt8], digest: String) throws(JournalError) {}

  func append(_ entry: JournalEntry, to run: String, durability: Durability) async throws(JournalError) {
    counts.withLock { counts in
      counts.records += 1
      if counts.isFirst, entry.type == "question.answered" {
        counts.answers += entry.body["answers"]?.elements?.count ?? 0
      }
      if entry.type == "run.closed" { counts.isFirst = false }
    }
  }

  func keep(_ bytes: [UInt8], mediaType: String) async throws(JournalError) -> EvidenceReference {
    EvidenceReference(digest: ContentDigest.of(bytes), length: bytes.count, mediaType: mediaType)
  }
}
