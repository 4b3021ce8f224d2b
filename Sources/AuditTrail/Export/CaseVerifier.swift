package import DurableFiles
internal import Values

/// Verifies an exported case (`FORMAT.md`, section 6): without the trail, and without anything but the key.
package struct CaseVerifier {
  /// Most bytes of a case's records that are read.
  private static let recordsLimitBytes = 1 << 30
  private static let proofLimitBytes = 65_536

  private let folder: String
  private let files: any FileSystem
  private let keys: [VerifierKey]
  private let leftOut: VerifierCheck?
  private var result = Verification()
  private var checkpointBytes: [UInt8] = []

  /// - Parameters: As with `TrailVerifier`.
  package init(
    folder: String, files: any FileSystem = LinuxFiles(), keys: [VerifierKey], leavingOut leftOut: VerifierCheck? = nil
  ) {
    self.folder = folder
    self.files = files
    self.keys = keys
    self.leftOut = leftOut
  }

  /// - Throws: when the case cannot be read to its end.
  package consuming func verify() throws(TrailReadError) -> Verification {
    do { try readCheckpoint() } catch { throw error.isMissing ? .noTrail(folder) : .unreadable(error.message) }
    let lines: [ArraySlice<UInt8>]
    do throws(FileProblem) {
      let bytes = try files.readWhole("\(folder)/records.jsonl", limitBytes: Self.recordsLimitBytes)
      if !bytes.isEmpty, bytes.last != 0x0A { add(.form, "the records end inside a line") }
      lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
    } catch { throw error.isMissing ? .noTrail(folder) : .unreadable(error.message) }
    let records = read(lines)
    try verifyEvidence(of: records)
    try verifyDocuments(of: records)
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
    let bytes = try files.readWhole("\(folder)/checkpoint", limitBytes: CheckpointFiles.sizeLimitBytes)
    guard let note = SignedNote(parsing: bytes), let checkpoint = Checkpoint(text: note.text) else {
      add(.checkpoints, "the checkpoint cannot be read")
      return
    }
    checkpointBytes = bytes
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
    guard
      let bytes = try? files.readWhole(
        "\(folder)/proofs/\(record.sequence).tlog-proof", limitBytes: Self.proofLimitBytes),
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
      for reference in EvidenceReferences.references(in: record.body) {
        let digits = String(reference.digest.dropFirst(7))
        guard reference.digest.hasPrefix("sha256:"), EvidenceStore.isDigest(digits) else {
          add(.evidence, record: record.sequence, EvidenceProblem.badReference.message)
          continue
        }
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
    for document in RunDocument.all(in: first.body) {
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
      }
    }
  }

  // MARK: The judgement

  private mutating func conclude(_ records: [TrailRecord]) {
    result.firstBad = result.problems.compactMap(\.record).min()
    if let key = result.key, let checkpoint = result.checkpoint {
      result.limits = Verification.limits(of: key, origin: checkpoint.origin)
    } else {
      result.limits = Verification.unsignedLimits
    }
    if result.covered < result.records {
      result.remarks.append("\(result.records - result.covered) records are not covered by the checkpoint")
    }
    if records.last?.type != TrailLog.closingType {
      result.remarks.append("the run is not closed: records of it may have been left out")
    }
    if result.evidence.gone > 0 {
      result.remarks.append("\(result.evidence.gone) pieces of evidence are not in the case, which says so itself")
    }
    if !result.problems.isEmpty {
      result.status = .tampered
    } else if records.isEmpty || result.key == nil || leftOut != nil {
      result.remarks.insert(records.isEmpty ? "there are no records" : "no key that was given has signed", at: 0)
      result.status = .unverifiable
    } else {
      result.status = result.remarks.isEmpty ? .verified : .prefix
    }
  }
}

/// A C2SP tlog-proof: where a record is in a log, the hashes that prove it, and the checkpoint.
struct InclusionProof {
  private static let head = "c2sp.org/tlog-proof@v1"

  let index: Int64
  let hashes: [Digest]
  let checkpoint: [UInt8]

  init(index: Int64, hashes: [Digest], checkpoint: [UInt8]) {
    self.index = index
    self.hashes = hashes
    self.checkpoint = checkpoint
  }

  init?(parsing bytes: [UInt8]) {
    guard let gap = bytes.indices.dropLast().first(where: { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }) else {
      return nil
    }
    let lines = bytes[..<gap].split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.count >= 2, lines[0].elementsEqual(Self.head.utf8), lines[1].starts(with: "index ".utf8) else {
      return nil
    }
    let digits = String(decoding: lines[1].dropFirst(6), as: UTF8.self)
    guard let index = Int64(digits), index >= 0, String(index) == digits else { return nil }
    let hashes = lines.dropFirst(2).compactMap { line in Base64.bytes(line).flatMap { Digest(bytes: $0) } }
    guard hashes.count == lines.count - 2 else { return nil }
    self.init(index: index, hashes: hashes, checkpoint: Array(bytes[(gap + 2)...]))
  }

  var bytes: [UInt8] {
    Array("\(Self.head)\nindex \(index)\n".utf8)
      + hashes.flatMap { Array(Base64.text(of: $0.bytes).utf8) + [0x0A] } + [0x0A] + checkpoint
  }
}
