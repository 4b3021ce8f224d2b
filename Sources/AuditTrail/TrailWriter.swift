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
    documents = PinnedDocuments(layout)
    commit = GroupCommit { trail.synchronize(isAnchored: $0) }
  }

  /// The name under which this process writes: see `TrailReader.isWriting`. Empty unless it was announced.
  package var name: String { mark.withLock { $0?.name } ?? "" }

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
    try trail.changeLog { (log) throws(JournalError) in try log.begin(run, TrailLog.Run(runbook: runbook)) }
  }

  /// Keeps a document that runs rest on, each once for all runs; on the disk when this returns.
  ///
  /// - Parameter digest: Of its bytes: `sha256:` and 64 digits.
  package func pin(_ bytes: [UInt8], digest: String) throws(JournalError) {
    try documents.pin(bytes, digest: digest)
  }

  /// Makes a run of the trail known that another process, or this one earlier, has begun and not closed.
  ///
  /// - Throws: `.closed` for a run that is closed; `.cannotWrite` for one that the trail does not have or whose records
  ///   do not follow each other.
  package func resume(run: String) throws(JournalError) {
    let history = try TrailReader.history(of: run, in: layout, trail.surroundings.files)
    try trail.changeLog { (log) throws(JournalError) in try log.begin(run, history) }
  }

  package func append(_ entry: JournalEntry, to run: String, durability: Durability) async throws(JournalError) {
    try stopIfSuspect(commit.failure)
    try trail.changeLog { (log) throws(JournalError) in try log.append(entry, to: run) }
    if durability != .anchored { checkpointLater() }
    if durability != .soon { try stopIfSuspect(await commit.wait(isAnchored: durability == .anchored)) }
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

  func changeLog(_ change: (inout TrailLog) throws(JournalError) -> Void) throws(JournalError) {
    try stopIfSuspect(commit.failure)
    try trail.changeLog(change)
  }

  /// Returns when all that was written is on the disk and under a checkpoint, also what others have left without one.
  package func anchor() async throws(JournalError) { try stopIfSuspect(await commit.wait(isAnchored: true)) }

  private func stopIfSuspect(_ failure: CommitProblem?) throws(JournalError) {
    guard let failure else { return }
    try trail.changeLog { (log) throws(JournalError) in throw log.suspect(failure.message) }
  }
}

/// The log, the evidence and the checkpoints of one trail, as they are brought to the disk together.
final class TrailOnDisk: Sendable {
  let surroundings: TrailSurroundings
  let evidence: EvidenceStore
  private let log: Mutex<TrailLog>
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
    log = Mutex(try TrailLog(layout, surroundings))
    let files = CheckpointFiles(layout: layout, files: surroundings.files)
    checkpoints = try filing { () throws(FileProblem) in
      try CheckpointWriter(files, key: surroundings.key, randomBytes: surroundings.randomBytes)
    }
  }

  func changeLog(_ change: (inout TrailLog) throws(JournalError) -> Void) throws(JournalError) {
    let result = log.withLock { log in Result { () throws(JournalError) in try change(&log) } }
    try result.get()
  }

  /// Brings all to the disk that was written before the call.
  func synchronize(isAnchored: Bool) -> CommitProblem? {
    let (file, snapshot) = log.withLock { log in (log.file, isAnchored ? log.snapshot() : nil) }
    do throws(FileProblem) {
      // Evidence first: no record may be on the disk for good without what it names.
      try evidence.settle()
      if let code = surroundings.synchronizationFault?() {
        throw FileProblem("bring to the disk", file.path, code: code)
      }
      try file.synchronize()
    } catch { return CommitProblem(message: error.message) }
    guard let snapshot else { return nil }
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
