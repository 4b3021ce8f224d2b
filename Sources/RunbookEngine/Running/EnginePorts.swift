package import AuditTrail
package import RunbookPorts
package import Values

/// A journal in which runs are begun.
package protocol RunJournal: Journal {
  /// Names the process that writes, so that others can tell whether it still lives.
  var name: String { get }

  /// Makes a run known, so that records can be added to it.
  ///
  /// - Parameter runbook: The runbook's digest, `sha256:` and 64 digits.
  func begin(run: String, runbook: String) throws(JournalError)

  /// Makes a run known that was begun earlier and is not closed, so that records can be added to it.
  ///
  /// - Parameter count: The run's records that are known; with more of them somebody else has taken it up.
  func resume(run: String, after count: Int64?) throws(JournalError)

  /// Keeps a document that the run rests on, so that the run can be replayed from the journal alone.
  ///
  /// - Parameter digest: Of its bytes: `sha256:` and 64 digits.
  func pin(_ bytes: [UInt8], digest: String) throws(JournalError)
}

extension TrailWriter: RunJournal {}

/// Keeps exported files.
package protocol ExportStore: Sendable {
  /// Writes a table under a plain file name.
  ///
  /// - Returns: after the file is on the disk.
  func write(_ table: Table, as name: String, format: String) throws(ExportProblem) -> ExportReceipt
}

/// Why an export was not written, as a sentence part.
package struct ExportProblem: Error, Hashable, Sendable {
  package let message: String

  package init(_ message: String) { self.message = message }
}

/// Answers queries about Tocsin's own earlier runs.
package protocol CaseHistory: Sendable {
  /// - Parameter run: The run that asks; it is not among the answers.
  func answer(_ query: BoundQuery, askedBy run: String) throws(AdapterError) -> QueryResult
}

/// Is told what a run does, as it is recorded.
package protocol RunObserver: Sendable {
  /// Called in the order of the records, after each is in the journal. `run.closed` is on the disk then.
  func observe(_ entry: JournalEntry, at instant: Timestamp) async
}

/// What the engine needs from outside besides the journal.
package struct EngineSurroundings: Sendable {
  package let clock: any RunClock
  /// Waits for a span of time, for limits; throws when it is cancelled.
  package let pause: @Sendable (Duration) async throws -> Void
  /// Random bytes that nobody can foretell, as many as asked for.
  package let randomBytes: @Sendable (Int) -> [UInt8]
  /// Where queries, notices and waits run; `nil`: on the threads that all tasks share.
  package let executor: (any TaskExecutor)?

  package init(
    clock: any RunClock, pause: @escaping @Sendable (Duration) async throws -> Void,
    randomBytes: @escaping @Sendable (Int) -> [UInt8], executor: (any TaskExecutor)? = nil
  ) {
    self.executor = executor
    self.clock = clock
    self.pause = pause
    self.randomBytes = randomBytes
  }
}
