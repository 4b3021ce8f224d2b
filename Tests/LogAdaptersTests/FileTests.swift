import CZlib
import Foundation
import RunbookPorts
import Testing
import Values

@testable import LogAdapters

/// A request so many seconds after ten past three.
private func line(_ second: Int, _ path: String = "/") -> String {
  func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  let time = 3 * 3_600 + 10 * 60 + 10 + second
  let clock = [time / 3_600, time / 60 % 60, time % 60].map(digits).joined(separator: ":")
  return "192.0.2.1 - - [23/Nov/2026:\(clock) +0000] \"GET \(path) HTTP/1.1\" 200 10\n"
}

private func log(_ path: String, in folder: Folder) throws -> Asking {
  try Asking(AccessLogKind(), ["path": .text(path), "format": .text("common")], folder: folder.path)
}

/// The bytes packed by gzip.
private func packed(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(
    &stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: bytes.count + 1_024)
  let count = input.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      deflate(&stream, Z_FINISH)
      return output.count - Int(stream.avail_out)
    }
  }
  return Array(output[..<count])
}

@Suite("Files of a source")
struct FileTests {
  private let pathColumn: [(String, ColumnType)] = [("path", .string)]

  @Test func `rotated and packed files are read in the order of time`() async throws {
    let folder = try Folder()
    try folder.write("access.log", line(50, "/e"))
    try folder.write("access.log.1", line(40, "/d"))
    try folder.write("access.log.2.gz", packed(Array((line(20, "/b") + line(30, "/c")).utf8)))
    try folder.write("access.log.10.gz", packed(Array(line(10, "/a").utf8)))
    let result = try await log("access.log*", in: folder).fetch("SELECT path FROM log", pathColumn)
    #expect(result.table?.cells[0].map(\.displayText) == ["/a", "/b", "/c", "/d", "/e"])
    #expect(result.extent?.first == Timestamp(rfc3339: "2026-11-23T03:10:20Z"))
    #expect(result.extent?.last == Timestamp(rfc3339: "2026-11-23T03:11:00Z"))
    #expect(result.completeness == .complete)
  }

