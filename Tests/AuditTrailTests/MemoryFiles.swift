import DurableFiles
import Synchronization

/// Files in memory, for tests that make the same trail again and again, each with another change.
final class MemoryFiles: FileSystem {
  private let contents: Mutex<[String: [UInt8]]>
  private let fullness = Mutex(false)

  init(_ contents: [String: [UInt8]] = [:]) { self.contents = Mutex(contents) }

  /// Everything below a folder of the disk.
  convenience init(copying folder: String) throws {
    self.init()
    try copy(folder)
  }

  private func copy(_ folder: String) throws {
    for name in try Folder.names(in: folder) {
      let path = "\(folder)/\(name)"
      if Folder.exists(path + "/.") {
        try copy(path)
      } else {
        let bytes = try WholeFile.read(path, limitBytes: 1 << 30)
        contents.withLock { $0[path] = bytes }
      }
    }
  }

  var all: [String: [UInt8]] { contents.withLock { $0 } }

  /// No file can grow any more.
  var isFull: Bool {
    get { fullness.withLock(\.self) }
    set { fullness.withLock { $0 = newValue } }
  }

  subscript(path: String) -> [UInt8]? {
    get { contents.withLock { $0[path] } }
    set { contents.withLock { $0[path] = newValue } }
  }

  func open(_ path: String, for purpose: OpenFile.Purpose, mode: UInt32) throws(FileProblem) -> any StoredFile {
    let isThere = self[path] != nil
    if purpose == .reading, !isThere { throw FileProblem("open", path, code: FileProblem.missingCode) }
    if purpose == .creating, isThere { throw FileProblem("create", path, code: FileProblem.alreadyThereCode) }
    if !isThere { self[path] = [] }
    return MemoryFile(self, path)
  }

  func makeFolder(_ path: String, isDurable: Bool) throws(FileProblem) {}
  func synchronizeFolder(_ path: String) throws(FileProblem) {}

  func names(in path: String) throws(FileProblem) -> [String] {
    let prefix = path + "/"
    let names = contents.withLock { contents in
      Set(contents.keys.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count).split(separator: "/")[0] })
    }
    return names.map(String.init).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  func exists(_ path: String) -> Bool { self[path] != nil }

  func rename(_ old: String, to new: String) throws(FileProblem) {
    guard let bytes = self[old] else { throw FileProblem("rename", old, code: FileProblem.missingCode) }
    self[old] = nil
    self[new] = bytes
  }

  func remove(_ path: String) throws(FileProblem) {
    guard exists(path) else { throw FileProblem("remove", path, code: FileProblem.missingCode) }
    self[path] = nil
  }
}

private final class MemoryFile: StoredFile {
  private let files: MemoryFiles
  let path: String

  init(_ files: MemoryFiles, _ path: String) {
    self.files = files
    self.path = path
  }

  func extent() throws(FileProblem) -> (size: Int, isLinked: Bool) {
    (files[path]?.count ?? 0, files.exists(path))
  }

  func read(at offset: Int, count: Int) throws(FileProblem) -> [UInt8] {
    let bytes = files[path] ?? []
    return offset >= bytes.count ? [] : Array(bytes[offset..<min(bytes.count, offset + count)])
  }

  func write(_ bytes: [UInt8]) throws(FileProblem) {
    if files.isFull { throw FileProblem("write", path, code: FileProblem.noRoomCode) }
    files[path, default: []] += bytes
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(FileProblem) {
    var whole = files[path] ?? []
    if whole.count < offset + bytes.count {
      whole += [UInt8](repeating: 0, count: offset + bytes.count - whole.count)
    }
    whole.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    files[path] = whole
  }

  func truncate(to size: Int) throws(FileProblem) { files[path] = Array((files[path] ?? []).prefix(size)) }
  func reserve(_ size: Int) throws(FileProblem) {}
  func synchronize() throws(FileProblem) {}
  func lock(waitingAtMost patience: Duration) throws(FileProblem) {}
  func unlock() {}
}

extension MemoryFiles {
  fileprivate subscript(path: String, default bytes: [UInt8]) -> [UInt8] {
    get { self[path] ?? bytes }
    set { self[path] = newValue }
  }
}
