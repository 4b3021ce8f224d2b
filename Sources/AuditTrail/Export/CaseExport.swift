package import DurableFiles
internal import Values

/// Copies one run out of a trail, with all that is needed to verify it elsewhere (`FORMAT.md`, section 6).
package struct CaseExport {
  private let reader: TrailReader
  private let key: SigningKey?

  /// - Parameter key: Signs the statement of what was decided; the trail's own.
  package init(_ reader: TrailReader, key: SigningKey?) {
    self.reader = reader
    self.key = key
  }

  /// What was exported.
  package struct Summary: Hashable, Sendable {
    package let run: String
    package let records: Int
    package let pieces: Int
    /// Digests of evidence that is not there any more.
    package let gone: [String]
    /// Documents that cannot be had, or are not what their digests stand for; sentences.
    package let missingDocuments: [String]
    /// Records of the run that the checkpoint does not cover yet.
    package let uncovered: Int
    package let isClosed: Bool
    /// What was decided is signed.
    package let isSigned: Bool
  }

  /// Writes the case into a folder that must not be there yet.
  ///
  /// - Parameter name: The run's name or the beginning of it.
  package func write(run name: String, to folder: String) throws(CaseExportError) -> Summary {
    if Folder.exists(folder) { throw .alreadyThere(folder) }
    let exported = try ExportedCase(reading: name, from: reader, key: key?.verifier)
    let beside = exported.filesForOthers(key: key?.verifier)
    let envelope: StatementEnvelope?
    do throws(SigningProblem) {
      envelope =
        if let key { try StatementEnvelope(exported.statement(naming: beside), signedBy: key) } else { nil }
    } catch { throw .unsigned(error.message) }
    do throws(FileProblem) {
      for path in ["proofs", "evidence", "documents"] { try Folder.make("\(folder)/\(path)") }
      func put(_ bytes: [UInt8], _ path: String) throws(FileProblem) {
        let file = try OpenFile("\(folder)/\(path)", for: .creating)
        try file.write(bytes)
        try file.synchronize()
      }
      try put(exported.recordBytes, "records.jsonl")
      try put(exported.note.bytes, "checkpoint")
      for line in exported.lines {
        if let proof = line.proof { try put(proof, "proofs/\(line.record.sequence).tlog-proof") }
      }
      for piece in exported.pieces { try put(piece.salt + piece.bytes, "evidence/\(piece.digits)") }
      for document in exported.documents {
        if let bytes = document.bytes { try put(bytes, "documents/\(document.digits)") }
      }
      for (name, bytes) in beside { try put(bytes, name) }
      if let envelope { try put(envelope.bytes, StatementEnvelope.name) }
      try Folder.synchronize(folder)
    } catch { throw .file(error) }
    return exported.summary(isSigned: envelope != nil)
  }
}

/// Why a run was not exported.
package enum CaseExportError: Error, Hashable, Sendable {
  case trail(TrailReadError)
  case alreadyThere(String)
  /// The log does not fit its checkpoint, or the run's records are damaged: an export would prove nothing.
  case damaged(String)
  case file(FileProblem)
  /// The key could not sign what was decided.
  case unsigned(String)

  package var message: String {
    switch self {
    case .trail(let problem): problem.message
    case .alreadyThere(let folder): "'\(folder)' is there already"
    case .damaged(let problem): problem
    case .file(let problem): problem.message
    case .unsigned(let problem): "the statement could not be signed: \(problem)"
    }
  }
}

/// One run of a trail with its proofs and its evidence.
struct ExportedCase {
  struct Line {
    let record: TrailRecord
    let bytes: [UInt8]
    /// A C2SP tlog-proof; `nil` for a record that the checkpoint does not cover.
    let proof: [UInt8]?
  }

  struct Piece {
    let digits: String
    let mediaType: String
    let salt: [UInt8]
    let bytes: [UInt8]
  }

