internal import Glibc

/// A file that is open; it closes when nobody holds it any more. Calls that a signal interrupts are made again.
package final class OpenFile: StoredFile {
  package enum Purpose: Sendable {
    case reading
    /// Reading, and writing at the end. The file is made if it is missing; several processes may do this at once.
    case appending
    /// Writing a file that must not be there yet.
    case creating
    /// Reading, and writing anywhere. The file is made if it is missing.
    case updating
    /// Writing to what is there, also if it is no plain file but a device or a pipe, whose reader is waited for.
    case pouring
  }

  package let path: String
  private let descriptor: Int32

  /// - Parameter mode: The permissions of a file that is made here.
  package init(_ path: String, for purpose: Purpose, mode: UInt32 = 0o600) throws(FileProblem) {
    let flags =
      switch purpose {
      case .reading: O_RDONLY
      case .appending: O_RDWR | O_APPEND | O_CREAT
      case .creating: O_RDWR | O_CREAT | O_EXCL
      case .updating: O_RDWR | O_CREAT
      case .pouring: O_WRONLY
      }
    let waiting = purpose == .pouring ? 0 : O_NONBLOCK
    self.path = path
    descriptor = Self.retrying { open(path, flags | O_CLOEXEC | O_NOCTTY | waiting, mode) }
    guard descriptor >= 0 else { throw FileProblem(purpose == .creating ? "create" : "open", path) }
    let state = try status()
    guard state.st_mode & S_IFMT == S_IFREG || purpose == .pouring else {
      throw FileProblem("use", path, code: state.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
    }
  }

  deinit { close(descriptor) }

  /// Bytes in the file, and whether it still has a name.
  package func extent() throws(FileProblem) -> (size: Int, isLinked: Bool) {
    let state = try status()
    return (Int(state.st_size), state.st_nlink > 0)
  }

  /// The bits that say who may read, write and execute it.
  package func permissions() throws(FileProblem) -> UInt32 { try status().st_mode & 0o7777 }

  /// The user whose file it is, by number.
  package func owner() throws(FileProblem) -> Int { Int(try status().st_uid) }

  func isFile(device: UInt, inode: UInt) -> Bool {
    guard let state = try? status() else { return false }
    return state.st_dev == device && state.st_ino == inode
  }

  private func status() throws(FileProblem) -> stat {
    var state = stat()
    guard fstat(descriptor, &state) == 0 else { throw FileProblem("look at", path) }
    return state
  }

  /// Reads up to `count` bytes from an offset; fewer only at the end of the file.
  package func read(at offset: Int, count: Int) throws(FileProblem) -> [UInt8] {
    var problem: FileProblem?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let result = Self.retrying {
          pread(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset + filled))
        }
        if result < 0 { problem = FileProblem("read", path) }
        if result <= 0 { break }
        filled += result
      }
    }
    if let problem { throw problem }
    return bytes
  }

  /// Writes all of the bytes at the end, or where the last write ended. When it throws, some of them may have been
  /// written.
  ///
  /// - Note: Beyond `RLIMIT_FSIZE` this throws only in a process that ignores `SIGXFSZ`; others are ended by it.
  package func write(_ bytes: [UInt8]) throws(FileProblem) { try write(bytes, with: Glibc.write) }

  /// Writes all of the bytes at an offset, in a file that was opened for `updating` or `creating`. When it throws, some
  /// of them may have been written.
  package func write(_ bytes: [UInt8], at offset: Int) throws(FileProblem) {
    var position = off_t(offset)
    try write(bytes) { descriptor, buffer, count in
      let result = pwrite(descriptor, buffer, count, position)
      if result > 0 { position += off_t(result) }
      return result
    }
  }

  /// Writes all of the bytes with a call that writes some of them.
  private func write(
    _ bytes: [UInt8], with call: (Int32, UnsafeRawPointer?, Int) -> Int
  ) throws(FileProblem) {
    let problem: FileProblem? = bytes.withUnsafeBufferPointer { buffer in
      var written = 0
      while written < buffer.count {
        let result = Self.retrying {
          call(descriptor, UnsafeRawPointer(buffer.baseAddress?.advanced(by: written)), buffer.count - written)
        }
        guard result > 0 else { return FileProblem("write to", path, code: result == 0 ? EIO : errno) }
        written += result
      }
      return nil
    }
    if let problem { throw problem }
  }

  /// Sets room aside on the disk, so that writing within the first `size` bytes will find it.
  package func reserve(_ size: Int) throws(FileProblem) {
    let code = posix_fallocate(descriptor, 0, off_t(size))
    guard code == 0 else { throw FileProblem("set room aside for", path, code: code) }
  }

  package func truncate(to size: Int) throws(FileProblem) {
    guard Self.retrying({ ftruncate(descriptor, off_t(size)) }) == 0 else { throw FileProblem("shorten", path) }
  }

  /// Waits until the file's bytes are on the disk.
  ///
  /// - Note: After it has thrown, what the disk holds is not known, and a second call may succeed without having
  ///   written anything (Linux drops the pages that it could not write). It must not be tried again.
  package func synchronize() throws(FileProblem) {
    guard fdatasync(descriptor) == 0 else { throw FileProblem("bring to the disk", path) }
  }

  /// Excludes every other process, and every other opening of the file in this one, until `unlock`.
  ///
  /// - Throws: with `EWOULDBLOCK` when the lock stays taken.
  package func lock(waitingAtMost patience: Duration) throws(FileProblem) {
    let start = ContinuousClock.now
    var pauseMicroseconds: UInt32 = 20
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw FileProblem("lock", path) }
      guard start.duration(to: .now) < patience else { throw FileProblem("lock", path, code: EWOULDBLOCK) }
      usleep(pauseMicroseconds)
      pauseMicroseconds = min(pauseMicroseconds * 2, 5_000)
    }
  }

  package func unlock() { flock(descriptor, LOCK_UN) }

  private static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result != -1 || errno != EINTR { return result }
    }
  }
}
