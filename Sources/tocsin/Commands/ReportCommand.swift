import ArgumentParser
import AuditTrail
import Diagnostics
import DurableFiles
import Foundation
import RunbookEngine
import Values

struct ReportCommand: ParsableCommand {
  /// How a report is written.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case text, markdown, json, html
  }

  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Tell a recorded run as a document.",
    discussion: """
      Everything that was asked and answered with its reasons, what the data said,
      series with what is normal, who was told when, and whether the records can be
      trusted: what `trail verify` says of them with this machine's key or --key,
      and whether the run replays. It is made of the trail alone.

        tocsin report latest --trail trail
        tocsin report latest --trail trail --format markdown
        tocsin report latest --trail trail --format html --output case.html

      The page of --format html is one file that loads nothing and runs nothing:
      whatever an attacker wrote into an alert or a log stays text. Ends with 1 if
      the trail is TAMPERED, or the run's records are damaged or do not replay, with
      2 if there is no such run.
      """)

  @Argument(help: ArgumentHelp("The run's name, the beginning of it, or 'latest'.", valueName: "run"))
  var name: String

  @Option(name: .long, help: ArgumentHelp("The folder of the trail.", valueName: "folder"))
  var trail: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A key that may have signed, or a file that holds one, as `trail verify` takes it.", valueName: "key"))
  var key: [String] = []

  @Option(name: .long, help: "text, markdown, json or html.")
  var format = Form.text

  @Option(name: .long, help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"))
  var output: String?

  func run() throws {
    Signals.ignoreBrokenPipes()
    let reader = TrailReader(folder: trail)
    let recorded: RecordedRun
    do throws(TrailReadError) { recorded = try RecordedRun(name, from: reader) } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    let report = CaseReport(
      recorded, from: reader, semantics: [Program.semantics], verification: [verification(of: recorded.run)])
    let text =
      switch format {
      case .text: self.text(of: recorded, report)
      case .markdown: MarkdownReport.text(of: report)
      case .json: Reports.inertJSON(report.json.compactText) + "\n"
      case .html: HTMLReport.text(of: report)
      }
    try write(text)
    throw ExitCode(report.verification.allSatisfy(\.isGood) ? Ending.done : Ending.found)
  }

  /// What verification of the trail and of the run's evidence says.
  private func verification(of run: String) -> CaseReport.Verification {
    do {
      let found = try TrailVerifier(
        folder: trail, run: run, keys: TrailKeys.named(key), width: ProcessInfo.processInfo.activeProcessorCount
      ).verify()
      let signer = found.key.map { ", signed by \($0.name)" } ?? ""
      let why = found.problems.first?.message ?? found.remarks.first
      return .init(
        isGood: found.status != .tampered,
        "Verification of the log and this run's evidence: \(found.status.rawValue)\(signer)\(why.map { ": \($0)" } ?? ".")"
      )
    } catch let problem as TrailReadError {
      return .init(isGood: false, "The trail cannot be verified: \(problem.message)")
    } catch {
      return .init(isGood: false, "The trail cannot be verified: \((error as? Unusable)?.message ?? "\(error)")")
    }
  }

  private func text(of recorded: RecordedRun, _ report: CaseReport) -> String {
    let isColoured = output == nil && Terminal.Stream.output.isColoured
    let style = Style(coloured: isColoured)
    var told = RunText(coloured: isColoured, trail: trail)
    var lines = recorded.entries.flatMap { told.lines(for: $0.record.type, $0.body) } + told.rest()
    let judgements = report.charts.flatMap { chart in
      chart.judgements.map { "  \(visible(chart.query)): \(visible(ReportChart.sentence($0)))" }
    }
    if !judgements.isEmpty { lines += ["", style("series", .name)] + judgements }
    lines += ["", style("timeline", .name)]
    lines += report.timeline.map { moment in
      "  \(style(moment.at.shortDescription, .quiet))  \(visible(moment.text).shortened(to: RunText.evidenceLimit))"
    }
    lines += ["", style("records", .name)]
    lines += report.verification.map { "  " + style(visible($0.text), $0.isGood ? .good : .alarm) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func write(_ text: String) throws {
    guard let output else { return Terminal.print(String(text.dropLast(text.hasSuffix("\n") ? 1 : 0))) }
    do { try WholeFile.deliver(Array(text.utf8), to: output) } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
  }
}
