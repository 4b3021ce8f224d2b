import Glibc
import Values

/// Places in an audit log that no event lies across, so that what stands on both sides can be read side by side.
struct AuditSeams: FileSeams {
  /// How many bytes of a log are looked at for a place, at first and at most. Where many events happen at once there may
  /// be none.
  private static let searchBytes = [256 << 10, 4 << 20]

  func first(in file: LogFile, from place: Int, isLast: Bool) throws(FileProblem) -> Int? {
    for size in Self.searchBytes {
      let window = max(0, place - 1)..<min(file.size, place + size)
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: window.count, alignment: 16)
      defer { buffer.deallocate() }
      let count = try file.read(at: window.lowerBound, into: buffer)
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      // Events may go on in the next file.
      let isToEnd = isLast && window.upperBound == file.size
      if let found = Self.place(in: bytes, isToEnd: isToEnd) { return window.lowerBound + found }
    }
    return nil
  }

  private struct Line {
    let start: Int
    let key: AuditRecord.EventKey
  }

  /// A place before which all events are over, and behind which none of them goes on while anybody would wait for it.
  ///
  /// - Parameters:
  ///   - bytes: Some of the log; what stands before its first line end is passed over.
  ///   - isToEnd: Whether the log ends with the bytes.
  static func place(in bytes: UnsafeRawBufferPointer, isToEnd: Bool) -> Int? {
    let lines = records(in: bytes)
    var last: [AuditRecord.EventKey: Int] = [:]
    for (index, line) in lines.enumerated() { last[line.key] = index }
    guard let first = lines.first?.key.time.seconds, let end = lines.last?.key.time.seconds else { return nil }
    var latest = first
    // The last line of all events that have begun.
    var reach = 0
    for (index, line) in lines.enumerated() {
      let areEarlierOver = latest - first > AuditCorrelator.patience
      let isWaitOver = isToEnd || end - latest > AuditCorrelator.patience
      if areEarlierOver, reach < index, isWaitOver { return line.start }
      let time = line.key.time.seconds
      // Where the clock goes back nobody knows how long an event is waited for.
      guard latest - time <= AuditCorrelator.patience else { return nil }
      latest = max(latest, time)
      reach = max(reach, last[line.key] ?? index)
    }
    return nil
  }

  private static func records(in bytes: UnsafeRawBufferPointer) -> [Line] {
    guard let base = bytes.baseAddress else { return [] }
    var lines: [Line] = []
    var start: Int?
    var position = 0
    while position < bytes.count, let found = memchr(base + position, 10, bytes.count - position) {
      let end = base.distance(to: UnsafeRawPointer(found))
      if let start, let head = AuditRecord.Head(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) {
        lines.append(Line(start: start, key: head.key))
      }
      (start, position) = (end + 1, end + 1)
    }
    return lines
  }
}
