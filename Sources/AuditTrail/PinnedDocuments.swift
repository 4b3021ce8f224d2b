package import DurableFiles
internal import RunbookPorts
internal import Synchronization
internal import Values

/// Documents that runs rest on: each once, whatever number of runs rest on it, named by the digest of its bytes.
///
/// Unlike evidence they hold nothing about anybody, so their digests need no salt, and two runs of one runbook name the
/// same file.
final class PinnedDocuments: Sendable {
  /// Most bytes of one document.
  static let sizeLimitBytes = 64 << 20

  private let layout: TrailLayout
  private let surroundings: TrailSurroundings
  private let known = Mutex<Set<String>>([])

  init(_ layout: TrailLayout, _ surroundings: TrailSurroundings) {
    (self.layout, self.surroundings) = (layout, surroundings)
  }

  /// - Returns: after the document is on the disk.
  func pin(_ bytes: [UInt8], digest: String) throws(JournalError) {
    guard known.withLock({ !$0.contains(digest) }) else { return }
    guard bytes.count <= Self.sizeLimitBytes else { throw .tooLarge(bytes: bytes.count, limit: Self.sizeLimitBytes) }
    let digits = String(digest.dropFirst(7))
    guard Digest(of: bytes).text.utf8.elementsEqual(digest.utf8) else {
      throw .cannotWrite("a document does not have the digest \(digest)")
    }
    try filing { () throws(FileProblem) in
      let (path, files) = (layout.documentFile(digits), surroundings.files)
      guard !files.exists(path) else { return }
      try files.makeFolder(layout.documents)
      try files.writeWhole(bytes, to: path, suffix: surroundings.temporarySuffix)
    }
    known.withLock { _ = $0.insert(digest) }
  }
}

/// A document that a run rests on, as its first record names it.
struct RunDocument: Hashable, Sendable {
  static let recordType = "run.started"

  let name: String
  /// Of its bytes.
  let digits: String

  /// - Parameter opening: The body of the run's first record.
  static func all(in opening: JSON?) -> [RunDocument] {
    (opening?["documents"]?.elements ?? []).compactMap { element in
      guard let name = element["name"]?.text, let digest = element["digest"]?.text, EvidenceStore.isReference(digest)
      else { return nil }
      return RunDocument(name: name, digits: String(digest.dropFirst(7)))
    }
  }

  static let otherwiseNamed = "'runbook' is not the digest of the documents that the record names"

  /// Whether a run's records name its documents by the digest that they carry as `runbook`; so they do where the first
  /// one names none.
  static func areNamed(by record: TrailRecord) -> Bool {
    let documents = all(in: record.body)
    let runbook = Digest(ofDocuments: documents.map { "sha256:\($0.digits)" }).text
    return documents.isEmpty || record.place.map { $0.runbook == runbook } ?? true
  }
}

extension Digest {
  /// What a run's records carry as `runbook`: over the digests of the documents that it rests on, a line each.
  ///
  /// - Parameter digests: `sha256:` and 64 digits each, in the order in which the run's first record names them.
  package init(ofDocuments digests: [String]) { self.init(of: digests.flatMap { Array($0.utf8) + [0x0A] }) }
}

extension TrailLayout {
  /// Reads a pinned document back.
  ///
  /// - Throws: also when the bytes are there but do not match the digest.
  package func document(_ digest: String, in files: any FileSystem) throws(EvidenceProblem) -> [UInt8] {
    let digits = String(digest.dropFirst(7))
    guard digest.hasPrefix("sha256:"), EvidenceStore.isDigest(digits) else { throw .badReference }
    let bytes: [UInt8]
    do { bytes = try files.readWhole(documentFile(digits), limitBytes: PinnedDocuments.sizeLimitBytes) } catch {
      if error.isMissing { throw .missing }
      throw .unreadable(error.message)
    }
    guard Digest(of: bytes).hexadecimal == digits else { throw .damaged }
    return bytes
  }
}
