import ArgumentParser
import Diagnostics
import Foundation
import RunbookEngine
import RunbookLanguage
import Values

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say what is wrong with runbooks, all of it, each with its place.",
    discussion: """
      Takes files, folders and patterns; without any, the folder it is started in.
      In folders it checks *.runbook.yaml, the cases beside them in *.tests.yaml,
      and configurations: tocsin.yaml and *.tocsin.yaml. Without --config a runbook
      itself is checked: names, types, ways, windows, lists. With it, also whether
      every source is bound, whether its adapter understands the queries, and
      whether their SQL fits its tables. Where a runbook hands over to one that was
      not named, the runbooks of its git tree (without git: of its folder) are read
      as well, and told of nothing themselves. A file that runbooks import may be
      named, too.

        tocsin check web-traffic.runbook.yaml
        tocsin check Runbooks --fail-level warning
        tocsin check 'Runbooks/**/*.runbook.yaml' --config tocsin.yaml --format json
        tocsin check Runbooks --changed origin/main
        tocsin check --fix --dry-run

      Formats, but for text on standard output: line (file:line:column: severity:
      message [code]), json (a list of objects), jsonl (an object a line), sarif
      (2.1.0, at most 25,000 results), github (annotations), junit. An object has
      file, line, column, end_line, end_column, code, name, severity, message,
      notes, fixes.

      A warning or a note is allowed by a comment above its place, or on its line:
      # tocsin: allow TOC0204 until 2027-01-31: the next version needs it
      The date may be left out. `tocsin explain CODE` says more of a finding.

      With --changed, the version of each runbook that has changed is held against
      the one in the commit that the change began with, as `tocsin diff` does:
      changed without a new version, raised too little, lowered, or a name used
      again. A runbook that is gone is told, with who still hands over to it.

      Ends with 1 if there is a finding of --fail-level or above, and with 2 if
      something could not be read; everything else has been checked all the same.
      """)

  @Argument(help: ArgumentHelp("Files, folders, or patterns with *, ? and **.", valueName: "path"))
  var paths: [String] = ["."]

  @OptionGroup var deploymentOptions: DeploymentOptions

  @Option(name: .long, help: "text, line, json, jsonl, sarif, github or junit.")
  var format = CheckFormat.text

  @Option(name: .long, help: "What fails: error, warning, note, or never.")
  var failLevel = FailLevel.error

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Tell only of documents that have changed since this git version, or that rest on what has.", valueName: "ref"))
  var changed: String?

  @Flag(name: .long, help: "Apply the mends that leave no doubt, and keep comments and layout.")
  var fix = false

  @Flag(name: .long, help: "With --fix: apply guesses, too, such as names that are written alike.")
  var unsafe = false

  @Flag(name: .long, help: "With --fix: print what would change, and change nothing.")
  var dryRun = false

  func validate() throws {
    if !fix, unsafe || dryRun { throw ValidationError("--unsafe and --dry-run say how to --fix") }
    if dryRun, format != .text { throw ValidationError("--dry-run prints a difference, which is of no other format") }
  }

  func run() async throws {
    Signals.ignoreBrokenPipes()
    var known: [Diagnostic] = []
    var deployment: Deployment?
    var changes: ChangedFiles?
    var earlier: GitTree?
    do throws(Unusable) {
      let read = try deploymentOptions.read()
      (deployment, known) = (read.deployment, read.findings)
      if let changed { (changes, earlier) = try Self.state(before: changed) }
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    // What the configuration says bears upon every runbook.
    if let config = deploymentOptions.config, changes?.contains(config) == true { changes = nil }
    let check = TreeCheck(
      validators: Wiring.validators, today: CalendarDay(of: LiveClock().now()),
      reader: DeploymentReader(kinds: Wiring.kinds), deployment: deployment)
    let selection = DocumentSelection(paths)
    let report = { [known, changes, earlier] (files: DocumentOverlay) in
      await check.check(
        selection, files: files, changed: changes, since: earlier, with: known,
        workers: ProcessInfo.processInfo.activeProcessorCount)
    }
    let isWritten: Bool
    let final: CheckReport
    if fix {
      let mended = await Mending(includesGuesses: unsafe).run(report)
      isWritten = dryRun ? showDifference(mended.changes) : write(mended.changes)
      final = mended.report
    } else {
      isWritten = true
      final = await report(DocumentOverlay())
    }
    CheckText(format: format, failing: failLevel.severity).show(final)
    if fix, !unsafe {
      let guesses = final.findings.count { finding in finding.fixIts.contains { !$0.isSafe } }
      if guesses > 0 { Reports.remark("\(guesses) more could be mended by guessing; --fix --unsafe does it") }
    }
    let fails = failLevel.severity.map { !final.findings(atLeast: $0).isEmpty } ?? false
    let isWhole = isWritten && !final.isIncomplete
    throw ExitCode(max(isWhole ? Ending.done : Ending.incomplete, fails ? Ending.found : Ending.done))
  }

  private static func state(before reference: String) throws(Unusable) -> (ChangedFiles, GitTree) {
    do throws(GitTree.Problem) {
      let base = try GitTree(reference).mergeBase()
      return (try base.changedFiles(), base)
    } catch {
      throw Unusable(error.message)
    }
  }

  private func showDifference(_ changes: [Mending.Change]) -> Bool {
    for change in changes { Reports.printDifference(change) }
    return true
  }

  private func write(_ changes: [Mending.Change]) -> Bool {
    var isWritten = true
    for change in changes {
      if let problem = Mending.write(change) {
        Reports.remark("cannot mend '\(change.path)': \(problem)")
        isWritten = false
      } else {
        Reports.remark("mended '\(change.path)'")
      }
    }
    return isWritten
  }
}

/// How findings are written.
enum CheckFormat: String, ExpressibleByArgument, CaseIterable {
  case text, line, json, jsonl, sarif, github, junit
}

/// From which severity on a finding makes the command fail.
enum FailLevel: String, ExpressibleByArgument, CaseIterable {
  case error, warning, note, never

  var severity: Diagnostic.Severity? { Diagnostic.Severity(rawValue: rawValue) }
}
