import ArgumentParser
import Diagnostics
import LogAdapters
import RunbookEngine
import RunbookLanguage
import Values

struct TestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Put the cases beside runbooks to them, and say which ways no case takes.",
    discussion: """
      The cases of NAME.runbook.yaml stand in NAME.tests.yaml beside it: what each
      source answers, and the verdict, answers, calls and exports that must follow.
      What a case does not give is unavailable. Every *.alert.json in the folder is
      put through the runbook's `when` and `fields`.

        tocsin test                                  everything below this folder
        tocsin test Runbooks/was-i-hacked --min-coverage 90
        tocsin test web.tests.yaml --named "firewall" --format json

      Ends with 1 if a case fails, cannot be read, or too little is covered; with 2 if
      a file cannot be read.
      """)

  @Argument(help: ArgumentHelp("Runbooks, files of cases, folders, or patterns with *, ? and **.", valueName: "path"))
  var paths: [String] = ["."]

  @Option(name: .long, help: ArgumentHelp("Run only cases whose name holds this text.", valueName: "text"))
  var named: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Fail when less of a runbook than this is covered, in percent.", valueName: "percent"))
  var minCoverage: Int?

  @Option(name: .long, help: "text; json or junit for machines.")
  var format = TestFormat.text

  func validate() throws {
    if let minCoverage, !(0...100).contains(minCoverage) {
      throw ValidationError("--min-coverage is a percentage, from 0 to 100")
    }
  }

  func run() async throws {
    Signals.ignoreBrokenPipes()
    var ending = Ending.done
    var reports: [TestedRunbook] = []
    for folder in folders(&ending) {
      do throws(Unusable) { reports.append(try await test(folder)) } catch {
        Reports.remark(error.message)
        ending = Ending.incomplete
      }
    }
    switch format {
    case .text: for report in reports { TestText.show(report) }
    case .json: Reports.printJSON(.array(reports.map(\.json)))
    case .junit: Terminal.print(TestJUnit.text(reports))
    }
    TestText.showSum(reports)
    throw ExitCode(max(ending, reports.allSatisfy(passes) ? Ending.done : Ending.found))
  }

  private func passes(_ report: TestedRunbook) -> Bool {
    guard let minCoverage, named == nil, let percent = report.coverage?.percent, percent < minCoverage else {
      return report.passes
    }
    Reports.remark("\(report.path): \(percent) percent are covered, and \(minCoverage) are wanted")
    return false
  }

  /// The runbooks that were named or found and have cases, each once.
  private func folders(_ ending: inout Int32) -> [CaseFolder] {
    let selection = DocumentSelection(paths)
    for problem in selection.problems {
      Reports.remark("cannot read '\(problem.path)': \(problem.reason)")
      ending = Ending.incomplete
    }
    var seen: Set<CaseFolder> = []
    let found = selection.documents.filter { $0.kind != .deployment }
    return found.compactMap { CaseFolder($0.path) }.filter { folder in
      guard seen.insert(folder).inserted else { return false }
      guard !folder.hasTests, !paths.contains(folder.tests) else { return true }
      Reports.remark("'\(folder.runbook)' has no cases: there is no '\(folder.tests)'")
      return false
    }
  }

  private func test(_ names: CaseFolder) async throws(Unusable) -> TestedRunbook {
    let document = try Documents.load(names.runbook, as: "the runbook")
    let result = RunbookCheck(files: DocumentFiles(), validators: []).check(document, in: nil)
    guard let runbook = result.runbook else {
      return TestedRunbook(path: names.tests, findings: result.findings.filter { $0.severity == .error })
    }
    let (file, findings) = CaseReader(files: DocumentFiles())
      .read(try Documents.load(names.tests, as: "the cases"), for: runbook)
    let alerts = try names.alerts.map { path throws(Unusable) in try Documents.load(path, as: "the alert") }
    let report = await RunbookTest(runbook, joiner: TableJoiner()).run(file, alerts: alerts, named: named)
    return TestedRunbook(path: names.tests, findings: findings, results: report.results, coverage: report.coverage)
  }
}

/// How results of cases are written.
enum TestFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, junit
}
