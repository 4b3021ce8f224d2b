/// Where files lie: the disk, or a stand-in for it that can crash.
///
/// What a caller may rely on is what Linux promises: bytes are on the disk after `synchronize` of their file, names after
/// `synchronizeFolder` of their folder, and neither before.
package protocol FileSystem: Sendable {
  func open(_ path: String, for purpose: OpenFile.Purpose, mode: UInt32) throws(FileProblem) -> any StoredFile
  /// See `Folder.make`.
  func makeFolder(_ path: String, isDurable: Bool) throws(FileProblem)
  func synchronizeFolder(_ path: String) throws(FileProblem)
  /// The names in a folder in the order of their bytes.
  func names(in path: String) throws(FileProblem) -> [String]
  func exists(_ path: String) -> Bool
  func rename(_ old: String, to new: String) throws(FileProblem)
  func remove(_ path: String) throws(FileProblem)
}

/// An open file. `OpenFile` says what each of these does.
package protocol StoredFile: AnyObject, Sendable {
  var path: String { get }
  func extent() throws(FileProblem) -> (size: Int, isLinked: Bool)
  func read(at offset: Int, count: Int) throws(FileProblem) -> [UInt8]
  func write(_ bytes: [UInt8]) throws(FileProblem)
  func write(_ bytes: [UInt8], at offset: Int) throws(FileProblem)
  func truncate(to size: Int) throws(FileProblem)
  func reserve(_ size: Int) throws(FileProblem)
  func synchronize() throws(FileProblem)
  func lock(waitingAtMost patience: Duration) throws(FileProblem)
  func unlock()
}

extension StoredFile {
  package func size() throws(FileProblem) -> Int { try extent().size }

  /// See `WholeFile.read`.
  package func whole(limitBytes: Int) throws(FileProblem) -> [UInt8] {
    let size = try size()
    guard size <= limitBytes else { throw FileProblem("read", path, code: FileProblem.tooLargeCode) }
    return try read(at: 0, count: size)
  }
}

extension FileSystem {
  /// - Parameter mode: As with `OpenFile`: of a file that is made here; its owner alone by default.
  package func open(_ path: String, for purpose: OpenFile.Purpose) throws(FileProblem) -> any StoredFile {
    try open(path, for: purpose, mode: 0o600)
  }

  package func makeFolder(_ path: String) throws(FileProblem) { try makeFolder(path, isDurable: true) }

  /// See `WholeFile.read`.
  package func readWhole(_ path: String, limitBytes: Int) throws(FileProblem) -> [UInt8] {
    try open(path, for: .reading).whole(limitBytes: limitBytes)
  }

  /// Writes a file under a name that ends in `suffix`, brings it to the disk, and then gives it its name, replacing
  /// what had it.
  ///
  /// - Returns: after the file and its name are on the disk.
  package func writeWhole(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o600, suffix: String
  ) throws(FileProblem) {
    let temporary = "\(path).\(suffix)"
    do throws(FileProblem) {
      let file = try open(temporary, for: .creating, mode: mode)
      try file.write(bytes)
      try file.synchronize()
      try rename(temporary, to: path)
    } catch {
      if !error.isAlreadyThere { try? remove(temporary) }
      throw error
    }
    try synchronizeFolder(Folder.parent(of: path) ?? "/")
  }
}

/// The files of this machine.
package struct LinuxFiles: FileSystem {
  package init() {}

  package func open(
    _ path: String, for purpose: OpenFile.Purpose, mode: UInt32
  ) throws(FileProblem) -> any StoredFile { try OpenFile(path, for: purpose, mode: mode) }

  package func makeFolder(_ path: String, isDurable: Bool) throws(FileProblem) {
    try Folder.make(path, isDurable: isDurable)
  }
  package func synchronizeFolder(_ path: String) throws(FileProblem) { try Folder.synchronize(path) }
  package func names(in path: String) throws(FileProblem) -> [String] { try Folder.names(in: path) }
  package func exists(_ path: String) -> Bool { Folder.exists(path) }
  package func rename(_ old: String, to new: String) throws(FileProblem) { try Folder.rename(old, to: new) }
  package func remove(_ path: String) throws(FileProblem) { try Folder.remove(path) }
}
