import RunbookPorts
import Testing
import Values

@testable import LogAdapters

/// Audit logs that are read in parts side by side.
@Suite("Parts of audit logs")
struct AuditSeamTests {
  /// Events whose records are mixed with those of others.
  ///
  /// - Parameters:
  ///   - rate: Events a second.
  ///   - mix: How many records further on a record may stand than those of its event that follow it.
  private static func log(events: Int, rate: Int, mix: Int) -> [String] {
    var state: UInt64 = 7
    func roll(_ sides: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % sides
    }
    var records: [(place: Int, text: String)] = []
    for event in 0..<events {
      let millisecond = event * 1_000 / rate
      let fraction = String(millisecond % 1_000 + 1_000).dropFirst()
      let key = "msg=audit(\(1_795_000_000 + millisecond / 1_000).\(fraction):\(event + 1))"
      let exe = ["cat", "cp", "sshd"][roll(3)]
      var texts = [
        "type=SYSCALL \(key): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a2=0 items=1 ppid=1 pid=\(event) "
          + "comm=\"\(exe)\" exe=\"/usr/bin/\(exe)\" key=\"web\"",
        "type=CWD \(key): cwd=\"/srv\"",
        "type=PATH \(key): item=0 name=\"/srv/\(event % 9)\" inode=7 mode=0100644 nametype=NORMAL",
        "type=PROCTITLE \(key): proctitle=\"\(exe)\"",
      ]
      if roll(10) == 0 { texts = ["type=USER_LOGIN \(key): pid=1 uid=0 exe=\"/usr/sbin/login\" res=success"] }
      // Some records are missing, so that the event is incomplete.
      if roll(12) == 0 { texts.remove(at: roll(texts.count)) }
      for (index, text) in texts.enumerated() { records.append((event * 4 + index + roll(mix + 1), text)) }
      if roll(50) == 0 { records.append((event * 4, "a line that is no record")) }
    }
    return records.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
      .map(\.element.text)
  }

  /// - Parameter texts: A file each.
  private static func ask(_ texts: [String], _ sql: String, partBytes: Int) async throws -> QueryResult {
    let folder = try Folder()
    let names = texts.indices.map { "audit.\($0).log" }
    for (name, text) in zip(names, texts) { try folder.write(name, text) }
    let limits = FileLimits(recordBytes: 1 << 16, partBytes: partBytes)
    let log = LogAdapter(
      tables: [AuditTable(limits: limits), AuditPathTable(limits: limits)],
      files: FileSet(patterns: names, folder: folder.path, limits: limits), resolution: .milliseconds(1))
    return try await log.fetch(
      BoundQuery(
        query: "q", source: "log", language: "sql", body: .text(template(sql)), parameters: [:], window: nil,
        shape: .rows([Column("k", .string), Column("n", .int)], isSingle: false), limits: FetchLimits()))
  }

  @Test(
    arguments: [(3, 0, 1), (20, 5, 1), (20, 40, 1), (400, 12, 1), (100_000, 6, 1), (3, 0, 7), (20, 5, 3), (20, 40, 9)],
    ["exe", "action", "problem || file", "substr(path, 1, 6)"])
  func `parts that are read side by side give the answer of the whole`(
    shape: (rate: Int, mix: Int, files: Int), key: String
  ) async throws {
    let lines = Self.log(events: 3_000, rate: shape.rate, mix: shape.mix)
    // Events go on from one file to the next; there is an empty file, too.
    let cuts = [0] + (1..<shape.files).map { lines.count * $0 / shape.files + $0 } + [lines.count]
    var text = zip(cuts, cuts.dropFirst()).map { lines[$0..<$1].joined(separator: "\n") + "\n" }
    if shape.files > 1 { text.insert("", at: 1) }
    let end = "AS n FROM log GROUP BY k ORDER BY n DESC, k LIMIT 20"
    let counted = try await Self.ask(text, "SELECT \(key) AS k, count(*) \(end)", partBytes: 40_000)
    // The same question in words that cannot be counted beforehand.
    let plain = try await Self.ask(text, "SELECT \(key) AS k, sum(1) \(end)", partBytes: 40_000)
    #expect(counted.table?.cells.map { $0.map(\.displayText) } == plain.table?.cells.map { $0.map(\.displayText) })
    #expect(counted.completeness == plain.completeness)
    #expect(counted.warnings.sorted() == plain.warnings.sorted())
    #expect(counted.statistics == plain.statistics)
    #expect(counted.extent == plain.extent)
  }

  @Test(arguments: [(3, 0), (10, 2), (20, 5), (20, 40), (50, 200)])
  func `no event lies across a place where a log is cut`(shape: (rate: Int, mix: Int)) throws {
    let lines = Self.log(events: 600, rate: shape.rate, mix: shape.mix)
    var cuts = 0
    for start in stride(from: 0, to: lines.count, by: 97) {
      let text = Array((lines[start...].joined(separator: "\n") + "\n").utf8)
      guard let place = text.withUnsafeBytes({ AuditSeams.place(in: $0, isToEnd: true) }) else { continue }
      cuts += 1
      #expect(text[place - 1] == 10)
      let (before, behind) = (Self.serials(text[..<place]), Self.serials(text[place...]))
      #expect(!behind.isEmpty)
      #expect(before.isDisjoint(with: behind))
    }
    // Where records are mixed through and through there is always an event that goes on.
    #expect(shape.mix > 5 ? cuts == 0 : cuts > 3)
  }

  private static func serials(_ text: ArraySlice<UInt8>) -> Set<String> {
    Set(
      String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line in
        line.split(separator: ")").first?.split(separator: ":").last.map(String.init)
      }.filter { Int($0) != nil })
  }

  @Test func `a log without such a place is read as a whole`() throws {
    // One event goes on through all of the log; or the clock goes back.
    let key = "msg=audit(1795000000.000:1)"
    let lines = (0..<300).map { index in
      "type=PATH msg=audit(\(1_795_000_000 + index / 10).000:\(index + 2)): item=0 name=\"/\(index)\"\n"
        + "type=PATH \(key): item=1"
    }
    let back = (0..<300).map { "type=USER_CMD msg=audit(\(1_795_000_000 - 10 * $0).000:\($0)): pid=1" }
    for log in [lines, back, ["", "no record", ""], []] {
      let text = Array((log.joined(separator: "\n") + "\n").utf8)
      #expect(text.withUnsafeBytes { AuditSeams.place(in: $0, isToEnd: true) } == nil)
    }
  }
}
