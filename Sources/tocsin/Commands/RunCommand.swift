import ArgumentParser
import Diagnostics
import RunbookEngine
import RunbookLanguage
import Values

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a runbook on an alert, against your own data.",
    discussion: """
      The alert is the payload as Alertmanager posts it (version 4), or one alert
      alone. Each alert of a payload is a run of its own; those that are resolved,
      or that the runbook is not for, are skipped, and that is said.

        tocsin run RUNBOOK --config tocsin.yaml --alert alert.json --trail trail
        tocsin run RUNBOOK --config tocsin.yaml --field site=shop --trail trail
        curl … | tocsin run RUNBOOK --config tocsin.yaml --alert - --trail trail

      With --format json standard output holds one object for each run, a line each:
      run, runbook, version, verdict, severity, answers, open, entities, started,
      finished, and thresholds with what was found of each: value, expected, band.

      A script behind an export is started once, in a sandbox of bubblewrap without
      network; where there is none it is not run, and that is said and recorded.

      A question that cannot be answered is answered `unknown`, with the reason; it
      is never taken for a no. An interrupted run (Ctrl-C, SIGTERM) says so in its
      trail and ends with 2.
      """)

  @Argument(help: ArgumentHelp("The runbook.", valueName: "runbook"))
  var runbook: String

  @OptionGroup var deploymentOptions: DeploymentOptions

  @Option(
    name: .long, help: ArgumentHelp("The alert: a file, or '-' for standard input.", valueName: "file"))
  var alert: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Start by hand: a field of the runbook and its value. May be repeated.", valueName: "name=value")
  )
  var field: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The instant that windows count from, instead of what the runbook takes from the alert.", valueName: "time"))
  var at: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Take this for the present: nothing is waited for, and what lies after it is not covered.", valueName: "time"))
  var now: String?

  @Option(name: .long, help: ArgumentHelp("The folder of the audit trail; made if it is missing.", valueName: "folder"))
  var trail: String

  @Option(
    name: .long,
    help: ArgumentHelp("The folder of what 'baseline learn' has learned: it is not fetched again.", valueName: "folder")
  )
  var baselines: String?

  @Option(name: .long, help: "text, or json for machines.")
  var format = OutputFormat.text

  @Option(
    name: .long,
    help: ArgumentHelp("End with 1 if a verdict has this severity or a higher one.", valueName: "severity"))
  var failOn: Severity?

  func validate() throws {
    if alert != nil, !field.isEmpty { throw ValidationError("give --alert or --field, not both") }
    _ = try Instants.instant(at, "--at")
    _ = try Instants.instant(now, "--now")
    _ = try givenFields()
  }

  private func givenFields() throws -> [(name: String, value: String)] { try GivenFields.pairs(field) }

  func run() async throws {
    Signals.ignoreBrokenPipes()
    let request = RunSession.Request(
      runbook: runbook, alert: alert, fields: try givenFields(), at: try Instants.instant(at, "--at"),
      now: try Instants.instant(now, "--now"), trail: trail, baselines: baselines, format: format, failOn: failOn)
    do {
      throw ExitCode(try await RunSession(request, deployment: deploymentOptions).run())
    } catch let problem as Unusable {
      Reports.remark(problem.message)
      throw ExitCode(Ending.incomplete)
    } catch let problem as FieldProblem {
      throw ValidationError(problem.message)
    }
  }
}

/// Fields of a runbook as `name=value`.
enum GivenFields {
  static func pairs(_ texts: [String]) throws -> [(name: String, value: String)] {
    try texts.map { text in
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw ValidationError("--field takes name=value, and '\(visible(text.shortened(to: 60)))' is not that")
      }
      return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
  }
}

extension Severity: ExpressibleByArgument {}
