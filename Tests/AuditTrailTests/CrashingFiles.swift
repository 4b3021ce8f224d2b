import DurableFiles
import Synchronization

/// A disk whose power can fail: it notes every operation, and tells afterwards what could have been left of them.
///
/// After a power failure a file has what was synchronized, and of each later write nothing, all, or a part; later writes
/// may be there and earlier ones not. A name is where it was when its folder was last synchronized, or where any later
/// operation of the folder, in their order, has put it.
final class CrashingFiles: FileSystem {
  enum Operation: Sendable {
    case make(path: String, file: Int)
    case rename(String, String, file: Int)
    case remove(String)
    case write(file: Int, offset: Int, bytes: [UInt8])
    case cut(file: Int, size: Int)
    case synchronize(file: Int)
    case synchronizeFolder(String)
    /// Something that the writer promised, for the test.
    case promise(Promise)
  }

  enum Promise: Sendable {
    /// Lines of the log up to here are durable.
    case durable(lines: Int)
    case anchored(lines: Int)
  }

  private struct State {
    var names: [String: Int] = [:]
    var contents: [Int: [UInt8]] = [:]
    var operations: [Operation] = []
    var next = 1
  }

  private let state: Mutex<State>

  /// - Parameter contents: What the disk holds for certain at the start.
  init(_ contents: [String: [UInt8]] = [:]) {
    var state = State()
    for (path, bytes) in contents.sorted(by: { $0.key < $1.key }) {
      state.names[path] = state.next
      state.contents[state.next] = bytes
      state.next += 1
    }
    self.state = Mutex(state)
    start = contents
  }

  private let start: [String: [UInt8]]

  var operations: [Operation] { state.withLock(\.operations) }

  var all: [String: [UInt8]] { state.withLock { state in state.names.mapValues { state.contents[$0] ?? [] } } }

  func promise(_ promise: Promise) { state.withLock { $0.operations.append(.promise(promise)) } }

  func open(_ path: String, for purpose: OpenFile.Purpose, mode: UInt32) throws(FileProblem) -> any StoredFile {
    let found = state.withLock { state -> Int? in
      if let file = state.names[path] { return purpose == .creating ? nil : file }
      guard purpose != .reading else { return nil }
      let file = state.next
      state.next += 1
      state.names[path] = file
      state.contents[file] = []
      state.operations.append(.make(path: path, file: file))
      return file
    }
    guard let found else {
      throw FileProblem(
        "open", path, code: purpose == .creating ? FileProblem.alreadyThereCode : FileProblem.missingCode)
    }
    return CrashingFile(self, path, found)
  }

  func makeFolder(_ path: String, isDurable: Bool) throws(FileProblem) {}
  func synchronizeFolder(_ path: String) throws(FileProblem) {
    state.withLock { $0.operations.append(.synchronizeFolder(path)) }
  }

  func names(in path: String) throws(FileProblem) -> [String] { try MemoryFiles(all).names(in: path) }
  func exists(_ path: String) -> Bool { state.withLock { $0.names[path] != nil } }

  func rename(_ old: String, to new: String) throws(FileProblem) {
    let isThere = state.withLock { state in
      guard let file = state.names.removeValue(forKey: old) else { return false }
      state.names[new] = file
      state.operations.append(.rename(old, new, file: file))
      return true
    }
    if !isThere { throw FileProblem("rename", old, code: FileProblem.missingCode) }
  }

  func remove(_ path: String) throws(FileProblem) {
    let isThere = state.withLock { state in
      guard state.names.removeValue(forKey: path) != nil else { return false }
      state.operations.append(.remove(path))
      return true
    }
    if !isThere { throw FileProblem("remove", path, code: FileProblem.missingCode) }
  }

  fileprivate func change(_ file: Int, _ operation: Operation) {
    state.withLock { state in
      state.contents[file] = Self.applied(operation, to: state.contents[file] ?? [])
      state.operations.append(operation)
    }
  }

  fileprivate func contents(_ file: Int) -> [UInt8] { state.withLock { $0.contents[file] ?? [] } }
  fileprivate func isNamed(_ file: Int) -> Bool { state.withLock { $0.names.values.contains(file) } }

  private static func applied(_ operation: Operation, to contents: [UInt8]) -> [UInt8] {
    switch operation {
    case .write(_, let offset, let bytes):
      var contents = contents
      if contents.count < offset + bytes.count {
        contents += [UInt8](repeating: 0, count: offset + bytes.count - contents.count)
      }
      contents.replaceSubrange(offset..<offset + bytes.count, with: bytes)
      return contents
    case .cut(_, let size): return Array(contents.prefix(size))
    default: return contents
    }
  }

  // MARK: After a power failure

