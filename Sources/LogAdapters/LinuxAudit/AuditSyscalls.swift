/// System calls by architecture and number, as far as they concern files and programs.
///
/// Numbers: arch/x86/entry/syscalls/syscall_64.tbl and syscall_32.tbl, include/uapi/asm-generic/unistd.h of Linux 6.
enum AuditSyscalls {
  /// - Parameter architecture: As the record's field `arch` has it: `c000003e`.
  static func name(_ number: Int64, architecture: UInt64?) -> String? {
    let names: [String?]
    switch architecture {
    case 0xC000_003E: names = x86_64
    case 0xC000_00B7: names = generic
    case 0x4000_0003: names = i386
    default: return nil
    }
    return Int(exactly: number).flatMap { names.indices.contains($0) ? names[$0] : nil }
  }

  /// Names at the places of their numbers.
  private static func byNumber(_ names: [Int: String]) -> [String?] {
    (0...(names.keys.max() ?? 0)).map { names[$0] }
  }

  private static let x86_64 = byNumber([
    0: "read", 1: "write", 2: "open", 3: "close", 4: "stat", 5: "fstat", 6: "lstat", 17: "pread64", 18: "pwrite64",
    19: "readv", 20: "writev", 21: "access", 40: "sendfile", 41: "socket", 42: "connect", 43: "accept", 44: "sendto",
    49: "bind", 50: "listen", 56: "clone", 57: "fork", 58: "vfork", 59: "execve", 62: "kill", 76: "truncate",
    77: "ftruncate", 78: "getdents", 80: "chdir", 82: "rename", 83: "mkdir", 84: "rmdir", 85: "creat", 86: "link",
    87: "unlink", 88: "symlink", 89: "readlink", 90: "chmod", 91: "fchmod", 92: "chown", 93: "fchown", 94: "lchown",
    101: "ptrace", 105: "setuid", 132: "utime", 133: "mknod", 161: "chroot", 165: "mount", 166: "umount2",
    175: "init_module", 188: "setxattr", 189: "lsetxattr", 190: "fsetxattr", 191: "getxattr", 192: "lgetxattr",
    193: "fgetxattr", 194: "listxattr", 195: "llistxattr", 196: "flistxattr", 197: "removexattr", 198: "lremovexattr",
    199: "fremovexattr", 217: "getdents64", 235: "utimes", 257: "openat", 258: "mkdirat", 259: "mknodat",
    260: "fchownat", 261: "futimesat", 262: "newfstatat", 263: "unlinkat", 264: "renameat", 265: "linkat",
    266: "symlinkat", 267: "readlinkat", 268: "fchmodat", 269: "faccessat", 280: "utimensat", 285: "fallocate",
    288: "accept4", 304: "open_by_handle_at", 313: "finit_module", 316: "renameat2", 322: "execveat",
    326: "copy_file_range", 332: "statx", 437: "openat2", 439: "faccessat2", 452: "fchmodat2",
  ])

  /// arm64 and the other younger architectures.
  private static let generic = byNumber([
    5: "setxattr", 6: "lsetxattr", 7: "fsetxattr", 8: "getxattr", 9: "lgetxattr", 10: "fgetxattr", 11: "listxattr",
    12: "llistxattr", 13: "flistxattr", 14: "removexattr", 15: "lremovexattr", 16: "fremovexattr", 33: "mknodat",
    34: "mkdirat", 35: "unlinkat", 36: "symlinkat", 37: "linkat", 38: "renameat", 39: "umount2", 40: "mount",
    45: "truncate", 46: "ftruncate", 47: "fallocate", 48: "faccessat", 49: "chdir", 51: "chroot", 52: "fchmod",
    53: "fchmodat", 54: "fchownat", 55: "fchown", 56: "openat", 61: "getdents64", 63: "read", 64: "write",
    65: "readv", 66: "writev", 67: "pread64", 68: "pwrite64", 71: "sendfile", 78: "readlinkat", 79: "newfstatat",
    80: "fstat", 88: "utimensat", 198: "socket", 200: "bind", 201: "listen", 202: "accept", 203: "connect",
    206: "sendto", 220: "clone", 221: "execve", 276: "renameat2", 281: "execveat", 285: "copy_file_range",
    291: "statx", 437: "openat2", 439: "faccessat2", 452: "fchmodat2",
  ])

  private static let i386 = byNumber([
    2: "fork", 3: "read", 4: "write", 5: "open", 6: "close", 8: "creat", 9: "link", 10: "unlink", 11: "execve",
    12: "chdir", 14: "mknod", 15: "chmod", 16: "lchown", 30: "utime", 33: "access", 38: "rename", 39: "mkdir",
    40: "rmdir", 61: "chroot", 83: "symlink", 85: "readlink", 92: "truncate", 93: "ftruncate", 94: "fchmod",
    95: "fchown", 182: "chown", 193: "truncate64", 194: "ftruncate64", 198: "lchown32", 207: "fchown32",
    212: "chown32", 226: "setxattr", 227: "lsetxattr", 228: "fsetxattr", 229: "getxattr", 230: "lgetxattr",
    231: "fgetxattr", 235: "removexattr", 271: "utimes", 295: "openat", 296: "mkdirat", 297: "mknodat",
    298: "fchownat", 301: "unlinkat", 302: "renameat", 303: "linkat", 304: "symlinkat", 305: "readlinkat",
    306: "fchmodat", 307: "faccessat", 320: "utimensat", 353: "renameat2", 358: "execveat", 383: "statx",
    437: "openat2", 439: "faccessat2", 452: "fchmodat2",
  ])
}

/// What a system call does to a file.
enum AuditAction: String, CaseIterable {
  case read, write, create, delete, rename, exec, attributes, link, mkdir, list, other

  /// What the call of this name does; for those that open a file its flags decide.
  init(syscall name: String) {
    switch name {
    case "open", "openat", "openat2": self = .other
    case "read", "pread64", "readv", "sendfile", "open_by_handle_at": self = .read
    case "write", "pwrite64", "writev", "truncate", "ftruncate", "truncate64", "ftruncate64", "fallocate",
      "copy_file_range":
      self = .write
    case "creat", "mknod", "mknodat": self = .create
    case "unlink", "unlinkat", "rmdir": self = .delete
    case "rename", "renameat", "renameat2": self = .rename
    case "execve", "execveat": self = .exec
    case "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "chown32", "fchown32",
      "lchown32", "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "utime",
      "utimes", "futimesat", "utimensat":
      self = .attributes
    case "link", "linkat", "symlink", "symlinkat": self = .link
    case "mkdir", "mkdirat": self = .mkdir
    // Names, sizes and attributes are looked at; contents are not.
    case "getdents", "getdents64", "stat", "fstat", "lstat", "newfstatat", "statx", "access", "faccessat",
      "faccessat2", "readlink", "readlinkat", "getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr",
      "flistxattr":
      self = .list
    default: self = .other
    }
  }

  /// What an open call is for. A watch fires when the file is opened, so writing shows as opening for writing.
  init(openFlags flags: UInt64, isNew: Bool, isFolder: Bool) {
    if isNew {
      self = .create
    } else if flags & 3 != 0 || flags & 0o1000 != 0 {
      self = .write
    } else if flags & 0o10000000 != 0 {
      // O_PATH: a handle that gives no access to the content.
      self = .list
    } else {
      self = isFolder || flags & 0o200000 != 0 ? .list : .read
    }
  }
}
