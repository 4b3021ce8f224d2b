import ArgumentParser
import AuditTrail
import Diagnostics
import RunbookEngine
import RunbookLanguage
import Values

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Answer a recorded run's questions again, from its records alone.",
    discussion: """
      No source is asked and nobody is told: the answers of the sources are those
      that were recorded. The same verdict and the same answers must follow, record
      by record; if they do not, the first difference is shown.

        tocsin replay latest --trail trail

      With another runbook, or with other thresholds, it tells what would have been
      answered. A query that the recording does not have is unknown then, and named.
      Of a threshold that is a rule, the part is named: above, below, at_least,
      ratio, surprise or for.

        tocsin replay latest --trail trail --threshold limit=20
        tocsin replay --all --trail trail --threshold burst.at_least=3
        tocsin replay --all --trail trail --with RUNBOOK

      With --format json: one object for each run, a line each. Ends with 1 if a run
      does not replay to what was recorded, with 2 if one cannot be replayed. What
      another runbook or threshold would change is no fault: that ends with 0.
      """)

  @Argument(help: ArgumentHelp("The run's name, the beginning of it, or 'latest'.", valueName: "run"))
  var name: String?

  @Flag(name: .long, help: "Replay every run of the trail.")
  var all = false

  @Option(name: .long, help: ArgumentHelp("With --all: only runs of the runbook with this id.", valueName: "id"))
  var runbook: String?

  @Option(name: .long, help: ArgumentHelp("Answer by this runbook instead of the recorded one.", valueName: "runbook"))
  var with: String?

  @Option(
    name: .long, help: ArgumentHelp("Another value for a threshold. May be repeated.", valueName: "name=value"))
  var threshold: [String] = []

  @OptionGroup var options: TrailOptions

  func validate() throws {
    if all == (name != nil) { throw ValidationError("name a run, or give --all") }
    if runbook != nil, !all { throw ValidationError("--runbook chooses among the runs of --all") }
    _ = try changes()
  }

  private func changes() throws -> [ThresholdChange] {
    try threshold.map { text in
      guard let change = ThresholdChange(text) else {
        throw ValidationError("--threshold takes name=value, and '\(visible(text.shortened(to: 60)))' is not that")
      }
      return change
    }
  }

  func run() throws {
    Signals.ignoreBrokenPipes()
    let session = ReplaySession(
      trail: options.trail, format: options.format, runbook: try with.map(Self.check), thresholds: try changes())
    do throws(TrailReadError) {
      if let name {
        try session.replay(name)
      } else {
        try session.replayAll(of: runbook)
      }
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    throw ExitCode(session.ending)
  }

  private static func check(_ path: String) throws -> CheckedRunbook {
    let document: SourceText
    do throws(Unusable) { document = try Documents.load(path, as: "the runbook") } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    let report = RunbookCheck(files: DocumentFiles(), validators: Wiring.validators).check(document, in: nil)
    guard let runbook = report.runbook else {
      Reports.show(report.findings)
      Reports.remark("nothing was replayed: the runbook has errors (\(Reports.counts(report.findings)))")
      throw ExitCode(Ending.incomplete)
    }
    return runbook
  }
}
