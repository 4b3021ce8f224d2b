import ArgumentParser
import DurableFiles
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

      With --boundaries it prints cases at the boundary of a threshold: just below
      it, at it, just above it, and where nothing is known. With --record it makes a
      case of a finished run: what was known, what each source answered, and what
      came of it. Both are printed to be put under `cases`, and say what comes of
      them today:

        tocsin test web.runbook.yaml --boundaries burst >> web.tests.yaml
        tocsin test --record latest --trail trail >> web.tests.yaml

      Ends with 1 if a case fails, cannot be read, or too little is covered; with 2
      if a file cannot be read.
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

  @Option(name: .long, help: ArgumentHelp("Print cases at the boundary of this threshold.", valueName: "threshold"))
  var boundaries: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Print a case of this run: its name, the beginning of it, or 'latest'.", valueName: "run"))
  var record: String?

  @Option(name: .long, help: ArgumentHelp("The trail that --record takes the run from.", valueName: "folder"))
  var trail: String?

  func validate() throws {
    if (record == nil) != (trail == nil) { throw ValidationError("--record and --trail go together") }
    if record != nil, boundaries != nil { throw ValidationError("--record and --boundaries print different cases") }
    if let minCoverage, !(0...100).contains(minCoverage) {
      throw ValidationError("--min-coverage is a percentage, from 0 to 100")
    }
  }

  func run() async throws {
    Signals.ignoreBrokenPipes()
    do throws(Unusable) {
      if let record, let trail { return try await CasePrinting.printRecorded(record, from: trail, named: named) }
      if let boundaries { return try await CasePrinting.printBoundaries(of: boundaries, in: paths) }
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    var ending = Ending.done
    var reports: [TestedRunbook] = []
    for folder in folders(&ending) {
      do throws(Unusable) { reports.append(try await tested(folder)) } catch {
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
    for report in reports {
      if let shortfall = report.shortfall { Reports.remark("\(report.path): \(shortfall)") }
    }
    if let named, !reports.isEmpty, reports.allSatisfy({ $0.results.isEmpty && $0.errors.isEmpty }) {
      Reports.remark("no case has '\(named)' in its name")
      ending = max(ending, Ending.found)
    }
    throw ExitCode(max(ending, reports.allSatisfy(\.passes) ? Ending.done : Ending.found))
  }

  private func tested(_ folder: CaseFolder) async throws(Unusable) -> TestedRunbook {
    if !folder.hasTests, folder.alerts.isEmpty, !paths.contains(folder.tests), let minCoverage {
      return TestedRunbook(withoutCases: folder, wantedCoverage: minCoverage)
    }
    return try await TestedRunbook(folder, named: named, wantedCoverage: minCoverage)
  }

  /// The runbooks that were named or found, each once: those that have cases, and where coverage is wanted the others too.
  private func folders(_ ending: inout Int32) -> [CaseFolder] {
    let selection = DocumentSelection(paths)
    for problem in selection.problems {
      Reports.remark("cannot read '\(problem.path)': \(problem.reason)")
      ending = Ending.incomplete
    }
    var folders: [CaseFolder] = []
    var seen: Set<CaseFolder> = []
    for document in selection.documents where document.kind != .deployment {
      guard let folder = CaseFolder(document.path) else {
        Reports.remark("'\(document.path)' is no runbook and no file of cases: neither *.runbook.yaml nor *.tests.yaml")
        ending = Ending.incomplete
        continue
      }
      guard seen.insert(folder).inserted else { continue }
      if RunbookTree.leadsOut(folder.runbook), !paths.contains(folder.runbook) {
        Reports.remark("cannot read '\(folder.runbook)': it is a link that leads out of the tree")
        ending = Ending.incomplete
        continue
      }
      if folder.hasTests || paths.contains(folder.tests) {
        folders.append(folder)
      } else if !Folder.exists(folder.runbook) {
        Reports.remark("cannot read '\(folder.runbook)': there is no such file or folder")
        ending = Ending.incomplete
      } else {
        Reports.remark("'\(folder.runbook)' has no cases: there is no '\(folder.tests)'")
        // Of a runbook without cases nothing is covered; alerts beside it are tried.
        if named == nil, minCoverage ?? 0 > 0 || !folder.alerts.isEmpty { folders.append(folder) }
      }
    }
    return folders
  }

}

/// How results of cases are written.
enum TestFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, junit
}
