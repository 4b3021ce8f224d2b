import AuditTrail
import Foundation
import Investigation
import RunbookEngine
import RunbookPorts
import Testing
import Values

@testable import tocsin

/// Runs that are cut off behind any of their records, and taken up again.
@Suite struct ResumeTests {
  private static let isLong = ProcessInfo.processInfo.environment["TOCSIN_LONG_TESTS"] == "1"

  @Test(arguments: ShippedCase.all)
  func `a run that is cut off behind any record ends as if it had not been`(case: ShippedCase) async throws {
    let whole = try CutRun(`case`)
    let types = try await whole.run(cutAfter: nil)
    let expected = try Self.ending(of: whole)
    // In the short form other places are cut in each case.
    let step = Self.isLong ? 1 : max(1, types.count / 5)
    for place in stride(from: 1 + `case`.folder.utf8.count % step, to: types.count, by: step) {
      let cut = try CutRun(`case`)
      let first = try await cut.run(cutAfter: place)
      #expect(first.count == place)
      let second = try await cut.resume()
      #expect(try Self.ending(of: cut) == expected, "cut after \(place) (\(first.last ?? ""))")
      #expect(try Self.problems(of: cut) == [], "cut after \(place)")
      Self.expectNothingTwice(cut, first + second)
      guard case .same = Replay(try cut.recording()).finding else {
        Issue.record("cut after \(place): it does not replay: \(Replay(try cut.recording()).json.compactText)")
        continue
      }
    }
  }

  @Test func `a run that is cut off again and again ends all the same`() async throws {
    let shipped = try #require(ShippedCase.all.first)
    let whole = try CutRun(shipped)
    _ = try await whole.run(cutAfter: nil)
    let cut = try CutRun(shipped)
    var written = try await cut.run(cutAfter: 3)
    var rounds = 0
    while written.last != "run.closed", rounds < 40 {
      written += try await cut.resume(cutAfter: 8 + rounds)
      rounds += 1
    }
    #expect(rounds > 1)
    #expect(try Self.ending(of: cut) == (try Self.ending(of: whole)))
    #expect(try Self.problems(of: cut) == [])
    Self.expectNothingTwice(cut, written)
  }

  @Test(arguments: [true, false])
  func `a notice whose outcome is not known is sent again only over a channel that knows its key`(
    deliversOnce: Bool
  ) async throws {
    let shipped = try #require(ShippedCase.all.first)
    let cut = try CutRun(shipped, deliversOnce: deliversOnce)
    _ = try await cut.run(cutBefore: "notice.sent")
    #expect(!cut.notifier.delivered.isEmpty)
    let second = try await cut.resume()
    let isRepeated = cut.notifier.delivered.count > Set(cut.notifier.delivered).count
    #expect(isRepeated == deliversOnce)
    #expect(second.contains("notice.unknown") == !deliversOnce)
  }

  @Test func `a script whose outcome is not known is not started again`() async throws {
    let shipped = try #require(ShippedCase.all.first { $0.folder.hasSuffix("dns-tunnel/cases/tunnel") })
    let cut = try CutRun(shipped)
    _ = try await cut.run(cutBefore: "script.ended")
    #expect(cut.scripts.executed.count == 1)
    let second = try await cut.resume()
    #expect(second.contains("script.unknown") && cut.scripts.executed.count == 1)
    guard case .same = Replay(try cut.recording()).finding else {
      Issue.record("it does not replay: \(Replay(try cut.recording()).json.compactText)")
      return
    }
  }

  @Test func `a script that was not begun when the run was cut off is run by the next`() async throws {
    let shipped = try #require(ShippedCase.all.first { $0.folder.hasSuffix("dns-tunnel/cases/tunnel") })
    let cut = try CutRun(shipped)
    _ = try await cut.run(cutBefore: "script.intended")
    #expect(cut.scripts.executed.isEmpty)
    let second = try await cut.resume()
    #expect(second.contains("script.ended") && cut.scripts.executed.count == 1)
  }

  @Test func `a run that a living process writes is said to be alive`() async throws {
    let cut = try CutRun(try #require(ShippedCase.all.first))
    let writer = try Wiring.trail(cut.trail, node: "test")
    #expect(cut.reader.isWriting(writer.name))
    #expect(cut.reader.lostWriters().isEmpty)
    #expect(!cut.reader.isWriting("0123456789abcdef"))
    withExtendedLifetime(writer) {}
  }

  // MARK: What must hold

  /// The digest of what was decided: verdict, answers, entities.
  private static func ending(of run: CutRun) throws -> String? {
    try RecordedRun("latest", from: run.reader).last("run.closed")?.body["verdict_hash"]?.text
  }

  private static func problems(of run: CutRun) throws -> [String] {
    var check = ChainCheck()
    return try run.reader.lines().flatMap { check.problems(with: $0).map(\.message) }
  }

  private static func expectNothingTwice(_ run: CutRun, _ types: [String]) {
    let unknown = types.count { $0 == "notice.unknown" }
    let delivered = run.notifier.delivered
    #expect(delivered.count - Set(delivered).count <= (run.notifier.deliversOnce ? delivered.count : 0))
    #expect(types.count { $0 == "notice.intended" } == types.count { $0 == "notice.sent" } + unknown)
    let scripts = types.count { $0 == "script.intended" }
    #expect(scripts == types.count { ScriptOutcome.recordTypes.contains($0) })
    #expect(run.scripts.executed.count <= scripts)
    #expect(types.count { $0 == "run.closed" } == 1)
  }

  @Test(arguments: ShippedCase.all)
  func `a run waits for the disk where something leaves the machine, and at its end`(`case`: ShippedCase) async throws {
    let waits = try await CutRun(`case`).runCountingWaits()
    #expect(waits.last == "run.closed" && waits.count <= 4, "\(waits)")
    #expect(
      waits.dropLast().allSatisfy { ["notice.intended", "export.intended", "script.intended"].contains($0) }, "\(waits)"
    )
  }
}
