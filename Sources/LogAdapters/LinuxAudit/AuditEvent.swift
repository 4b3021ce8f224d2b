import Values

/// The records that the kernel wrote about one event.
final class AuditEvent {
  let key: AuditRecord.EventKey
  /// Where the first record stands.
  let file: String
  let line: Int
  private(set) var records: [AuditRecord] = []
  /// The file ends within one of the records.
  var isTorn = false
  private(set) var syscall: AuditRecord?
  private(set) var hasTitle = false
  private(set) var byteCount = 0

  init(key: AuditRecord.EventKey, file: String, line: Int) {
    self.key = key
    self.file = file
    self.line = line
  }

  func add(_ record: AuditRecord) {
    records.append(record)
    byteCount += record.bytes.count
    if record.type == "SYSCALL" { syscall = record }
    if record.type == "PROCTITLE" || record.type == "EOE" { hasTitle = true }
  }

  /// Whether no more records are expected. Their order differs: auditd ends with PROCTITLE, ausearch begins with it.
  var isComplete: Bool { syscall != nil && hasTitle }

  /// The record that says what happened.
  var principal: AuditRecord? { syscall ?? records.first }

  func first(_ type: String) -> AuditRecord? { records.first { $0.type == type } }

  lazy var cwd: String? = first("CWD")?.string("cwd")
  lazy var proctitle: String? = first("PROCTITLE")?.decoded("proctitle").map { title in
    TextRepair.text(title.map { $0 == 0 ? 0x20 : $0 })
  }

  /// The command line of an exec, as far as the records have it.
  lazy var arguments: [String] = {
    var arguments: [Int: [UInt8]] = [:]
    for record in records where record.type == "EXECVE" {
      for (index, text) in record.arguments { arguments[index, default: []] += text }
    }
    return arguments.sorted { $0.key < $1.key }.map { TextRepair.text($0.value) }
  }()

  lazy var exe: String? = principal?.string("exe")
  lazy var syscallName: String? = {
    guard let syscall, let number = syscall.number("syscall") else { return nil }
    // The enriched form has the name itself.
    return AuditSyscalls.name(number, architecture: syscall.hexadecimal("arch")) ?? syscall.text("SYSCALL")
  }()

  var isExec: Bool { syscallName == "execve" || syscallName == "execveat" }
  var success: Bool? {
    switch principal?.text("success") ?? principal?.text("res") {
    case "yes", "success", "1": true
    case "no", "failed", "0": false
    default: nil
    }
  }

  lazy var keys: [String] = {
    guard let bytes = records.lazy.compactMap({ $0.decoded("key") }).first else { return [] }
    return bytes.split(separator: 1).map { TextRepair.text($0) }
  }()

  lazy var paths: [AuditPath] = records.filter { $0.type == "PATH" }.map { AuditPath($0) }.sorted { $0.item < $1.item }

  /// What is missing, if anything is.
  var problem: String? {
    if isTorn { return "the file ends within a record" }
    if syscall == nil, records.contains(where: { ["PATH", "CWD", "EXECVE"].contains($0.type) }) {
      return "the event has no SYSCALL record"
    }
    if isExec, success == true, first("EXECVE") == nil { return "the exec has no EXECVE record" }
    let found = records.count { $0.type == "PATH" }
    if let items = syscall?.number("items"), found < items { return "\(found) of \(items) PATH records are there" }
    return nil
  }
}

/// A PATH record.
struct AuditPath {
  let item: Int64
  /// As the program named it; `nil` where the kernel knew no name.
  let name: String?
  let nameType: String?
  let inode: Int64?
  let device: String?
  let mode: String?
  let owner: Int64?
  let group: Int64?

  init(_ record: AuditRecord) {
    item = record.number("item") ?? 0
    name = record.string("name")
    nameType = record.text("nametype")
    inode = record.number("inode")
    device = record.text("dev")
    mode = record.text("mode")
    owner = record.number("ouid")
    group = record.number("ogid")
  }

  var isParent: Bool { nameType == "PARENT" }
  var isFolder: Bool { mode.flatMap { UInt32($0, radix: 8) }.map { $0 & 0o170000 == 0o040000 } ?? false }
}

extension AuditEvent {
  /// The path with its folder, without `.`, `..` and doubled slashes. A name that is relative to an open folder, which
  /// no record names, is taken from its PARENT record where that is absolute, and otherwise stays as it is.
  func resolved(_ path: AuditPath) -> String? {
    guard let name = path.name else { return nil }
    if name.hasPrefix("/") { return Self.normalised(name) }
    if isRelativeToOpenFolder {
      guard !path.isParent, let parent = paths.first(where: { $0.isParent && $0.name?.hasPrefix("/") == true })?.name
      else { return name }
      return Self.normalised("\(parent)/\(AuditEvent.lastComponent(of: name))")
    }
    return cwd.map { Self.normalised("\($0)/\(name)") } ?? name
  }

  /// Whether the call names a folder by a descriptor other than `AT_FDCWD`.
  private var isRelativeToOpenFolder: Bool {
    guard let syscall, let syscallName else { return false }
    let argument: StaticString
    switch syscallName {
    case "openat", "openat2", "mkdirat", "mknodat", "fchownat", "futimesat", "newfstatat", "unlinkat", "renameat",
      "renameat2", "linkat", "readlinkat", "fchmodat", "fchmodat2", "faccessat", "faccessat2", "utimensat", "execveat",
      "statx":
      argument = "a0"
    case "symlinkat": argument = "a1"
    default: return false
    }
    return syscall.hexadecimal(argument).map { UInt32(truncatingIfNeeded: $0) != 0xFFFF_FF9C } ?? false
  }

  static func lastComponent(of path: String) -> String {
    path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? ""
  }

  static func normalised(_ path: String) -> String {
    guard !isNormal(path) else { return path }
    var parts: [Substring.UTF8View] = []
    for part in path.utf8.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
      if part.elementsEqual("..".utf8) { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.map { String(Substring($0)) }.joined(separator: "/")
  }

  /// Whether the path is absolute and no component of it is empty, `.` or `..`; a name that begins with a dot is looked
  /// at more closely.
  private static func isNormal(_ path: String) -> Bool {
    var previous: UInt8 = 0
    for byte in path.utf8 {
      if previous == 0, byte != UInt8(ascii: "/") { return false }
      if previous == UInt8(ascii: "/"), byte == previous || byte == UInt8(ascii: ".") { return false }
      previous = byte
    }
    return previous != UInt8(ascii: "/") || path.utf8.count == 1
  }
}
