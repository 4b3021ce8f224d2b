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

  /// The threshold's rule and what teaches it nothing, for a series that comes from elsewhere.
  ///
  /// - Parameter at: What stands for the instant of an alert.
  func rule(at: Timestamp, excluding known: [TimeWindow]) throws -> (Threshold.Monitored, Exclusions) {
    let checked = try Documents.checked(runbook)
    let name = try name(in: checked.runbook)
    guard case .monitored(let rule)? = checked.runbook.threshold(name)?.rule, case .series = rule.subject else {
      throw BaselineProblem("'\(name)' is no threshold of the runbook that judges a series")
    }
    let intake = try intake(for: checked.runbook, at: at)
    return (rule, Exclusions(of: rule, in: checked.runbook, intake: intake, known: known))
  }

  /// - Parameter at: What stands for the instant of an alert.
  func inquiry(at: Timestamp) throws -> SeriesInquiry {
    let (deployment, findings) = try deploymentOptions.read()
    Reports.show(findings.filter { $0.severity > .note })
    if findings.contains(where: { $0.severity == .error }) { throw Unusable("the configuration has errors") }
    let checked = try Documents.checked(runbook)
    return try SeriesInquiry(
      of: name(in: checked.runbook), in: checked.runbook, sources: BoundSources(deployment),
      intake: try intake(for: checked.runbook, at: at))
  }

  private func intake(for runbook: Runbook, at: Timestamp) throws -> Intake {
    let given = try GivenFields.pairs(field)
    do throws(FieldProblem) { return try Intake.byHand(given, for: runbook, at: at) } catch {
      throw ValidationError(error.message)
    }
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

/// Spans of the past in which something happened.
struct ExclusionOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("A span that teaches nothing. May be repeated.", valueName: "from/to"))
  var exclude: [String] = []

  func validate() throws { _ = try windows() }

  func windows() throws -> [TimeWindow] {
    try exclude.map { text in
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, let from = Timestamp(rfc3339: parts[0]), let to = Timestamp(rfc3339: parts[1]),
        let window = TimeWindow(from: from, to: to)
      else { throw ValidationError("--exclude takes two instants as from/to, and '\(visible(text))' is not that") }
      return window
    }
  }
}

extension AsyncParsableCommand {
  /// Does a command's work; what cannot be completed is told, and ends the command.
  func tellingProblems(_ work: () async throws -> Void) async throws {
    do { try await work() } catch let problem as Unusable {
      Reports.remark(problem.message)
      throw ExitCode(Ending.incomplete)
    } catch let problem as BaselineProblem {
      Reports.remark(problem.message)
      throw ExitCode(Ending.incomplete)
    }
  }
}
