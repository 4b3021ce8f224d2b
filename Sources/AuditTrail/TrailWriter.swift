internal import DurableFiles
package import RunbookPorts
internal import Synchronization

/// Writes the trail of this node. Any number of processes may write to one trail at once.
///
/// The engine's records of a run begin with `run.started`, whose body names the `runbook` and its `version`. A run that
/// is broken off records `run.interrupted`, and `run.resumed` when it goes on. `run.closed` is its last: its body is
/// what was decided (`verdict`, `severity`, whatever else a replay must reach again), and the trail adds the number of
/// records and the digest of these words.
package final class TrailWriter: Journal {
  package let layout: TrailLayout
  private let log: Mutex<TrailLog>
  private let evidence: EvidenceStore
  private let commit: GroupCommit

  /// Opens a trail, or begins one; sets aside and records what a crash has left behind the last record.
  ///
  /// - Throws: `.cannotWrite` also for a log on which the disk has failed before, and for a file that is no trail.
  package init(folder: String, surroundings: TrailSurroundings) throws(JournalError) {
    layout = TrailLayout(folder: folder)
    let log = try TrailLog(layout, surroundings)
    let evidence = EvidenceStore(layout, randomBytes: surroundings.randomBytes)
    try filing { () throws(FileProblem) in try evidence.adoptLeftovers() }
    let (file, fault) = (log.file, surroundings.synchronizationFault)
    commit = GroupCommit {
      do throws(FileProblem) {
        // Evidence first: no record may be on the disk for good without what it names.
        try evidence.settle()
        if let code = fault?() { throw FileProblem("bring to the disk", file.path, code: code) }
        try file.synchronize()
        return nil
      } catch { return error }
    }
    self.evidence = evidence
    self.log = Mutex(log)
  }

  /// Makes a run known, so that records can be added to it.
  ///
  /// - Parameters:
  ///   - run: See `RunID`.
  ///   - runbook: The runbook's digest, `sha256:` and 64 digits; every record of the run carries it.
  package func begin(run: String, runbook: String) throws(JournalError) {
    guard RunID.isValid(run) else { throw .cannotWrite("\(run.debugDescription) is no name for a run") }
    guard runbook.hasPrefix("sha256:"), EvidenceStore.isDigest(runbook.dropFirst(7)) else {
      throw .cannotWrite("\(runbook.debugDescription) is no digest of a runbook")
    }
    try changeLog { (log) throws(JournalError) in try log.begin(run, TrailLog.Run(runbook: runbook)) }
  }

  /// Makes a run of the trail known that another process, or this one earlier, has begun and not closed.
  ///
  /// - Throws: `.closed` for a run that is closed; `.cannotWrite` for one that the trail does not have or whose records
  ///   do not follow each other.
  package func resume(run: String) throws(JournalError) {
    let history = try TrailReader.history(of: run, in: layout)
    try changeLog { (log) throws(JournalError) in try log.begin(run, history) }
  }

  package func append(_ entry: JournalEntry, to run: String, durability: Durability) async throws(JournalError) {
    try stopIfSuspect(commit.failure)
    try changeLog { (log) throws(JournalError) in try log.append(entry, to: run) }
    if durability == .durable { try stopIfSuspect(await commit.wait()) }
  }

  package func keep(_ bytes: [UInt8], mediaType: String) async throws(JournalError) -> EvidenceReference {
    try stopIfSuspect(commit.failure)
    return try evidence.keep(bytes, mediaType: mediaType)
  }

  private func stopIfSuspect(_ failure: FileProblem?) throws(JournalError) {
    guard let failure else { return }
    try changeLog { (log) throws(JournalError) in throw log.suspect(failure.message) }
  }

  private func changeLog(_ change: (inout TrailLog) throws(JournalError) -> Void) throws(JournalError) {
    let result = log.withLock { log in Result { () throws(JournalError) in try change(&log) } }
    try result.get()
  }
}
