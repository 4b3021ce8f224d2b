internal import DurableFiles

/// A line of a trail: a record, or what is wrong with it.
package struct TrailLine: Sendable {
  /// Counts from 1, over all files of the log that are there.
  package let number: Int
  /// Where the line begins in its file, in bytes.
  package let offset: Int
  package let content: Result<TrailRecord, RecordDamage>
  /// The leaf hash over the stored bytes.
  package let digest: Digest

  package var record: TrailRecord? { try? content.get() }

  /// The leaf hash, 64 hexadecimal digits.
  package var leaf: String { digest.hexadecimal }
}

/// A line as it stands in its file.
struct RawLine {
  /// Where the line begins in its file, in bytes.
  let offset: Int
  /// Without its LF; empty for a line that is not kept.
  let bytes: ArraySlice<UInt8>
  /// Where the next line begins.
  let end: Int
  /// What is wrong with the line before anybody looks into it.
  let damage: RecordDamage?
}

/// The lines of a trail from its beginning, in memory that does not grow with the trail.
///
/// The end is the size that the files have at the start: lines that are added meanwhile are not read.
package struct TrailLines: Sequence, IteratorProtocol {
  private var lines: RawLines
  private var number = 0

  init(_ lines: RawLines) { self.lines = lines }

  init(_ file: any StoredFile, from offset: Int = 0, upTo end: Int) {
    self.init(RawLines([.init(file: file, start: offset, end: end)]))
  }

  package mutating func next() -> TrailLine? {
    guard let line = lines.next() else { return nil }
    number += 1
    let content: Result<TrailRecord, RecordDamage> =
      if let damage = line.damage {
        .failure(damage)
      } else {
        Result { () throws(RecordDamage) in try TrailRecord(line: line.bytes) }
      }
    return TrailLine(
      number: number, offset: line.offset, content: content, digest: Digest(leaf: line.bytes))
  }
}

/// The lines of a trail, not looked into.
struct RawLines: Sequence, IteratorProtocol {
  /// A stretch of a file.
  struct Part {
    let file: any StoredFile
    let start: Int
    let end: Int
  }

  private static let chunkBytes = 1 << 18

  private var parts: ArraySlice<Part>
  private var buffer: [UInt8] = []
  /// Where in `buffer` the next line begins.
  private var start = 0
  /// Where in the file `buffer` ends.
  private var position: Int

  init(_ parts: [Part]) {
    self.parts = parts[...]
    position = parts.first?.start ?? 0
  }

  mutating func next() -> RawLine? {
    while let part = parts.first {
      if let line = next(of: part) { return line }
      parts.removeFirst()
      (buffer, start, position) = ([], 0, parts.first?.start ?? 0)
    }
    return nil
  }

  private mutating func next(of part: Part) -> RawLine? {
    var searched = start
    var isTooLong = false
    let offset = position - (buffer.count - start)
    while true {
      if let newline = buffer.withUnsafeBufferPointer({ $0.endOfLine(from: searched) }) {
        let line = buffer[start..<newline]
        start = newline + 1
        isTooLong = isTooLong || line.count > TrailRecord.sizeLimitBytes
        return RawLine(
          offset: offset, bytes: line, end: position - (buffer.count - start),
          damage: isTooLong ? .tooLong(limit: TrailRecord.sizeLimitBytes) : nil)
      }
      // Of a line without end nothing is kept but that it is there.
      if buffer.count - start > TrailRecord.sizeLimitBytes { isTooLong = true }
      buffer.removeFirst(isTooLong ? buffer.count : start)
      start = 0
      searched = buffer.count
      guard position < part.end else {
        guard isTooLong || !buffer.isEmpty else { return nil }
        defer { buffer = [] }
        return RawLine(offset: offset, bytes: buffer[...], end: position, damage: .torn)
      }
      do {
        let chunk = try part.file.read(at: position, count: Swift.min(Self.chunkBytes, part.end - position))
        guard !chunk.isEmpty else {
          return unreadable("'\(part.file.path)' became shorter while it was read", of: part, at: offset)
        }
        position += chunk.count
        buffer += chunk
      } catch {
        return unreadable(error.message, of: part, at: offset)
      }
    }
  }

  private mutating func unreadable(_ problem: String, of part: Part, at offset: Int) -> RawLine {
    buffer = []
    start = 0
    position = part.end
    return RawLine(offset: offset, bytes: [], end: part.end, damage: .unreadable(problem))
  }
}