  /// What the disk may hold if the power fails after so many operations.
  ///
  /// - Parameter choose: Gives a number below the one that it is asked with.
  func remains(after count: Int, choose: (Int) -> Int) -> [String: [UInt8]] {
    let done = operations.prefix(count)
    var names: [String: Int] = [:]
    var contents: [Int: [UInt8]] = [:]
    for (index, path) in start.keys.sorted().enumerated() {
      names[path] = index + 1
      contents[index + 1] = start[path]
    }
    let lastSynchronized = Self.synchronized(done)
    var pendingWrites: [Int: [Operation]] = [:]
    var pendingNames: [String: [Operation]] = [:]
    for (index, operation) in done.enumerated() {
      switch operation {
      case .write(let file, _, _), .cut(let file, _):
        if index < lastSynchronized.files[file] ?? -1 {
          contents[file] = Self.applied(operation, to: contents[file] ?? [])
        } else {
          pendingWrites[file, default: []].append(operation)
        }
      case .make(let path, _), .rename(_, let path, _), .remove(let path):
        let folder = Folder.parent(of: path) ?? "/"
        if index < lastSynchronized.folders[folder] ?? -1 {
          Self.apply(operation, to: &names)
        } else {
          pendingNames[folder, default: []].append(operation)
        }
      case .synchronize, .synchronizeFolder, .promise: break
      }
    }
    for file in pendingWrites.keys.sorted() {
      contents[file] = Self.some(of: pendingWrites[file] ?? [], on: contents[file] ?? [], choose)
    }
    for folder in pendingNames.keys.sorted() {
      let operations = pendingNames[folder] ?? []
      for operation in operations.prefix(choose(operations.count + 1)) { Self.apply(operation, to: &names) }
    }
    return names.mapValues { contents[$0] ?? [] }
  }

  private static func synchronized(
    _ operations: some Collection<Operation>
  ) -> (files: [Int: Int], folders: [String: Int]) {
    var (files, folders): ([Int: Int], [String: Int]) = ([:], [:])
    for (index, operation) in operations.enumerated() {
      if case .synchronize(let file) = operation { files[file] = index }
      if case .synchronizeFolder(let path) = operation { folders[path] = index }
    }
    return (files, folders)
  }

  private static func apply(_ operation: Operation, to names: inout [String: Int]) {
    switch operation {
    case .make(let path, let file): names[path] = file
    case .rename(let old, let new, let file):
      // The new name is there when its folder was synchronized, whatever became of the old one.
      names[old] = nil
      names[new] = file
    case .remove(let path): names[path] = nil
    default: break
    }
  }

  /// Some of the writes to a file, in one of the ways in which they can be left.
  private static func some(
    of writes: [Operation], on contents: [UInt8], _ choose: (Int) -> Int
  ) -> [UInt8] {
    var contents = contents
    let way = choose(6)
    let count = way == 0 ? 0 : way == 1 ? writes.count : choose(writes.count + 1)
    for (index, operation) in writes.enumerated() {
      switch (way, operation) {
      // Some later ones without some earlier ones.
      case (2, _): if choose(2) == 0 { contents = applied(operation, to: contents) }
      // The size has grown, and the bytes have not come.
      case (3, .write(let file, let offset, let bytes)) where index >= count && choose(2) == 0:
        contents = applied(.write(file: file, offset: offset, bytes: bytes.map { _ in 0 }), to: contents)
      // The last is torn: behind the file's end at any byte, within it between sectors, which a disk writes whole.
      case (4, .write(let file, let offset, let bytes)) where index == count:
        let length = choose(bytes.count + 1)
        let isBehindEnd = offset + length >= contents.count
        let kept = Array(bytes.prefix(isBehindEnd ? length : max(0, (offset + length) / 512 * 512 - offset)))
        contents = applied(.write(file: file, offset: offset, bytes: kept), to: contents)
      // The last is torn between sectors: its end is there, its beginning is not.
      case (5, .write(let file, let offset, let bytes)) where index == count:
        let lost = min(bytes.count, 512 * (1 + choose(2)))
        let torn = [UInt8](repeating: 0, count: lost) + bytes.dropFirst(lost)
        contents = applied(.write(file: file, offset: offset, bytes: torn), to: contents)
      default: if index < count { contents = applied(operation, to: contents) }
      }
    }
    return contents
  }
}

private final class CrashingFile: StoredFile {
  private let files: CrashingFiles
  let path: String
  private let file: Int

  init(_ files: CrashingFiles, _ path: String, _ file: Int) {
    self.files = files
    self.path = path
    self.file = file
  }

  func extent() throws(FileProblem) -> (size: Int, isLinked: Bool) {
    (files.contents(file).count, files.isNamed(file))
  }

  func read(at offset: Int, count: Int) throws(FileProblem) -> [UInt8] {
    Array(files.contents(file).dropFirst(offset).prefix(count))
  }

  func write(_ bytes: [UInt8]) throws(FileProblem) {
    files.change(file, .write(file: file, offset: files.contents(file).count, bytes: bytes))
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(FileProblem) {
    files.change(file, .write(file: file, offset: offset, bytes: bytes))
  }

  func truncate(to size: Int) throws(FileProblem) { files.change(file, .cut(file: file, size: size)) }
  func reserve(_ size: Int) throws(FileProblem) {}
  func synchronize() throws(FileProblem) { files.change(file, .synchronize(file: file)) }
  func lock(waitingAtMost patience: Duration) throws(FileProblem) {}
  func unlock() {}
}
