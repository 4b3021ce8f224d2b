package import DurableFiles
internal import Values

/// Verifies an exported case (`FORMAT.md`, section 6): without the trail, and without anything but the key.
package struct CaseVerifier {
  /// Most bytes of a case's records that are read.
  private static let recordsLimitBytes = 1 << 30
  /// A proof's hashes and the checkpoint.
  private static let proofLimitBytes = 8_192 + SignedNote.sizeLimitBytes
  /// Most names of files that were not looked at.
  private static let namedLimit = 10

  private let folder: String
  private let files: any FileSystem
  private let keys: [VerifierKey]
  private let leftOut: VerifierCheck?
  private let witnesses: [WitnessKey]
  private var result = Verification()
  private var checkpointBytes: [UInt8] = []
  private var anchor: TrailAnchor?
  /// Why a witness's word, which was asked for, is not there.
  private var missingWord: String?
  /// Why not all records are understood.
  private var unknownReason: String?
  /// A sentence on files that were not looked at.
  private var unseen: String?
  /// Paths within the folder that were looked at.
  private var seen: Set<String> = [
    "records.jsonl", "checkpoint", StatementEnvelope.name, "proofs", "evidence", "documents",
  ]

  /// - Parameters: As with `TrailVerifier`.
  package init(
    folder: String, files: any FileSystem = LinuxFiles(), keys: [VerifierKey], leavingOut leftOut: VerifierCheck? = nil,
    witnesses: [WitnessKey] = []
  ) {
    self.folder = folder
    self.files = files
    self.keys = keys
    self.leftOut = leftOut
    self.witnesses = witnesses
  }

  /// - Throws: when the case cannot be read to its end.
  package consuming func verify() throws(TrailReadError) -> Verification {
    do { try readCheckpoint() } catch { throw error.isMissing ? .noCase(folder) : .unreadable(error.message) }
    let lines: [ArraySlice<UInt8>]
    let bytes: [UInt8]
    do throws(FileProblem) {
      bytes = try files.readWhole("\(folder)/records.jsonl", limitBytes: Self.recordsLimitBytes)
      if !bytes.isEmpty, bytes.last != 0x0A { add(.form, "the records end inside a line") }
      lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
    } catch { throw error.isMissing ? .noCase(folder) : .unreadable(error.message) }
    let records = read(lines)
    if unknownReason == nil {
      try verifyEvidence(of: records)
      try verifyDocuments(of: records)
      try verifyStatement(of: records, Digest(of: bytes))
      try tellOthers()
    }
    try verifyAnchor()
    conclude(records)
    return result
  }

  private mutating func add(
    _ check: VerifierCheck, record: Int64? = nil, run: String? = nil, _ message: String
  ) {
    guard check != leftOut, result.problems.count < Verification.problemLimit else { return }
    result.problems.append(VerificationProblem(check, record: record, run: run, message))
  }

  private mutating func readCheckpoint() throws(FileProblem) {
    let bytes = try files.readWhole("\(folder)/checkpoint", limitBytes: SignedNote.sizeLimitBytes)
    guard let note = SignedNote(parsing: bytes), let checkpoint = Checkpoint(text: note.text) else {
      add(.checkpoints, "the checkpoint cannot be read")
      return
    }
    checkpointBytes = bytes
    anchor = TrailAnchor(note: note, checkpoint: checkpoint)
    result.checkpoint = checkpoint
    let slots = CheckpointSlots([.note(note, checkpoint)], keys: keys)
    result.key = slots.newest?.signer
    if slots.newest == nil { add(.signature, "the checkpoint bears a wrong signature of its key") }
  }

  // MARK: Records

  private mutating func read(_ lines: [ArraySlice<UInt8>]) -> [TrailRecord] {
    var records: [TrailRecord] = []
    var chain = ChainCheck(isWholeLog: false)
    for line in lines {
      let record: TrailRecord
      do throws(RecordDamage) { record = try TrailRecord(line: line) } catch {
        if case .unknownVersion(let version) = error {
          unknownReason = RecordDamage.notUnderstood(version: version, from: "line \(records.count + 1)")
          break
        }
        add(.form, "line \(records.count + 1): \(error.message)")
        continue
      }
      let run = record.place?.run
      if run == nil || run != records.first?.place?.run ?? run {
        add(.runSequence, record: record.sequence, run: run, "the record is not of the case's run")
      }
      if let origin = result.checkpoint?.origin, ExactString(origin) != ExactString(record.origin) {
        add(.origin, record: record.sequence, run: run, "the record is of another log")
      }
      let leaf = Digest(leaf: line)
      for problem in chain.problems(with: ChainLink(record, leaf: leaf)) {
        add(problem.check, record: record.sequence, run: run, problem.message)
      }
      verifyProof(of: record, leaf)
      records.append(record)
    }
    result.records = Int64(records.count)
    (result.closedRuns, result.openRuns) = (chain.closedRuns, chain.openRuns)
    return records
  }

  private mutating func verifyProof(of record: TrailRecord, _ leaf: Digest) {
    guard let checkpoint = result.checkpoint, record.sequence < checkpoint.size else { return }
    let path = "proofs/\(record.sequence).tlog-proof"
    seen.insert(path)
    guard let bytes = try? files.readWhole("\(folder)/\(path)", limitBytes: Self.proofLimitBytes),
      let proof = InclusionProof(parsing: bytes)
    else {
      return add(.proof, record: record.sequence, "the record's proof is not there, or cannot be read")
    }
    guard proof.index == record.sequence, proof.checkpoint == checkpointBytes,
      MerkleProof.isIncluded(leaf, at: proof.index, of: checkpoint.size, root: checkpoint.root, proof: proof.hashes)
    else { return add(.proof, record: record.sequence, "the record is not proved to be in the checkpoint's tree") }
    result.covered += 1
  }

  // MARK: Evidence

  private mutating func verifyEvidence(of records: [TrailRecord]) throws(TrailReadError) {
    let manifest = (try? files.readWhole("\(folder)/case.json", limitBytes: Self.recordsLimitBytes))
      .flatMap { try? JSON(parsing: $0) }
    let erased = Set((manifest?["erased"]?.elements ?? []).compactMap(\.text))
    for record in records {
      result.evidence.notKept += EvidenceReferences.notKept(in: record.body)
      for reference in EvidenceReferences.references(in: record.body) {
        let digits = String(reference.digest.dropFirst(7))
        guard reference.digest.hasPrefix("sha256:"), EvidenceStore.isDigest(digits) else {
          add(.evidence, record: record.sequence, EvidenceProblem.badReference.message)
          continue
        }
        seen.insert("evidence/\(digits)")
        do throws(EvidenceProblem) {
          let bytes = try EvidenceStore.contents(of: "\(folder)/evidence/\(digits)", digits, in: files).bytes
          if Int64(bytes.count) != reference.length {
            add(.evidence, record: record.sequence, "the evidence has \(bytes.count) bytes, not \(reference.length)")
          }
          result.evidence.intact += 1
        } catch {
          switch error {
          case .missing where erased.contains(reference.digest): result.evidence.gone += 1
          case .missing:
            add(.evidenceMissing, record: record.sequence, "the evidence \(reference.digest) is not there")
          case .unreadable(let problem): throw .unreadable(problem)
          case .damaged, .badReference, .erased:
            add(.evidence, record: record.sequence, "\(error.message): \(reference.digest)")
          }
        }
      }
    }
  }

  /// The documents that the first record names are what the run was made by.
  private mutating func verifyDocuments(of records: [TrailRecord]) throws(TrailReadError) {
    guard let first = records.first else { return }
    if first.type == RunDocument.recordType, !RunDocument.areNamed(by: first) {
      add(.runbook, record: first.sequence, run: first.place?.run, RunDocument.otherwiseNamed)
    }
    for document in RunDocument.all(in: first.body) {
      seen.insert("documents/\(document.digits)")
      let bytes: [UInt8]
      do throws(FileProblem) {
        bytes = try files.readWhole(
          "\(folder)/documents/\(document.digits)", limitBytes: PinnedDocuments.sizeLimitBytes)
      } catch {
        guard error.isMissing else { throw .unreadable(error.message) }
        result.remarks.append("the document '\(document.name)' is not in the case")
        continue
      }
      if Digest(of: bytes).hexadecimal != document.digits {
        add(.evidence, record: first.sequence, "the document '\(document.name)' does not match its digest")
      } else {
        result.documents += 1
      }
    }
  }

  // MARK: What is retold for others

  /// The statement says what the records say, and names the digests of the files that nothing else proves.
  private mutating func verifyStatement(of records: [TrailRecord], _ digest: Digest) throws(TrailReadError) {
    guard let first = records.first, let checkpoint = result.checkpoint else { return }
    guard let bytes = try read(StatementEnvelope.name) else {
      result.remarks.append(
        "there is no \(StatementEnvelope.name): nothing signed speaks for what stands beside the records")
      return
    }
    guard let envelope = StatementEnvelope(parsing: bytes), let statement = try? JSON(parsing: envelope.payload),
      let named = VerdictStatement.files(of: statement)
    else { return add(.statement, "\(StatementEnvelope.name) is no statement in an envelope") }
    let remade = VerdictStatement(
      run: first.place?.run ?? "", first: first, closed: records.last { $0.type == TrailLog.closingType },
      records: digest, checkpoint: checkpoint, files: named)
    if remade.json.canonicalBytes != envelope.payload {
      add(.statement, "\(StatementEnvelope.name) does not say what the records say")
    }
    let verdicts = keys.compactMap { envelope.isSigned(by: $0) }
    if verdicts.contains(false) {
      add(.statement, "\(StatementEnvelope.name) bears a wrong signature of its key")
    } else if verdicts.isEmpty {
      result.remarks.append("\(StatementEnvelope.name) is signed by none of the keys that were given")
    } else {
      try verify(named)
    }
  }

  private mutating func verify(_ named: [VerdictStatement.File]) throws(TrailReadError) {
    for file in named {
      seen.insert(file.name)
      guard let bytes = try read(file.name) else {
        result.remarks.append("\(file.name) is not in the case")
        continue
      }
      if Digest(of: bytes).hexadecimal != file.digits {
        add(.statement, "\(file.name) is not the file that the signed statement names")
      }
    }
  }

  /// What others have said of the checkpoint.
  private mutating func verifyAnchor() throws(TrailReadError) {
    guard let anchor else { return }
    let reply = try read(ExportedCase.stampName)
    if reply != nil { seen.insert(ExportedCase.stampName) }
    var check = AnchorCheck(ofCase: anchor, reply: reply, witnesses: witnesses)
    result.witnessed = check.judge(nil, size: anchor.checkpoint.size, start: 0)
    for problem in check.problems { add(.anchor, problem) }
    result.notes += check.remarks
    missingWord = check.missingWord
  }

  /// - Returns: `nil` for a file that is not there.
  private func read(_ name: String) throws(TrailReadError) -> [UInt8]? {
    do { return try files.readWhole("\(folder)/\(name)", limitBytes: Self.recordsLimitBytes) } catch {
      guard error.isMissing else { throw .unreadable(error.message) }
      return nil
    }
  }

  /// Whatever lies in the folder and is proved by nothing.
  private mutating func tellOthers() throws(TrailReadError) {
    var others: [String] = []
    for part in ["", "proofs/", "evidence/", "documents/"] {
      do throws(FileProblem) {
        others += try files.names(in: part.isEmpty ? folder : "\(folder)/\(part.dropLast())").map { part + $0 }
      } catch {
        guard error.isMissing else { throw .unreadable(error.message) }
      }
    }
    others.removeAll(where: seen.contains)
    guard !others.isEmpty else { return }
    let more = others.count > Self.namedLimit ? " and \(others.count - Self.namedLimit) more files" : ""
    let names = others.prefix(Self.namedLimit).map { "'\($0)'" }.joined(separator: ", ")
    unseen = "Not looked at: \(names)\(more). Nothing that is proved here names them."
  }

  // MARK: The judgement

  private mutating func conclude(_ records: [TrailRecord]) {
    result.firstBad = result.problems.compactMap(\.record).min()
    if let key = result.key, let checkpoint = result.checkpoint {
      result.limits = Verification.limits(of: key, origin: checkpoint.origin, witnessed: result.witnessed)
    } else {
      result.limits = Verification.unsignedLimits
    }
    if let unseen { result.limits.append(unseen) }
    if result.covered < result.records {
      result.remarks.append("\(result.records - result.covered) records are not covered by the checkpoint")
    }
    if unknownReason == nil, records.last?.type != TrailLog.closingType {
      result.remarks.append("the run is not closed: records of it may have been left out")
    }
    if result.evidence.gone > 0 {
      result.remarks.append("\(result.evidence.gone) pieces of evidence are not in the case, which says so itself")
    }
    if !result.problems.isEmpty {
      result.status = .tampered
    } else if records.isEmpty || unknownReason != nil || result.key == nil || leftOut != nil || missingWord != nil {
      let why = result.key == nil ? "no key that was given has signed" : missingWord
      if let reason = unknownReason ?? (records.isEmpty ? "there are no records" : why) {
        result.remarks.insert(reason, at: 0)
      }
      result.status = .unverifiable
    } else {
      result.status = result.remarks.isEmpty ? .verified : .prefix
    }
  }
}
