internal import DurableFiles
internal import RunbookPorts
internal import Values

/// What happens when a log is opened: it is read from its last checkpoint on, and what a crash may have left behind that
/// is set aside. What does not fit the checkpoint itself is no crash's doing, and is left for a person to look at.
extension TrailLog {
  mutating func open() throws(JournalError) {
    if files.exists(layout.suspectMark) {
      throw .cannotWrite(
        "the disk failed while '\(layout.log)' was written; look at '\(layout.suspectMark)', check the log, "
          + "and remove that file to go on")
    }
    try removeTemporaries()
    let checkpoints = CheckpointFiles(layout: layout, files: files)
    let stored = try filing { () throws(FileProblem) in try checkpoints.stored() }
    let segments = try filing { () throws(FileProblem) in try layout.segments(in: files) }
    guard let newest = try newestOwn(of: stored.found, origin: recordedName(segments)) else {
      guard try isEmpty(segments) else { throw .cannotWrite(noCheckpoint(isDamaged: stored.isDamaged)) }
      try create(checkpoints)
      return
    }
    origin = newest.checkpoint.origin
    if newest.note.signatures.isEmpty { key = nil }
    try reach(newest.checkpoint, segments)
    known = tree.size
    try setAsideRemains()
    try vouchForRead()
    try settleRecoveries()
    try mend(checkpoints, newest.note)
    try noteLostEvidence()
    try noteKey(newest)
  }

  private func noCheckpoint(isDamaged: Bool) -> String {
    "'\(layout.logFolder)' has records and \(isDamaged ? "no checkpoint that can be read" : "no checkpoint"): it is no "
      + "trail, or somebody has changed it; look at it with `tocsin trail verify`"
  }

  private func isEmpty(_ segments: [TrailLayout.Segment]) throws(JournalError) -> Bool {
    try filing { () throws(FileProblem) in
      for segment in segments {
        guard try files.open(segment.path, for: .reading).size() == 0 else { return false }
      }
      return true
    }
  }

  private mutating func create(_ checkpoints: CheckpointFiles) throws(JournalError) {
    let note: SignedNote
    do { note = try Checkpoint(origin: origin, size: 0, root: tree.root).note(signedBy: surroundings.key) } catch {
      throw .cannotWrite("a checkpoint cannot be signed: \(error.message)")
    }
    try filing { () throws(FileProblem) in
      for folder in [layout.evidence, layout.folder] { try files.synchronizeFolder(folder) }
      try files.synchronizeFolder(Folder.parent(of: layout.folder) ?? "/")
      // The checkpoint first: a log without one is not gone on with.
      try checkpoints.create(note)
    }
    try enter(layout.segment(from: 0))
    if let key = surroundings.key { try record(key, signedBefore: nil) }
  }

  /// The last checkpoint that counts. A log that is signed stays signed, by the same key.
  ///
  /// - Parameters:
  ///   - stored: The smaller first.
  ///   - origin: The log's name, where it is known: the key may sign other logs too.
  private func newestOwn(
    of stored: [CheckpointFiles.Stored], origin: String?
  ) throws(JournalError) -> CheckpointFiles.Stored? {
    let isSigned = stored.contains { !$0.note.signatures.isEmpty }
    guard isSigned else { return stored.last }
    guard let key = surroundings.key else {
      throw .cannotWrite(
        "'\(layout.folder)' is signed, and the key of \((stored.last?.checkpoint.origin ?? "").debugDescription) is not "
          + "here; name its file in TOCSIN_TRAIL_KEY")
    }
    let own = stored.filter { $0.note.isSigned(by: key.verifier) }
    let named = own.last { stored in origin.map { ExactString($0) == ExactString(stored.checkpoint.origin) } ?? true }
    guard let newest = named ?? own.last else {
      throw .cannotWrite(
        "'\(layout.folder)' is signed by \(Self.signers(of: stored)), and the key here is \(key.verifier.text). A trail "
          + "keeps its key: name its file in TOCSIN_TRAIL_KEY, or begin a new trail; if nobody has changed the key, look at "
          + "the trail with `tocsin trail verify`")
    }
    return newest
  }

