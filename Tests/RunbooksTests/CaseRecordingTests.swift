import Diagnostics
import LogAdapters
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import tocsin

/// Cases that are made of recorded runs say what the runs knew, and come to what they came to.
@Suite struct CaseRecordingTests {
  @Test(arguments: ShippedCase.all)
  func `a case made of a recorded run can be read again, and passes`(case: ShippedCase) async throws {
    let run = try CutRun(`case`)
    _ = try await run.run(cutAfter: nil)
    let recording = try run.recording()
    let text = try await CaseRecording(recording, joiner: TableJoiner()).text(named: "as \"recorded\": yes")
    let source = SourceText(
      name: "x.tests.yaml", text: "tests: \(recording.runbook.runbook.id)\ncases:\n\(text)")
    let (file, findings) = CaseReader(files: DocumentFiles()).read(source, for: recording.runbook)
    #expect(findings.map(\.message) == [])
    let report = await RunbookTest(recording.runbook, joiner: TableJoiner()).run(file, alerts: [])
    #expect(report.results.map(\.name) == ["as \"recorded\": yes"])
    #expect(report.results.flatMap(\.findings).map(\.message) == [])
  }

  @Test func `of a run that has not ended no case is made`() async throws {
    let run = try CutRun(ShippedCase.webShell)
    _ = try await run.run(cutAfter: 12)
    let problem = await #expect(throws: CaseRecording.Problem.self) {
      _ = try await CaseRecording(try run.recording(), joiner: TableJoiner()).text(named: "x")
    }
    #expect(problem?.message == "no case can be made of the run: it has not ended")
  }
}
