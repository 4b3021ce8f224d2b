package import DurableFiles
internal import RunbookPorts
internal import Synchronization

/// Bytes that are kept beside the log, named by their salted digest.
///
/// A file is 32 random bytes of salt and then the kept bytes; its name is the SHA-256 of the whole, so `sha256sum` says
/// whether it is intact. Where that makes them smaller, the bytes are compressed (zlib), and the name ends in `.z`. Who
/// has only the digest cannot try out likely contents; who deletes the file has erased contents and salt, and the log
/// stays whole.
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
    let name: String
    let file: any StoredFile
  }

  /// The end of a name whose file is compressed.
  static let compressedSuffix = ".z"

  private let layout: TrailLayout
  private let files: any FileSystem
  private let randomBytes: @Sendable (Int) -> [UInt8]
  private let pending = Mutex<[Pending]>([])
  /// Held while files are put in their place; the first failure stays, because what it left undone is not known.
  private let settling = Mutex<FileProblem?>(nil)

  /// `nil`: there is no limit but the disk's.
  let room: EvidenceRoom?

  init(
    _ layout: TrailLayout, files: any FileSystem, randomBytes: @escaping @Sendable (Int) -> [UInt8],
    room: EvidenceRoom? = nil
  ) {
    self.room = room
    self.layout = layout
    self.files = files
    self.randomBytes = randomBytes
  }

  func keep(_ bytes: [UInt8], mediaType: String) throws(JournalError) -> EvidenceReference {
    guard bytes.count <= Self.sizeLimitBytes else {
      throw .tooLarge(bytes: bytes.count, limit: Self.sizeLimitBytes)
    }
    let salt = randomBytes(Self.saltBytes)
    precondition(salt.count == Self.saltBytes, "the surroundings give as many random bytes as they are asked for")
    let digest = Digest(of: salt, bytes)
    let compressed = ZlibStream.compress(bytes)
    if let room,
      try filing({ () throws(FileProblem) in
        try !room.take(salt.count + (compressed ?? bytes).count)
      })
    {
      let reason = "the trail holds as much evidence as it may, \(room.limitBytes) bytes"
      return EvidenceReference(digest: digest.text, length: bytes.count, mediaType: mediaType, notKept: reason)
    }
    let name = digest.hexadecimal + (compressed == nil ? "" : Self.compressedSuffix)
    let path = layout.incomingFile(name)
    let isFull = try filing { () throws(FileProblem) in
      let file = try files.open(path, for: .creating)
      do throws(FileProblem) {
        try file.write(salt + (compressed ?? bytes))
      } catch {
        try files.remove(path)
        throw error
      }
      return pending.withLock { pending in
        pending.append(Pending(name: name, file: file))
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
    var leftovers: [Pending] = []
    for name in try files.names(in: layout.incoming) {
      let digits = name.hasSuffix(Self.compressedSuffix) ? String(name.dropLast(Self.compressedSuffix.count)) : name
      guard Self.isDigest(digits), (try? Self.contents(of: layout.incomingFile(name), digits, in: files)) != nil,
        let file = try? files.open(layout.incomingFile(name), for: .reading)
      else { continue }
      leftovers.append(Pending(name: name, file: file))
    }
    try place(leftovers)
  }

  private func place(_ pieces: [Pending]) throws(FileProblem) {
    guard !pieces.isEmpty else { return }
    var folders: Set<String> = []
    for piece in pieces {
      try piece.file.synchronize()
      let folder = layout.evidenceFolder(of: piece.name)
      try files.makeFolder(folder, isDurable: false)
      folders.insert(folder)
      let place = layout.evidenceFile(piece.name)
      do { try files.rename(layout.incomingFile(piece.name), to: place) } catch {
        // A process that opened the trail meanwhile may have put it in its place.
        guard error.isMissing, files.exists(place) else { throw error }
      }
    }
    for folder in folders.sorted() { try files.synchronizeFolder(folder) }
    try files.synchronizeFolder(layout.evidence)
  }

  /// Whether a piece is in its place.
  func has(_ digest: String) -> Bool { names(of: digest).contains { files.exists(layout.evidenceFile($0)) } }

  private func names(of digest: String) -> [String] {
    let digits = String(digest.dropFirst(7))
    return [digits, digits + Self.compressedSuffix]
  }

  /// Removes a piece's file, whether it is compressed or not. Its name is gone from the disk when this returns.
  func remove(_ digest: String) throws(FileProblem) {
    for name in names(of: digest) where files.exists(layout.evidenceFile(name)) {
      try files.remove(layout.evidenceFile(name))
      try files.synchronizeFolder(layout.evidenceFolder(of: name))
    }
  }

  /// Reads a file of kept bytes.
  ///
  /// - Returns: The salt and the bytes as they were before they were compressed.
  static func contents(
    of path: String, _ digits: String, in files: any FileSystem
  ) throws(EvidenceProblem) -> (salt: [UInt8], bytes: [UInt8]) {
    let file: [UInt8]
    do { file = try files.readWhole(path, limitBytes: saltBytes + sizeLimitBytes) } catch {
      throw error.isMissing ? .missing : .unreadable(error.message)
    }
    guard file.count >= saltBytes else { throw .damaged }
    let salt = Array(file.prefix(saltBytes))
    var bytes = Array(file.dropFirst(saltBytes))
    if path.hasSuffix(compressedSuffix) {
      guard let whole = ZlibStream.decompress(bytes, limitBytes: sizeLimitBytes) else { throw .damaged }
      bytes = whole
    }
    guard Digest(of: salt, bytes).hexadecimal == digits else { throw .damaged }
    return (salt, bytes)
  }

  /// Whether a text is `sha256:` and 64 digits.
  static func isReference(_ text: String) -> Bool { text.hasPrefix("sha256:") && isDigest(text.dropFirst(7)) }

  static func isDigest(_ text: some StringProtocol) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}

/// Why kept bytes cannot be had.
package enum EvidenceProblem: Error, Hashable, Sendable {
  /// Erased, or never brought to the disk before a crash.
  case missing
  /// Not there, and a record says why.
  case erased(String)
  /// The bytes are not those that the digest stands for.
  case damaged
  case unreadable(String)
  case badReference

  package var message: String {
    switch self {
    case .missing: "the evidence is not there"
    case .erased(let reason): "the evidence is not there: \(reason)"
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
  package func evidence(_ digest: String, in files: any FileSystem) throws(EvidenceProblem) -> [UInt8] {
    try saltedEvidence(digest, in: files).bytes
  }

  /// Kept bytes with their salt: the digest is over both.
  package func saltedEvidence(
    _ digest: String, in files: any FileSystem
  ) throws(EvidenceProblem) -> (salt: [UInt8], bytes: [UInt8]) {
    guard digest.hasPrefix("sha256:") else { throw .badReference }
    let digits = String(digest.dropFirst(7))
    guard EvidenceStore.isDigest(digits) else { throw .badReference }
    let names = [digits, digits + EvidenceStore.compressedSuffix]
    // Between the first look and the second, the file may have been put in its place.
    for path in names.map(evidenceFile) + names.map(incomingFile) + names.map(evidenceFile) {
      do throws(EvidenceProblem) { return try EvidenceStore.contents(of: path, digits, in: files) } catch {
        guard error == .missing else { throw error }
      }
    }
    throw .missing
  }
}
