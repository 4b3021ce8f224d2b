internal import DurableFiles
internal import RunbookPorts
internal import Values

/// Does work with files on which the journal hangs.
func filing<Result>(_ work: () throws(FileProblem) -> Result) throws(JournalError) -> Result {
  do { return try work() } catch { throw .cannotWrite(error.message) }
}

/// The end of a log: where it lies, and what the next record must carry. Every change happens under the file's lock and
/// starts by reading what other processes have added.
struct TrailLog {
  /// A run that is written here.
  struct Run {
    let runbook: String
    /// Records so far.
    var sequence: Int64 = 0
    /// The leaf hash of the last record.
    var previous: String?
    /// Another process has added records to it.
    var isContinuedElsewhere = false
  }

  /// Longest wait for other processes that write to the log.
  static let patience = Duration.seconds(10)
  static let closingType = "run.closed"
  private static let closedRunsLimit = 10_000

  let layout: TrailLayout
  let surroundings: TrailSurroundings
  let file: OpenFile
  /// The name of the log, given by its first record.
  private(set) var origin: String
  /// The file has been read up to here; all before are whole lines.
  private(set) var end = 0
  private(set) var nextSequence: Int64 = 0
  /// Runs that are written here and not closed.
  private(set) var runs: [String: Run] = [:]
  /// Runs that were closed here lately, for a better message.
  private var closedRuns: Set<String> = []
  /// Why nothing more may be written.
  private(set) var suspicion: String?

  init(_ layout: TrailLayout, _ surroundings: TrailSurroundings) throws(JournalError) {
    self.layout = layout
    self.surroundings = surroundings
    origin = "tocsin/\(surroundings.node)"
    file = try filing { () throws(FileProblem) in try Self.makeFolders(layout) }
    try whileLocked { (log) throws(JournalError) in
      guard let last = try log.findLastRecord() else { return }
      log.end = last.offset
      log.nextSequence = last.record.sequence
      log.origin = last.record.origin
    }
    try whileLocked { (log) throws(JournalError) in try log.settleRecoveries() }
  }

  private static func makeFolders(_ layout: TrailLayout) throws(FileProblem) -> OpenFile {
    for folder in [layout.logFolder, layout.incoming] { try Folder.make(folder) }
    let file = try OpenFile(layout.log, for: .appending)
    // Nothing tells whether those who made an empty log lived to see its name on the disk.
    if try file.size() == 0 {
      for folder in [layout.logFolder, layout.evidence, layout.folder] { try Folder.synchronize(folder) }
      try Folder.synchronize(Folder.parent(of: layout.folder) ?? "/")
    }
    return file
  }

  /// Does something while no other process writes, after what others have written has been read.
  private mutating func whileLocked<Result>(
    _ work: (inout TrailLog) throws(JournalError) -> Result
  ) throws(JournalError) -> Result {
    if let suspicion { throw .cannotWrite(suspicion) }
    try filing { () throws(FileProblem) in try file.lock(waitingAtMost: Self.patience) }
    defer { file.unlock() }
    return try work(&self)
  }

  /// Adds a record of a run, not yet waiting for the disk.
  mutating func append(_ entry: JournalEntry, to name: String) throws(JournalError) {
    try whileLocked { (log) throws(JournalError) in
      try log.catchUp()
      guard var run = log.runs[name] else {
        throw log.closedRuns.contains(name) ? .closed : .cannotWrite("run '\(name)' has not been begun here")
      }
      guard !run.isContinuedElsewhere else { throw .cannotWrite("another process continues run '\(name)'") }
      let place = TrailRecord.Place(
        run: name, runbook: run.runbook, sequence: run.sequence + 1, previous: run.previous)
      let body = entry.type == Self.closingType ? try Self.closingBody(entry.body, count: place.sequence) : entry.body
      run.previous = try log.write(entry.type, body, actor: entry.actor, place: place)
      run.sequence = place.sequence
      log.runs[name] = run
      if entry.type == Self.closingType { log.forget(name) }
    }
  }

  private mutating func forget(_ run: String) {
    runs[run] = nil
    if closedRuns.count >= Self.closedRunsLimit { closedRuns = [] }
    closedRuns.insert(run)
  }

  /// Makes a run known.
  ///
  /// - Parameter history: Where it stands.
  mutating func begin(_ name: String, _ history: Run) throws(JournalError) {
    guard !closedRuns.contains(name) else { throw .closed }
    guard runs[name]?.isContinuedElsewhere ?? true else { throw .cannotWrite("run '\(name)' is being written already") }
    runs[name] = history
  }

