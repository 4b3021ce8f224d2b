import RunbookPorts
import Synchronization
import Values

/// Tells a scan that it must end: its time is over, or nobody waits for it any more. Shared between threads.
final class ScanControl: Sendable {
  private let cancelled = Atomic(false)
  private let deadline: ContinuousClock.Instant

  init(time: Duration) { deadline = .now + time }

  func cancel() { cancelled.store(true, ordering: .relaxed) }

  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }
  var isOver: Bool { isCancelled || ContinuousClock.now >= deadline }
}

/// What one pass over a table's records met: counts, the span of their times, and what could not be read.
///
/// Used by one thread at a time.
final class ScanLedger {
  let control: ScanControl
  private(set) var statistics = FetchStatistics()
  private(set) var first: Timestamp?
  private(set) var last: Timestamp?
  /// Whether every record was looked at.
  private(set) var isWhole = false
  /// Why records are missing, if some are.
  private(set) var gaps: [String] = []
  private var firstMalformed: String?
  private var firstRepaired: String?

  init(control: ScanControl) { self.control = control }

  func countRecord(bytes: Int) {
    statistics.recordsRead += 1
    statistics.bytesRead += bytes
  }

  func countMalformed(_ problem: String, at place: @autoclosure () -> String) {
    statistics.malformedRecords += 1
    if firstMalformed == nil { firstMalformed = "\(place()): \(problem)" }
  }

  func countRepaired(at place: @autoclosure () -> String) {
    statistics.repairedRecords += 1
    if firstRepaired == nil { firstRepaired = place() }
  }

  func note(_ time: Timestamp) {
    if let first, let last {
      if time < first { self.first = time }
      if time > last { self.last = time }
    } else {
      (first, last) = (time, time)
    }
  }

  func noteGap(_ reason: String) {
    if !gaps.contains(reason) { gaps.append(reason) }
  }

  /// Called when a cursor has come to the end of all files.
  func finish() {
    isWhole = true
    // Something was recorded, and nobody can say what: that is no silence.
    if statistics.malformedRecords > 0, statistics.malformedRecords >= statistics.recordsRead {
      noteGap("none of its records was understood")
    }
  }

  /// Sentences for people.
  var warnings: [String] {
    var warnings: [String] = []
    if let firstMalformed {
      let count = statistics.malformedRecords
      warnings.append(
        "\(count) \(count == 1 ? "record was" : "records were") not understood; the first: \(firstMalformed)")
    }
    if let firstRepaired {
      let count = statistics.repairedRecords
      warnings.append(
        "\(count) \(count == 1 ? "record is" : "records are") not valid UTF-8 and "
          + "\(count == 1 ? "was" : "were") repaired; the first: \(firstRepaired)")
    }
    return warnings
  }
}
