import AuditTrail
import Foundation
import RunbookPorts
import Testing
import Values

@Suite struct TrailReaderTests {
  let scratch: ScratchFolder
  let reader: TrailReader

  init() throws {
    scratch = try ScratchFolder()
    reader = TrailReader(folder: scratch.trail)
  }

  private func changeLine(_ number: Int, _ change: (String) -> String) throws {
    var lines = String(decoding: try scratch.bytes(scratch.log), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[number - 1] = change(lines[number - 1])
    try scratch.write(lines.joined(separator: "\n").utf8, to: scratch.log)
  }

  @Test func `runs are listed in order with what became of them`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try await writer.record(run: "r2")
    for (run, types) in [
      ("r1", ["run.started"]), ("r3", ["run.started", "run.interrupted"]),
      ("r4", ["run.started", "run.interrupted", "run.resumed"]),
    ] {
      try writer.begin(run: run, runbook: runbookDigest)
      for type in types {
        try await writer.append(JournalEntry(type, .object(["runbook": .string("x")])), to: run, durability: .durable)
      }
    }
    let (runs, damaged) = try reader.runs()
    #expect(damaged.isEmpty)
    #expect(runs.map(\.run) == ["r2", "r1", "r3", "r4"])
    #expect(runs.map(\.status) == [.closed, .open, .interrupted, .open])
    #expect(runs[0].runbook == "was-i-hacked" && runs[0].version == "1.2.0" && runs[0].runbookDigest == runbookDigest)
    #expect(runs[0].verdict == "blocked" && runs[0].severity == "low" && runs[0].records == 4)
    #expect(runs[0].finished.map { $0 > runs[0].started } == true)
    #expect(runs[1].finished == nil && runs[1].verdict == nil)
  }

