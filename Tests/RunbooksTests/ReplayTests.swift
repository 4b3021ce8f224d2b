import AuditTrail
import Diagnostics
import Foundation
import Investigation
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import tocsin

/// Recorded runs answered again from their records, and by other runbooks and thresholds.
@Suite struct ReplayTests {
  @Test(arguments: ShippedCase.all)
  func `a recorded run replays to the same verdict and answers, without its sources`(case: ShippedCase) async throws {
    let run = try CutRun(`case`)
    _ = try await run.run(cutAfter: nil)
    let recording = try run.recording()
    let replay = Replay(recording)
    guard case .same = replay.finding else {
      Issue.record("\(replay.json.compactText)")
      return
    }
    #expect(replay.compared > 10)
    // What would have been answered with nothing changed is what was answered.
    let same = try WhatIf(recording, with: nil, thresholds: [])
    #expect(same.changes.isEmpty)
    #expect(!same.isVerdictChanged)
    #expect(same.unrecorded == [])
    let again = try WhatIf(recording, with: recording.runbook, thresholds: [])
    #expect(again.json.compactText == same.json.compactText)
  }

  @Test func `a record that says something else is the first difference`() async throws {
    let run = try CutRun(ShippedCase.webShell)
    _ = try await run.run(cutAfter: nil)
    let recording = try run.recording()
    for place in recording.steps.indices {
      guard case .told = recording.steps[place].content else { continue }
      let changed = recording.changing(place)
      guard case .differs(let difference) = Replay(changed).finding else {
        Issue.record("record \(recording.steps[place].sequence) is changed, and nothing is found")
        continue
      }
      #expect(difference.sequence == recording.steps[place].sequence)
    }
  }

  @Test func `a threshold that is raised shows what would have been answered`() async throws {
    let run = try CutRun(ShippedCase.webShell)
    _ = try await run.run(cutAfter: nil)
    let recording = try run.recording()
    let change = try #require(ThresholdChange("burst.at_least=1000"))
    let what = try WhatIf(recording, with: nil, thresholds: [change])
    let spike = try #require(what.changes.first { $0.question == "spike" })
    #expect(spike.before?.answer == "yes")
    #expect(spike.after?.answer == "no")
    #expect(what.before?.verdict == "intrusion")
  }

  @Test(arguments: [
    ("none=1", "has no threshold 'none'"), ("burst=1", "which of its parts"), ("burst.above=1", "which of its parts"),
    ("burst.at_least=many", "is none that can be used"), ("burst.for=long", "takes a duration"),
  ])
  func `a change that cannot be made is told`(text: String, message: String) async throws {
    let run = try CutRun(ShippedCase.webShell)
    _ = try await run.run(cutAfter: nil)
    let recording = try run.recording()
    let change = try #require(ThresholdChange(text))
    let problem = #expect(throws: ChangeProblem.self) {
      try WhatIf(recording, with: nil, thresholds: [change])
    }
    #expect(problem?.message.contains(message) == true, "\(problem?.message ?? "")")
  }

  @Test(arguments: ["", "a", "=1", "a=", ".a=1", "a.b.c=1", "a.=1"])
  func `what names no threshold and value is refused`(text: String) { #expect(ThresholdChange(text) == nil) }

  @Test func `a runbook that asks something new has no answer to it in the recording`() async throws {
    let shipped = ShippedCase.webShell
    let run = try CutRun(shipped)
    _ = try await run.run(cutAfter: nil)
    let text = try Places.text(shipped.runbook)
    let asked = text.replacing("FROM access", with: "FROM  access")
    try #require(asked != text)
    let checked = RunbookChecker(files: DocumentFiles()).check(SourceText(name: shipped.runbook, text: asked))
    let runbook = try #require(checked.runbook, "\(checked.diagnostics.map(\.message))")
    let what = try WhatIf(try run.recording(), with: runbook, thresholds: [])
    #expect(!what.unrecorded.isEmpty)
    // Not a clean verdict: what nobody asked is not a no.
    #expect(what.after?.answers.contains { $0.answer == "unknown" } == true)
  }

  @Test func `a trail is replayed as a whole, open runs last`() async throws {
    let run = try CutRun(try #require(ShippedCase.all.first))
    _ = try await run.run(cutAfter: 5)
    _ = try await run.run(cutAfter: nil)
    var runs = RecordedRuns(try run.reader.unreadLines(), from: run.reader)
    let found = (runs.next(), runs.next(), runs.next())
    let (first, second) = (found.0?.read(from: run.reader), found.1?.read(from: run.reader))
    #expect(first?.run.last("run.closed") != nil)
    #expect(second?.run.last("run.closed") == nil)
    #expect(second?.run.entries.count == 5)
    #expect(found.2 == nil)
  }

  @Test func `without its runbook a run cannot be replayed, and says so`() async throws {
    let run = try CutRun(try #require(ShippedCase.all.first))
    _ = try await run.run(cutAfter: nil)
    for name in try FileManager.default.contentsOfDirectory(atPath: run.reader.layout.documents) {
      try Data("changed".utf8).write(to: URL(fileURLWithPath: "\(run.reader.layout.documents)/\(name)"))
    }
    #expect(throws: ReplayProblem.self) { try run.recording() }
  }
}

extension RunRecording {
  /// With one more member in a record.
  fileprivate func changing(_ place: Int) -> RunRecording {
    var steps = steps
    let step = steps[place]
    steps[place] = Step(
      sequence: step.sequence, type: step.type,
      body: .object([.init("added", .bool(true))] + (step.body.members ?? [])), wall: step.wall,
      content: step.content)
    return with(steps)
  }
}
