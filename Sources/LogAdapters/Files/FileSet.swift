import Glibc
import Synchronization
import Values

/// Makes, for a file, what reads the time of a record from a line.
typealias LineClock = @Sendable (LogFile) -> (UnsafeRawBufferPointer) -> Timestamp?

/// Reads the times of records in a part of a file: for the order of the files and the extent of the source.
struct FileClock: Sendable {
  /// - Parameter bytes: Whole lines, but for the last.
  /// - Parameter isStart: Whether they stand where the file begins.
  typealias Reading = @Sendable (_ file: LogFile, _ bytes: UnsafeRawBufferPointer, _ isStart: Bool) -> [Timestamp]

  let times: Reading
  /// Whether a line's beginning in the middle of the file is sure to be a record's.
  let canBeEntered: @Sendable (LogFile) -> Bool

  init(canBeEntered: @escaping @Sendable (LogFile) -> Bool = { _ in true }, _ times: @escaping Reading) {
    self.canBeEntered = canBeEntered
    self.times = times
  }

  /// For records that are a line each.
  static func lines(_ clock: @escaping LineClock) -> FileClock {
    FileClock { file, bytes, _ in
      let time = clock(file)
      return bytes.split(separator: 10).compactMap { time(UnsafeRawBufferPointer(rebasing: $0)) }
    }
  }
}

/// The files of one source: named by paths and patterns, opened anew for each query, in the order of time.
///
/// A file that has not changed since the last query stays open, so that a packed one is unpacked once.
final class FileSet: Sendable {
  let patterns: [String]
  let limits: FileLimits
  private let folder: String
  private let clock: FileClock?
  private let isInOrder: Bool
  /// Locked while files are opened, so that queries side by side unpack a file once.
  private let opened = Mutex<[String: OpenedFile]>([:])

  private struct OpenedFile {
    let file: LogFile
    let first: Timestamp?
    let last: Timestamp?
  }

  /// Files as one query sees them.
  struct Snapshot: Sendable {
    var files: [LogFile] = []
    /// The times at the edges of the files; only what was easily found.
    var first: Timestamp?
    var last: Timestamp?
    /// Why files are missing.
    var gaps: [String] = []
    /// Set where the deployment says that each file is in the order of time.
    var order: TimeOrder?
    var limits = FileLimits()
  }

  /// - Parameter isInOrder: Whether each file is said to be in the order of time.
  init(
    patterns: [String], folder: String, limits: FileLimits = FileLimits(), clock: FileClock? = nil,
    isInOrder: Bool = false
  ) {
    self.isInOrder = isInOrder
    self.patterns = patterns
    self.folder = folder
    self.limits = limits
    self.clock = clock
  }

  /// Opens the files as they are now.
  ///
  /// - Parameter control: Ends the unpacking of packed files.
  /// - Throws: when none of them can be read. If only some can, `gaps` tells of the others.
  func snapshot(_ control: ScanControl? = nil) throws(FileProblem) -> Snapshot {
    let paths = try resolve()
    let result = opened.withLock { opened in
      Result { () throws(FileProblem) in try open(paths, &opened, control) }
    }
    let (found, problems) = try result.get()
    if found.isEmpty, let problem = problems.first { throw problem }
    let ordered = Self.inOrderOfTime(found)
    return Snapshot(
      files: ordered.map(\.file), first: ordered.compactMap(\.first).min(), last: ordered.compactMap(\.last).max(),
      gaps: problems.map(\.message), order: isInOrder ? clock.map(TimeOrder.init) : nil,
      limits: limits)
  }

  private func open(
    _ paths: [String], _ opened: inout [String: OpenedFile], _ control: ScanControl?
  ) throws(FileProblem) -> (found: [OpenedFile], problems: [FileProblem]) {
    var now: [String: OpenedFile] = [:]
    var found: [OpenedFile] = []
    var problems: [FileProblem] = []
    var seen: Set<LogFile.Identity.Place> = []
    for path in paths {
      do throws(FileProblem) {
        let file = if let known = known(path, opened) { known } else { try open(path, control) }
        now[path] = file
        // A file with several names, as by a link, is read once.
        if seen.insert(file.file.identity.place).inserted { found.append(file) }
      } catch {
        guard error.kind == .unreadable else { throw error }
        problems.append(error)
      }
    }
    // Files that are gone are let go.
    opened = now
    return (found, problems)
  }

  private func known(_ path: String, _ opened: [String: OpenedFile]) -> OpenedFile? {
    var status = stat()
    guard let known = opened[path], stat(path, &status) == 0, known.file.identity == LogFile.Identity(status) else {
      return nil
    }
    return known
  }

  private func open(_ path: String, _ control: ScanControl?) throws(FileProblem) -> OpenedFile {
    let file = try LogFile.open(path, limits: limits, control)
    let (first, last) = try edges(of: file)
    return OpenedFile(file: file, first: first, last: last)
  }

  // MARK: Names

