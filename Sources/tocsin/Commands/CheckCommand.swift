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
      In folders it checks *.runbook.yaml, and configurations: tocsin.yaml and
      *.tocsin.yaml. Without --config a runbook itself is checked: names, types,
      ways, windows, lists. With it, also whether every source is bound, whether
      its adapter understands the queries, and whether their SQL fits its tables.

        tocsin check web-traffic.runbook.yaml
        tocsin check Runbooks --fail-level warning
        tocsin check 'Runbooks/**/*.runbook.yaml' --config tocsin.yaml --format json

      Formats, but for text on standard output: line (file:line:column: severity:
      message [code]), json (a list of objects), jsonl (an object a line), sarif
      (2.1.0), github (annotations), junit. An object has file, line, column,
      end_line, end_column, code, name, severity, message, notes, fixes.

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

  func run() async throws {
    Signals.ignoreBrokenPipes()
    var known: [Diagnostic] = []
    var deployment: Deployment?
    do throws(Unusable) {
      let read = try deploymentOptions.read()
      (deployment, known) = (read.deployment, read.findings)
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    let check = TreeCheck(
      check: RunbookCheck(
        files: DocumentFiles(), validators: Wiring.validators, today: CalendarDay(of: LiveClock().now())),
      reader: DeploymentReader(kinds: Wiring.kinds), deployment: deployment)
    let report = await check.check(
      DocumentSelection(paths), with: known, workers: ProcessInfo.processInfo.activeProcessorCount)
    CheckText(format: format, failing: failLevel.severity).show(report)
    let fails = failLevel.severity.map { !report.findings(atLeast: $0).isEmpty } ?? false
    throw ExitCode(max(report.isIncomplete ? Ending.incomplete : Ending.done, fails ? Ending.found : Ending.done))
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
