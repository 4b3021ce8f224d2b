import AuditTrail
import Foundation
import RunbookPorts
import Testing
import Values

@testable import RunbookEngine

/// The history and the recorded run, over a real trail.
struct TrailHistoryTests {
  private func withTrail(_ work: (TrailWriter) async throws -> Void) async throws {
    let folder = "/tmp/tocsin-engine-test-\(UInt64.random(in: 0 ... .max))"
    let writer = try TrailWriter(
      folder: folder,
      surroundings: TrailSurroundings(
        node: "node", bootID: "boot", engine: .init(version: "1", semantics: "1"), clock: FixedClock(),
        randomBytes: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } }))
    defer { TestFolder.remove(folder) }
    try await work(writer)
  }

  private func record(_ run: String, _ writer: TrailWriter, entity: String, verdict: String) async throws {
    try writer.begin(run: run, runbook: ContentDigest.of([UInt8]()))
    func add(_ type: String, _ body: JSON) async throws {
      try await writer.append(JournalEntry(type, body), to: run, durability: .soon)
    }
    try await add("run.started", .object(["runbook": .string("sample"), "version": .string("1.0.0")]))
    try await add(
      "verdict.reached",
      .object([
        "verdict": .string(verdict), "severity": .string("high"), "entity": .string("source"),
        "values": .array([.string(entity)]),
      ]))
    try await add("run.closed", .object(["verdict": .string(verdict), "severity": .string("high")]))
  }

  private func query(
    _ find: [String: QueryTemplate], _ columns: [Column], in window: TimeWindow? = nil
  ) -> BoundQuery {
    BoundQuery(
      query: "earlier", source: "cases", language: "find", body: .map(find),
      parameters: ["source": .string("192.0.2.1")], window: window, shape: .rows(columns, isSingle: false),
      limits: FetchLimits())
  }

  @Test func `earlier verdicts about an entity are found, and those of the asking run are not`() async throws {
    try await withTrail { writer in
      try await record("run-1", writer, entity: "192.0.2.1", verdict: "attack")
      try await record("run-2", writer, entity: "192.0.2.2", verdict: "attack")
      try await record("run-3", writer, entity: "192.0.2.1", verdict: "attack")
      let history = TrailHistory(TrailReader(folder: writer.layout.folder))
      let result = try history.answer(
        query(
          ["entity": QueryTemplate([.parameter("source")])],
          [Column("run", .string), Column("verdict", .string), Column("open", .bool), Column("time", .timestamp)]),
        askedBy: "run-3")
      guard case .table(let table) = result.payload else { throw Trouble.noTable }
      #expect(table.rows.map { $0[0].displayText } == ["run-1"])
      #expect(table.rows.first?["open"]?.displayText == "false")
    }
  }

  enum Trouble: Error { case noTable }

  @Test func `without a trail the history is empty and complete`() throws {
    let history = TrailHistory(TrailReader(folder: "/nonexistent/trail"))
    let result = try history.answer(
      query(["verdict": QueryTemplate([.text("attack")])], [Column("run", .string)]), askedBy: "run")
    guard case .table(let table) = result.payload else { throw Trouble.noTable }
    #expect(table.count == 0)
    #expect(result.completeness == .complete)
  }

  @Test(
    arguments: [
      (nil, "verdict", "the trail's records up to"), (-1, "verdict", "the trail's records up to"), (1, "verdict", nil),
      (1, "runbook", "of a run the first records were removed, which name the runbook"),
    ] as [(Int?, String, String?)])
  func `what was removed of the trail may hold cases of the window`(
    seconds: Int?, column: String, reason: String?
  ) async throws {
    try await withTrail { writer in
      try await record("run-1", writer, entity: "192.0.2.1", verdict: "attack")
      let removed = Timestamp(seconds: 1_000)
      let body: JSON = .object([
        "before": .integer(1), "cut": .array([cutRun]), "last": .string(removed.description),
        "subtrees": .array([.string(String(repeating: "ab", count: 32))]),
      ])
      let path = writer.layout.removed
      try Data(body.canonicalBytes + [0x0A]).write(to: URL(fileURLWithPath: path))
      let window = try seconds.map { offset in
        try #require(
          TimeWindow(from: Timestamp(seconds: 1_000 + Int64(offset)), to: Timestamp(seconds: 4_000_000_000)))
      }
      let result = try TrailHistory(TrailReader(folder: writer.layout.folder)).answer(
        query(["entity": QueryTemplate([.parameter("source")])], [Column(column, .string)], in: window),
        askedBy: "run-2")
      guard let reason else {
        #expect(result.completeness == .complete)
        return
      }
      guard case .truncated(let text) = result.completeness else {
        Issue.record("it was passed over: \(result.completeness)")
        return
      }
      #expect(text.hasPrefix(reason), "\(text)")
    }
  }

  private var cutRun: JSON {
    .object([
      "leaf": .string(String(repeating: "cd", count: 32)), "run": .string("run-0"), "run_seq": .integer(3),
      "runbook": .string("sha256:0"),
    ])
  }

  @Test func `a column that history does not have is refused`() {
    let history = TrailHistory(TrailReader(folder: "/nonexistent/trail"))
    #expect(throws: AdapterError.self) {
      try history.answer(query(["host": QueryTemplate([.text("a")])], [Column("run", .string)]), askedBy: "run")
    }
  }

  @Test func `a recorded run is read back whole, and damage is told`() async throws {
    try await withTrail { writer in
      try await record("run-1", writer, entity: "192.0.2.1", verdict: "attack")
      let reader = TrailReader(folder: writer.layout.folder)
      let run = try RecordedRun("latest", from: reader)
      #expect(run.damage.isEmpty)
      #expect(run.json["verdict"]?.text == "attack")
      #expect(run.json["records"]?.elements?.count == 3)
      try TestFolder.replaceFirst("192.0.2.1", by: "192.0.2.9", in: writer.layout.log)
      #expect(try RecordedRun("run-1", from: reader).damage.isEmpty == false)
    }
  }
}
