internal import RunbookPorts
internal import Values

/// A record of a run that is on its way to the log: all of it that its place there does not decide.
struct WaitingRecord: Sendable {
  let run: String
  let type: String
  let actor: String
  /// The body of a closing record; others are written as they stand.
  let body: JSON
  /// The body's canonical text.
  let bodyBytes: [UInt8]

  init(_ entry: JournalEntry, of run: String) throws(JournalError) {
    (type, actor, bodyBytes) = (entry.type, entry.actor, entry.bodyBytes)
    if !entry.isWritten {
      try TrailLog.inspect(entry.body, of: type)
    } else if let problem = RecordLint.problem(inWritten: bodyBytes) {
      throw .cannotWrite("the body of '\(type)' \(problem)")
    }
    body = type == TrailLog.closingType ? entry.body : .null
    if type == TrailLog.closingType { _ = try TrailLog.closingBody(body, count: 0) }
    self.run = run
  }
}

/// Records that wait to be written together, and the runs that they are of.
struct WaitingRecords {
  struct Stamped: Sendable {
    let record: WaitingRecord
    let wall: Timestamp
    let monotonicNanoseconds: UInt64
  }

  /// So many bytes are written without waiting for more.
  static let limitBytes = 64 << 10
  private static let closedRunsLimit = 10_000

  private(set) var records: [Stamped] = []
  /// Of their bodies.
  private(set) var bytes = 0
  /// Somebody has been asked to write them.
  var isWritingDue = false
  /// Runs that are written here and not closed.
  private var runs: Set<String> = []
  /// Runs that were closed here lately, for a better message.
  private var closedRuns: Set<String> = []
  /// Why records of runs could not be written.
  private var failures: [String: JournalError] = [:]

  /// - Throws: `.closed` for a run that is closed.
  func admit(_ run: String) throws(JournalError) {
    if closedRuns.contains(run) { throw .closed }
  }

  mutating func begin(_ run: String) {
    runs.insert(run)
    failures[run] = nil
  }

  mutating func add(_ record: WaitingRecord, _ clock: any RunClock) throws(JournalError) {
    if let failure = failures[record.run] { throw failure }
    guard runs.contains(record.run) else {
      throw closedRuns.contains(record.run) ? .closed : .cannotWrite("run '\(record.run)' has not been begun here")
    }
    records.append(
      Stamped(record: record, wall: clock.now(), monotonicNanoseconds: clock.monotonicNanoseconds()))
    bytes += record.bodyBytes.count
    guard record.type == TrailLog.closingType else { return }
    runs.remove(record.run)
    if closedRuns.count >= Self.closedRunsLimit { closedRuns = [] }
    closedRuns.insert(record.run)
  }

  mutating func take() -> [Stamped] {
    defer { (records, bytes) = ([], 0) }
    return records
  }

  /// Takes note of runs whose records could not be written. They are not closed then, and what has been added to them
  /// meanwhile is not written either: a record is missing before it.
  mutating func fail(_ failures: [String: JournalError]) {
    for (run, failure) in failures {
      self.failures[run] = failure
      if closedRuns.remove(run) != nil { runs.insert(run) }
    }
    records.removeAll { record in failures[record.record.run].map(\.breaksRun) ?? false }
    bytes = records.reduce(0) { $0 + $1.record.bodyBytes.count }
  }

  /// Why something of a run could not be written. Of a record that is too large its writer is told, and that is all; a
  /// run of which another record is missing stays as it is.
  mutating func failure(of run: String) -> JournalError? {
    guard let failure = failures[run] else { return nil }
    if !failure.breaksRun { failures[run] = nil }
    return failure
  }
}

extension JournalError {
  /// Whether nothing more of a run may be written after it, until the run is taken up again.
  var breaksRun: Bool {
    if case .tooLarge = self { false } else { true }
  }
}
