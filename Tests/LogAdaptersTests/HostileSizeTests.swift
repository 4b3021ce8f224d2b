import CZlib
import Foundation
import RunbookPorts
import Testing
import Values

@testable import LogAdapters

/// Short forms of what `Benchmarks/soak/logs` does at full size.
@Suite("Hostile size")
struct HostileSizeTests {
  /// Lines of an access log, a second apart, a few of them a little late.
  private static func lines(_ count: Int, from start: Int64 = 1_795_000_000) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in 0..<count {
      let time = Timestamp(seconds: start + Int64(index) - (index % 100 == 99 ? 120 : 0))
      let parts = time.description.utf8.map { $0 }
      let text = String(decoding: parts, as: UTF8.self)
      let day = text.dropFirst(8).prefix(2)
      bytes += Array(
        "192.0.2.\(index % 250) - - [\(day)/Nov/2026:\(text.dropFirst(11).prefix(8)) +0000] \"GET /\(index) HTTP/1.1\" 200 5\n"
          .utf8)
    }
    return bytes
  }

  private static func at(_ index: Int) -> Value { .timestamp(Timestamp(seconds: 1_795_000_000 + Int64(index))) }

  private func source(_ folder: Folder, _ path: String = "a.log", ordered: Bool = false) throws -> Asking {
    var settings: [String: AdapterOptions.Setting] = ["path": .text(path), "format": .text("common")]
    if ordered { settings["order"] = .text("time") }
    return try Asking(AccessLogKind(), settings, folder: folder.path)
  }

  private static let question =
    "SELECT count(*) AS n, count(DISTINCT path) AS paths FROM log WHERE time BETWEEN ${from} AND ${to}"

  @Test func `a log in the order of time is read where the window lies, with the same answer`() async throws {
    let folder = try Folder()
    let bytes = Self.lines(120_000)
    try folder.write("a.log", bytes)
    let columns: [(String, ColumnType)] = [("n", .int), ("paths", .int)]
    for (from, to) in [
      (60_000, 60_600), (-500, 10), (119_900, 200_000), (-900, -500), (130_000, 140_000), (0, 119_999), (7, 7),
    ] {
      let values = ["from": Self.at(from), "to": Self.at(to)]
      let whole = try await source(folder).fetch(Self.question, columns, values)
      let part = try await source(folder, ordered: true).fetch(Self.question, columns, values)
      #expect(
        part.table?.cells.map { $0.map(\.displayText) } == whole.table?.cells.map { $0.map(\.displayText) },
        "\(from)…\(to)")
      #expect(part.extent == whole.extent)
      #expect(part.completeness == .complete)
      #expect(to - from > 1_000 || part.statistics.bytesRead < bytes.count / 8, "\(part.statistics.bytesRead)")
    }
  }

  @Test func `lines of an entered log have no number, and those from its beginning have theirs`() async throws {
    let folder = try Folder()
    try folder.write("a.log", Self.lines(120_000))
    let log = try source(folder, ordered: true)
    let rows = try await log.rows(
      "SELECT line, path FROM log WHERE time = ${t}", [("line", .int), ("path", .string)], ["t": Self.at(60_000)])
    #expect(rows == [#"[null,"/60000"]"#])
    #expect(
      try await log.rows("SELECT line FROM log WHERE time = ${t}", [("line", .int)], ["t": Self.at(7)]) == ["[8]"])
  }

  @Test func `a log that is not in the declared order is read whole, or its answer is partial`() async throws {
    let folder = try Folder()
    let early = Self.lines(60_000)
    let late = Self.lines(60_000, from: 1_795_060_000)
    try folder.write("a.log", late + early)
    let values = ["from": Self.at(31_500), "to": Self.at(32_100)]
    let log = try source(folder, ordered: true)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE time BETWEEN ${from} AND ${to}", values) == 601)
    // Disorder shows where the search for the edges leads, and between the places looked at when it is read.
    let intruder = Self.lines(20, from: 1_794_990_000)
    let middle = early.count / 60_000 * 31_800
    let cut = (early[middle...].firstIndex(of: 10) ?? 0) + 1
    try folder.write("a.log", Array(early[..<cut]) + intruder + Array(early[cut...]) + late)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE time BETWEEN ${from} AND ${to}", values) == 601)
    let result = try await log.fetch(
      "SELECT count(*) AS n FROM log WHERE time BETWEEN ${from} AND ${to}", [("n", .int)],
      ["from": Self.at(20_000), "to": Self.at(40_000)])
    #expect(result.completeness == .partial("a.log is not in the order of time, as the option `order` says"))
  }

  @Test func `a line of many megabytes costs no more memory than its beginning, and hides nothing behind it`()
    async throws
  {
    let folder = try Folder()
    try folder.write("a.log", Self.lines(1) + [UInt8](repeating: 65, count: 24 << 20) + [10] + Self.lines(2))
    let result = try await source(folder).fetch(
      "SELECT line, length(raw) AS size FROM log", [("line", .int), ("size", .int)])
    #expect(result.table?.cells[0].map(\.displayText) == ["1", "2", "3", "4"])
    #expect(result.table?.cells[1][1].displayText == "\(FileLimits().recordBytes)")
    #expect(result.statistics.malformedRecords == 1)
  }

  @Test func `a packed bomb ends at a stated limit`() async throws {
    let folder = try Folder()
    try folder.write("bomb.gz", try packed(zeros: 32 << 20))
    let files = FileSet(
      patterns: ["bomb.gz"], folder: folder.path, limits: FileLimits(unpackedBytes: 8 << 20))
    #expect {
      _ = try files.snapshot()
    } throws: { error in
      (error as? FileProblem)?.message.hasSuffix("it unpacks to more than \(8 << 20) bytes") ?? false
    }
  }

  /// A gzip file of zeros, a thousandth of their size.
  private func packed(zeros count: Int) throws -> [UInt8] {
    var stream = z_stream()
    #expect(
      deflateInit2_(&stream, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        == Z_OK)
    defer { deflateEnd(&stream) }
    var input = [UInt8](repeating: 0, count: count)
    var output = [UInt8](repeating: 0, count: count / 100)
    let size = output.count
    let written = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(size)
        return deflate(&stream, Z_FINISH) == Z_STREAM_END ? size - Int(stream.avail_out) : 0
      }
    }
    return Array(output.prefix(written))
  }

  @Test func `a thousand rotated files are one log`() async throws {
    let folder = try Folder()
    for index in 0..<1_000 {
      try folder.write("a.log.\(999 - index)", Self.lines(2, from: 1_795_000_000 + Int64(index) * 10))
    }
    let log = try source(folder, "a.log.*")
    #expect(try await log.count("SELECT count(*) AS n FROM log") == 2_000)
    let order = try await log.rows("SELECT file FROM log LIMIT 1", [("file", .string)])
    #expect(order == [#"["a.log.999"]"#])
  }

  @Test func `more files than the limit are an error that states it`() throws {
    let folder = try Folder()
    for index in 0..<20 { try folder.write("\(index).log", "") }
    #expect(throws: FileProblem.self) {
      _ = try FileSet(patterns: ["*.log"], folder: folder.path, limits: FileLimits(files: 10)).snapshot()
    }
  }

  @Test func `a log that grows while it is read is read as it was at first`() async throws {
    let folder = try Folder()
    try folder.write("a.log", Self.lines(10_000))
    let log = try source(folder)
    let path = folder.path + "/a.log"
    async let grown: Void = Task.detached {
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      for _ in 0..<20 {
        try handle.seekToEnd()
        try handle.write(contentsOf: Self.lines(500))
      }
      try handle.close()
    }.value
    var last = 10_000
    for _ in 0..<20 {
      let result = try await log.fetch(
        "SELECT count(*) AS n, count(problem) AS bad FROM log", [("n", .int), ("bad", .int)])
      guard case .int(let count)? = result.table?.cells[0].first else { continue }
      #expect(Int(count) >= last)
      last = Int(count)
    }
    try await grown
    #expect(try await log.count("SELECT count(*) AS n FROM log") == 20_000)
  }

  @Test func `as many groups as lines are cut at the limit, which is said`() async throws {
    let folder = try Folder()
    try folder.write("a.log", Self.lines(20_000))
    let result = try await source(folder).fetch(
      "SELECT path, count(*) AS n FROM log GROUP BY path", [("path", .string), ("n", .int)],
      limits: FetchLimits(rows: 1_000))
    #expect(result.table?.count == 1_000)
    #expect(result.completeness == .truncated("cut at 1000 rows"))
  }
}
