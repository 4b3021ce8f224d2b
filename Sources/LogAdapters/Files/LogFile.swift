import Glibc
import RunbookPorts
import Synchronization

/// A regular file that was opened for reading, as long as it was then. What is appended later is not seen.
///
/// Reading goes through `pread`, not through mapped memory: a log that its writer cuts short (as logrotate's
/// `copytruncate` does) then ends early, which is reported, instead of killing the process.
final class LogFile: Sendable {
  /// What tells a file from another, and from itself at an earlier time.
  struct Identity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
    let size: Int
    let modifiedSeconds: Int
    let modifiedNanoseconds: Int

    /// What all names of a file have in common.
    struct Place: Hashable, Sendable {
      let device: UInt64
      let inode: UInt64
    }

    var place: Place { Place(device: device, inode: inode) }

    init(_ status: stat) {
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
      size = Int(status.st_size)
      modifiedSeconds = status.st_mtim.tv_sec
      modifiedNanoseconds = status.st_mtim.tv_nsec
    }
  }

  /// As messages name it.
  let path: String
  /// The last component of the path, as the column `file` shows it.
  let name: String
  let size: Int
  let identity: Identity
  /// Why content is missing at the end, if it is.
  let gap: String?
  private let descriptor: Int32
  private let readCount = Atomic(0)

  /// - Parameter descriptor: Closed when the file is no longer used.
  init(path: String, descriptor: Int32, size: Int, identity: Identity, gap: String? = nil) {
    self.path = path
    name = String(path.split(separator: "/").last ?? "")
    self.descriptor = descriptor
    self.size = size
    self.identity = identity
    self.gap = gap
  }

  deinit { close(descriptor) }

  /// All bytes that were read since the file was opened, the same ones as often as they were.
  var bytesRead: Int { readCount.load(ordering: .relaxed) }

  /// Reads bytes from an offset.
  ///
  /// - Returns: How many were read: fewer than the buffer holds at the end of the file, and 0 beyond it.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileProblem) -> Int {
    let wanted = min(buffer.count, size - offset)
    var done = 0
    while done < wanted, let base = buffer.baseAddress {
      let count = pread(descriptor, base + done, wanted - done, off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw FileProblem(path: path, reason: "reading failed: \(FileProblem.errorText())")
      }
      if count == 0 { throw FileProblem(path: path, reason: "it became shorter while it was read") }
      done += count
    }
    readCount.add(done, ordering: .relaxed)
    return done
  }

  /// The whole content.
  ///
  /// - Throws: also for a file of more than `limit` bytes.
  func contents(limit: Int) throws(FileProblem) -> [UInt8] {
    guard size <= limit else {
      throw FileProblem(path: path, reason: "it has \(size) bytes; at most \(limit) are read", kind: .limit)
    }
    var bytes = [UInt8](repeating: 0, count: size)
    let result = bytes.withUnsafeMutableBytes { buffer in
      Result { () throws(FileProblem) in try read(at: 0, into: buffer) }
    }
    bytes.removeLast(size - (try result.get()))
    return bytes
  }

  /// Opens a regular file; one that gzip has packed (known by its first bytes) as what it holds.
  static func open(_ path: String, limits: FileLimits, _ control: ScanControl? = nil) throws(FileProblem) -> LogFile {
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileProblem(path: path, reason: FileProblem.errorText()) }
    try requireRegular(status, path)
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
    var descriptor = Glibc.open(path, flags)
    if descriptor < 0, errno == EMFILE, raiseOpenFileLimit() { descriptor = Glibc.open(path, flags) }
    guard descriptor >= 0 else { throw FileProblem(path: path, reason: FileProblem.errorText()) }
    guard fstat(descriptor, &status) == 0 else {
      close(descriptor)
      throw FileProblem(path: path, reason: FileProblem.errorText())
    }
    // From here on the file's own end closes the descriptor.
    let file = LogFile(path: path, descriptor: descriptor, size: Int(status.st_size), identity: Identity(status))
    try requireRegular(status, path)
    return try Inflation.isPacked(file) ? Inflation.unpack(file, limits: limits, control) : file
  }

  /// A set of rotated logs may be larger than the number of open files that a process has at first; it may raise that
  /// itself up to what the system grants.
  private static func raiseOpenFileLimit() -> Bool {
    // The C library declares the resource as an enumeration, and the functions as taking its number.
    let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(openFiles, &limit) == 0, limit.rlim_cur < limit.rlim_max else {
      return false
    }
    limit.rlim_cur = limit.rlim_max
    return setrlimit(openFiles, &limit) == 0
  }

  private static func requireRegular(_ status: stat, _ path: String) throws(FileProblem) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw FileProblem(path: path, reason: "it is a folder, not a file")
    default: throw FileProblem(path: path, reason: "it is no regular file")
    }
  }
}

/// What reading files may cost.
struct FileLimits: Sendable {
  /// Longest record that is kept whole; of a longer one the beginning is.
  var recordBytes = 1 << 20
  /// Most bytes that are searched for the end of a record of many lines.
  var transactionBytes = 64 << 20
  /// Most bytes that one packed file may unpack to.
  var unpackedBytes = 8 << 30
  /// How large the parts of a file are that are read side by side.
  var partBytes = 32 << 20
  /// Most files that a pattern may name.
  var files = 20_000
  /// Largest document that is parsed as a whole: a report, a recorded answer.
  var documentBytes = 256 << 20
}

/// Why a file cannot be read.
struct FileProblem: Error, Hashable {
  enum Kind {
    case unreadable, limit, interrupted
  }

  let path: String
  let reason: String
  var kind = Kind.unreadable

  var message: String { "\(path): \(reason)" }

  /// - Parameter time: How long the fetch might last, which is over if it was interrupted.
  func adapterError(after time: Duration) -> AdapterError {
    switch kind {
    case .unreadable: .unavailable(message)
    case .limit: .limitExceeded(message)
    case .interrupted: .tooSlow(time)
    }
  }

  /// What the C library says about the last error, in its own words but without a capital.
  static func errorText() -> String {
    switch errno {
    case ENOENT: "no such file"
    case EACCES, EPERM: "permission denied"
    case EMFILE, ENFILE: "too many open files"
    case let code: String(cString: strerror(code)).lowercased()
    }
  }
}

extension AdapterError {
  /// Files that were not read in time are not read sooner a second time, as an answer over a network may come.
  static func tooSlow(_ time: Duration) -> AdapterError { .limitExceeded(AdapterError.timedOut(after: time).message) }
}