  /// The names of those who have signed, by their own account.
  private static func signers(of stored: [CheckpointFiles.Stored]) -> String {
    let names = stored.flatMap { $0.note.signatures.map(\.name) }
    return Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ", ")
  }

  /// The log's name as its first record has it.
  private func recordedName(_ segments: [TrailLayout.Segment]) throws(JournalError) -> String? {
    guard let first = segments.first else { return nil }
    return try filing { () throws(FileProblem) in
      let file = try files.open(first.path, for: .reading)
      return TrailLines(file, upTo: try file.size()).first { _ in true }?.record?.origin
    }
  }

  // MARK: Up to the checkpoint

  /// Brings the tree to the checkpoint: from what was kept of it, or else by reading the log.
  private mutating func reach(
    _ checkpoint: Checkpoint, _ segments: [TrailLayout.Segment]
  ) throws(JournalError) {
    let removed = try removedRecords()
    start = removed?.before ?? 0
    let beginning = FrontierFile.Place(segment: start, offset: 0)
    if let kept = FrontierFile(layout, files).read(), kept.tree.size <= checkpoint.size,
      LeavesFile(layout, files).count >= kept.tree.size, try advance(kept.tree, kept.place, to: checkpoint, segments)
    {
      return
    }
    guard try advance(removed?.tree ?? MerkleFrontier(), beginning, to: checkpoint, segments) else {
      throw .cannotWrite(
        "'\(layout.logFolder)' is damaged before its last checkpoint, of \(checkpoint.size) records; look at it with "
          + "`tocsin trail verify`")
    }
  }

  private func removedRecords() throws(JournalError) -> RemovedRecords? {
    let reading = try filing { () throws(FileProblem) in try layout.removedRecords(in: files) }
    guard reading != .damaged else {
      throw .cannotWrite("'\(layout.removed)' is damaged; look at it with `tocsin trail verify`")
    }
    return reading.records
  }

  /// Reads from a place up to a checkpoint's size.
  ///
  /// - Returns: Whether the tree is the checkpoint's then; if not, nothing has changed.
  private mutating func advance(
    _ start: MerkleFrontier, _ place: FrontierFile.Place, to checkpoint: Checkpoint,
    _ segments: [TrailLayout.Segment]
  ) throws(JournalError) -> Bool {
    guard checkpoint.size > 0 || segments.isEmpty == false else {
      try enter(layout.segment(from: 0))
      return true
    }
    guard let index = segments.firstIndex(where: { $0.first == place.segment }) else { return false }
    var walk = LogWalk(files: files, segments: segments[index...], tree: start, offset: place.offset)
    guard try filing({ () throws(FileProblem) in try walk.advance(to: checkpoint.size) }),
      walk.tree.root == checkpoint.root, let segment = walk.segment
    else { return false }
    try enter(segment)
    end = walk.offset
    begin(with: start)
    for leaf in walk.leaves { add(leaf) }
    return true
  }

  /// Writes a checkpoint anew whose file a crash has left damaged, or has not made, and records it. One that is not the
  /// log's own is set aside.
  private mutating func mend(_ checkpoints: CheckpointFiles, _ note: SignedNote) throws(JournalError) {
    let contents = try filing { () throws(FileProblem) in try checkpoints.slots() }
    let isSigned = !note.signatures.isEmpty
    let owner = CheckpointOwner(origin: origin, key: isSigned ? surroundings.key?.verifier : nil)
    for (slot, content) in contents.enumerated() {
      var foreign: CheckpointWriter.Foreign?
      if case .note(let found, let checkpoint) = content {
        switch owner.standing(of: found, checkpoint) {
        case .own, .unsigned: continue
        case .broken: break
        case .foreign:
          foreign = try filing { () throws(FileProblem) in
            .init(slot: slot, keptAs: try checkpoints.setAside(found, of: slot, suffix: surroundings.temporarySuffix))
          }
        }
      }
      // Before the first record there is nothing that somebody could have wanted to hide.
      if nextSequence > 0 {
        _ = try write(
          TornTail.recoveredType, foreign?.body ?? .object(["checkpoint": .integer(Int64(slot))]), actor: "engine",
          place: nil)
        do { try file.synchronize() } catch { throw suspect(error.message) }
      }
      try filing { () throws(FileProblem) in try checkpoints.write(note, in: slot) }
    }
  }

  // MARK: Behind the checkpoint

  /// Reads what stands behind the checkpoint, and sets aside what is not whole with all that follows it.
  private mutating func setAsideRemains() throws(JournalError) {
    while true {
      let size = try filing { () throws(FileProblem) in try file.size() }
      var goesOn = false
      var remains: Int?
      for line in TrailLines(file, from: end, upTo: size) {
        if case .failure(.unreadable(let problem)) = line.content { throw .cannotWrite(problem) }
        if case .failure(.unknownVersion(let version)) = line.content {
          throw .cannotWrite("'\(file.path)' has records of version \(version), which this program does not know")
        }
        // Records that a crash has put where others should be are remains too.
        guard let record = line.record, record.sequence == nextSequence, !goesOn else {
          remains = line.offset
          break
        }
        try take(record, line.digest)
        evidenceInDoubt += EvidenceReferences.references(in: record.body).map(\.digest)
        let recorded = Set((record.body["lost_evidence"]?.elements ?? []).compactMap(\.text))
        if record.type == TornTail.recoveredType { evidenceInDoubt.removeAll { recorded.contains($0) } }
        goesOn = record.type == Self.rotatedType
      }
      end = remains ?? size
      if end < size { try setAside(upTo: size) }
      guard goesOn else { return }
      try enter(layout.segment(from: nextSequence))
    }
  }

  /// Evidence that records behind the checkpoint name may not have reached the disk.
  private mutating func noteLostEvidence() throws(JournalError) {
    let lost = evidenceInDoubt.filter { digest in
      do throws(EvidenceProblem) {
        _ = try layout.evidence(digest, in: files)
        return false
      } catch { return error == .missing || error == .damaged }
    }
    evidenceInDoubt = []
    for start in stride(from: 0, to: lost.count, by: Self.lostEvidenceLimit) {
      let some = lost[start..<min(start + Self.lostEvidenceLimit, lost.count)]
      _ = try write(
        TornTail.recoveredType, .object(["lost_evidence": .array(some.map(JSON.string))]), actor: "engine", place: nil)
    }
  }

  /// Most pieces of evidence that one record names as lost.
  private static let lostEvidenceLimit = 500

  // MARK: The key

  /// A log that was written without a key goes on without one, until its owner says that it is signed from here on, which
  /// is recorded. Whoever can write to the folder can take signatures away: a key that went on by itself would sign what was
  /// changed.
  private mutating func noteKey(_ newest: CheckpointFiles.Stored) throws(JournalError) {
    guard let key = surroundings.key, newest.note.signatures.isEmpty else { return }
    guard nextSequence == 0 || surroundings.adoptsUnsigned else { return }
    if let number = try firstKeyRecord() {
      throw .cannotWrite(
        "record \(number) of the log says that it is signed, and its checkpoints are not: somebody has taken the signatures "
          + "away; look at it with `tocsin trail verify`")
    }
    self.key = key
    try record(key, signedBefore: newest.checkpoint)
  }

  private func firstKeyRecord() throws(JournalError) -> Int64? {
    do throws(TrailReadError) {
      return try TrailReader(folder: layout.folder, files: files).lines()
        .first { $0.record?.type == Self.keyType && $0.record?.place == nil }?.record?.sequence
    } catch {
      if case .noTrail = error { return nil }
      throw .cannotWrite(error.message)
    }
  }

  /// Names the key that signs from there on.
  static let keyType = "log.key"

  private mutating func record(_ key: SigningKey, signedBefore unsigned: Checkpoint?) throws(JournalError) {
    _ = try write(
      Self.keyType,
      .object(["key": .string(key.verifier.text), "unsigned_before": unsigned.map { _ in .integer(nextSequence) }]),
      actor: "engine", place: nil)
  }

  private func removeTemporaries() throws(JournalError) {
    try filing { () throws(FileProblem) in
      for name in try files.names(in: layout.logFolder) where name.hasSuffix(".tmp") {
        try files.remove("\(layout.logFolder)/\(name)")
      }
    }
  }
}

