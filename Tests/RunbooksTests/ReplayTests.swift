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
    ("burst.surprise=99", "a number up to 15"), ("burst.surprise=loud", "takes quiet, normal, sensitive"),
    ("burst.for=4 of 3", "2 of 3"),
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

  @Test(arguments: ["burst.surprise=quiet", "burst.surprise=15", "burst.for=3 of 6", "burst.for=10m"])
  func `a change takes the words that a runbook takes`(text: String) async throws {
    let run = try CutRun(ShippedCase.webShell)
    _ = try await run.run(cutAfter: nil)
    let change = try #require(ThresholdChange(text))
    let what = try WhatIf(try run.recording(), with: nil, thresholds: [change])
    #expect(what.before != nil && what.after != nil)
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

  @Test func `of a whole trail the first record that says something else is found in each run`() async throws {
    let run = try CutRun(ShippedCase.webShell)
    _ = try await run.run(cutAfter: nil)
    let lines = try ForgedTrail(run.reader)
    let trail = TrailReplay(run.reader, semantics: [Program.semantics])
    func found() throws -> [String] {
      var found: [String] = []
      _ = try trail.replayAll { replayed in
        switch replayed {
        case .replayed(let replay):
          if case .differs(let difference) = replay.finding {
            found.append("\(difference.sequence)")
          } else if case .same = replay.finding {
            found.append("same")
          }
        case .impossible(_, let problem): found.append(problem.message)
        case .changed, .unchangeable: found.append("changed")
        }
      }
      return found
    }
    #expect(try found() == ["same"])
    for (place, step) in zip(1..., try run.recording().steps) {
      // What the fold is not held against may say more; what it is held against may not.
      let isHeld = if case .told = step.content { true } else { step.type == "query.intended" }
      try lines.write { $0 == place ? [.init("zz", .integer(1))] : [] }
      if step.type == "run.closed" {
        #expect(try found().first?.contains("damaged") == true)
      } else if step.type == "query.intended" {
        // It is looked at when its answer comes.
        #expect(try found().first.flatMap { Int64($0) }.map { $0 > step.sequence } == true, "\(step.type)")
      } else {
        #expect(try found() == [isHeld ? "\(step.sequence)" : "same"], "\(step.type)")
      }
      // By whom and when something was done is not for the fold to say.
      try lines.write { $0 == place ? [.init("performer", .string("zz"))] : [] }
      let isOwn = step.body["performer"] != nil || step.type == "run.closed"
      #expect(try found() == ["same"] || isOwn, "\(step.type)")
    }
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

/// The records of a run, written again with other bodies such that each follows the one before it.
private struct ForgedTrail {
  private let log: String
  private let lines: [String]

  init(_ reader: TrailReader) throws {
    log = reader.layout.log
    lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  /// - Parameter more: Members that a record's body has besides its own, by the record's place in the run.
  func write(_ more: (Int) -> [JSON.Member]) throws {
    var written: [[UInt8]] = []
    var previous: String?
    var place = 0
    for line in lines {
      let record = try JSON(parsing: line.utf8)
      let isOfRun = record["run"] != nil
      let members = (record.members ?? []).map { member in
        switch member.name {
        case "body" where isOfRun: JSON.Member("body", .object((member.value.members ?? []) + more(place)))
        case "run_prev": JSON.Member("run_prev", previous.map(JSON.string) ?? .null)
        default: member
        }
      }
      written.append(JSON.object(members).canonicalBytes)
      guard isOfRun else { continue }
      previous = Digest(leaf: written[written.count - 1]).hexadecimal
      place += 1
    }
    try Data(written.flatMap { $0 + [0x0A] }).write(to: URL(fileURLWithPath: log))
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
