import Values

/// The records that the kernel wrote about one event. Their text is kept in one piece, and each is taken apart when it
/// is asked for.
final class AuditEvent {
  /// What an event takes up beside the text of its records, and what each of those does.
  private static let eventBytes = 512
  private static let recordBytes = 64

  let key: AuditRecord.EventKey
  /// Where the first record stands.
  let place: ScanPlace
  let line: Int?
  /// The file ends within one of the records.
  var isTorn = false
  private var records = Records()

  /// The text of the records, and what there is to know of each without taking it apart.
  private struct Records {
    var text: [UInt8] = []
    var places: [Place] = []
    var pathCount = 0
    /// A bit for each kind of record that the event has.
    var kinds: UInt8 = 0
    var isComplete = false

    func has(_ kind: AuditRecord.Kind) -> Bool { kinds >> kind.rawValue & 1 == 1 }

    mutating func add(_ head: AuditRecord.Head, _ line: UnsafeRawBufferPointer) {
      if text.isEmpty {
        text.reserveCapacity(max(1_024, line.count + 1))
        places.reserveCapacity(4)
      }
      let start = text.count
      text.append(contentsOf: line)
      places.append(Place(shape: head.shape, range: start..<text.count))
      text.append(10)
      kinds |= 1 << head.shape.kind.rawValue
      switch head.shape.kind {
      case .path: pathCount += 1
      case .syscall, .proctitle, .end: isComplete = has(.syscall) && (has(.proctitle) || has(.end))
      default: break
      }
    }
  }

  /// Where a record stands in the text.
  private struct Place {
    let shape: AuditRecord.Head.Shape
    let range: Range<Int>
  }

  init(key: AuditRecord.EventKey, at place: ScanPlace, line: Int?) {
    self.key = key
    self.place = place
    self.line = line
  }

  var file: String { place.name }

  /// About how much memory the event takes up.
  var byteCount: Int { Self.eventBytes + records.text.capacity + records.places.capacity * Self.recordBytes }

  /// - Parameter line: The line that the head is of.
  func add(_ head: AuditRecord.Head, _ line: UnsafeRawBufferPointer) {
    records.add(head, line)
  }

  func has(_ kind: AuditRecord.Kind) -> Bool { records.has(kind) }

  /// Whether no more records are expected. Their order differs: auditd ends with PROCTITLE, ausearch begins with it.
  var isComplete: Bool { records.isComplete }

  private var places: [Place] { records.places }
  private var pathCount: Int { records.pathCount }

  /// The lines of the records.
  var raw: ArraySlice<UInt8> { records.text.dropLast() }

  private func record(_ place: Place) -> AuditRecord { AuditRecord(place.shape, records.text[place.range]) }

  func first(_ kind: AuditRecord.Kind) -> AuditRecord? { places.first { $0.shape.kind == kind }.map(record) }

  lazy var syscall: AuditRecord? = places.last { $0.shape.kind == .syscall }.map(record)
  /// The record that says what happened.
  lazy var principal: AuditRecord? = syscall ?? places.first.map(record)

  lazy var cwd: String? = first(.cwd)?.string("cwd")
  lazy var proctitle: String? = first(.proctitle)?.decoded("proctitle").map { title in
    TextRepair.text(title.map { $0 == 0 ? 0x20 : $0 })
  }

  /// The command line of an exec, as far as the records have it.
  lazy var arguments: [String] = {
    var arguments: [Int: [UInt8]] = [:]
    for place in places where place.shape.kind == .execve {
      for (index, text) in record(place).arguments { arguments[index, default: []] += text }
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
    guard let bytes = places.lazy.compactMap({ self.record($0).decoded("key") }).first else { return [] }
    return bytes.split(separator: 1).map { TextRepair.text($0) }
  }()

  lazy var paths: [AuditPath] = {
    guard pathCount > 0 else { return [] }
    let paths = places.filter { $0.shape.kind == .path }.map { AuditPath(record($0)) }
    return pathCount == 1 ? paths : paths.sorted { $0.item < $1.item }
  }()

  /// What is missing, if anything is.
  var problem: String? {
    if isTorn { return "the file ends within a record" }
    if !has(.syscall), pathCount > 0 || has(.cwd) || has(.execve) {
      return "the event has no SYSCALL record"
    }
    if isExec, success == true, !has(.execve) { return "the exec has no EXECVE record" }
    if let items = syscall?.number("items"), pathCount < items {
      return "\(pathCount) of \(items) PATH records are there"
    }
    return nil
  }
}

/// A PATH record.
struct AuditPath {
  private let record: AuditRecord
  let isParent: Bool

  init(_ record: AuditRecord) {
    self.record = record
    isParent = record.value("nametype")?.elementsEqual("PARENT".utf8) ?? false
  }

  var item: Int64 { record.number("item") ?? 0 }
  /// As the program named it; `nil` where the kernel knew no name.
  var name: String? { record.string("name") }
  var nameType: String? { record.text("nametype") }
  var inode: Int64? { record.number("inode") }
  var device: String? { record.text("dev") }
  var mode: String? { record.text("mode") }
  var owner: Int64? { record.number("ouid") }
  var group: Int64? { record.number("ogid") }

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
