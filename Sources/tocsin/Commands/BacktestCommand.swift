import ArgumentParser
import Baselines
import Diagnostics
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Values

struct BacktestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backtest",
    abstract: "Try a threshold on windows of the past, at several settings of surprise.",
    discussion: """
      Says how often the threshold would have fired, and when, had it been asked
      about each window of the span, one after the other; each window is judged by
      the time before it alone, without what the threshold's `exclude` names (its
      durations count from the window's end) and what --exclude does. With `by` the
      series of others stand in for one that has too little history. The series
      come from the threshold's query, or from a recording (`timestamp,value`).

        tocsin backtest RUNBOOK burst --config tocsin.yaml --field site=shop \\
          --from 2026-11-01T00:00:00Z --to 2026-11-15T00:00:00Z
        tocsin backtest RUNBOOK burst --recording hits.csv --window 1h --svg b.svg
      """)

  @OptionGroup var threshold: ThresholdOptions
  @OptionGroup var span: SpanOptions
  @OptionGroup var exclusion: ExclusionOptions

  @Option(name: .long, help: ArgumentHelp("How long each window is.", valueName: "duration"))
  var window = "1h"

  @Option(
    name: .long, help: ArgumentHelp("A file of `timestamp,value` instead of the threshold's query.", valueName: "file"))
  var recording: String?

  @Option(
    name: .long, parsing: .singleValue,
    help: "quiet, normal, sensitive, or a number up to 15; several times for several. Default: the three words.")
  var surprise: [SurpriseArgument] = []

  @Option(name: .long, help: ArgumentHelp("Write a picture, of the first series.", valueName: "file"))
  var svg: String?

  @Option(name: .long, help: "text, or json for machines.")
  var format = OutputFormat.text

  func validate() throws { _ = try length() }

  private func length() throws -> Duration {
    guard let length = Duration(shorthand: window), length > .zero else {
      throw ValidationError("--window takes a duration such as 15m or 1h, and '\(visible(window))' is none")
    }
    return length
  }

  func run() async throws {
    Signals.ignoreBrokenPipes()
    try await tellingProblems {
      let settings = surprise.isEmpty ? SurpriseArgument.words.map(\.value) : surprise.map(\.value)
      let material = try await material()
      guard material.series.contains(where: { !$0.points.isEmpty }) else {
        throw Unusable(
          "nothing was measured from \(material.span.from.shortDescription) to \(material.span.to.shortDescription), nor "
            + "in the history before; --from and --to name another span")
      }
      for (place, series) in material.series.enumerated() {
        let others = material.series.indices.filter { $0 != place }.map { material.series[$0].points }
        let test = Backtest(
          series.points, others: others, by: material.rule, excluding: material.exclusions, settings: settings,
          from: material.span.from, to: material.span.to, length: try length())
        let text = BacktestText(test, points: series.points, labels: series.labels)
        switch format {
        case .json: Reports.printJSON(text.json)
        case .text: Terminal.printWhole(text.text(width: Terminal.width))
        }
        if place == 0, let svg, let failure = BaselineScoreCommand.write(text.picture.svg(title: text.title), to: svg) {
          throw Unusable(failure)
        }
      }
    }
  }

  /// What a threshold is tried on: the series with as much history as it wants, and the span.
  private struct Material {
    let rule: Threshold.Monitored
    let series: [Series]
    let span: TimeWindow
    let exclusions: Exclusions
  }

  private func material() async throws -> Material {
    let known = try exclusion.windows()
    if let recording {
      let points = try Recording.points(recording)
      guard let first = points.first?.time, let last = points.last?.time else {
        throw Unusable("there are no points in '\(recording)'")
      }
      let from = try Instants.instant(span.from, "--from") ?? first
      let to = try Instants.instant(span.to, "--to") ?? last
      guard from < to, let tried = TimeWindow(from: from, to: to) else {
        throw ValidationError("--from must be before --to")
      }
      let (rule, exclusions) = try threshold.rule(at: to, excluding: known)
      return Material(rule: rule, series: [Series(points: points)], span: tried, exclusions: exclusions)
    }
    let inquiry = try threshold.inquiry(at: try span.end())
    let tried = try span.window(length: .seconds(7 * 86_400))
    let start = tried.from.adding(.zero - inquiry.history) ?? tried.from
    guard let whole = TimeWindow(from: start, to: tried.to) else { throw Unusable("there is no such span") }
    return Material(
      rule: inquiry.rule, series: try await inquiry.fetch(whole), span: tried,
      exclusions: inquiry.exclusions(and: known))
  }
}
