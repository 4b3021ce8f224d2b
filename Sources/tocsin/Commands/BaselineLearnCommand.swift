import ArgumentParser
import Baselines
import Diagnostics
import RunbookEngine
import RunbookPorts
import Values

struct BaselineLearnCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Keep the history of a threshold, so that runs need not fetch it.",
    discussion: """
      Fetches what the threshold's query measured and keeps the points in a folder,
      which 'tocsin run --baselines' takes them from. Learned again, only what is
      new is fetched; another query, or other fields, have a baseline of their own.
      What lies in a span under --exclude teaches nothing: give it the incidents.

        tocsin baseline learn RUNBOOK burst --config tocsin.yaml --field site=shop \\
          --baselines baselines --exclude 2026-11-02T10:00:00Z/2026-11-02T14:00:00Z
        tocsin run RUNBOOK --config tocsin.yaml --alert FILE --baselines baselines
      """)

  @OptionGroup var threshold: ThresholdOptions
  @OptionGroup var span: SpanOptions

  @Option(name: .long, help: ArgumentHelp("The folder that baselines are kept in.", valueName: "folder"))
  var baselines: String

  @OptionGroup var exclusion: ExclusionOptions

  func run() async throws {
    try await tellingProblems {
      let inquiry = try threshold.inquiry(at: try span.end())
      let window = try span.window(length: inquiry.reach)
      let (baseline, reference) = try await inquiry.learn(
        window, excluding: try exclusion.windows(), in: BaselineFolder(baselines))
      Terminal.print(BaselineText.line(baseline))
      if baseline.to < window.to {
        Reports.remark("the source ends at \(baseline.to.shortDescription): learned up to there")
      }
      Reports.remark("kept as \(reference.digest)")
    }
  }
}

struct BaselineShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the baselines that are kept, or draw those of a query.",
    discussion: """
        tocsin baseline show --baselines baselines
        tocsin baseline show rate --baselines baselines
      """)

  @Argument(help: ArgumentHelp("The query whose baselines are drawn.", valueName: "query"))
  var query: String?

  @Option(name: .long, help: ArgumentHelp("The folder that baselines are kept in.", valueName: "folder"))
  var baselines: String

  func run() throws {
    Signals.ignoreBrokenPipes()
    let (all, problems) = try told { () throws(BaselineProblem) in try BaselineFolder(baselines).all() }
    let kept = all.filter { query == nil || $0.key.query == query }
    for problem in problems { Reports.remark(problem.message) }
    if kept.isEmpty, problems.isEmpty {
      Reports.remark("no baseline\(query.map { " of '\($0)'" } ?? "") is kept in '\(baselines)'")
    }
    for baseline in kept {
      Terminal.print(BaselineText.line(baseline))
      guard query != nil else { continue }
      for series in baseline.series {
        var picture = SeriesPicture()
        for point in series.points where point.value.isFinite {
          picture.take(point.time.secondsSinceEpoch, point.value, PointJudgement(score: nil), isBreached: false)
        }
        let title = series.labels.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        Terminal.printWhole(
          picture.text(title: visible(title.isEmpty ? baseline.key.query : title), width: Terminal.width))
      }
    }
    if !problems.isEmpty { throw ExitCode(Ending.incomplete) }
    throw ExitCode(query != nil && kept.isEmpty ? Ending.found : Ending.done)
  }
}

struct BaselineForgetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget", abstract: "Remove the baselines of a query.",
    discussion: """
        tocsin baseline forget rate --baselines baselines
      """)

  @Argument(help: ArgumentHelp("The query whose baselines are removed.", valueName: "query"))
  var query: String

  @Option(name: .long, help: ArgumentHelp("The folder that baselines are kept in.", valueName: "folder"))
  var baselines: String

  func run() throws {
    let count = try told { () throws(BaselineProblem) in try BaselineFolder(baselines).forget(query) }
    Reports.remark(
      count == 0
        ? "no baseline of '\(query)' is kept in '\(baselines)'"
        : "forgot \(count == 1 ? "the baseline" : "\(count) baselines") of '\(query)'")
    throw ExitCode(count == 0 ? Ending.found : Ending.done)
  }
}

/// Does what may fail of kept baselines; the failure is told, and ends the command.
private func told<Result>(_ work: () throws(BaselineProblem) -> Result) throws -> Result {
  do throws(BaselineProblem) { return try work() } catch {
    Reports.remark(error.message)
    throw ExitCode(Ending.incomplete)
  }
}

/// Baselines for people.
enum BaselineText {
  static func line(_ baseline: StoredBaseline) -> String {
    let points = baseline.series.reduce(0) { $0 + $1.points.count }
    let series = baseline.series.count == 1 ? "" : " in \(baseline.series.count) series"
    return
      "\(baseline.key.query) of \(baseline.key.source): \(points) points\(series), \(baseline.from.shortDescription) to \(baseline.to.shortDescription), query \(baseline.key.digest.prefix(19))…"
  }
}
