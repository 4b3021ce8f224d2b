package import DurableFiles
internal import Values

/// Verifies a trail: that its records are those that were signed, and that they follow each other.
///
/// It passes only what it has seen: no key, no checkpoint and no records are never a success.
package struct TrailVerifier {
  private let layout: TrailLayout
  private let files: any FileSystem
  private let keys: [VerifierKey]
  /// One check that is left out, so that a test can tell whether it is needed. Nothing is VERIFIED then.
  private let leftOut: VerifierCheck?
  private let witnesses: [WitnessKey]
  private let elsewhere: [TrailAnchor]
  private let width: Int
  private let progress: (@Sendable (_ fraction: Double) -> Void)?

  private var result = Verification()
  private var chain = ChainCheck()
  private var tree = MerkleFrontier()
  private var slots = CheckpointSlots()
  /// Evidence that records name: where first, and how long it is.
  private var evidence: [(digest: String, length: Int64, record: Int64, run: String?)] = []
  private var gone: Set<String> = []
  /// Documents that runs rest on, by the digits of their digests, and where they are named first.
  private var documents: [String: (document: RunDocument, record: Int64, run: String?)] = [:]
  /// Files that were exported, by their names, and what the last record says of each.
  private var exports: [String: (digits: String, record: Int64)] = [:]
  /// The run whose evidence and documents are looked at; `nil`: all.
  private var wanted: String?
  private var notKept: [(count: Int, run: String?)] = []
  private var unsignedBefore: Int64?
  /// The log goes on in another file, which begins with the next record.
  private var isContinued = false
  /// Where the first line stands behind the checkpoint that is not whole; nothing is looked at from there on.
  private var remainsFrom: Int64?
  private var remainsBytes = 0
  /// What was removed of the log's beginning, and whether a signed record says so.
  private var removed: RemovedRecords?
  private var anchors: AnchorCheck?
  private var isRemovalRecorded = false
  /// A checkpoint that was given from elsewhere says nothing of this log.
  private var isAnchorForeign = false

  /// - Parameters:
  ///   - keys: Any of them may have signed.
  ///   - witnesses: Whose signatures of checkpoints are looked at.
  ///   - elsewhere: Checkpoints that were kept elsewhere; the log must have grown from them.
  ///   - width: How many cores are used.
  ///   - progress: Is told how much of the log has been read.
  package init(
    folder: String, files: any FileSystem = LinuxFiles(), keys: [VerifierKey], leavingOut leftOut: VerifierCheck? = nil,
    witnesses: [WitnessKey] = [], elsewhere: [TrailAnchor] = [], width: Int = 1,
    progress: (@Sendable (_ fraction: Double) -> Void)? = nil
  ) {
    layout = TrailLayout(folder: folder)
    self.files = files
    self.keys = keys
    self.leftOut = leftOut
    self.witnesses = witnesses
    self.elsewhere = elsewhere
    self.width = width
    self.progress = progress
  }

  /// - Parameter run: Only this run's evidence and documents are looked at; the log is verified as a whole.
  /// - Throws: when the trail cannot be read to its end.
  package consuming func verify(run: String? = nil) throws(TrailReadError) -> Verification {
    wanted = run
    do {
      slots = try CheckpointSlots(CheckpointFiles(layout: layout, files: files).slots(), keys: keys)
      let others = try AnchorCheck(
        AnchorFolder(layout, files: files), elsewhere: elsewhere, keys: keys, witnesses: witnesses)
      anchors = others.isEmpty ? nil : others
      try readRemoved()
      try readLog()
    } catch {
      throw error.isMissing ? .noTrail(layout.folder) : .unreadable(error.message)
    }
    result.records = tree.size - start
    (result.closedRuns, result.openRuns) = (chain.closedRuns, chain.openRuns)
    try verifyEvidence(of: run)
    try verifyDocuments()
    verifyExports()
    judgeRemoval()
    judgeAnchors()
    judgeCheckpoints()
    conclude()
    return result
  }

  private mutating func add(
    _ check: VerifierCheck, record: Int64? = nil, run: String? = nil, _ message: String
  ) {
    guard check != leftOut else { return }
    if result.problems.count < Verification.problemLimit {
      result.problems.append(VerificationProblem(check, record: record, run: run, message))
    }
  }

  // MARK: The log

  /// The number of the first record that is there.
  private var start: Int64 { removed?.before ?? 0 }

  private mutating func readRemoved() throws(FileProblem) {
    switch try layout.removedRecords(in: files) {
    case .nothing: return
    case .damaged: add(.retained, "the file that says which records were removed cannot be read")
    case .removed(let records):
      removed = records
      (tree, chain) = (records.tree, ChainCheck(after: records))
      slots.compare(tree)
      anchors?.compare(tree)
      if try layout.allSegments(in: files).contains(where: { $0.first < records.before }) {
        result.remarks.append(
          "files of records that were removed are still there, and were not looked at: `tocsin trail retain` was broken off"
        )
      }
    }
  }

  /// Whoever can write to the folder can take records away and say that they were removed; a signed record cannot be
  /// made so.
  private mutating func judgeRemoval() {
    guard let removed else { return }
    result.removed = removed
    if !isRemovalRecorded {
      add(
        .retained,
        "the records before \(removed.before) are not there, and no record under the last checkpoint says that they were "
          + "removed")
    }
  }

  private mutating func readLog() throws(FileProblem) {
    let newest = slots.newest?.checkpoint
    let origin = newest.map { Array(JSON.string($0.origin).canonicalBytes.dropFirst().dropLast()) }
    // Until others than the writer have checkpoints, a log is as long as it is now.
    var scan = try LogScan(layout, files: files, width: width)
    if scan.segments.isEmpty, slots.areAbsent { throw FileProblem("open", layout.log, code: FileProblem.missingCode) }
    var segment: TrailLayout.Segment?
    while let batch = try scan.next(headCount: (newest?.size ?? 0) - tree.size, origin: origin) {
      if batch.segment != segment {
        enter(batch.segment, isFirst: segment == nil)
        segment = batch.segment
      }
      for stretch in batch.facts {
        for facts in stretch where remainsFrom == nil { take(facts) }
      }
      if batch.remains > 0 { meetRemains(batch.remains) }
      progress?(Double(batch.bytesRead) / Double(max(1, scan.totalBytes)))
    }
    if let newest, tree.size < newest.size {
      add(
        .size, record: tree.size,
        "there are \(tree.size) records, and the last checkpoint is of \(newest.size)")
    }
  }

  private mutating func enter(_ segment: TrailLayout.Segment, isFirst: Bool) {
    guard remainsFrom == nil else { return }
    if segment.first != tree.size || !isFirst && !isContinued {
      add(.segments, record: tree.size, "the file that begins with record \(segment.first) does not follow here")
    }
    isContinued = false
  }

  private mutating func take(_ facts: LineFacts) {
    let number = tree.size
    let isCovered = number < slots.newest?.checkpoint.size ?? 0
    guard let link = facts.link else {
      // What a crash leaves stands behind the last checkpoint, and is set aside when the log is opened again.
      guard isCovered || slots.newest == nil else {
        remainsFrom = number
        return
      }
      add(.form, record: number, facts.damage?.message ?? "the line is no record")
      chain.skip()
      count(facts.leaf)
      return
    }
    if isContinued { add(.segments, record: number, "a record follows where the log goes on in another file") }
    if facts.isForeign { add(.origin, record: number, "the record is of another log") }
    for problem in chain.problems(with: link) {
      add(problem.check, record: number, run: link.place?.run, problem.message)
    }
    for note in facts.notes { take(note, number, link.place?.run) }
    count(facts.leaf)
  }

  private mutating func count(_ leaf: Digest) {
    tree.append(leaf)
    slots.compare(tree)
    anchors?.compare(tree)
  }

  private mutating func take(_ note: LineFacts.Note, _ number: Int64, _ run: String?) {
    switch note {
    case .evidence(let digest, let length): evidence.append((digest, length, number, run))
    case .notKept(let count): notKept.append((count, run))
    case .document(let document):
      let isWanted = (wanted == nil || wanted == run) && documents[document.digits] == nil
      if isWanted { documents[document.digits] = (document, number, run) }
    case .export(let export):
      // What replaced a file is what it should be.
      exports[export.name] = (export.digits, number)
    case .gone(let digest): gone.insert(digest)
    case .key(_, let unsignedBefore): if let unsignedBefore { self.unsignedBefore = unsignedBefore }
    case .continued: isContinued = true
    case .retained(let body):
      let isCovered = number < slots.newest?.checkpoint.size ?? 0
      if isCovered, body == removed?.body.canonicalBytes { isRemovalRecorded = true }
    case .foreignCheckpoint(let name):
      result.remarks.append(
        "record \(number): somebody had put a checkpoint here that is not the log's; it was set aside as '\(name)'")
    }
  }

  private mutating func meetRemains(_ bytes: Int) {
    if tree.size < slots.newest?.checkpoint.size ?? 0 || slots.newest == nil {
      add(.form, record: tree.size, "the file ends inside the line")
    } else {
      remainsFrom = remainsFrom ?? tree.size
      remainsBytes += bytes
    }
  }

  // MARK: Evidence

  private mutating func verifyEvidence(of run: String?) throws(TrailReadError) {
    result.evidence.notKept = notKept.reduce(0) { $0 + (run == nil || $1.run == run ? $1.count : 0) }
    var known: [String: Result<Int64, EvidenceProblem>] = [:]
    let covered = slots.newest?.checkpoint.size ?? .max
    for piece in evidence where run == nil || piece.run == run {
      let state: Result<Int64, EvidenceProblem>
      if let found = known[piece.digest] {
        state = found
      } else {
        state = Result { () throws(EvidenceProblem) in Int64(try layout.evidence(piece.digest, in: files).count) }
        known[piece.digest] = state
      }
      switch state {
      case .success(let length):
        if length != piece.length {
          add(.evidence, record: piece.record, run: piece.run, "the evidence has \(length) bytes, not \(piece.length)")
        }
        result.evidence.intact += 1
      case .failure(.missing) where gone.contains(piece.digest): result.evidence.gone += 1
      case .failure(.missing) where piece.record >= covered, .failure(.damaged) where piece.record >= covered:
        // Evidence is on the disk before a checkpoint covers what names it; before that a crash may lose it.
        result.remarks.append("evidence of record \(piece.record) is not there or damaged: a crash, or a change")
      case .failure(.missing):
        add(
          .evidenceMissing, record: piece.record, run: piece.run,
          "the evidence \(piece.digest) is not there, and no record says why")
      case .failure(.unreadable(let problem)): throw .unreadable(problem)
      case .failure(let problem):
        // A piece that a crash has damaged is recorded as lost, as one that is missing.
        if gone.contains(piece.digest) {
          result.evidence.gone += 1
        } else {
          add(.evidence, record: piece.record, run: piece.run, "\(problem.message): \(piece.digest)")
        }
      }
    }
  }

  // MARK: Documents and exports

  private mutating func verifyDocuments() throws(TrailReadError) {
    let covered = slots.newest?.checkpoint.size ?? .max
    for (document, record, run) in documents.values.sorted(by: {
      ($0.record, $0.document.digits) < ($1.record, $1.document.digits)
    }) {
      let problem: String
      do throws(FileProblem) {
        let bytes = try files.readWhole(
          layout.documentFile(document.digits), limitBytes: PinnedDocuments.sizeLimitBytes)
        if Digest(of: bytes).hexadecimal == document.digits {
          result.documents += 1
          continue
        }
        problem = "does not match its digest"
      } catch {
        guard error.isMissing else { throw .unreadable(error.message) }
        problem = "is not there"
      }
      if record >= covered {
        result.remarks.append("the document '\(document.name)' \(problem): a crash, or a change")
      } else {
        add(.document, record: record, run: run, "the document '\(document.name)' \(problem)")
      }
    }
  }

  /// What lies under `exports` is held against the record that names it last. It is no part of the trail, so that
  /// nothing hangs on it; a reader of the file should know all the same.
  private mutating func verifyExports() {
    for (name, export) in exports.sorted(by: { $0.value.record < $1.value.record }) {
      guard let bytes = try? files.readWhole("\(layout.exports)/\(name)", limitBytes: Self.exportLimitBytes) else {
        continue
      }
      if Digest(of: bytes).hexadecimal == export.digits {
        result.exports.intact += 1
      } else {
        result.exports.changed += 1
        result.notes.append("exports/\(name) is not the file that record \(export.record) says was written")
      }
    }
  }

  /// Most bytes of an exported file that is looked at.
  private static let exportLimitBytes = 1 << 28

  // MARK: The judgement

  private mutating func judgeAnchors() {
    guard var anchors else { return }
    result.witnessed = anchors.judge(slots.newest?.checkpoint, size: tree.size, start: start)
    for problem in anchors.problems { add(.anchor, problem) }
    result.remarks += anchors.doubts
    isAnchorForeign = !anchors.doubts.isEmpty
    result.notes += anchors.remarks
    result.keptElsewhere = anchors.keptElsewhere
  }

  private mutating func judgeCheckpoints() {
    let isLonger = tree.size > slots.newest?.checkpoint.size ?? 0 || remainsFrom != nil
    for problem in slots.problems(unsignedBefore: unsignedBefore, start: start) {
      // A crash may have broken off the writing of a checkpoint of records that follow the other one.
      if problem.canBeCrash, isLonger, slots.newest != nil {
        result.remarks.append("\(problem.message): a crash, or a change")
      } else {
        add(problem.check, record: problem.record, problem.message)
      }
    }
    if slots.problems(unsignedBefore: unsignedBefore, start: start).contains(where: { $0.check == .root })
      || tree.size < slots.newest?.checkpoint.size ?? 0
    {
      result.firstBad = firstChanged()
    }
    result.firstBad = result.firstBad ?? result.problems.compactMap(\.record).min()
  }

  /// The first record whose line is not the one that was signed, if the leaves that were kept are the checkpoint's.
  private func firstChanged() -> Int64? {
    guard let checkpoint = slots.newest?.checkpoint,
      let leaves = LeavesFile(layout, files).leaves(from: start, upTo: checkpoint.size),
      MerkleLeaves(leaves, after: removed?.tree ?? MerkleFrontier()).root == checkpoint.root,
      let lines = try? TrailReader(folder: layout.folder, files: files).rawLines()
    else { return nil }
    var number = 0
    for line in lines {
      guard number < leaves.count, Digest(leaf: line.bytes) == leaves[number], line.damage == nil else { break }
      number += 1
    }
    return number < leaves.count ? start + Int64(number) : nil
  }

  private mutating func conclude() {
    result.checkpoint = slots.newest?.checkpoint
    result.covered = max(0, min(tree.size, slots.newest?.checkpoint.size ?? 0) - start)
    result.key = slots.newest?.signer
    if let key = result.key, let checkpoint = result.checkpoint {
      result.limits = Verification.limits(
        of: key, origin: checkpoint.origin, witnessed: result.witnessed, keptElsewhere: result.keptElsewhere)
      if let unsignedBefore {
        result.limits.append(
          "The first \(unsignedBefore) records were written before there was a key: changes made to them before that do "
            + "not show.")
      }
    } else {
      result.limits = Verification.unsignedLimits
    }
    result.limits.append(Verification.besidesLimit)
    if !result.problems.isEmpty {
      result.status = .tampered
    } else if let reason = unverifiableReason {
      result.remarks.insert(reason, at: 0)
      result.status = .unverifiable
    } else if result.records > result.covered || remainsFrom != nil {
      result.remarks.insert(prefixReason, at: 0)
      result.status = .prefix
    } else {
      result.status = .verified
    }
  }

  private var unverifiableReason: String? {
    if result.records == 0 { return "there are no records" }
    guard let newest = slots.newest else { return "there is no checkpoint" }
    if isAnchorForeign { return "what was kept elsewhere cannot be compared with this log" }
    if let leftOut { return "the check '\(leftOut.rawValue)' was left out" }
    if newest.signer != nil { return nil }
    if newest.names.isEmpty { return "the checkpoint is not signed: the trail was written without a key" }
    if keys.isEmpty { return "no key was given; the checkpoint is signed by \(newest.names.joined(separator: ", "))" }
    return
      "the checkpoint is signed by \(newest.names.joined(separator: ", ")), and by none of the keys that were given"
  }

  private var prefixReason: String {
    let uncovered = result.records - result.covered
    var parts: [String] = []
    if uncovered > 0 { parts.append("\(uncovered) records follow that no checkpoint covers yet") }
    if remainsFrom != nil { parts.append("the log ends in the remains of a crash, or in a change") }
    return parts.joined(separator: "; ")
  }
}
