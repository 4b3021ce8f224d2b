internal import Glibc

/// Folders, and the names in them.
package enum Folder {
  /// Makes a folder and the ones it lies in; those that exist stay as they are.
  ///
  /// - Parameters:
  ///   - mode: The permissions of those that are made.
  ///   - isDurable: Whether their names shall be on the disk when this returns.
  package static func make(_ path: String, mode: UInt32 = 0o700, isDurable: Bool = true) throws(FileProblem) {
    if mkdir(path, mode) == 0 {
      if isDurable { try synchronize(parent(of: path) ?? "/") }
      return
    }
    switch errno {
    case EEXIST:
      var state = stat()
      guard stat(path, &state) == 0 else { throw FileProblem("create folder", path) }
      guard state.st_mode & S_IFMT == S_IFDIR else { throw FileProblem("create folder", path, code: ENOTDIR) }
    case ENOENT:
      guard let parent = parent(of: path) else { throw FileProblem("create folder", path, code: ENOENT) }
      if !exists(parent) { try make(parent, mode: mode, isDurable: isDurable) }
      // Some file systems, such as /proc, say it again although the parent is there.
      guard mkdir(path, mode) == 0 || errno == EEXIST else { throw FileProblem("create folder", path) }
      if isDurable { try synchronize(parent) }
    default: throw FileProblem("create folder", path)
    }
  }

  /// Waits until the folder's names are on the disk: a file that was just made or renamed is lost in a power cut
  /// before that.
  package static func synchronize(_ path: String) throws(FileProblem) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileProblem("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileProblem("bring to the disk", path) }
  }

  /// The names in a folder in the order of their bytes, without `.` and `..`.
  package static func names(in path: String) throws(FileProblem) -> [String] {
    guard let folder = opendir(path) else { throw FileProblem("list", path) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The path of a file or a folder from the root, without links; `nil`: it is not there, or cannot be reached.
  package static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// When a file was last written, in seconds since 1970; `nil`: it is not there.
  package static func changed(_ path: String) -> Int64? {
    var state = stat()
    return stat(path, &state) == 0 ? Int64(state.st_mtim.tv_sec) : nil
  }

  /// Whether this is a link, wherever it leads.
  package static func isLink(_ path: String) -> Bool {
    var state = stat()
    return lstat(path, &state) == 0 && state.st_mode & S_IFMT == S_IFLNK
  }

  /// Whether this is a folder itself, not a link to one.
  package static func isFolderItself(_ path: String) -> Bool {
    var state = stat()
    return lstat(path, &state) == 0 && state.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether the open file is the one that now has the name.
  package static func isSame(_ file: OpenFile, as path: String) -> Bool {
    var state = stat()
    return stat(path, &state) == 0 && file.isFile(device: state.st_dev, inode: state.st_ino)
  }

  /// Gives a file another name in one step, replacing what had that name.
  package static func rename(_ old: String, to new: String) throws(FileProblem) {
    guard Glibc.rename(old, new) == 0 else { throw FileProblem("rename", old) }
  }

  package static func remove(_ path: String) throws(FileProblem) {
    guard unlink(path) == 0 else { throw FileProblem("remove", path) }
  }

  /// The folder that a path lies in; `nil` for the root.
  package static func parent(of path: String) -> String? {
    var rest = Substring(path)
    while rest.utf8.count > 1, rest.hasSuffix("/") { rest = rest.dropLast() }
    guard rest != "/", !rest.isEmpty else { return nil }
    guard let slash = rest.lastIndex(of: "/") else { return "." }
    return slash == rest.startIndex ? "/" : String(rest[..<slash])
  }
}

/// A file that is there whole or not at all.
package enum WholeFile {
  /// Writes a file under a name of its own, brings it to the disk, and then gives it its name, replacing what had it.
  ///
  /// - Returns: after the file and its name are on the disk.
  package static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o600) throws(FileProblem) {
    try LinuxFiles().writeWhole(
      bytes, to: path, mode: mode, suffix: "\(getpid())-\(UInt64.random(in: .min ... .max)).tmp")
  }

  /// Gives a file other contents in one step. Its permissions stay; of a link the file that it leads to is replaced.
  package static func replace(_ path: String, by bytes: [UInt8]) throws(FileProblem) {
    guard let real = Folder.real(path) else { throw FileProblem("open", path) }
    var state = stat()
    guard stat(real, &state) == 0 else { throw FileProblem("look at", path) }
    try write(bytes, to: real, mode: state.st_mode & 0o7777)
  }

  /// Writes what somebody asked for to the path that they named. A file is replaced in one step, also where a link leads
  /// to it; what is no file, such as `/dev/stdout` or a pipe, is written to and stays what it is.
  ///
  /// - Parameter mode: The permissions of a file that is made here.
  package static func deliver(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o600) throws(FileProblem) {
    var state = stat()
    guard stat(path, &state) == 0 else { return try write(bytes, to: path, mode: mode) }
    switch state.st_mode & S_IFMT {
    case S_IFREG: try replace(path, by: bytes)
    case S_IFDIR: throw FileProblem("write to", path, code: EISDIR)
    default: try OpenFile(path, for: .pouring).write(bytes)
    }
  }

  /// - Parameter limitBytes: Most bytes that are read; a longer file throws `EFBIG`.
  package static func read(_ path: String, limitBytes: Int) throws(FileProblem) -> [UInt8] {
    try LinuxFiles().readWhole(path, limitBytes: limitBytes)
  }
}
