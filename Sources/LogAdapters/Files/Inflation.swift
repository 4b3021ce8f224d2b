import CZlib
import Glibc

/// Unpacks gzip files into nameless files of the temporary folder, so that memory stays small and every later query
/// reads plain bytes.
enum Inflation {
  private static let chunkBytes = 1 << 18
  /// `inflateInit2` takes 16 more for "gzip header expected" (zlib.h).
  private static let gzipWindowBits: Int32 = 15 + 16

  static func isPacked(_ file: LogFile) throws(FileProblem) -> Bool {
    var magic: [UInt8] = [0, 0]
    let count = try read(file, at: 0, into: &magic)
    return count == 2 && magic == [0x1F, 0x8B]
  }

  /// - Throws: for data that is broken at its start, and beyond the limit. Data that breaks off later gives what could
  ///   be unpacked, and the file says so.
  static func unpack(
    _ file: LogFile, limits: FileLimits, _ control: ScanControl?
  ) throws(FileProblem) -> LogFile {
    let descriptor = try nameless(for: file)
    var writer = UnpackedFile(descriptor: descriptor, source: file, limit: limits.unpackedBytes, control: control)
    var gap: String?
    do {
      try inflate(file, into: &writer)
    } catch {
      guard writer.size > 0, error.kind == .unreadable else {
        close(descriptor)
        throw error
      }
      gap = error.message
    }
    return LogFile(path: file.path, descriptor: descriptor, size: writer.size, identity: file.identity, gap: gap)
  }

  private static func inflate(_ file: LogFile, into writer: inout UnpackedFile) throws(FileProblem) {
    var stream = z_stream()
    guard inflateInit2_(&stream, gzipWindowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw FileProblem(path: file.path, reason: "unpacking could not begin")
    }
    defer { inflateEnd(&stream) }
    var input = [UInt8](repeating: 0, count: chunkBytes)
    var output = [UInt8](repeating: 0, count: chunkBytes)
    var offset = 0
    var isMemberOpen = true
    while offset < file.size {
      let count = try read(file, at: offset, into: &input)
      offset += count
      var consumed = 0
      var outputIsFull = false
      while consumed < count || outputIsFull {
        if !isMemberOpen {
          // Another member follows; zeros after the last one are padding (gzip manual, "Advanced usage").
          if input[consumed..<count].allSatisfy({ $0 == 0 }) { return }
          inflateReset(&stream)
          isMemberOpen = true
        }
        let step = run(&stream, input, from: consumed, to: count, &output)
        guard step.code == Z_OK || step.code == Z_STREAM_END || step.code == Z_BUF_ERROR else {
          throw FileProblem(path: file.path, reason: "its packed data is damaged")
        }
        consumed += step.consumed
        try writer.append(output, count: step.produced)
        outputIsFull = step.produced == output.count
        if step.code == Z_STREAM_END { (isMemberOpen, outputIsFull) = (false, false) }
        if step.code == Z_BUF_ERROR, step.consumed == 0, step.produced == 0 { break }
      }
    }
    if isMemberOpen { throw FileProblem(path: file.path, reason: "its packed data ends too early") }
  }

  private static func run(
    _ stream: inout z_stream, _ input: [UInt8], from start: Int, to end: Int, _ output: inout [UInt8]
  ) -> (code: Int32, consumed: Int, produced: Int) {
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        // zlib declares its input without `const`, and does not write to it.
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + start })
        stream.avail_in = UInt32(end - start)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        let code = CZlib.inflate(&stream, Z_NO_FLUSH)
        return (code, end - start - Int(stream.avail_in), output.count - Int(stream.avail_out))
      }
    }
  }

  private static func read(_ file: LogFile, at offset: Int, into bytes: inout [UInt8]) throws(FileProblem) -> Int {
    let result: Result<Int, FileProblem> = bytes.withUnsafeMutableBytes { buffer in
      Result { () throws(FileProblem) in try file.read(at: offset, into: buffer) }
    }
    return try result.get()
  }

  /// A file without a name: it is gone when it is closed, whatever happens to the process.
  private static func nameless(for file: LogFile) throws(FileProblem) -> Int32 {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(folder)/tocsin-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw FileProblem(path: file.path, reason: "no temporary file to unpack it into: \(FileProblem.errorText())")
    }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }
}

/// The growing content of an unpacked file.
private struct UnpackedFile {
  let descriptor: Int32
  let source: LogFile
  let limit: Int
  let control: ScanControl?
  var size = 0

  mutating func append(_ bytes: [UInt8], count: Int) throws(FileProblem) {
    guard size + count <= limit else {
      throw FileProblem(path: source.path, reason: "it unpacks to more than \(limit) bytes", kind: .limit)
    }
    if control?.isOver == true { throw FileProblem(path: source.path, reason: "interrupted", kind: .interrupted) }
    var done = 0
    while done < count {
      let written = bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { write(descriptor, $0 + done, count - done) } ?? -1
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        throw FileProblem(path: source.path, reason: "unpacking failed: \(FileProblem.errorText())")
      }
      done += written
    }
    size += count
  }
}
