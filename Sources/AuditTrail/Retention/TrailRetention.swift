internal import DurableFiles
package import RunbookPorts
internal import Values

extension TrailWriter {
  /// What a call of `retain` has found and done.
  package struct Retained: Sendable {
    package let plan: RetentionPlan
    /// Runs that are not closed, or not long enough, and for whose sake files stay that are old enough.
    package let blocking: [String]
    /// Pieces of evidence that went with the records.
    package let evidence: Int
  }

  /// A log's last file that is older than this part of the time that records are kept is followed by another, so that
  /// it can go one day.
  private static let fileShare = 12

  /// Finds out what `retain` would remove.
  ///
  /// - Parameter keep: How long records are kept.
  package func retention(keeping keep: Duration) throws(JournalError) -> Retained {
    let now = surroundings.clock.now()
    return try retention(olderThan: now.adding(.zero - keep) ?? now, rotatingBefore: Self.rotation(now, keep))
  }

  private static func rotation(_ now: Timestamp, _ keep: Duration) -> Timestamp {
    now.adding(.zero - keep / fileShare) ?? now
  }

  /// - Parameter rotation: The log's last file would first be followed by another if it began before.
  private func retention(
    olderThan cutoff: Timestamp, rotatingBefore rotation: Timestamp? = nil
  ) throws(JournalError) -> Retained {
    let files = surroundings.files
    let base = try removedRecords()
    var scan = RetentionScan(after: base, olderThan: cutoff, rotatingBefore: rotation)
    let (plan, blocking) = try scan.plan(layout, files)
    return Retained(plan: plan, blocking: blocking, evidence: try pieces(before: plan.before))
  }

  /// Removes the files of the log whose time is over, and the evidence that only their records name.
  ///
  /// First a record says what goes and what stands for it, and is under a signed checkpoint; then a file says from
  /// where on the log is there; then evidence and files go. A call that was broken off is brought to its end by the
  /// next.
  ///
  /// - Parameters:
  ///   - keep: How long records are kept.
  ///   - keepText: The same as it is recorded.
  package func retain(
    _ keep: Duration, as keepText: String, actor: String
  ) async throws(JournalError) -> Retained {
    let now = surroundings.clock.now()
    if let base = try removedRecords() { _ = try finishRemoval(base) }
    try rotate(olderThan: Self.rotation(now, keep))
    try await anchor()
    let found = try retention(olderThan: now.adding(.zero - keep) ?? now)
    guard !found.plan.isEmpty else { return found }
    let body = found.plan.body(keep: keepText, evidence: found.evidence)
    guard let removed = RemovedRecords(body) else {
      throw .cannotWrite("nothing is removed: the record that stands for it cannot be made")
    }
    try changeLog { (log) throws(JournalError) in
      try log.note(RemovedRecords.recordType, body, actor: actor)
    }
    try await anchor()
    try changeLog { (log) throws(JournalError) in
      try log.whileLocked { (log) throws(JournalError) in try log.declareRemoved(removed, after: found.plan.base) }
    }
    _ = try finishRemoval(removed)
    return found
  }

  private func rotate(olderThan instant: Timestamp) throws(JournalError) {
    try changeLog { (log) throws(JournalError) in try log.rotate(olderThan: instant) }
  }

  private func removedRecords() throws(JournalError) -> RemovedRecords? {
    let reading = try filing { () throws(FileProblem) in try layout.removedRecords(in: surroundings.files) }
    if reading == .damaged {
      throw .cannotWrite("'\(layout.removed)' is damaged: look at it with `tocsin trail verify`")
    }
    return reading.records
  }

  // MARK: What goes

  /// The files of the log that begin before a record.
  private func files(before record: Int64) throws(JournalError) -> [TrailLayout.Segment] {
    try filing { () throws(FileProblem) in
      try layout.allSegments(in: surroundings.files).filter { $0.first < record }
    }
  }

  /// Evidence that is named by records before one, and by none that stays.
  private func removable(before record: Int64) throws(JournalError) -> Set<String> {
    let files = surroundings.files
    let all = try filing { () throws(FileProblem) in try layout.allSegments(in: files) }
    var named: Set<String> = []
    for segment in all.sorted(by: { $0.first < $1.first }) {
      guard segment.first < record || !named.isEmpty else { break }
      let parts = try filing { () throws(FileProblem) in
        let file = try files.open(segment.path, for: .reading)
        return [RawLines.Part(file: file, start: 0, end: try file.size())]
      }
      for line in TrailLines(RawLines(parts)) {
        for reference in line.record.map({ EvidenceReferences.references(in: $0.body) }) ?? [] {
          if segment.first < record { named.insert(reference.digest) } else { named.remove(reference.digest) }
        }
      }
    }
    return named
  }

  /// How many pieces of evidence there are that go with the records before one.
  private func pieces(before record: Int64) throws(JournalError) -> Int {
    try removable(before: record).count { EvidenceStore.isReference($0) && evidenceStore.has($0) }
  }

  /// Removes what the file says is removed, as far as it is still there.
  private func finishRemoval(_ removed: RemovedRecords) throws(JournalError) -> Int {
    let segments = try files(before: removed.before)
    guard !segments.isEmpty else { return 0 }
    let evidence = try removable(before: removed.before)
    for digest in evidence.sorted() where EvidenceStore.isReference(digest) {
      try filing { () throws(FileProblem) in try evidenceStore.remove(digest) }
    }
    try changeLog { (log) throws(JournalError) in
      try log.whileLocked { (log) throws(JournalError) in try log.drop(segments, before: removed) }
    }
    return segments.count
  }
}

extension TrailLog {
  /// Begins another file if the first record of this one is older than an instant.
  mutating func rotate(olderThan instant: Timestamp) throws(JournalError) {
    try whileLocked { (log) throws(JournalError) in
      try log.catchUp()
      let first = TrailLines(log.file, upTo: log.end).first { _ in true }?.record
      if let first, first.wall < instant { try log.rotate() }
    }
  }

  /// Says on the disk from where on the log is there.
  mutating func declareRemoved(_ removed: RemovedRecords, after base: RemovedRecords?) throws(JournalError) {
    try filing { () throws(FileProblem) in
      guard try layout.removedRecords(in: files).records == base else {
        throw FileProblem("replace", layout.removed, code: FileProblem.alreadyThereCode)
      }
      try files.writeWhole(
        removed.body.canonicalBytes + [0x0A], to: layout.removed, suffix: surroundings.temporarySuffix)
    }
  }

  /// Removes files, the first of the log first, and what is kept of their records' hashes.
  mutating func drop(_ segments: [TrailLayout.Segment], before removed: RemovedRecords) throws(JournalError) {
    LeavesFile(layout, files).forget(before: removed.before)
    try filing { () throws(FileProblem) in
      for segment in segments where files.exists(segment.path) { try files.remove(segment.path) }
      try files.synchronizeFolder(layout.logFolder)
    }
  }
}