  /// What the closing record says besides what the engine says: how many records the run has, itself included, and the
  /// digest of the engine's words, which a replay must reach again.
  static func closingBody(_ body: JSON, count: Int64) throws(JournalError) -> JSON {
    guard let members = body.members, body["records"] == nil, body["verdict_hash"] == nil else {
      throw .cannotWrite("the body of '\(closingType)' must be an object without 'records' and 'verdict_hash'")
    }
    return .object(
      members + [
        .init("records", .integer(count)), .init("verdict_hash", .string(Digest(of: body.canonicalBytes).text)),
      ])
  }

  /// Writes one record at the end.
  ///
  /// - Returns: Its leaf hash.
  mutating func write(
    _ type: String, _ body: JSON, actor: String, place: TrailRecord.Place?
  ) throws(JournalError) -> String {
    guard case .object = body else { throw .cannotWrite("the body of '\(type)' is no object") }
    if let problem = RecordLint.problem(in: body, depth: 1) { throw .cannotWrite("the body of '\(type)' \(problem)") }
    let record = TrailRecord(
      origin: origin, sequence: nextSequence, place: place, type: type, wall: surroundings.clock.now(),
      monotonicNanoseconds: surroundings.clock.monotonicNanoseconds(), bootID: surroundings.bootID, actor: actor,
      node: surroundings.node, engine: surroundings.engine, body: body)
    var line = record.line
    guard line.count <= TrailRecord.sizeLimitBytes else {
      throw .tooLarge(bytes: line.count, limit: TrailRecord.sizeLimitBytes)
    }
    let leaf = Digest(leaf: line).hexadecimal
    line.append(0x0A)
    do { try file.write(line) } catch { throw takeBack(after: error) }
    end += line.count
    nextSequence += 1
    return leaf
  }

  /// Removes what a failed write has left of a record that nobody was promised.
  private mutating func takeBack(after problem: FileProblem) -> JournalError {
    do { try file.truncate(to: end) } catch {
      return suspect("\(problem.message); \(error.message)")
    }
    return problem.isOutOfSpace ? .cannotWrite(problem.message) : suspect(problem.message)
  }

  /// Stops all writing for good, and leaves a mark for whoever opens the log next.
  mutating func suspect(_ reason: String) -> JournalError {
    if let suspicion { return .cannotWrite(suspicion) }
    let suspicion = "the trail can no longer be trusted to be written: \(reason)"
    let mark = JSON.object([
      "at": .string(surroundings.clock.now().description), "end": .integer(Int64(end)), "reason": .string(reason),
    ])
    // The disk has just failed; that the mark cannot be written either changes nothing for this process.
    try? WholeFile.write(Array(mark.compactText.utf8) + [0x0A], to: layout.suspectMark)
    self.suspicion = suspicion
    return .cannotWrite(suspicion)
  }

  /// Reads the records that other processes have added since.
  mutating func catchUp() throws(JournalError) {
    let extent = try filing { () throws(FileProblem) in try file.extent() }
    guard extent.isLinked else { throw suspect("'\(layout.log)' was removed while it was in use") }
    if extent.size == end { return }
    guard extent.size > end else { throw suspect("'\(layout.log)' became shorter while it was in use") }
    var damage: (offset: Int, problem: RecordDamage)?
    for line in TrailLines(file, from: end, upTo: extent.size) {
      switch line.content {
      case .failure(.unreadable(let problem)): throw .cannotWrite(problem)
      case .failure(.unknownVersion(let version)):
        throw .cannotWrite("'\(layout.log)' has records of version \(version), which this program does not know")
      case .failure(let problem): damage = damage ?? (line.offset, problem)
      case .success(let record):
        if let damage {
          throw suspect("the record at byte \(damage.offset) of '\(layout.log)' is damaged: \(damage.problem.message)")
        }
        guard record.sequence == nextSequence else {
          throw suspect("record \(record.sequence) stands in '\(layout.log)' where \(nextSequence) is due")
        }
        if let place = record.place, let run = runs[place.run], place.sequence > run.sequence {
          runs[place.run]?.isContinuedElsewhere = true
        }
        if nextSequence == 0 { origin = record.origin }
        nextSequence += 1
      }
    }
    let size = extent.size
    end = damage?.offset ?? size
    if end < size { try setAside(upTo: size) }
  }
}
