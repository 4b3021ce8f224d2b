internal import Glibc

/// What the system answered when a file could not be worked with.
package struct FileProblem: Error, Hashable, Sendable {
  /// A verb with its object, as it stands after "cannot": `write to`, `open`.
  package let operation: String
  package let path: String
  /// The system's `errno`.
  package let code: Int32

  package init(_ operation: String, _ path: String, code: Int32 = errno) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// What a file that is longer than the caller takes is answered with.
  package static let tooLargeCode = EFBIG
  package static let missingCode = ENOENT
  package static let alreadyThereCode = EEXIST
  package static let noRoomCode = ENOSPC

  /// No room: the disk, a quota, or the process's own limit on file sizes is used up.
  package var isOutOfSpace: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
  package var isMissing: Bool { code == ENOENT }
  package var isAlreadyThere: Bool { code == EEXIST }

  package var message: String { "cannot \(operation) '\(path)': \(reason)" }

  private var reason: String {
    switch code {
    case ENOSPC: "the disk is full"
    case EROFS: "the file system is read-only"
    case ENOTDIR: "a part of the path is a file, not a folder"
    case ENOENT: "there is no such file or folder"
    case EISDIR: "it is a folder"
    case EINVAL where operation == "use": "it is no plain file"
    case EWOULDBLOCK: "another process holds its lock"
    default: String(cString: strerror(code))
    }
  }
}
