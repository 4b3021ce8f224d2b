import RunbookPorts
import Testing
import Values

@testable import LogAdapters

/// Where in a window a source was silent, though it spoke before and after.
@Suite struct SilenceTests {
  private static func instant(_ text: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: "2026-11-23T\(text)Z"))
  }

  private static func window(_ from: String, _ to: String) throws -> TimeWindow {
    try #require(TimeWindow(from: instant(from), to: instant(to)))
  }

  private static func line(_ second: Int, padding: Int = 1) -> String {
    let parts = [second / 3_600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "192.0.2.1 - - [23/Nov/2026:\(parts.joined(separator: ":")) +0000] \"GET / HTTP/1.1\" 200 5 \"-\" "
      + "\"\(String(repeating: "x", count: padding))\"\n"
  }

  /// Lines from nine to twelve, none after 10:05 and before 10:50.
  private static func lines(every step: Int = 10, padding: Int = 1) -> [String] {
    stride(from: 9 * 3_600, to: 12 * 3_600, by: step).filter { $0 <= 36_300 || $0 >= 39_000 }
      .map { line($0, padding: padding) }
  }

  private func silence(
    _ files: [String], _ sql: String = between, in window: TimeWindow, judged: TimeWindow? = nil,
    isInOrder: Bool = false
  ) async throws -> TimeWindow? {
    let folder = try Folder()
    for (place, text) in files.enumerated() { try folder.write("\(place).log", text) }
    // Parts of a few kilobytes, so that several are read side by side.
    let limits = FileLimits(recordBytes: 1 << 16, partBytes: 20_000)
    let format = try AccessLogFormat("combined")
    let clock = FileClock.lines { _ in
      { line in
        var splitter = AccessLogLine(format: format)
        let found = splitter.split(line)
        return splitter.time(of: line, found: found)
      }
    }
    let adapter = LogAdapter(
      tables: [AccessLogTable(format: format, limits: limits)],
      files: FileSet(
        patterns: ["*.log"], folder: folder.path, limits: limits, clock: clock, isInOrder: isInOrder),
      resolution: .seconds(1))
    let result = try await adapter.fetch(
      BoundQuery(
        query: "q", source: "log", language: "sql", body: .text(template(sql)),
        parameters: [
          "from": .timestamp(window.from), "to": .timestamp(window.to), "at": .timestamp(try Self.instant("10:04:00")),
        ], window: window, judged: judged, shape: .rows([Column("n", .int)], isSingle: false), limits: FetchLimits()))
    return result.extent?.silence
  }

  private static let between = "SELECT count(*) AS n FROM log WHERE time BETWEEN ${from} AND ${to}"

  @Test(
    arguments: [
      between, "SELECT count(*) AS n FROM log", "SELECT status AS n FROM log WHERE client = '192.0.2.9'",
      "SELECT count(*) AS n FROM log GROUP BY client", "SELECT status AS n FROM log WHERE time > ${at}",
      "SELECT count(*) AS n FROM log AS a JOIN log AS b ON a.time = b.time WHERE a.status = 500",
    ])
  func `a silence between records is found, whatever is asked of them`(sql: String) async throws {
    let found = try await silence([Self.lines().joined()], sql, in: Self.window("10:00:00", "11:00:00"))
    #expect(found == (try Self.window("10:05:01", "10:50:00")))
  }

  @Test func `what is silent at the ends of a window counts as far as it lies within`() async throws {
    let log = [Self.line(36_000 - 60), Self.line(36_000 + 1_800), Self.line(36_000 + 4_000)].joined()
    #expect(
      try await silence([log], in: Self.window("10:00:00", "11:00:00")) == (try Self.window("10:00:00", "10:30:00")))
    #expect(
      try await silence([log], in: Self.window("10:30:00", "10:50:00")) == (try Self.window("10:30:01", "10:50:00")))
    #expect(
      try await silence([log], in: Self.window("10:40:00", "10:50:00")) == (try Self.window("10:40:00", "10:50:00")))
    #expect(try await silence([log], in: Self.window("10:30:00", "10:30:00")) == nil)
  }

  @Test func `records out of order and in several files are put together`() async throws {
    let lines = Self.lines(every: 20)
    let others = stride(from: 9 * 3_600 + 10, to: 12 * 3_600, by: 20).filter { $0 <= 37_000 || $0 >= 39_000 }
      .map { Self.line($0) }
    let window = try Self.window("10:00:00", "11:00:00")
    let found = try await silence([lines.joined(), others.joined()], in: window)
    #expect(found == (try Self.window("10:16:31", "10:50:00")))
    #expect(try await silence([(others.reversed() + lines).joined()], in: window) == found)
  }

  @Test func `history before the window is not looked at`() async throws {
    let judged = try Self.window("11:00:00", "11:30:00")
    let found = try await silence([Self.lines().joined()], in: Self.window("09:00:00", "11:30:00"), judged: judged)
    #expect(found == (try Self.window("11:00:01", "11:00:10")))
  }

  @Test func `a part of a log in order tells of no more than was read`() async throws {
    let log = Self.lines(every: 1, padding: 600).joined()
    let window = try Self.window("10:00:00", "11:00:00")
    #expect(
      try await silence([log], in: window, isInOrder: true) == (try Self.window("10:05:01", "10:50:00")))
    #expect(
      try await silence([log], "SELECT status AS n FROM log WHERE time <= ${at}", in: window, isInOrder: true) == nil)
  }

  @Test func `a scan that was ended early tells of none`() async throws {
    let window = try Self.window("10:00:00", "11:00:00")
    #expect(try await silence([Self.lines().joined()], "SELECT status AS n FROM log LIMIT 1", in: window) == nil)
  }

  @Test(arguments: [0, 1, 59, 3_600, 16_383, 16_384, 86_400, 30 * 86_400, 400 * 366 * 86_400] as [Int64])
  func `a silence is true and at most two slices short`(length: Int64) throws {
    let start: Int64 = 1_000_000_000
    let window = try #require(
      TimeWindow(
        from: Timestamp(seconds: start, nanoseconds: 500_000_000),
        to: Timestamp(seconds: start + length, nanoseconds: 600_000_000)))
    let slice = Duration.seconds(max(1, length / Int64(WindowSlices.limit) * 2))
    var seed = UInt64(length)
    func number(below bound: Int64) -> Int64 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int64(seed >> 33) % bound
    }
    for count in [0, 1, 2, 7, 40] {
      let times = (0..<count).map { _ in
        Timestamp(
          seconds: start - 10 + number(below: length + 20), nanoseconds: Int32(number(below: 1_000_000_000)))
      }
      var (left, right) = (WindowSlices(window), WindowSlices(window))
      for (place, time) in times.enumerated() { if place % 2 == 0 { left.note(time) } else { right.note(time) } }
      left.add(right)
      let ends = [window.from] + times.filter(window.contains).sorted() + [window.to]
      let longest = zip(ends, ends.dropFirst()).map { $1.since($0) }.max() ?? .zero
      let found = left.longestSilence
      #expect(!times.contains { found?.contains($0) ?? false && $0 != found?.to })
      let told = found.map { $0.to.since($0.from) } ?? .zero
      #expect(told <= longest && told + slice * 2 >= longest, "\(told) of \(longest), \(count) times")
    }
  }
}
