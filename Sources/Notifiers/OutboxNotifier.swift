internal import DurableFiles
package import RunbookPorts
internal import Synchronization
internal import Values

/// Puts notices into a JSON Lines file, one a line, for people or another program to take from there.
///
/// A notice whose idempotency key stands in the file already is not written again. Several processes may share the file.
/// It is read from its end of last time on, so a program that empties it must move it away instead.
package final class OutboxNotifier: Notifier {
  package let name = "outbox"
  package let deliversOnce = true

  /// Longest wait for other processes that write to the file.
  private static let patience = Duration.seconds(10)
  /// Longest line that is searched for a key; longer ones are not ours.
  private static let lineLimitBytes = 8 << 20

  private let path: String
  private let known = Mutex(Known())

  private struct Known {
    var file: OpenFile?
    var keys: Set<ExactString> = []
    /// Whole lines have been read up to here.
    var end = 0
  }

  package init(path: String) { self.path = path }

  package func deliver(_ notice: Notice) async throws(NoticeError) {
    let result = known.withLock { known in
      Result { () throws(NoticeError) in try deliver(notice, knowing: &known) }
    }
    try result.get()
  }

  private func deliver(_ notice: Notice, knowing known: inout Known) throws(NoticeError) {
    let file: OpenFile
    do {
      file = try openFile(&known)
      try file.lock(waitingAtMost: Self.patience)
    } catch { throw .failed(error.message) }
    defer { file.unlock() }
    let size: Int
    do { size = try readNewLines(of: file, into: &known) } catch { throw .failed(error.message) }
    let key = ExactString(notice.idempotencyKey)
    guard !known.keys.contains(key) else {
      // An earlier attempt wrote it and may not have lived to see it on the disk.
      do { try file.synchronize() } catch { throw .outcomeUnknown(error.message) }
      return
    }
    do {
      // A line that a crash tore is ended, so that this one stands alone.
      try file.write((size > known.end ? [0x0A] : []) + Array(notice.json.compactText.utf8) + [0x0A])
    } catch {
      do { try file.truncate(to: size) } catch let second {
        throw .outcomeUnknown("\(error.message); \(second.message)")
      }
      throw .failed(error.message)
    }
    do { try file.synchronize() } catch { throw .outcomeUnknown(error.message) }
  }

  /// The file that now has the name: another one if it was moved away.
  private func openFile(_ known: inout Known) throws(FileProblem) -> OpenFile {
    if let file = known.file, Folder.isSame(file, as: path) { return file }
    if let parent = Folder.parent(of: path) { try Folder.make(parent) }
    let isNew = !Folder.exists(path)
    let file = try OpenFile(path, for: .appending)
    if isNew, let parent = Folder.parent(of: path) { try Folder.synchronize(parent) }
    known = Known(file: file)
    return file
  }

  /// - Returns: The size of the file.
  private func readNewLines(of file: OpenFile, into known: inout Known) throws(FileProblem) -> Int {
    let size = try file.size()
    if size < known.end { known = Known(file: file) }
    var position = known.end
    var rest: [UInt8] = []
    while position < size {
      let chunk = try file.read(at: position, count: min(1 << 18, size - position))
      guard !chunk.isEmpty else { break }
      position += chunk.count
      rest += chunk
      guard let last = rest.lastIndex(of: 0x0A) else {
        if rest.count > Self.lineLimitBytes { rest = [] }
        continue
      }
      for line in rest[..<last].split(separator: 0x0A) {
        if let key = try? JSON(parsing: line)["idempotency_key"]?.text { known.keys.insert(ExactString(key)) }
      }
      rest.removeFirst(last + 1)
      known.end = position - rest.count
    }
    return size
  }
}
