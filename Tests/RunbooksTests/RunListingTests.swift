import AuditTrail
import Foundation
import Investigation
import RunIndex
import RunbookEngine
import Testing
import Values

@testable import tocsin

/// Lists of runs, from the trail and from its index.
@Suite struct RunListingTests {
  @Test func `an index says what the trail says, also when the trail has grown or is another`() async throws {
    let run = try CutRun(try #require(ShippedCase.all.first))
    _ = try await run.run(cutAfter: 6)
    _ = try await run.run(cutAfter: nil)
    #expect(try RunListing.reindex(run.reader) == 2)
    try Self.expectTheSame(run.reader, runs: 2)
    // The open run goes on, and another begins.
    let open = try #require(
      try RunListing(
        {
          var filter = RunFilter(); filter.isOpen = true; return filter
        }(), from: run.reader, hasIndex: true
      )
      .runs.first)
    #expect(open.status == .open)
    _ = try await run.run(cutAfter: 3)
    try Self.expectTheSame(run.reader, runs: 3)
    // The index of another trail is made anew.
    let other = try CutRun(try #require(ShippedCase.all.first))
    _ = try await other.run(cutAfter: nil)
    try FileManager.default.copyItem(
      atPath: RunListing.indexFile(of: run.reader.layout), toPath: RunListing.indexFile(of: other.reader.layout))
    try Self.expectTheSame(other.reader, runs: 1)
  }

  @Test func `an index that cannot be used costs only time`() async throws {
    let run = try CutRun(try #require(ShippedCase.all.first))
    _ = try await run.run(cutAfter: nil)
    try Data(repeating: 7, count: 5_000).write(to: URL(fileURLWithPath: RunListing.indexFile(of: run.reader.layout)))
    let listing = try RunListing(RunFilter(), from: run.reader, hasIndex: true)
    #expect(listing.runs.count == 1)
    #expect(listing.remark != nil)
  }

  @Test func `an index that was changed is told from the trail`() async throws {
    let run = try CutRun(try #require(ShippedCase.all.first))
    _ = try await run.run(cutAfter: nil)
    #expect(try RunListing.reindex(run.reader) == 1)
    #expect(try RunListing.indexProblem(of: run.reader) == nil)
    let path = RunListing.indexFile(of: run.reader.layout)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    let index = try RunIndex(path: path)
    let told = try #require(try index.runs(RunFilter()).first)
    let other = IndexedRun(
      run: told.run, runbook: told.runbook, version: told.version, started: told.started, finished: told.finished,
      status: told.status, verdict: "benign", severity: "info", records: told.records, entities: told.entities)
    try index.save([other], upTo: try #require(try index.position()), isWhole: false)
    #expect(try RunListing(RunFilter(), from: run.reader, hasIndex: true).runs.first?.verdict == "benign")
    #expect(try RunListing.indexProblem(of: run.reader)?.contains("tells other runs than the trail") == true)
    #expect(try RunListing.reindex(run.reader) == 1)
    #expect(try RunListing.indexProblem(of: run.reader) == nil)
  }

  private static func expectTheSame(_ reader: TrailReader, runs: Int) throws {
    var entity = RunFilter()
    entity.entity = "203.0.113.77"
    var closed = RunFilter()
    closed.verdict = "secrets_lost"
    for filter in [RunFilter(), entity, closed] {
      let plain = try RunListing(filter, from: reader, hasIndex: false)
      let indexed = try RunListing(filter, from: reader, hasIndex: true)
      #expect(indexed.runs == plain.runs)
      #expect(indexed.remark == nil)
      #expect(indexed.damaged == plain.damaged)
    }
    #expect(try RunListing(RunFilter(), from: reader, hasIndex: true).runs.count == runs)
    #expect(
      try RunListing(entity, from: reader, hasIndex: true).runs.allSatisfy { $0.entities.contains("203.0.113.77") })
  }
}
