internal import DurableFiles
internal import RunbookPorts
internal import Synchronization

/// Bytes that are kept beside the log, named by their salted digest.
///
/// A file is 32 random bytes of salt and then the kept bytes; its name is the SHA-256 of the whole, so `sha256sum` says
/// whether it is intact. Who has only the digest cannot try out likely contents; who deletes the file has erased
/// contents and salt, and the log stays whole.
///
/// New files lie in `incoming` until `settle` has brought them to the disk, so that none can stand half written under
/// its final name.
final class EvidenceStore: Sendable {
  static let saltBytes = 32
  /// Most bytes of one piece of evidence.
  static let sizeLimitBytes = 256 << 20
  /// Most files that are kept open for `settle`.
  private static let pendingLimit = 32

  private struct Pending {
    let digits: String
    let file: OpenFile
  }

  private let layout: TrailLayout
  private let randomBytes: @Sendable (Int) -> [UInt8]
  private let pending = Mutex<[Pending]>([])
  /// Held while files are put in their place; the first failure stays, because what it left undone is not known.
  private let settling = Mutex<FileProblem?>(nil)

  init(_ layout: TrailLayout, randomBytes: @escaping @Sendable (Int) -> [UInt8]) {
    self.layout = layout
    self.randomBytes = randomBytes
  }

  func keep(_ bytes: [UInt8], mediaType: String) throws(JournalError) -> EvidenceReference {
    guard bytes.count <= Self.sizeLimitBytes else {
      throw .tooLarge(bytes: bytes.count, limit: Self.sizeLimitBytes)
    }
    let salt = randomBytes(Self.saltBytes)
    precondition(salt.count == Self.saltBytes, "the surroundings give as many random bytes as they are asked for")
    let digest = Digest(of: salt, bytes)
    let path = layout.incomingFile(digest.hexadecimal)
    let isFull = try filing { () throws(FileProblem) in
      let file = try OpenFile(path, for: .creating)
      do throws(FileProblem) {
        try file.write(salt)
        try file.write(bytes)
      } catch {
        try Folder.remove(path)
        throw error
      }
      return pending.withLock { pending in
        pending.append(Pending(digits: digest.hexadecimal, file: file))
        return pending.count >= Self.pendingLimit
      }
    }
    if isFull { try filing { () throws(FileProblem) in try settle() } }
    return EvidenceReference(digest: digest.text, length: bytes.count, mediaType: mediaType)
  }

  /// Brings everything that was kept before the call to the disk. Once it has thrown, it always throws.
  func settle() throws(FileProblem) {
    let problem = settling.withLock { failure in
      if failure == nil { failure = placePending() }
      return failure
    }
    if let problem { throw problem }
  }

  private func placePending() -> FileProblem? {
    let files = pending.withLock { pending in
      defer { pending = [] }
      return pending
    }
    do {
      try place(files)
      return nil
    } catch { return error }
  }

  /// Puts files in their place that a process left in `incoming` when it ended. What is not whole stays there.
  func adoptLeftovers() throws(FileProblem) {
    var files: [Pending] = []
    for name in try Folder.names(in: layout.incoming) where Self.isDigest(name) {
      guard let bytes = try? Self.readWhole(layout.incomingFile(name)), Digest(of: bytes).hexadecimal == name,
        let file = try? OpenFile(layout.incomingFile(name), for: .reading)
      else { continue }
      files.append(Pending(digits: name, file: file))
    }
    try place(files)
  }

  private func place(_ files: [Pending]) throws(FileProblem) {
    guard !files.isEmpty else { return }
    var folders: Set<String> = []
    for pending in files {
      try pending.file.synchronize()
      let folder = layout.evidenceFolder(of: pending.digits)
      try Folder.make(folder, isDurable: false)
      folders.insert(folder)
      let place = layout.evidenceFile(pending.digits)
      do { try Folder.rename(layout.incomingFile(pending.digits), to: place) } catch {
        // A process that opened the trail meanwhile may have put it in its place.
        guard error.isMissing, Folder.exists(place) else { throw error }
      }
    }
    for folder in folders.sorted() { try Folder.synchronize(folder) }
    try Folder.synchronize(layout.evidence)
  }

  static func readWhole(_ path: String) throws(FileProblem) -> [UInt8] {
    try WholeFile.read(path, limitBytes: saltBytes + sizeLimitBytes)
  }

  static func isDigest(_ text: some StringProtocol) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}

/// Why kept bytes cannot be had.
package enum EvidenceProblem: Error, Hashable, Sendable {
  /// Erased, or never brought to the disk before a crash.
  case missing
  /// The bytes are not those that the digest stands for.
  case damaged
  case unreadable(String)
  case badReference

  package var message: String {
    switch self {
    case .missing: "the evidence is not there"
    case .damaged: "the evidence does not match its digest"
    case .unreadable(let problem): problem
    case .badReference: "the reference is no digest"
    }
  }
}

extension TrailLayout {
  /// Reads kept bytes back.
  ///
  /// - Throws: also when the bytes are there but do not match the digest.
  package func evidence(_ digest: String) throws(EvidenceProblem) -> [UInt8] {
    guard digest.hasPrefix("sha256:") else { throw .badReference }
    let digits = String(digest.dropFirst(7))
    guard EvidenceStore.isDigest(digits) else { throw .badReference }
    // Between the first look and the second, the file may have been put in its place.
    for path in [evidenceFile(digits), incomingFile(digits), evidenceFile(digits)] {
      let bytes: [UInt8]
      do { bytes = try EvidenceStore.readWhole(path) } catch {
        if error.isMissing { continue }
        throw .unreadable(error.message)
      }
      guard bytes.count >= EvidenceStore.saltBytes, Digest(of: bytes).hexadecimal == digits else { throw .damaged }
      return Array(bytes.dropFirst(EvidenceStore.saltBytes))
    }
    throw .missing
  }
}