  private func resolve() throws(FileProblem) -> [String] {
    var paths: [String] = []
    var seen: Set<String> = []
    for pattern in patterns {
      let full = pattern.hasPrefix("/") ? pattern : "\(folder)/\(pattern)"
      let matches = Self.isPattern(full) && access(full, F_OK) != 0 ? try expand(full) : [full]
      guard !matches.isEmpty else { throw FileProblem(path: full, reason: "no file has such a name") }
      for path in matches where seen.insert(path).inserted { paths.append(path) }
      guard paths.count <= limits.files else {
        throw FileProblem(path: full, reason: "more than \(limits.files) files have such names", kind: .limit)
      }
    }
    return paths
  }

  private static func isPattern(_ path: String) -> Bool { path.utf8.contains { "*?[".utf8.contains($0) } }

  /// `**` stands for any folders below, and at the end of a pattern for all files in them.
  private func expand(_ pattern: String) throws(FileProblem) -> [String] {
    guard let stars = pattern.firstRange(of: "/**") else { return try glob(pattern) }
    let rest = pattern[stars.upperBound...]
    guard rest.isEmpty || rest.hasPrefix("/") else {
      throw FileProblem(path: pattern, reason: "`**` stands alone between slashes")
    }
    var paths: [String] = []
    for folder in try tree(try glob(String(pattern[..<stars.lowerBound])).map { "\($0)/." }) {
      paths += try expand(Self.escaped(folder) + (rest.isEmpty ? "/*" : rest)).filter { !Self.isFolder($0) }
      if paths.count > limits.files { break }
    }
    return paths
  }

  /// Folders with all that lie in them. Links are not followed, so that there is an end.
  private func tree(_ roots: [String]) throws(FileProblem) -> [String] {
    var folders: [String] = []
    var waiting = roots.filter(Self.isFolder)
    while let folder = waiting.popLast() {
      folders.append(folder)
      guard folders.count <= limits.files else {
        throw FileProblem(path: folder, reason: "more than \(limits.files) folders lie below", kind: .limit)
      }
      waiting += try glob(Self.escaped(folder) + "/*").filter(Self.isFolder)
    }
    return folders
  }

  /// A name that is no pattern, whatever it holds.
  private static func escaped(_ name: String) -> String {
    String(name.flatMap { "*?[]\\".contains($0) ? ["\\", $0] : [$0] })
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private func glob(_ pattern: String) throws(FileProblem) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    switch Glibc.glob(pattern, 0, nil, &result) {
    case 0: break
    case GLOB_NOMATCH: return []
    default: throw FileProblem(path: pattern, reason: "the folder cannot be searched")
    }
    return (0..<Int(result.gl_pathc)).compactMap { index in
      result.gl_pathv[index].map { String(cString: $0) }
    }
  }

  // MARK: Order

  /// By the time of the first record where every file that holds anything has one, otherwise by name: a higher number
  /// at the end is older, and no number is the newest.
  private static func inOrderOfTime(_ files: [OpenedFile]) -> [OpenedFile] {
    let byName = files.map { (file: $0, rotation: rotation(of: $0.file.path)) }
      .sorted { left, right in
        left.rotation.stem == right.rotation.stem
          ? left.rotation.age > right.rotation.age : left.rotation.stem < right.rotation.stem
      }.map(\.file)
    guard byName.allSatisfy({ $0.first != nil || $0.file.size == 0 }) else { return byName }
    return byName.enumerated().sorted { left, right in
      guard let leftTime = left.element.first, let rightTime = right.element.first, leftTime != rightTime else {
        return left.element.first == nil && right.element.first != nil
          || (left.element.first == nil) == (right.element.first == nil) && left.offset < right.offset
      }
      return leftTime < rightTime
    }.map(\.element)
  }

  /// `access.log.12.gz` is twelve rotations old.
  private static func rotation(of path: String) -> (stem: String, age: Int) {
    var stem = path.utf8[...]
    if path.hasSuffix(".gz") { stem = stem.dropLast(3) }
    guard let dot = stem.lastIndex(of: UInt8(ascii: ".")), let age = Int(String(stem[dot...].dropFirst()) ?? "") else {
      return (String(stem) ?? path, 0)
    }
    return (String(stem[..<dot]) ?? path, age)
  }

  // MARK: Edges

  private static let edgeBytes = 1 << 16

  /// The earliest and latest time among the first and last lines.
  private func edges(of file: LogFile) throws(FileProblem) -> (Timestamp?, Timestamp?) {
    guard let clock, file.size > 0 else { return (nil, nil) }
    var times: [Timestamp] = []
    for offset in Set([0, max(0, file.size - Self.edgeBytes)]).sorted() {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.edgeBytes, alignment: 16)
      defer { buffer.deallocate() }
      let count = try file.read(at: offset, into: buffer)
      var bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])[...]
      // The middle of a line may look like a line: a client chooses what it says of itself.
      if offset > 0 { bytes = bytes.drop { $0 != 10 } }
      times += clock.times(file, UnsafeRawBufferPointer(rebasing: bytes), offset == 0)
    }
    return (times.min(), times.max())
  }
}
