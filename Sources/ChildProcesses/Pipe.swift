internal import Glibc

/// Two ends of a stream of bytes between us and a program. Each closes once.
final class Pipe {
  private(set) var reading: Int32
  private(set) var writing: Int32

  init() throws(ChildCommand.StartProblem) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw ChildCommand.StartProblem(code: errno) }
    (reading, writing) = (-1, -1)
    defer { for end in ends { close(end) } }
    reading = try PassedDescriptor.high(ends[0])
    writing = try PassedDescriptor.high(ends[1])
  }

  deinit {
    closeReading()
    closeWriting()
  }

  func closeReading() {
    if reading >= 0 { close(reading) }
    reading = -1
  }

  func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }
}

/// A file without a name, read from its beginning. Nothing is left of it when nobody has it open.
final class NamelessFile {
  let descriptor: Int32

  init(holding bytes: [UInt8]) throws(ChildCommand.StartProblem) {
    guard let file = tmpfile() else { throw ChildCommand.StartProblem(code: errno) }
    defer { fclose(file) }
    let made = fileno(file)
    descriptor = try PassedDescriptor.high(made)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { write(made, $0.baseAddress?.advanced(by: written), bytes.count - written) }
      guard count >= 0 || errno == EINTR else { throw ChildCommand.StartProblem(code: errno) }
      written += max(0, count)
    }
    lseek(made, 0, SEEK_SET)
  }

  deinit { close(descriptor) }
}

/// Descriptors of ours that become a program's.
enum PassedDescriptor {
  /// Above all that a program is given, so that none stands in the place of another.
  private static let lowest: Int32 = 64

  /// - Returns: Another descriptor of the same file, which no program inherits.
  static func high(_ descriptor: Int32) throws(ChildCommand.StartProblem) -> Int32 {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, lowest)
    guard copy >= 0 else { throw ChildCommand.StartProblem(code: errno) }
    return copy
  }
}
