internal import DurableFiles
internal import Values

/// What records name and the trail's folder holds in files beside the log: evidence, documents that runs rest on, and
/// files that were exported.
struct NamedFiles {
  /// What was found when they were looked at.
  struct Findings {
    var problems: [VerificationProblem] = []
    /// See `Verification`.
    var remarks: [String] = []
    var notes: [String] = []
    var evidence = Verification.EvidenceCount()
    var documents = 0
    var exports = Verification.ExportCount()
  }

  /// Most bytes of an exported file that is looked at.
  private static let exportLimitBytes = 1 << 28

  private let layout: TrailLayout
  private let files: any FileSystem
  /// Of evidence and documents only what this run's records name is looked at; `nil`: all.
  private let wanted: String?

  /// Where first, and how long it is.
  private var evidence: [(digest: String, length: Int64, record: Int64, run: String?)] = []
  private var gone: Set<String> = []
  private var notKept = 0
  /// By the digits of their digests, and where they are named first.
  private var documents: [String: (document: RunDocument, record: Int64, run: String?)] = [:]
  /// By their names, and what the last record says of each.
  private var exports: [String: (digits: String, record: Int64)] = [:]

  init(_ layout: TrailLayout, _ files: any FileSystem, of wanted: String?) {
    (self.layout, self.files, self.wanted) = (layout, files, wanted)
  }

  private func isWanted(_ run: String?) -> Bool { wanted == nil || wanted == run }

  // MARK: What records name

  mutating func note(evidence digest: String, length: Int64, record: Int64, run: String?) {
    if isWanted(run) { evidence.append((digest, length, record, run)) }
  }

  /// - Parameter count: Pieces that a record names and that were never kept.
  mutating func note(notKept count: Int, run: String?) {
    if isWanted(run) { notKept += count }
  }

  /// A record says that a piece was erased or lost.
  mutating func note(gone digest: String) { gone.insert(digest) }

  mutating func note(_ document: RunDocument, record: Int64, run: String?) {
    if isWanted(run), documents[document.digits] == nil { documents[document.digits] = (document, record, run) }
  }

  /// What replaced a file is what it should be.
  mutating func note(_ export: ExportedDigest, record: Int64) {
    exports[export.name] = (export.digits, record)
  }

  // MARK: What is there

  /// - Parameter covered: Records under the last checkpoint; all if there is none. What later ones name a crash may have
  ///   lost: evidence is on the disk before a checkpoint covers what names it.
  /// - Throws: for a file that is there and cannot be read.
  func look(covered: Int64) throws(TrailReadError) -> Findings {
    var findings = Findings()
    try lookAtEvidence(covered, &findings)
    try lookAtDocuments(covered, &findings)
    lookAtExports(&findings)
    return findings
  }

  private func lookAtEvidence(_ covered: Int64, _ findings: inout Findings) throws(TrailReadError) {
    findings.evidence.notKept = notKept
    var known: [String: Result<Int64, EvidenceProblem>] = [:]
    for piece in evidence {
      let state =
        known[piece.digest]
        ?? Result { () throws(EvidenceProblem) in Int64(try layout.evidence(piece.digest, in: files).count) }
      known[piece.digest] = state
      func report(_ check: VerifierCheck, _ message: String) {
        findings.problems.append(VerificationProblem(check, record: piece.record, run: piece.run, message))
      }
      switch state {
      case .success(let length):
        if length != piece.length { report(.evidence, "the evidence has \(length) bytes, not \(piece.length)") }
        findings.evidence.intact += 1
      case .failure(.missing) where gone.contains(piece.digest): findings.evidence.gone += 1
      case .failure(.missing) where piece.record >= covered, .failure(.damaged) where piece.record >= covered:
        findings.remarks.append("evidence of record \(piece.record) is not there or damaged: a crash, or a change")
      case .failure(.missing):
        report(.evidenceMissing, "the evidence \(piece.digest) is not there, and no record says why")
      case .failure(.unreadable(let problem)): throw .unreadable(problem)
      // A piece that a crash has damaged is recorded as lost, as one that is missing.
      case .failure where gone.contains(piece.digest): findings.evidence.gone += 1
      case .failure(let problem): report(.evidence, "\(problem.message): \(piece.digest)")
      }
    }
  }

  private func lookAtDocuments(_ covered: Int64, _ findings: inout Findings) throws(TrailReadError) {
    for (document, record, run) in documents.values.sorted(by: {
      ($0.record, $0.document.digits) < ($1.record, $1.document.digits)
    }) {
      let problem: String
      do throws(EvidenceProblem) {
        _ = try layout.document("sha256:" + document.digits, in: files)
        findings.documents += 1
        continue
      } catch {
        switch error {
        case .missing: problem = "is not there"
        case .unreadable(let message): throw .unreadable(message)
        default: problem = "does not match its digest"
        }
      }
      if record >= covered {
        findings.remarks.append("the document '\(document.name)' \(problem): a crash, or a change")
      } else {
        findings.problems.append(
          VerificationProblem(.document, record: record, run: run, "the document '\(document.name)' \(problem)"))
      }
    }
  }

  /// What lies under `exports` is held against the record that names it last. It is no part of the trail, so that
  /// nothing hangs on it; a reader of the file should know all the same.
  private func lookAtExports(_ findings: inout Findings) {
    for (name, export) in exports.sorted(by: { $0.value.record < $1.value.record }) {
      guard let bytes = try? files.readWhole("\(layout.exports)/\(name)", limitBytes: Self.exportLimitBytes) else {
        continue
      }
      if Digest(of: bytes).hexadecimal == export.digits {
        findings.exports.intact += 1
      } else {
        findings.exports.changed += 1
        findings.notes.append("exports/\(name) is not the file that record \(export.record) says was written")
      }
    }
  }
}
