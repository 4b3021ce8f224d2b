internal import DurableFiles

/// A line of a trail: a record, or what is wrong with it.
package struct TrailLine: Sendable {
  /// Counts from 1.
  package let number: Int
  /// Where the line begins in the file, in bytes.
  package let offset: Int
  package let content: Result<TrailRecord, RecordDamage>
  /// The leaf hash, 64 hexadecimal digits, over the stored bytes.
  package let leaf: String

  package var record: TrailRecord? { try? content.get() }
}

/// The lines of a trail from its beginning, in memory that does not grow with the trail.
///
/// The end is the size that the file has at the start: lines that are added meanwhile are not read.
package struct TrailLines: Sequence, IteratorProtocol {
  private static let chunkBytes = 1 << 18

  private let file: OpenFile
  private let end: Int
  private var buffer: [UInt8] = []
  /// Where in `buffer` the next line begins.
  private var start = 0
  /// Where in the file `buffer` ends.
  private var position: Int
  private var number = 0

  init(_ file: OpenFile, from offset: Int = 0, upTo end: Int) {
    self.file = file
    self.end = end
    position = offset
  }

  package mutating func next() -> TrailLine? {
    var searched = start
    var isTooLong = false
    let offset = position - (buffer.count - start)
    while true {
      if let newline = buffer[searched...].firstIndex(of: 0x0A) {
        let line = buffer[start..<newline]
        start = newline + 1
        return made(of: line, at: offset, damage: isTooLong ? .tooLong(limit: TrailRecord.sizeLimitBytes) : nil)
      }
      // Of a line without end nothing is kept but that it is there.
      if buffer.count - start > TrailRecord.sizeLimitBytes { isTooLong = true }
      buffer.removeFirst(isTooLong ? buffer.count : start)
      start = 0
      searched = buffer.count
      guard position < end else {
        guard isTooLong || !buffer.isEmpty else { return nil }
        defer { buffer = [] }
        return made(of: buffer[...], at: offset, damage: .torn)
      }
      do {
        let chunk = try file.read(at: position, count: Swift.min(Self.chunkBytes, end - position))
        guard !chunk.isEmpty else { return unreadable("'\(file.path)' became shorter while it was read", at: offset) }
        position += chunk.count
        buffer += chunk
      } catch {
        return unreadable(error.message, at: offset)
      }
    }
  }

  private mutating func unreadable(_ problem: String, at offset: Int) -> TrailLine {
    buffer = []
    start = 0
    position = end
    return made(of: [], at: offset, damage: .unreadable(problem))
  }

  private mutating func made(of line: ArraySlice<UInt8>, at offset: Int, damage: RecordDamage?) -> TrailLine {
    number += 1
    let content: Result<TrailRecord, RecordDamage> =
      if let damage { .failure(damage) } else { Result { () throws(RecordDamage) in try TrailRecord(line: line) } }
    return TrailLine(number: number, offset: offset, content: content, leaf: Digest(leaf: line).hexadecimal)
  }
}
