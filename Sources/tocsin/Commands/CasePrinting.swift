import AuditTrail
import Diagnostics
import LogAdapters
import RunbookEngine
import RunbookLanguage
import Values

/// Prints cases that somebody may keep, and where they go.
enum CasePrinting {
  static func printRecorded(_ name: String, from trail: String, named: String?) async throws(Unusable) {
    let reader = TrailReader(folder: trail)
    let run: RecordedRun
    do throws(TrailReadError) { run = try RecordedRun(name, from: reader) } catch { throw Unusable(error.message) }
    let recording: RunRecording
    do throws(ReplayProblem) {
      recording = try RunRecording(run, from: reader, runbooks: PinnedRunbooks(reader), semantics: [Program.semantics])
    } catch { throw Unusable("run \(run.run) cannot be read: \(error.message)") }
    let text: String
    do throws(CaseRecording.Problem) {
      text = try await CaseRecording(recording, joiner: TableJoiner())
        .text(named: named ?? "as recorded in \(recording.run)")
    } catch { throw Unusable(error.message) }
    Terminal.printWhole(laidOut(text))
    Reports.remark("a case of '\(recording.runbook.runbook.id)', to be put under 'cases'; it comes to the same verdict")
  }

  /// A case as `fmt` lays out the file that it is put into.
  private static func laidOut(_ text: String) -> String {
    let head = "tests: any\ncases:\n"
    let source = SourceText(name: "cases", text: head + text)
    guard case .changed(let change) = DocumentLayout.lay(source) else { return text }
    let whole = String(decoding: change.new, as: UTF8.self)
    return whole.hasPrefix(head) ? String(whole.dropFirst(head.count)) : text
  }

  static func printBoundaries(of threshold: String, in paths: [String]) async throws(Unusable) {
    var seen: Set<CaseFolder> = []
    let folders = DocumentSelection(paths).documents.filter { $0.kind != .deployment }
      .compactMap { CaseFolder($0.path) }.filter { seen.insert($0).inserted }
    guard let names = folders.first, folders.count == 1 else {
      throw Unusable("name one runbook whose threshold it is; here are \(folders.count)")
    }
    let runbook = try Documents.checked(names.runbook)
    let (file, findings) = CaseReader(files: DocumentFiles())
      .read(try Documents.load(names.tests, as: "the cases"), for: runbook)
    if findings.contains(where: { $0.severity == .error }) {
      Reports.show(findings)
      throw Unusable("the cases have errors (\(Reports.counts(findings)))")
    }
    do throws(BoundaryCases.Problem) {
      Terminal.printWhole(
        try await BoundaryCases(runbook, joiner: TableJoiner()).text(of: threshold, in: file))
    } catch { throw Unusable(error.message) }
    Reports.remark("cases of '\(runbook.runbook.id)', to be put under 'cases'; look whether they are what is wanted")
  }
}
