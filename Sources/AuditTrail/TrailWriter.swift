internal import Dispatch
internal import DurableFiles
package import RunbookPorts
internal import Synchronization
internal import Values

/// Writes the trail of this node. Any number of processes may write to one trail at once.
///
/// The engine's records of a run begin with `run.started`, whose body names the `runbook` and its `version`. A run that
/// is broken off records `run.interrupted`, and `run.resumed` when it goes on. `run.closed` is its last: its body is
/// what was decided (`verdict`, `severity`, whatever else a replay must reach again), and the trail adds the number of
/// records and the digest of these words.
///
/// How often a caller waits for the disk: not at all for `.soon`; once for `.durable`; twice for `.anchored`, the second
/// time for the checkpoint. Evidence that was kept since costs a wait for each piece, one for each folder that it lies
/// in, and one for theirs. Those who wait at the same time share all of these waits.
package final class TrailWriter: Journal {
  package let layout: TrailLayout
  private let trail: TrailOnDisk
  private let documents: PinnedDocuments
  private let commit: GroupCommit
  /// A checkpoint is due when the time is over.
  private let isCheckpointDue = Mutex(false)
  private let mark = Mutex<WriterMark?>(nil)

  /// Opens a trail, or begins one; sets aside and records what a crash has left behind the last checkpoint.
  ///
  /// - Throws: `.cannotWrite` also for a log on which the disk has failed before, one that does not fit its checkpoint,
  ///   one that is signed by a key that is not here, and a file that is no trail.
  package init(folder: String, surroundings: TrailSurroundings) throws(JournalError) {
    layout = TrailLayout(folder: folder)
    let trail = try TrailOnDisk(layout, surroundings)
    self.trail = trail
    documents = PinnedDocuments(layout, surroundings)
    commit = GroupCommit { trail.synchronize(isAnchored: $0) }
  }

  deinit { trail.writeWaiting() }

  /// The name under which this process writes: see `TrailReader.isWriting`. Empty unless it was announced.
  package var name: String { mark.withLock { $0?.name } ?? "" }

  /// Whether its checkpoints are signed.
  package var isSigned: Bool { trail.key != nil }
  /// There were no records when it was opened.
  package var isNew: Bool { trail.isNew }

  /// Lets other processes know that this one writes, and find its runs if it is broken off.
  package func announce() throws(JournalError) {
    var next: Int64 = 0
    try trail.changeLog { (log) throws(JournalError) in next = log.nextSequence }
    let new = try filing { [layout, next] () throws(FileProblem) in try WriterMark(layout, next: next) }
    mark.withLock { $0 = new }
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
    try trail.begin(run) { (log) throws(JournalError) in try log.begin(run, TrailLog.Run(runbook: runbook)) }
  }

  /// Keeps a document that runs rest on, each once for all runs; on the disk when this returns.
  ///
  /// - Parameter digest: Of its bytes: `sha256:` and 64 digits.
  package func pin(_ bytes: [UInt8], digest: String) throws(JournalError) {
    try documents.pin(bytes, digest: digest)
  }

  /// Makes a run of the trail known that another process, or this one earlier, has begun and not closed.
  ///
  /// Several processes may try it at once. The run is that one's which adds a record first; the others learn it when they
  /// add theirs, and can have done nothing yet that waits for a record.
  ///
  /// - Parameter count: The run's records that the caller goes on from; `nil`: however many there are.
  /// - Throws: `.closed` for a run that is closed; `.continuedElsewhere` if it has more records than that; `.cannotWrite`
  ///   for one that the trail does not have or whose records do not follow each other.
  package func resume(run: String, after count: Int64? = nil) throws(JournalError) {
    try trail.begin(run) { (log) throws(JournalError) in try log.takeUp(run, after: count) }
  }

  package func append(_ entry: JournalEntry, to run: String, durability: Durability) async throws(JournalError) {
    try stopIfSuspect(commit.failure)
    try trail.add(entry, to: run)
    if durability != .anchored { checkpointLater() }
    guard durability != .soon else { return }
    try stopIfSuspect(await commit.wait(isAnchored: durability == .anchored))
    try trail.requireWritten(run)
  }

  /// Sees to it that what was written is under a checkpoint soon, also if nobody writes any more.
  private func checkpointLater() {
    guard let delay = trail.surroundings.checkpointDelay,
      isCheckpointDue.withLock({ isDue in
        defer { isDue = true }
        return !isDue
      })
    else { return }
    let seconds = Double(delay.components.seconds) + Double(delay.components.attoseconds) / 1e18
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in
      guard let self else { return }
      isCheckpointDue.withLock { $0 = false }
      // A failure stays with the commit, and stops the next who writes.
      Task { _ = await self.commit.wait(isAnchored: true) }
    }
  }

  package func keep(_ bytes: [UInt8], mediaType: String) async throws(JournalError) -> EvidenceReference {
    try stopIfSuspect(commit.failure)
    return try trail.evidence.keep(bytes, mediaType: mediaType)
  }

  // MARK: What is done to the trail as a whole

  var surroundings: TrailSurroundings { trail.surroundings }
  var evidenceStore: EvidenceStore { trail.evidence }

  /// Pieces of evidence that were not kept, because the trail holds as much as it may.
  package var unkeptEvidence: Int { trail.evidence.room?.refusals ?? 0 }

  func changeLog(_ change: (inout TrailLog) throws(JournalError) -> Void) throws(JournalError) {
    try stopIfSuspect(commit.failure)
    try trail.changeLog(change)
  }

  /// Returns when all that was written is on the disk and under a checkpoint, also what others have left without one.
  package func anchor() async throws(JournalError) { try stopIfSuspect(await commit.wait(isAnchored: true)) }

  private func stopIfSuspect(_ failure: CommitProblem?) throws(JournalError) {
    guard let failure else { return }
    throw trail.suspect(failure.message)
  }
}

