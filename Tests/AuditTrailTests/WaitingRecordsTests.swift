import RunbookPorts
import Testing
import Values

@testable import AuditTrail

@Suite struct WaitingRecordsTests {
  private let clock = SteppingClock(later: 0)

  private func record(_ number: Int64, of run: String) throws -> WaitingRecord {
    try WaitingRecord(JournalEntry("t", .object(["n": .integer(number)])), of: run)
  }

  private func waiting() throws -> WaitingRecords {
    var waiting = WaitingRecords()
    for run in ["r1", "r2"] {
      waiting.begin(run)
      try waiting.add(record(1, of: run), clock)
    }
    return waiting
  }

  @Test func `what came while a record found no room is not written behind the hole`() throws {
    var waiting = try waiting()
    #expect(waiting.take().count == 2)
    for run in ["r1", "r2", "r1"] { try waiting.add(record(2, of: run), clock) }
    waiting.fail(["r1": .cannotWrite("the disk is full")])
    #expect(waiting.records.map(\.record.run) == ["r2"] && waiting.bytes == waiting.records[0].record.bodyBytes.count)
    #expect(throws: JournalError.cannotWrite("the disk is full")) { try waiting.add(record(3, of: "r1"), clock) }
    for _ in 0..<2 { #expect(waiting.failure(of: "r1") == .cannotWrite("the disk is full")) }
    // Whoever takes the run up again has read how far it came.
    waiting.begin("r1")
    try waiting.add(record(2, of: "r1"), clock)
    #expect(waiting.failure(of: "r1") == nil)
  }

  @Test func `of a record that is too large its writer is told, and the run goes on`() throws {
    var waiting = try waiting()
    _ = waiting.take()
    try waiting.add(record(2, of: "r1"), clock)
    waiting.fail(["r1": .tooLarge(bytes: 2, limit: 1)])
    #expect(waiting.records.count == 1)
    #expect(waiting.failure(of: "r1") == .tooLarge(bytes: 2, limit: 1))
    #expect(waiting.failure(of: "r1") == nil)
  }
}
