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
  /// Whose evidence and documents alone are looked at.
  private let run: String?
  private let progress: (@Sendable (_ fraction: Double) -> Void)?

  private var result = Verification()
  private var chain = ChainCheck()
  private var tree = MerkleFrontier()
  private var slots = CheckpointSlots()
  private var named: NamedFiles
  private var unsignedBefore: Int64?
  /// A record names the key that signs from there on.
  private var isKeyRecorded = false
  /// The log goes on in another file, which begins with the next record.
  private var isContinued = false
  /// Where the first line stands behind the checkpoint that is not whole; nothing is looked at from there on.
  private var remainsFrom: Int64?
  private var remainsBytes = 0
  /// The first record of a version that is not known. From there on only the tree is looked at: a record that is not
  /// understood may say what became of evidence, of a run, or of the log.
  private var unknown: (record: Int64, version: Int64)?
  /// What was removed of the log's beginning, and whether a signed record says so.
  private var removed: RemovedRecords?
  private var anchors: AnchorCheck?
  private var isRemovalRecorded = false
  /// A checkpoint that was given from elsewhere says nothing of this log.
  private var isAnchorForeign = false
  /// Why a witness's word, which was asked for, is not there.
  private var missingWord: String?

  /// - Parameters:
  ///   - run: Only this run's evidence and documents are looked at; the log is verified as a whole.
  ///   - keys: Any of them may have signed.
  ///   - witnesses: Whose signatures of checkpoints are looked at.
  ///   - elsewhere: Checkpoints that were kept elsewhere; the log must have grown from them.
  ///   - width: How many cores are used.
  ///   - progress: Is told how much of the log has been read.
  package init(
    folder: String, run: String? = nil, files: any FileSystem = LinuxFiles(), keys: [VerifierKey],
    leavingOut leftOut: VerifierCheck? = nil,
    witnesses: [WitnessKey] = [], elsewhere: [TrailAnchor] = [], width: Int = 1,
    progress: (@Sendable (_ fraction: Double) -> Void)? = nil
  ) {
    layout = TrailLayout(folder: folder)
    self.files = files
    named = NamedFiles(layout, files, of: run)
    self.run = run
    self.keys = keys
    self.leftOut = leftOut
    self.witnesses = witnesses
    self.elsewhere = elsewhere
    self.width = width
    self.progress = progress
  }

  /// - Throws: when the trail cannot be read to its end.
  package consuming func verify() throws(TrailReadError) -> Verification {
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
    if unknown == nil {
      take(try named.look(covered: slots.newest?.checkpoint.size ?? .max))
      judgeRemoval()
    }
    judgeAnchors()
    judgeCheckpoints()
    conclude()
    return result
  }

  private mutating func add(
    _ check: VerifierCheck, record: Int64? = nil, run: String? = nil, _ message: String
  ) {
    add(VerificationProblem(check, record: record, run: run, message))
  }

  private mutating func add(_ problem: VerificationProblem) {
    guard problem.check != leftOut, result.problems.count < Verification.problemLimit else { return }
    result.problems.append(problem)
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
    guard remainsFrom == nil, unknown == nil else { return }
    if segment.first != tree.size || !isFirst && !isContinued {
      add(.segments, record: tree.size, "the file that begins with record \(segment.first) does not follow here")
    }
    isContinued = false
  }

  private mutating func take(_ facts: LineFacts) {
    let number = tree.size
    let isCovered = number < slots.newest?.checkpoint.size ?? 0
    guard unknown == nil else { return count(facts.leaf) }
    guard let link = facts.link else {
      // What a crash leaves stands behind the last checkpoint, and is set aside when the log is opened again.
      guard isCovered || slots.newest == nil else {
        remainsFrom = number
        return
      }
      if case .unknownVersion(let version) = facts.damage {
        unknown = (number, version)
        return count(facts.leaf)
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
    case .evidence(let digest, let length): named.note(evidence: digest, length: length, record: number, run: run)
    case .notKept(let count): named.note(notKept: count, run: run)
    case .document(let document): named.note(document, record: number, run: run)
    case .otherDocuments: add(.runbook, record: number, run: run, RunDocument.otherwiseNamed)
    case .export(let export): named.note(export, record: number)
    case .gone(let digest): named.note(gone: digest)
    case .key(_, let unsignedBefore):
      if let unsignedBefore, isKeyRecorded {
        add(
          .signature, record: number,
          "the record says that the first \(unsignedBefore) were written without a key, and an earlier one that there was one"
        )
      }
      isKeyRecorded = true
      if let unsignedBefore { self.unsignedBefore = unsignedBefore }
    case .continued: isContinued = true
    case .retained(let body):
      let isCovered = number < slots.newest?.checkpoint.size ?? 0
      if isCovered, body == removed?.body.canonicalBytes { isRemovalRecorded = true }
    case .foreignCheckpoint(let name):
      result.remarks.append(
        "record \(number): somebody had put a checkpoint here that is not the log's; it was set aside as '\(name)'")
    case .unsigned(let first):
      result.remarks.append(
        "\(first + 1 == number ? "record \(first)" : "records \(first) to \(number - 1)"): nobody had signed this when another "
          + "process found it there: a crash, or somebody without the key has added it")
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

  // MARK: The judgement

  private mutating func take(_ findings: NamedFiles.Findings) {
    for problem in findings.problems { add(problem) }
    result.remarks += findings.remarks
    result.notes += findings.notes
    (result.evidence, result.documents, result.exports) = (findings.evidence, findings.documents, findings.exports)
  }

  private mutating func judgeAnchors() {
    guard var anchors else { return }
    result.witnessed = anchors.judge(slots.newest?.checkpoint, size: tree.size, start: start)
    for problem in anchors.problems { add(.anchor, problem) }
    result.remarks += anchors.doubts
    isAnchorForeign = !anchors.doubts.isEmpty
    missingWord = anchors.missingWord
    result.notes += anchors.remarks
    result.keptElsewhere = anchors.keptElsewhere
  }

  private mutating func judgeCheckpoints() {
    let isLonger = tree.size > slots.newest?.checkpoint.size ?? 0 || remainsFrom != nil
    let isEmpty = tree.size == 0 && slots.newest?.checkpoint.size == 0 && remainsFrom == nil
    for problem in slots.problems(unsignedBefore: unsignedBefore, start: start) {
      // A crash may have broken off the writing of a checkpoint of records that follow the other one.
      if problem.canBeCrash, isLonger, slots.newest != nil {
        result.remarks.append("\(problem.message): a crash, or a change")
      } else if problem.canBeBeginning, isEmpty {
        result.remarks.append("\(problem.message): the trail was broken off when it was made")
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
      tellOfRun()
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

  /// Whoever asks for one run should know whether it is that one which was changed.
  private mutating func tellOfRun() {
    guard let run, result.problems.count < Verification.problemLimit,
      !result.problems.contains(where: { $0.run == run })
    else { return }
    result.remarks.append(
      "nothing of this is in the records of run \(run), nor in what they name; but no checkpoint vouches for them as long "
        + "as the rest does not fit it")
  }

  private var unverifiableReason: String? {
    if result.records == 0 { return "there are no records" }
    if let unknown { return RecordDamage.notUnderstood(version: unknown.version, from: "record \(unknown.record)") }
    guard let newest = slots.newest else { return "there is no checkpoint" }
    if isAnchorForeign { return "what was kept elsewhere cannot be compared with this log" }
    if let missingWord { return missingWord }
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
