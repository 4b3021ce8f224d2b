internal import DurableFiles
internal import RunbookPorts
internal import Values

/// Does work with files on which the journal hangs.
func filing<Result>(_ work: () throws(FileProblem) -> Result) throws(JournalError) -> Result {
  do { return try work() } catch { throw .cannotWrite(error.message) }
}

/// The end of a log: where it lies, and what the next record must carry. Every change happens under the log's lock and
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
  static let rotatedType = "log.continued"

  let layout: TrailLayout
  let surroundings: TrailSurroundings
  private let lockFile: any StoredFile
  /// The file in which the log ends.
  var file: any StoredFile
  var segment: TrailLayout.Segment
  /// The name of the log, given by its first checkpoint.
  var origin: String
  /// The file has been read up to here; all before are whole lines.
  var end = 0
  /// Records before it had been removed when the log was opened.
  var start: Int64 = 0
  /// Signs the log's checkpoints: the surroundings' key, unless the log was written without one.
  var key: SigningKey?
  /// Of all records so far.
  var tree = MerkleFrontier()
  /// The last leaves of the tree, since `snapshot` was taken.
  private var recentLeaves: [Digest] = []
  /// The tree without `recentLeaves`.
  private var snapshotTree = MerkleFrontier()
  /// So many of the first records were written here, or are vouched for by a signature of the key, or are recorded as
  /// found without one.
  var known: Int64 = 0
  /// Records under the tip that was written here last.
  var tipSize: Int64?
  /// Runs that are written here and not closed.
  private(set) var runs: [String: Run] = [:]
  /// Why nothing more may be written.
  private(set) var suspicion: String?
  /// A record has found no room on the disk.
  var isFull = false
  /// Named by records that were read behind the last checkpoint.
  var evidenceInDoubt: [String] = []

  var files: any FileSystem { surroundings.files }
  var nextSequence: Int64 { tree.size }

  /// Opens a log, or begins one. What it finds behind the last checkpoint that a crash may have left is set aside.
  init(_ layout: TrailLayout, _ surroundings: TrailSurroundings) throws(JournalError) {
    self.layout = layout
    self.surroundings = surroundings
    let files = surroundings.files
    lockFile = try filing { () throws(FileProblem) in
      for folder in [layout.logFolder, layout.incoming] { try files.makeFolder(folder) }
      return try files.open(layout.lock, for: .updating)
    }
    key = surroundings.key
    origin = surroundings.key?.verifier.name ?? "tocsin/\(surroundings.node)"
    // Replaced as soon as the lock is held; the lock's own file stands for none.
    file = lockFile
    segment = layout.segment(from: 0)
    try whileLocked { (log) throws(JournalError) in
      try log.open()
      // Without room the log can be read and gone on with; only new runs must wait.
      _ = log.makeRoom()
    }
  }

  /// Does something while no other process writes.
  mutating func whileLocked<Result>(
    _ work: (inout TrailLog) throws(JournalError) -> Result
  ) throws(JournalError) -> Result {
    if let suspicion { throw .cannotWrite(suspicion) }
    try filing { () throws(FileProblem) in try lockFile.lock(waitingAtMost: Self.patience) }
    defer {
      signTip()
      lockFile.unlock()
    }
    return try work(&self)
  }

  /// Adds a record about the log itself, not yet waiting for the disk.
  mutating func note(_ type: String, _ body: JSON, actor: String = "engine") throws(JournalError) {
    try whileLocked { (log) throws(JournalError) in
      try log.catchUp()
      try log.rotateIfFull()
      _ = try log.write(type, body, actor: actor, place: nil)
    }
  }

  mutating func set(_ run: Run?, _ name: String) { runs[name] = run }

  /// Makes a new run known.
  mutating func begin(_ name: String, _ run: Run) throws(JournalError) {
    try admit(name)
    runs[name] = run
  }

  /// Makes a run known that is in the log and not closed.
  ///
  /// - Parameter count: The run's records, as far as the caller knows them: if there are more, somebody else has taken it
  ///   up. `nil`: however many there are.
  mutating func takeUp(_ name: String, after count: Int64?) throws(JournalError) {
    try admit(name)
    let history = try TrailReader.history(of: name, in: layout, files)
    // From here on every record that another process adds to the run is seen, also those that came while it was read.
    runs[name] = history
    try whileLocked { (log) throws(JournalError) in try log.catchUp() }
    guard runs[name]?.isContinuedElsewhere == false, count ?? history.sequence == history.sequence else {
      runs[name] = nil
      throw .continuedElsewhere(run: name)
    }
  }

  private mutating func admit(_ name: String) throws(JournalError) {
    guard runs[name]?.isContinuedElsewhere ?? true else { throw .cannotWrite("run '\(name)' is being written already") }
    try requireRoom(for: "run '\(name)' cannot be begun")
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

  /// Looks whether a record may have a body.
  static func inspect(_ body: JSON, of type: String) throws(JournalError) {
    guard case .object = body else { throw .cannotWrite("the body of '\(type)' is no object") }
    if let problem = RecordLint.problem(in: body, depth: 1) { throw .cannotWrite("the body of '\(type)' \(problem)") }
  }

  /// Writes one record at the end.
  ///
  /// - Returns: Its leaf hash.
  mutating func write(
    _ type: String, _ body: JSON, actor: String, place: TrailRecord.Place?
  ) throws(JournalError) -> String {
    try Self.inspect(body, of: type)
    let record = TrailRecord(
      origin: origin, sequence: nextSequence, place: place, type: type, wall: surroundings.clock.now(),
      monotonicNanoseconds: surroundings.clock.monotonicNanoseconds(), bootID: surroundings.bootID, actor: actor,
      node: surroundings.node, engine: surroundings.engine, body: body)
    var line = record.line
    guard line.count <= TrailRecord.sizeLimitBytes else {
      throw .tooLarge(bytes: line.count, limit: TrailRecord.sizeLimitBytes)
    }
    let leaf = Digest(leaf: line)
    line.append(0x0A)
    do { try file.write(line) } catch {
      let reason = takeBack(after: error)
      if error.isOutOfSpace { noteFull(type, place?.run) }
      throw reason
    }
    end += line.count
    add(own: leaf)
    return leaf.hexadecimal
  }

  /// - Parameter start: Of the records that are known without their leaves.
  mutating func begin(with start: MerkleFrontier) { (tree, snapshotTree, recentLeaves) = (start, start, []) }

  mutating func add(_ leaf: Digest) {
    tree.append(leaf)
    recentLeaves.append(leaf)
  }

  /// Adds a record that was written here.
  mutating func add(own leaf: Digest) {
    if known == tree.size { known += 1 }
    add(leaf)
  }

  /// The log at this moment, for a checkpoint. The leaves since the last one go with it.
  ///
  /// - Throws: if there are records of which could not be recorded that nobody had signed them.
  mutating func snapshot() throws(JournalError) -> CheckpointWriter.Snapshot {
    guard known == tree.size else {
      throw .cannotWrite("it cannot be recorded that nobody had signed record \(known) and those behind it")
    }
    defer { (recentLeaves, snapshotTree) = ([], tree) }
    return CheckpointWriter.Snapshot(
      origin: origin, tree: tree, place: .init(segment: segment.first, offset: end), leaves: recentLeaves, start: start)
  }

  /// The root of the tree over the first records, beyond what `snapshot` has given last.
  ///
  /// - Returns: `nil` if there are not so many, also after a look at what others have written.
  mutating func root(at size: Int64) throws(JournalError) -> Digest? {
    try whileLocked { (log) throws(JournalError) in try log.catchUp() }
    return rootOfRecent(at: size)
  }

  /// - Returns: `nil` if there are not so many records, or `snapshot` has given more.
  func rootOfRecent(at size: Int64) -> Digest? {
    guard size <= tree.size, size >= snapshotTree.size else { return nil }
    if size == tree.size { return tree.root }
    var first = snapshotTree
    for leaf in recentLeaves.prefix(Int(size - first.size)) { first.append(leaf) }
    return first.root
  }

  /// Removes what a failed write has left of a record that nobody was promised.
  mutating func takeBack(after problem: FileProblem) -> JournalError {
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
    try? files.writeWhole(
      Array(mark.compactText.utf8) + [0x0A], to: layout.suspectMark, suffix: surroundings.temporarySuffix)
    self.suspicion = suspicion
    return .cannotWrite(suspicion)
  }

  // MARK: What others have written

  /// Reads the records that other processes have added since.
  mutating func catchUp() throws(JournalError) {
    try readAdded()
    try vouchForRead()
  }

  private mutating func readAdded() throws(JournalError) {
    while true {
      let extent = try filing { () throws(FileProblem) in try file.extent() }
      guard extent.isLinked else { throw suspect("'\(file.path)' was removed while it was in use") }
      if extent.size == end { return }
      guard extent.size > end else { throw suspect("'\(file.path)' became shorter while it was in use") }
      guard try readOn(upTo: extent.size) else { return }
    }
  }

  /// Reads records of the file in which the log ends.
  ///
  /// - Returns: Whether the log goes on in another file, which is then the one in which it ends.
  private mutating func readOn(upTo size: Int) throws(JournalError) -> Bool {
    var damage: (offset: Int, problem: RecordDamage)?
    var next: TrailLayout.Segment?
    for line in TrailLines(file, from: end, upTo: size) {
      switch line.content {
      case .failure(.unreadable(let problem)): throw .cannotWrite(problem)
      case .failure(.unknownVersion(let version)):
        throw .cannotWrite("'\(file.path)' has records of version \(version), which this program does not know")
      case .failure(let problem): damage = damage ?? (line.offset, problem)
      case .success(let record):
        if let damage {
          throw suspect("the record at byte \(damage.offset) of '\(file.path)' is damaged: \(damage.problem.message)")
        }
        try take(record, line.digest)
        if record.type == Self.rotatedType { next = layout.segment(from: nextSequence) }
      }
    }
    end = damage?.offset ?? size
    if let next {
      guard end == size else { throw suspect("something stands behind the end of '\(file.path)'") }
      try enter(next)
      return true
    }
    if end < size { try setAside(upTo: size) }
    return false
  }

  /// Takes over a record that was read.
  mutating func take(_ record: TrailRecord, _ leaf: Digest) throws(JournalError) {
    guard record.sequence == nextSequence, ExactString(record.origin) == ExactString(origin) else {
      throw suspect(
        "record \(record.sequence) of '\(record.origin)' stands in '\(file.path)' where \(nextSequence) of '\(origin)' "
          + "is due")
    }
    if let place = record.place, let run = runs[place.run], place.sequence > run.sequence {
      runs[place.run]?.isContinuedElsewhere = true
    }
    add(leaf)
  }
}