  let run: String
  let note: SignedNote
  let checkpoint: Checkpoint
  /// What a time stamping authority has replied for the checkpoint.
  let stamp: [UInt8]?
  let lines: [Line]
  let pieces: [Piece]
  let gone: [String]
  /// The runbook, its imports and its lists.
  let documents: [Document]

  struct Document {
    let name: String
    let digits: String
    /// `nil` for one that cannot be had.
    let bytes: [UInt8]?
    /// Why not.
    let problem: String?
  }

  /// The checkpoint is the last that others have seen, with what they said of it, if the whole run lies under it; else
  /// the log's last.
  ///
  /// - Parameter key: The log's; a checkpoint that it has signed is preferred to any other.
  init(reading name: String, from reader: TrailReader, key: VerifierKey?) throws(CaseExportError) {
    let files = CheckpointFiles(layout: reader.layout, files: reader.files)
    let newest: CheckpointFiles.Stored
    let records: [TrailLine]
    do {
      let stored = try files.stored().found
      let own = key.flatMap { key in stored.last { $0.note.isSigned(by: key) } }
      guard let found = own ?? stored.last else {
        throw CaseExportError.damaged("the trail has no checkpoint that can be read")
      }
      newest = found
      let run = try reader.records(ofRun: name)
      guard run.damaged.isEmpty else { throw CaseExportError.damaged("records of the trail are damaged: verify it") }
      records = run.records
    } catch let error as CaseExportError {
      throw error
    } catch let error as TrailReadError {
      throw .trail(error)
    } catch { throw .damaged("\(error)") }
    let end = records.compactMap(\.record?.sequence).max() ?? 0
    let anchored = try Self.anchored(beyond: end, reader, key)
    (note, checkpoint) = (anchored?.anchor.note ?? newest.note, anchored?.anchor.checkpoint ?? newest.checkpoint)
    stamp = anchored?.stamp
    run = records.first?.record?.place?.run ?? name
    lines = try Self.lines(records, checkpoint, note, reader)
    (pieces, gone) = try Self.pieces(lines, reader)
    documents = RunDocument.all(in: lines.first?.record.body).map { document in
      do throws(EvidenceProblem) {
        let bytes = try reader.layout.document("sha256:" + document.digits, in: reader.files)
        return Document(name: document.name, digits: document.digits, bytes: bytes, problem: nil)
      } catch { return Document(name: document.name, digits: document.digits, bytes: nil, problem: error.message) }
    }
  }

  /// The last checkpoint that others have seen and that covers a record.
  private static func anchored(
    beyond end: Int64, _ reader: TrailReader, _ key: VerifierKey?
  ) throws(CaseExportError) -> (anchor: TrailAnchor, stamp: [UInt8]?)? {
    let folder = AnchorFolder(reader.layout, files: reader.files)
    do throws(FileProblem) {
      for size in try folder.sizes().reversed() where size > end {
        guard let anchor = try folder.anchor(size), key.map({ anchor.note.isSigned(by: $0) }) ?? true else { continue }
        return (anchor, try folder.reply(size))
      }
    } catch { throw .file(error) }
    return nil
  }

  private static func lines(
    _ records: [TrailLine], _ checkpoint: Checkpoint, _ note: SignedNote, _ reader: TrailReader
  ) throws(CaseExportError) -> [Line] {
    let wanted = Set(records.compactMap(\.record?.sequence))
    var bytes: [Int64: [UInt8]] = [:]
    var leaves: [Digest] = []
    let gone = reader.removed()?.tree ?? MerkleFrontier()
    do throws(FileProblem) {
      for (index, line) in try reader.rawLines().enumerated() {
        let number = gone.size + Int64(index)
        if number < checkpoint.size { leaves.append(Digest(leaf: line.bytes)) }
        if wanted.contains(number) { bytes[number] = Array(line.bytes) }
      }
    } catch { throw .file(error) }
    let tree = MerkleLeaves(leaves, after: gone)
    guard tree.size == checkpoint.size, tree.root == checkpoint.root else {
      throw .damaged("the trail is not what its last checkpoint says: look at it with `tocsin trail verify`")
    }
    return records.compactMap { line in
      guard let record = line.record, let bytes = bytes[record.sequence] else { return nil }
      let proof = tree.inclusionProof(of: record.sequence).map {
        InclusionProof(index: record.sequence, hashes: $0, checkpoint: note.bytes).bytes
      }
      return Line(record: record, bytes: bytes, proof: proof)
    }
  }

