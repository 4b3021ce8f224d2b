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
      let window = try span.window(length: inquiry.history)
      let (baseline, reference) = try await inquiry.learn(
        window, excluding: try exclusion.windows(), in: BaselineFolder(baselines))
      Terminal.print(BaselineText.line(baseline))
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
    let kept = try BaselineText.all(in: baselines).filter { query == nil || $0.key.query == query }
    if let query, kept.isEmpty { Reports.remark("no baseline of '\(query)' is kept in '\(baselines)'") }
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
    let kept = try BaselineText.all(in: baselines).filter { $0.key.query == query }
    do throws(BaselineProblem) {
      for baseline in kept where try BaselineFolder(baselines).forget(baseline.key) {
        Reports.remark("forgot \(BaselineText.line(baseline))")
      }
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    if kept.isEmpty { Reports.remark("no baseline of '\(query)' is kept in '\(baselines)'") }
    throw ExitCode(kept.isEmpty ? Ending.found : Ending.done)
  }
}

/// Baselines for people.
enum BaselineText {
  static func all(in folder: String) throws -> [StoredBaseline] {
    do throws(BaselineProblem) { return try BaselineFolder(folder).all() } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
  }

  static func line(_ baseline: StoredBaseline) -> String {
    let points = baseline.series.reduce(0) { $0 + $1.points.count }
    let series = baseline.series.count == 1 ? "" : " in \(baseline.series.count) series"
    return
      "\(baseline.key.query) of \(baseline.key.source): \(points) points\(series), \(baseline.from.shortDescription) to \(baseline.to.shortDescription), query \(baseline.key.digest.prefix(19))…"
  }
}
