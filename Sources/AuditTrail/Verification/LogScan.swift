internal import Dispatch
internal import DurableFiles
internal import Glibc
internal import Synchronization

/// Reads the files of a log from their beginning and tells what its lines are, on as many cores as there are, in memory
/// that does not grow with the log.
struct LogScan {
  /// Lines that follow each other.
  struct Batch {
    /// The file they are in.
    let segment: TrailLayout.Segment
    /// In their order, in stretches that were looked at side by side.
    let facts: [[LineFacts]]
    /// Bytes of the log that have been read so far.
    let bytesRead: Int
    /// Bytes behind the last LF of the file; more than none in its last batch only.
    let remains: Int
    let isLastOfSegment: Bool
  }

  /// Bytes that are read at once: as many as stay in the cores' caches.
  private static let batchBytes = 1 << 20
  /// A line that is longer is the last that is looked at.
  private static let lineLimitBytes = 8 << 20

  private let parts: [(segment: TrailLayout.Segment, file: any StoredFile, size: Int)]
  private let width: Int
  private var current = 0
  private var position = 0
  private var bytesRead = 0

  let totalBytes: Int
  var segments: [TrailLayout.Segment] { parts.map(\.segment) }

  /// - Parameter width: How many cores are used.
  init(_ layout: TrailLayout, files: any FileSystem, width: Int) throws(FileProblem) {
    self.width = max(1, width)
    var parts: [(segment: TrailLayout.Segment, file: any StoredFile, size: Int)] = []
    for segment in try layout.segments(in: files) {
      let file = try files.open(segment.path, for: .reading)
      parts.append((segment, file, try file.size()))
    }
    self.parts = parts
    totalBytes = parts.reduce(0) { $0 + $1.size }
  }

  /// - Parameters:
  ///   - headCount: Lines from here on that are looked at by their heads; those behind them as a whole.
  ///   - origin: As in `LineFacts`.
  mutating func next(headCount: Int64, origin: [UInt8]?) throws(FileProblem) -> Batch? {
    guard current < parts.count else { return nil }
    let (segment, file, size) = parts[current]
    var bytes = try file.read(at: position, count: min(Self.batchBytes, size - position))
    var end = bytes.endOfLastLine
    if end == 0, position + bytes.count < size, !bytes.isEmpty {
      bytes = try file.read(at: position, count: min(Self.lineLimitBytes, size - position))
      end = bytes.endOfLastLine
    }
    let isLast = position + bytes.count >= size || bytes.isEmpty
    let isEndless = end == 0 && !isLast
    let facts = self.facts(bytes, upTo: end, headCount: headCount, origin: origin)
    // The beginning of the next line is read again with its rest.
    bytesRead += isLast || isEndless ? size - position : end
    if isLast || isEndless { (current, position) = (current + 1, 0) } else { position += end }
    return Batch(
      segment: segment, facts: facts, bytesRead: bytesRead, remains: isLast || isEndless ? bytes.count - end : 0,
      isLastOfSegment: isLast || isEndless)
  }

  private func facts(_ bytes: [UInt8], upTo end: Int, headCount: Int64, origin: [UInt8]?) -> [[LineFacts]] {
    guard end > 0 else { return [] }
    let pieces = Self.pieces(of: bytes, upTo: end, count: width, areCounted: headCount < Int64(end))
    let results = Mutex([[LineFacts]](repeating: [], count: pieces.count))
    bytes.withUnsafeBufferPointer { buffer in
      // SAFETY: the buffer outlives `concurrentPerform`, which returns when all have ended, and is only read.
      nonisolated(unsafe) let buffer = buffer
      DispatchQueue.concurrentPerform(iterations: pieces.count) { index in
        let piece = pieces[index]
        let facts = Self.facts(
          UnsafeBufferPointer(rebasing: buffer[piece.range]), headCount: headCount - piece.firstLine, origin: origin)
        results.withLock { $0[index] = facts }
      }
    }
    return results.withLock(\.self)
  }

  /// Cuts whole lines into stretches of about the same length.
  ///
  /// - Parameter areCounted: Whether it matters how many lines stand before each.
  private static func pieces(
    of bytes: [UInt8], upTo end: Int, count: Int, areCounted: Bool
  ) -> [(range: Range<Int>, firstLine: Int64)] {
    var pieces: [(range: Range<Int>, firstLine: Int64)] = []
    var (start, line): (Int, Int64) = (0, 0)
    while start < end {
      var stop = min(end, start + end / count + 1)
      while bytes[stop - 1] != 0x0A { stop += 1 }
      pieces.append((start..<stop, line))
      if stop < end, areCounted { line += Int64(bytes[start..<stop].count { $0 == 0x0A }) }
      start = stop
    }
    return pieces
  }

  private static func facts(
    _ lines: UnsafeBufferPointer<UInt8>, headCount: Int64, origin: [UInt8]?
  ) -> [LineFacts] {
    var facts: [LineFacts] = []
    facts.reserveCapacity(lines.count / usualLineBytes + 1)
    var names = RecurringNames()
    var start = 0
    while start < lines.count, let end = lines.endOfLine(from: start) {
      let line = UnsafeBufferPointer(rebasing: lines[start..<end])
      facts.append(LineFacts(line, origin: origin, depth: facts.count < headCount ? .head : .whole, names: &names))
      start = end + 1
    }
    return facts
  }

  private static let usualLineBytes = 512
}

extension UnsafeBufferPointer<UInt8> {
  /// Where the next LF stands, at or behind a place.
  func endOfLine(from start: Int) -> Int? {
    guard let base = baseAddress, let found = memchr(base + start, 0x0A, count - start) else { return nil }
    return UnsafeRawPointer(base).distance(to: found)
  }
}

extension [UInt8] {
  /// Where the last LF ends; 0 if there is none.
  fileprivate var endOfLastLine: Int {
    withUnsafeBufferPointer { ($0.lastPlace(of: 0x0A, in: 0..<$0.count) ?? -1) + 1 }
  }
}
