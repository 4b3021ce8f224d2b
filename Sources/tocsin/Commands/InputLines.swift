import Glibc

/// The lines of a file or of standard input, as they come: whoever writes them may wait for the answer to one before
/// writing the next.
struct InputLines: ~Copyable {
  private static let chunkBytes = 1 << 16

  private let descriptor: Int32
  private let lineLimit: Int
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  /// - Parameter path: `-` for standard input.
  /// - Parameter lineLimit: Most bytes of a line that are kept; of a longer one as many and one more are.
  /// - Throws: if the file cannot be opened, with the reason.
  init(_ path: String, lineLimit: Int) throws(Unusable) {
    descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    self.lineLimit = lineLimit
    guard descriptor >= 0 else {
      throw Unusable("cannot read the lines '\(path)': \(String(cString: strerror(errno)))")
    }
  }

  deinit {
    if descriptor > 0 { close(descriptor) }
  }

  /// The next line without its end; `nil` behind the last.
  ///
  /// - Throws: if reading fails, with the reason.
  mutating func next() throws(Unusable) -> [UInt8]? {
    var line: [UInt8] = []
    while true {
      if let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
        keep(start..<end, in: &line)
        start = end + 1
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
      }
      keep(start..<buffer.count, in: &line)
      start = 0
      buffer.removeAll(keepingCapacity: true)
      guard !isAtEnd else { return line.isEmpty ? nil : line }
      try fill()
    }
  }

  private func keep(_ range: Range<Int>, in line: inout [UInt8]) {
    line += buffer[range].prefix(max(0, lineLimit + 1 - line.count))
  }

  private mutating func fill() throws(Unusable) {
    var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Unusable("cannot read on: \(String(cString: strerror(errno)))") }
      isAtEnd = count == 0
      buffer += chunk[..<count]
      return
    }
  }
}