  @Test func `a file with several names is read once`() async throws {
    let folder = try Folder()
    try folder.write("access.log", line(10, "/a"))
    try folder.write("copy.log", line(10, "/a"))
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: "\(folder.path)/current.log", withDestinationPath: "access.log")
    try manager.linkItem(atPath: "\(folder.path)/access.log", toPath: "\(folder.path)/hard.log")
    let result = try await log("*.log", in: folder).fetch("SELECT path FROM log", pathColumn)
    #expect(result.table?.count == 2)
    #expect(result.completeness == .complete)
  }

  @Test func `without times the order follows the numbers of rotation`() async throws {
    let folder = try Folder()
    for age in ["", ".1", ".2", ".10"] { try folder.write("a.csv\(age)", "path\n/x\(age)\n") }
    let source = try Asking(
      CSVKind(), ["path": .text("a.csv*"), "columns": .columns([Column("path", .string)])], folder: folder.path)
    let result = try await source.fetch("SELECT path FROM log", pathColumn)
    #expect(result.table?.cells[0].map(\.displayText) == ["/x.10", "/x.2", "/x.1", "/x"])
    #expect(result.extent?.kind == .untimed)
  }

  @Test func `packed members one after another are one file`() async throws {
    let folder = try Folder()
    try folder.write("access.log.gz", packed(Array(line(1).utf8)) + packed(Array(line(2).utf8)) + [0, 0, 0])
    #expect(try await log("access.log.gz", in: folder).count("SELECT count(*) AS n FROM log") == 2)
  }

  @Test func `a source that cannot be read says why`() async throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(atPath: folder.path + "/folder.log", withIntermediateDirectories: true)
    mkfifo(folder.path + "/pipe.log", 0o600)
    try folder.write("damaged.gz", [0x1F, 0x8B, 1, 2, 3, 4, 5])
    let cases = [
      ("missing.log", "no such file"), ("*.txt", "no file has such a name"), ("folder.log", "it is a folder"),
      ("pipe.log", "no regular file"), ("/dev/zero", "no regular file"), ("damaged.gz", "damaged"),
    ]
    for (path, reason) in cases {
      await #expect {
        try await log(path, in: folder).count("SELECT count(*) AS n FROM log")
      } throws: { error in
        guard case .unavailable(let message)? = error as? AdapterError else { return false }
        return message.contains(reason)
      }
    }
  }

  @Test func `an empty file is a source without records`() async throws {
    let folder = try Folder()
    try folder.write("access.log", "")
    let result = try await log("access.log", in: folder).fetch("SELECT path FROM log", pathColumn)
    #expect(result.table?.count == 0)
    #expect(result.completeness == .complete)
    #expect(result.extent == SourceExtent(first: nil, last: nil, resolution: .seconds(1)))
  }

  @Test func `one unreadable file among several makes the answer partial`() async throws {
    let folder = try Folder()
    try folder.write("access.log", line(1))
    try FileManager.default.createDirectory(atPath: folder.path + "/access.log.1", withIntermediateDirectories: true)
    let result = try await log("access.log*", in: folder).fetch("SELECT path FROM log", pathColumn)
    #expect(result.table?.count == 1)
    guard case .partial(let reason) = result.completeness else {
      Issue.record("the answer should be partial")
      return
    }
    #expect(reason.contains("access.log.1: it is a folder"))
  }

  @Test func `a packed file that breaks off gives what could be unpacked and says so`() async throws {
    let folder = try Folder()
    let lines = (0..<5_000).map { line($0 % 2_000, "/\($0 &* 7_919 % 100_003)") }.joined()
    try folder.write("access.log.gz", Array(packed(Array(lines.utf8)).dropLast(2_000)))
    let result = try await log("access.log.gz", in: folder).fetch("SELECT count(*) AS n FROM log", [("n", .int)])
    guard case .partial(let reason) = result.completeness else {
      Issue.record("the answer should be partial")
      return
    }
    #expect(reason.contains("ends too early"))
    #expect(result.statistics.recordsRead > 100)
  }

  @Test func `a packed file that unpacks beyond the limit is refused`() throws {
    let folder = try Folder()
    try folder.write("bomb.gz", packed([UInt8](repeating: 65, count: 1 << 20)))
    var limits = FileLimits()
    limits.unpackedBytes = 1 << 19
    let files = FileSet(patterns: ["bomb.gz"], folder: folder.path, limits: limits)
    #expect {
      try files.snapshot()
    } throws: { error in
      guard let problem = error as? FileProblem else { return false }
      return problem.kind == .limit && problem.message.contains("unpacks to more than 524288 bytes")
    }
  }

  @Test func `more files than the limit are refused`() throws {
    let folder = try Folder()
    for index in 0..<5 { try folder.write("a\(index).log", "") }
    var limits = FileLimits()
    limits.files = 4
    #expect(throws: FileProblem.self) {
      try FileSet(patterns: ["*.log"], folder: folder.path, limits: limits).snapshot()
    }
  }

  @Test func `a set of fifteen hundred files is read`() async throws {
    let folder = try Folder()
    for index in 0..<1_500 { try folder.write("access.log.\(index)", line(index)) }
    #expect(try await log("access.log.*", in: folder).count("SELECT count(*) AS n FROM log") == 1_500)
  }

  @Test func `what is appended between two questions is seen by the second`() async throws {
    let folder = try Folder()
    try folder.write("access.log", line(1))
    let source = try log("access.log", in: folder)
    #expect(try await source.count("SELECT count(*) AS n FROM log") == 1)
    try folder.write("access.log", line(1) + line(2))
    #expect(try await source.count("SELECT count(*) AS n FROM log") == 2)
  }

  @Test func `a file that becomes shorter while it is read ends early and is reported`() throws {
    let folder = try Folder()
    try folder.write("access.log", line(1) + line(2))
    let file = try LogFile.open(folder.path + "/access.log", limits: FileLimits())
    truncate(folder.path + "/access.log", 10)
    let ledger = ScanLedger(control: ScanControl(time: .seconds(5)))
    let reader = LineReader([file], ledger, limits: FileLimits())
    while try reader.advance() {}
    #expect(ledger.gaps.count == 1 && ledger.gaps[0].contains("became shorter"))
  }

  struct Splitting: Sendable {
    let bytes: [UInt8]
    let lines: [String]
    var cut = false

    init(_ text: String, _ lines: [String], cut: Bool = false) {
      (bytes, self.lines, self.cut) = (Array(text.utf8), lines, cut)
    }

    static let all = [
      Splitting("a\nb\n", ["a", "b"]), Splitting("a\r\nb", ["a", "b"]), Splitting("\n\n", ["", ""]),
      Splitting("a\rb\rc", ["a\rb\rc"]), Splitting("", []), Splitting("\r\n", [""]),
      Splitting("a long line, too long\nx\n", ["a long line", "x"], cut: true),
      Splitting("0123456789A\nx", ["0123456789A", "x"]), Splitting("0123456789AB", ["0123456789A"], cut: true),
      Splitting(String(repeating: "y", count: 3_000_000), ["yyyyyyyyyyy"], cut: true),
      Splitting("\u{0}\u{1}\nA", ["\u{0}\u{1}", "A"]),
    ]
  }

  @Test(arguments: Splitting.all.indices)
  func `lines are split at line feeds alone, and cut at the limit`(index: Int) throws {
    let splitting = Splitting.all[index]
    let folder = try Folder()
    try folder.write("a", splitting.bytes)
    var limits = FileLimits()
    limits.recordBytes = 11
    let file = try LogFile.open(folder.path + "/a", limits: limits)
    let ledger = ScanLedger(control: ScanControl(time: .seconds(5)))
    let reader = LineReader([file], ledger, limits: limits)
    var found: [String] = []
    var numbers: [Int] = []
    var wasCut = false
    while try reader.advance() {
      found.append(String(decoding: reader.line, as: UTF8.self))
      numbers.append(reader.lineNumber ?? 0)
      if reader.isCut { wasCut = true }
    }
    #expect(found == splitting.lines)
    #expect(numbers == Array(splitting.lines.indices).map { $0 + 1 })
    #expect(wasCut == splitting.cut)
  }

  @Test func `lines of every length around the size of the buffer come whole`() throws {
    let folder = try Folder()
    let lengths = (0..<60).map { index in (1_048_576 >> (index % 5)) - index }
    var bytes: [UInt8] = []
    for length in lengths { bytes += [UInt8](repeating: 97, count: length) + [10] }
    try folder.write("a", bytes)
    let file = try LogFile.open(folder.path + "/a", limits: FileLimits())
    let reader = LineReader([file], ScanLedger(control: ScanControl(time: .seconds(60))), limits: FileLimits())
    var found: [Int] = []
    while try reader.advance() { found.append(reader.line.count) }
    #expect(found == lengths)
  }
}