/// Follows a log through its files by its leaves alone.
private struct LogWalk {
  let files: any FileSystem
  var segments: ArraySlice<TrailLayout.Segment>
  var tree: MerkleFrontier
  var offset: Int
  private(set) var segment: TrailLayout.Segment?
  /// Those that were read.
  private(set) var leaves: [Digest] = []

  init(files: any FileSystem, segments: ArraySlice<TrailLayout.Segment>, tree: MerkleFrontier, offset: Int) {
    self.files = files
    self.segments = segments
    self.tree = tree
    self.offset = offset
  }

  /// Where one file ends with the size and the log goes on in another, that one is the place.
  ///
  /// - Returns: Whether there are so many whole lines, in files that follow each other.
  mutating func advance(to size: Int64) throws(FileProblem) -> Bool {
    while let segment = segments.popFirst() {
      let file = try files.open(segment.path, for: .reading)
      let length = try file.size()
      guard offset <= length else { return false }
      if offset > 0, try file.read(at: offset - 1, count: 1) != [0x0A] { return false }
      self.segment = segment
      var lines = RawLines([.init(file: file, start: offset, end: length)])
      while tree.size < size, let line = lines.next() {
        guard line.damage == nil else { return false }
        let leaf = Digest(leaf: line.bytes)
        tree.append(leaf)
        leaves.append(leaf)
        offset = line.end
      }
      if tree.size == size {
        if let next = segments.first, next.first == size { (self.segment, offset) = (next, 0) }
        return true
      }
      guard segments.first?.first == tree.size else { return false }
      offset = 0
    }
    return false
  }
}