  @Test func `a run is found by the beginning of its name, if that is of one run`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    for run in ["20261123-ab", "20261123-ac", "20261124-b", "20261124-b2"] { try await writer.record(run: run) }
    #expect(try reader.records(ofRun: "20261123-ab").records.count == 4)
    #expect(try reader.records(ofRun: "20261123-ac").records.first?.record?.place?.run == "20261123-ac")
    let whole = try reader.records(ofRun: "20261124-b").records.compactMap { $0.record?.place?.run }
    #expect(whole == Array(repeating: "20261124-b", count: 4))
    #expect(try reader.records(ofRun: "20261124-b2").records.count == 4)
    #expect(throws: TrailReadError.ambiguousRun("20261123", ["20261123-ab", "20261123-ac"])) {
      try reader.records(ofRun: "20261123")
    }
    #expect(throws: TrailReadError.noSuchRun("2027")) { try reader.records(ofRun: "2027") }
    #expect(throws: TrailReadError.noTrail("/nowhere")) { try TrailReader(folder: "/nowhere").runs() }
  }

  @Test(arguments: [
    ("", "not JSON"), ("{\"a\": 1}", "'v' is missing"), ("{}", "'v' is missing"), ("\u{0}\u{1}", "not JSON"),
    ("{\"v\":3}", "version 3"), ("[1]", "'v' is missing"), (String(repeating: "[", count: 50_000), "not JSON"),
    (String(repeating: "x", count: 3_000_000), "longer than 60000 bytes"),
    ("{\"v\":1,\"v\":1}", "not JSON"), ("{\"v\":1.5}", "'v' is missing"),
  ])
  func `a damaged line is reported at its place and the others are read`(text: String, why: String) async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try await writer.record(run: "r1")
    try await writer.record(run: "r2")
    try changeLine(3) { _ in text }
    let lines = Array(try reader.lines())
    #expect(lines.count == 8)
    #expect(lines.indices.filter { lines[$0].record == nil } == [2])
    guard case .failure(let damage) = lines[2].content else { return }
    #expect(damage.message.contains(why))
    #expect(try reader.runs().damaged.map(\.number) == [3])
    #expect(try reader.records(ofRun: "r1").damaged.map(\.number) == [3])
    #expect(try reader.records(ofRun: "r2").damaged.isEmpty)
    #expect(try problems(in: scratch.trail).map(\.line).contains(3))
  }

  @Test func `a field too many, too few or of the wrong kind is damage`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try await writer.record(run: "r1")
    let line = try #require(String(decoding: try scratch.bytes(scratch.log), as: UTF8.self).split(separator: "\n").last)
    _ = try TrailRecord(line: line.utf8)
    for (old, new) in [
      ("\"v\":1", "\"v\":1,\"w\":1"), ("\"actor\":\"engine\",", ""), ("\"seq\":3", "\"seq\":-3"),
      ("\"seq\":3", "\"seq\":\"3\""), ("\"run_seq\":4", "\"run_seq\":0"), ("\"run\":\"r1\"", "\"run\":\"../r\""),
      ("\"run\":\"r1\",", ""), ("\"wall\":\"2026", "\"wall\":\"x"), ("\"mono_ns\":\"", "\"mono_ns\":\"-"),
      ("\"run_seq\":4", "\"run_seq\":9007199254740993"), ("\"v\":1", "\"v\": 1"), ("\"seq\":3", "\"seq\":3.0"),
      ("\"mono_ns\":\"", "\"mono_ns\":\"+"), ("000Z\"", "Z\""), ("\"version\":", "\"versio\":"),
      ("\"semantics\":", "\"more\":1,\"semantics\":"),
    ] {
      let changed = line.replacingOccurrences(of: old, with: new)
      #expect(changed != line)
      #expect(throws: RecordDamage.self, "\(old) as \(new)") { try TrailRecord(line: changed.utf8) }
    }
  }

  @Test func `edits that leave each line whole are seen by the chain`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try await writer.record(run: "r1", middle: 4)
    let whole = try scratch.bytes(scratch.log)
    func messages(_ lines: some Sequence<ArraySlice<UInt8>>) throws -> [String] {
      try scratch.write(lines.flatMap { $0 + [0x0A] }, to: scratch.log)
      return try problems(in: scratch.trail).map { "\($0.line): \($0.message)" }
    }
    let lines: [ArraySlice<UInt8>] = whole.split(separator: 0x0A)
    #expect(try messages(lines).isEmpty)
    #expect(try messages(lines[..<2] + lines[3...]) == ["3: 'seq' is 3, not 2", "3: 'run_seq' is 4, not 3"])
    #expect(try messages(lines[..<2] + [lines[1]] + lines[2...]).first == "3: 'seq' is 1, not 2")
    #expect(try messages([lines[1], lines[0]] + lines[2...]).first == "1: 'seq' is 1, not 0")
    let edited = Array(
      String(decoding: lines[2], as: UTF8.self).replacingOccurrences(of: "\"n\":1", with: "\"n\":7").utf8)
    #expect(
      try messages(lines[..<2] + [edited[...]] + lines[3...])
        == ["4: 'run_prev' is not the hash of the run's record before"])
    let verdict = Array(
      String(decoding: lines[5], as: UTF8.self).replacingOccurrences(of: "blocked", with: "benign!").utf8)
    #expect(
      try messages(lines[..<5] + [verdict[...]]) == ["6: 'verdict_hash' is not the digest of what was decided"])
    let count = Array(
      String(decoding: lines[5], as: UTF8.self).replacingOccurrences(of: "\"records\":6", with: "\"records\":5").utf8)
    #expect(try messages(lines[..<5] + [count[...]]) == ["6: 'records' is not the number of the run's records"])
  }

  @Test func `a trail that grows while it is read is read up to where it was`() async throws {
    let writer = try TrailWriter(folder: scratch.trail, surroundings: surroundings())
    try await writer.record(run: "r1")
    var lines = try reader.lines()
    _ = lines.next()
    try await writer.record(run: "r2")
    #expect(Array(lines).count == 3)
  }
}