/// The log, the evidence and the checkpoints of one trail, as they are brought to the disk together.
final class TrailOnDisk: Sendable {
  let surroundings: TrailSurroundings
  let evidence: EvidenceStore
  /// Signs the checkpoints.
  let key: SigningKey?
  /// There were no records when it was opened.
  let isNew: Bool
  private let log: Mutex<TrailLog>
  /// Held for moments only, so that whoever adds a record does not wait for the file. Who holds the log may take it.
  private let waiting = Mutex(WaitingRecords())
  private let checkpoints: CheckpointWriter

  init(_ layout: TrailLayout, _ surroundings: TrailSurroundings) throws(JournalError) {
    self.surroundings = surroundings
    let room = surroundings.evidenceLimitBytes.map {
      EvidenceRoom(layout, limitBytes: $0, files: surroundings.files, clock: surroundings.clock)
    }
    evidence = EvidenceStore(layout, files: surroundings.files, randomBytes: surroundings.randomBytes, room: room)
    try filing { [evidence] () throws(FileProblem) in
      try surroundings.files.makeFolder(layout.incoming)
      try evidence.adoptLeftovers()
    }
    let log = try TrailLog(layout, surroundings)
    (key, isNew) = (log.key, log.nextSequence == 0)
    let files = CheckpointFiles(layout: layout, files: surroundings.files)
    checkpoints = try filing { () throws(FileProblem) in
      try CheckpointWriter(files, key: log.key, randomBytes: surroundings.randomBytes)
    }
    self.log = Mutex(log)
  }

  func changeLog(_ change: (inout TrailLog) throws(JournalError) -> Void) throws(JournalError) {
    let result = log.withLock { log in
      writeWaiting(to: &log)
      return Result { () throws(JournalError) in try change(&log) }
    }
    try result.get()
  }

  /// Stops all writing; what waits to be written is not.
  func suspect(_ reason: String) -> JournalError { log.withLock { $0.suspect(reason) } }

  /// Makes a run known.
  ///
  /// - Parameter place: Finds out where it stands.
  func begin(_ run: String, _ place: (inout TrailLog) throws(JournalError) -> Void) throws(JournalError) {
    let admitted = waiting.withLock { waiting in Result { () throws(JournalError) in try waiting.admit(run) } }
    try admitted.get()
    try changeLog(place)
    waiting.withLock { $0.begin(run) }
  }

