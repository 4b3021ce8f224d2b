import Glibc

/// Places at which a file can be cut, so that the parts can be read side by side and no record hangs on another part.
protocol FileSeams: Sendable {
  /// A place at another or behind it; the same for the same file.
  ///
  /// - Parameter isLast: Whether the log ends with the file.
  /// - Returns: `nil` where there is none nearby.
  func first(in file: LogFile, from place: Int, isLast: Bool) throws(FileProblem) -> Int?
}

/// The beginnings of lines.
struct LineSeams: FileSeams {
  func first(in file: LogFile, from place: Int, isLast: Bool) throws(FileProblem) -> Int? {
    guard place > 0, place < file.size else { return min(place, file.size) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    var offset = place - 1
    while offset < file.size, let base = buffer.baseAddress {
      let count = try file.read(at: offset, into: buffer)
      if count == 0 { break }
      if let end = memchr(base, 10, count) {
        return offset + UnsafeRawPointer(base).distance(to: UnsafeRawPointer(end)) + 1
      }
      offset += count
    }
    return file.size
  }
}
