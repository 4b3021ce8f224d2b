import ArgumentParser
import Diagnostics
import Investigation
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Values

/// A threshold of a runbook, and what its query is asked of.
struct ThresholdOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The runbook.", valueName: "runbook"))
  var runbook: String

  @Argument(
    help: ArgumentHelp(
      "The threshold; not needed where the runbook has one alone over a series.", valueName: "threshold"))
  var threshold: String?

  @OptionGroup var deploymentOptions: DeploymentOptions

  @Option(
    name: .long, help: ArgumentHelp("A field of the runbook and its value. May be repeated.", valueName: "name=value"))
  var field: [String] = []

  func validate() throws { _ = try GivenFields.pairs(field) }

  /// The threshold's rule alone, for a series that comes from elsewhere.
  func rule() throws -> Threshold.Monitored {
    let checked = try Documents.checked(runbook)
    let name = try name(in: checked.runbook)
    guard case .monitored(let rule)? = checked.runbook.threshold(name)?.rule, case .series = rule.subject else {
      throw BaselineProblem("'\(name)' is no threshold of the runbook that judges a series")
    }
    return rule
  }

  /// - Parameter at: What stands for the instant of an alert.
  func inquiry(at: Timestamp) throws -> SeriesInquiry {
    let (deployment, findings) = try deploymentOptions.read()
    Reports.show(findings.filter { $0.severity > .note })
    if findings.contains(where: { $0.severity == .error }) { throw Unusable("the configuration has errors") }
    let checked = try Documents.checked(runbook)
    let given = try GivenFields.pairs(field)
    let intake: Intake
    do throws(FieldProblem) { intake = try Intake.byHand(given, for: checked.runbook, at: at) } catch {
      throw ValidationError(error.message)
    }
    return try SeriesInquiry(
      of: name(in: checked.runbook), in: checked.runbook, sources: BoundSources(deployment), intake: intake)
  }

  private func name(in runbook: Runbook) throws(BaselineProblem) -> String {
    if let threshold { return threshold }
    let series = runbook.thresholds.filter { threshold in
      if case .monitored(let rule) = threshold.rule, case .series = rule.subject { true } else { false }
    }
    guard let only = series.first, series.count == 1 else {
      throw BaselineProblem(
        series.isEmpty
          ? "the runbook has no threshold over a series"
          : "which threshold? the runbook has \(quotedList(series.map(\.id)))")
    }
    return only.id
  }
}

/// A span of the past.
struct SpanOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The beginning of the span.", valueName: "time"))
  var from: String?

  @Option(name: .long, help: ArgumentHelp("The end of the span; now, unless it is given.", valueName: "time"))
  var to: String?

  func validate() throws {
    _ = try Instants.instant(from, "--from")
    _ = try Instants.instant(to, "--to")
  }

  /// - Parameter length: Of the span where its beginning is not given.
  func window(length: Duration) throws -> TimeWindow {
    let end = try end()
    let start = try Instants.instant(from, "--from") ?? end.adding(.zero - length) ?? end
    guard start < end, let window = TimeWindow(from: start, to: end) else {
      throw ValidationError("--from must be before --to")
    }
    return window
  }

  func end() throws -> Timestamp { try Instants.instant(to, "--to") ?? LiveClock().now() }
}
