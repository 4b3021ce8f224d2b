import ArgumentParser
import Diagnostics
import RunbookEngine
import Values

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say what is wrong with runbooks, all of it, each with its place.",
    discussion: """
      Without a configuration the runbook itself is checked: names, types, ways,
      windows, lists. With one, also whether every source is bound, whether its
      adapter understands the queries, and whether their SQL fits its tables.

        tocsin check web-traffic.runbook.yaml
        tocsin check Runbooks/*/*.runbook.yaml --config tocsin.yaml --format json

      With --format json standard output holds a list with one object for each
      finding: code, name, severity, message, file, line, column, endLine,
      endColumn, notes, fixes. Ends with 1 if there is an error, and with --strict
      also if there is a warning; with 2 if a file cannot be read.
      """)

  @Argument(help: ArgumentHelp("Runbooks.", valueName: "file"))
  var files: [String]

  @OptionGroup var deploymentOptions: DeploymentOptions

  @Option(name: .long, help: "text, or json for machines.")
  var format = OutputFormat.text

  @Flag(name: .long, help: "Let warnings fail too.")
  var strict = false

  func run() throws {
    Signals.ignoreBrokenPipes()
    var ending = Ending.done
    var findings: [Diagnostic] = []
    var deployment: Deployment?
    do throws(Unusable) {
      let read = try deploymentOptions.read()
      (deployment, findings) = (read.deployment, read.findings)
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    let check = RunbookCheck(files: DocumentFiles(), validators: Wiring.validators)
    var checked = 0
    for file in files {
      do throws(Unusable) {
        let document = try Documents.load(file, as: "the runbook")
        findings += check.check(document, in: deployment).findings
        checked += 1
      } catch {
        Reports.remark(error.message)
        ending = Ending.incomplete
      }
    }
    show(findings, of: checked)
    let fails = findings.contains { $0.severity == .error || (strict && $0.severity == .warning) }
    throw ExitCode(max(ending, fails ? Ending.found : Ending.done))
  }

  private func show(_ findings: [Diagnostic], of checked: Int) {
    switch format {
    case .text: Reports.show(findings)
    case .json: Reports.printJSON(.array(findings.map(\.json)))
    }
    guard checked > 0 else { return }
    Reports.remark("\(checked) runbook\(checked == 1 ? "" : "s") checked: \(Reports.counts(findings))")
  }
}
