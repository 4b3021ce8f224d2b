internal import DurableFiles
internal import Values

/// Says that a process writes to the trail: a file that it holds locked while it lives, and removes when it ends in
/// order. One that is there and not locked was left by a process that was broken off, perhaps with runs of its own.
final class WriterMark: Sendable {
  let name: String
  private let path: String
  /// Held for its lock.
  private let file: OpenFile

  /// - Parameter next: The number of the log's next record: runs of this writer begin with it or later.
  init(_ layout: TrailLayout, next: Int64) throws(FileProblem) {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    name = String(repeating: "0", count: 16 - digits.utf8.count) + digits
    path = layout.writerFile(name)
    try Folder.make(layout.writers)
    file = try OpenFile(path, for: .creating)
    try file.lock(waitingAtMost: .zero)
    try file.write(JSON.object(["from": .integer(next)]).canonicalBytes)
    try Folder.synchronize(layout.writers)
  }

  deinit {
    // What stays behind is found unlocked, and looked at for nothing.
    try? Folder.remove(path)
  }
}

extension TrailReader {
  /// A process that wrote to the trail and was broken off.
  package struct LostWriter: Hashable, Sendable {
    package let name: String
    /// The number of the first record that may be its own.
    package let first: Int64
  }

  /// Whether the process that wrote under this name still lives.
  package func isWriting(_ writer: String) -> Bool {
    guard WriterMark.isName(writer), let file = try? OpenFile(layout.writerFile(writer), for: .reading) else {
      return false
    }
    guard (try? file.lock(waitingAtMost: .zero)) != nil else { return true }
    file.unlock()
    return false
  }

  /// The processes that were broken off, in the order of their names.
  package func lostWriters() -> [LostWriter] {
    let names = (try? Folder.names(in: layout.writers)) ?? []
    return names.filter { WriterMark.isName($0) && !isWriting($0) }.map { name in
      let bytes = (try? WholeFile.read(layout.writerFile(name), limitBytes: 1_000)) ?? []
      let first = (try? JSON(parsing: bytes))?["from"]?.integer ?? 0
      return LostWriter(name: name, first: max(0, first))
    }
  }

  /// Says that nothing of a process that was broken off is left to be done.
  package func forget(_ writer: LostWriter) { try? Folder.remove(layout.writerFile(writer.name)) }
}

extension WriterMark {
  fileprivate static func isName(_ text: String) -> Bool {
    text.utf8.count == 16 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