  /// Adds a record of a run. It is written with those that come soon after it.
  func add(_ entry: JournalEntry, to run: String) throws(JournalError) {
    let record = try WaitingRecord(entry, of: run)
    let added = waiting.withLock { waiting in
      Result { () throws(JournalError) in
        try waiting.add(record, surroundings.clock)
        defer { waiting.isWritingDue = true }
        return (bytes: waiting.bytes, isFirst: !waiting.isWritingDue)
      }
    }
    let (bytes, isFirst) = try added.get()
    guard let delay = surroundings.gatheringDelay else {
      writeWaiting()
      return try requireWritten(run)
    }
    if record.bodyBytes.count > Self.gatheredLimitBytes || bytes >= Self.backlogLimitBytes {
      writeWaiting()
      return try requireWritten(run)
    }
    if bytes >= WaitingRecords.limitBytes { log.withLockIfAvailable { writeWaiting(to: &$0) } }
    guard isFirst else { return }
    let seconds = Double(delay.components.seconds) + Double(delay.components.attoseconds) / 1e18
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in
      guard let self else { return }
      waiting.withLock { $0.isWritingDue = false }
      writeWaiting()
    }
  }

  /// A record with more bytes may be too large, which its writer must be told at once.
  private static let gatheredLimitBytes = TrailRecord.sizeLimitBytes - 8_192
  /// Who adds a record when so many bytes wait helps to write them.
  private static let backlogLimitBytes = 4 * WaitingRecords.limitBytes

  /// - Throws: why something of a run was not written that was added.
  func requireWritten(_ run: String) throws(JournalError) {
    if let failure = waiting.withLock({ $0.failure(of: run) }) { throw failure }
  }

  /// Writes all that waits, not waiting for the disk.
  func writeWaiting() { log.withLock { writeWaiting(to: &$0) } }

  private func writeWaiting(to log: inout TrailLog) {
    let records = waiting.withLock { $0.take() }
    guard !records.isEmpty else { return }
    let failures = log.write(records)
    if !failures.isEmpty { waiting.withLock { $0.fail(failures) } }
  }

  /// Brings all to the disk that was written before the call.
  func synchronize(isAnchored: Bool) -> CommitProblem? {
    let (file, taken) = log.withLock { log in
      writeWaiting(to: &log)
      return (log.file, Result { () throws(JournalError) in isAnchored ? try log.snapshot() : nil })
    }
    do throws(FileProblem) {
      // Evidence first: no record may be on the disk for good without what it names.
      try evidence.settle()
      if let code = surroundings.synchronizationFault?() {
        throw FileProblem("bring to the disk", file.path, code: code)
      }
      try file.synchronize()
    } catch { return CommitProblem(message: error.message) }
    let snapshot: CheckpointWriter.Snapshot
    switch taken {
    case .success(nil): return nil
    case .success(let taken?): snapshot = taken
    case .failure(let problem): return CommitProblem(message: problem.message)
    }
    do throws(CheckpointProblem) {
      let foreign = try checkpoints.write(snapshot) { (size) throws(CheckpointProblem) in try root(at: size) }
      if let foreign { try note(foreign) }
    } catch {
      return CommitProblem(message: error.message)
    }
    return nil
  }

  private func root(at size: Int64) throws(CheckpointProblem) -> Digest? {
    let root = log.withLock { log in Result { () throws(JournalError) in try log.root(at: size) } }
    do { return try root.get() } catch { throw .journal(error.message) }
  }

  /// Records that somebody has put a checkpoint into the folder that is not the log's.
  private func note(_ foreign: CheckpointWriter.Foreign) throws(CheckpointProblem) {
    do throws(JournalError) {
      try changeLog { (log) throws(JournalError) in try log.note(TornTail.recoveredType, foreign.body) }
    } catch { throw .journal(error.message) }
  }
}