  private static func pieces(
    _ lines: [Line], _ reader: TrailReader
  ) throws(CaseExportError) -> (found: [Piece], gone: [String]) {
    var pieces: [Piece] = []
    var gone: [String] = []
    var seen: Set<String> = []
    for line in lines {
      for reference in EvidenceReferences.references(in: line.record.body) where seen.insert(reference.digest).inserted
      {
        do throws(EvidenceProblem) {
          let (salt, bytes) = try reader.layout.saltedEvidence(reference.digest, in: reader.files)
          pieces.append(
            Piece(
              digits: String(reference.digest.dropFirst(7)), mediaType: reference.mediaType, salt: salt, bytes: bytes))
        } catch {
          guard error == .missing else { throw .damaged("\(error.message): \(reference.digest)") }
          gone.append(reference.digest)
        }
      }
    }
    return (pieces, gone)
  }

  /// The lines as they stand in `records.jsonl`.
  var recordBytes: [UInt8] { lines.flatMap { $0.bytes + [0x0A] } }

  var first: TrailRecord? { lines.first?.record }

  /// The last record of a type.
  func last(_ type: String) -> TrailRecord? { lines.last { $0.record.type == type }?.record }

  func summary(isSigned: Bool) -> CaseExport.Summary {
    CaseExport.Summary(
      run: run, records: lines.count, pieces: pieces.count, gone: gone,
      missingDocuments: documents.compactMap { document in
        document.problem.map { "the document '\(document.name)' was left out: \($0)" }
      }, uncovered: lines.count { $0.proof == nil },
      isClosed: last(TrailLog.closingType) != nil, isSigned: isSigned)
  }

  /// Files that the records and the evidence are retold in for others, and how they are verified.
  ///
  /// - Parameter key: That of the statement, if there is one.
  func filesForOthers(key: VerifierKey?) -> [(name: String, bytes: [UInt8])] {
    var files = [
      ("VERIFY.md", Array(CaseInstructions.text(for: self).utf8)), ("case.json", manifest.canonicalBytes + [0x0A]),
      ("case.jsonld", CaseOntology.graph(of: self).canonicalBytes + [0x0A]),
    ]
    if let stamp { files.append((Self.stampName, stamp)) }
    if let key { files += [("key.pem", Array(key.pem.utf8)), ("key.pub", Array(key.text.utf8) + [0x0A])] }
    return files
  }

  /// The file with the reply of a time stamping authority.
  static let stampName = "checkpoint.tsr"

  func statement(naming files: [(name: String, bytes: [UInt8])]) -> VerdictStatement {
    VerdictStatement(
      run: run, first: first, closed: last(TrailLog.closingType), records: Digest(of: recordBytes),
      checkpoint: checkpoint, files: files.map { VerdictStatement.File($0.name, $0.bytes) })
  }

  var manifest: JSON {
    .object([
      "documents": .array(
        documents.map { .object(["digest": .string("sha256:" + $0.digits), "name": .string($0.name)]) }),
      "erased": .array(gone.map(JSON.string)), "format": .integer(1), "log": .string(checkpoint.origin),
      "records": .integer(Int64(lines.count)), "run": .string(run),
      "runbook": first?.place.map { .string($0.runbook) } ?? .null, "size": .integer(checkpoint.size),
    ])
  }
}
