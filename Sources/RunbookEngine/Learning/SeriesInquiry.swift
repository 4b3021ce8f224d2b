import CEL
import Investigation
package import RunbookLanguage
package import RunbookPorts
package import Values

/// A threshold over a series, ready to be asked outside of a run: what `baseline learn` and `backtest` rest on.
package struct SeriesInquiry: Sendable {
  package let threshold: String
  package let rule: Threshold.Monitored
  private let query: Query
  private let parameters: [String: Value]
  private let adapter: any DataAdapter
  private let entry: BoundSources.Entry
  private let language: Query.Alternative
  private let source: String
  private let runbook: Runbook
  private let intake: Intake

  /// Most points of all series together.
  private static let pointLimit = 2_000_000
  private static let time = Duration.seconds(600)

  /// - Parameter intake: The runbook's fields, on which the query's parameters may rest; on other answers they may not.
  package init(
    of threshold: String, in runbook: Runbook, sources: BoundSources, intake: Intake
  ) throws(BaselineProblem) {
    guard let declared = runbook.threshold(threshold) else {
      let known = runbook.thresholds.map(\.id).joined(separator: ", ")
      throw BaselineProblem("the runbook has no threshold '\(threshold)'; it has \(known.isEmpty ? "none" : known)")
    }
    guard case .monitored(let rule) = declared.rule, case .series(let id) = rule.subject,
      let query = runbook.queries.first(where: { $0.id == id })
    else { throw BaselineProblem("the threshold '\(threshold)' judges no series") }
    guard case .source(let source) = query.origin, let entry = sources[source] else {
      throw BaselineProblem(
        sources.entries.isEmpty
          ? "no configuration says where '\(query.id)' is asked: name one with --config"
          : "the configuration does not bind the source of '\(query.id)'")
    }
    guard case .success(let adapter) = entry.adapter else {
      throw BaselineProblem("the source '\(source)' cannot be bound")
    }
    guard let language = query.alternatives.first(where: { adapter.schema.languages.contains($0.language) }) else {
      throw BaselineProblem("'\(source)' does not understand the query '\(query.id)'")
    }
    let fields = FieldBindings(intake: intake, runbook: runbook)
    var parameters: [String: Value] = [:]
    for (path, expression) in query.parameters {
      switch expression.checked.evaluate(fields) {
      case .value(let value): parameters[path] = value
      case .failure(let failure):
        throw BaselineProblem("the parameter '\(path)' of '\(query.id)' is unknown here: \(failure.reason)")
      }
    }
    self.threshold = threshold
    self.rule = rule
    self.query = query
    self.parameters = parameters
    self.adapter = adapter
    self.entry = entry
    self.language = language
    self.source = source
    self.runbook = runbook
    self.intake = intake
  }

  /// What teaches the threshold nothing.
  ///
  /// - Parameter known: Spans besides those that the threshold names.
  package func exclusions(and known: [TimeWindow]) -> Exclusions {
    Exclusions(of: rule, in: runbook, intake: intake, known: known)
  }

  private func bound(_ window: TimeWindow) -> BoundQuery {
    var parameters = parameters
    parameters["from"] = .timestamp(window.from)
    parameters["to"] = .timestamp(window.to)
    return BoundQuery(
      query: query.id, source: source, language: language.language, body: language.body, parameters: parameters,
      window: window, shape: query.shape, limits: FetchLimits(rows: Self.pointLimit, time: Self.time))
  }

  /// How far back the threshold learns.
  package var history: Duration {
    if case .normal(let normal) = rule.judgement { normal.history } else { rule.modifiers.cooldown ?? .zero }
  }

  /// How far before an alert a run asks for points: the history, and the window before it.
  package var reach: Duration {
    let window: WindowRule =
      switch query.window {
      case .custom(let own): own
      case .standard, .none, .named: runbook.window
      }
    // Where the window begins may be for the run to find out.
    guard case .offset(let start) = window.from, window.around == nil else { return history + Self.computedReach }
    return history + max(.zero, .zero - start)
  }

  private static let computedReach = Duration.seconds(86_400)

  package func key(_ window: TimeWindow) -> BaselineKey { BaselineKey(of: bound(window), binding: entry.record) }

  package func fetch(_ window: TimeWindow) async throws(BaselineProblem) -> [Series] {
    try await measured(window).series
  }

  /// What was measured in a window, and up to where the source has written.
  private func measured(
    _ window: TimeWindow
  ) async throws(BaselineProblem) -> (series: [Series], end: Timestamp) {
    let result: QueryResult
    do throws(AdapterError) { result = try await adapter.fetch(bound(window)) } catch {
      throw BaselineProblem("'\(query.id)' has no answer: \(error.message)")
    }
    switch result.completeness {
    case .complete: break
    case .truncated(let reason), .partial(let reason):
      throw BaselineProblem("'\(query.id)' proves nothing: \(reason)")
    }
    guard case .series(let series) = result.payload else { throw BaselineProblem("'\(query.id)' is no series") }
    guard let extent = result.extent, !entry.policy.isSilenceNormal else { return (series, window.to) }
    return (series, min(extent.last ?? window.from, window.to))
  }

  /// Fetches what is not kept yet and keeps it. What is older than the window is dropped, and what lies in `excluded`. What
  /// the source has not written yet is not taken for nothing: the baseline ends where the source does.
  ///
  /// - Returns: What is kept now, and its name in the trail.
  package func learn(
    _ window: TimeWindow, excluding excluded: [TimeWindow], in store: any BaselineStore
  ) async throws(BaselineProblem) -> (baseline: StoredBaseline, reference: BaselineReference) {
    var (series, end): ([Series], Timestamp)
    if let kept = try store.baseline(key(window))?.baseline, kept.from <= window.from, window.from < kept.to,
      let rest = TimeWindow(from: min(kept.to, window.to), to: window.to)
    {
      let fetched = try await measured(rest)
      series = LearnedHistory.joined(kept.series, fetched.series, at: rest.from, in: window)
      end = max(fetched.end, rest.from)
    } else {
      (series, end) = try await measured(window)
    }
    guard window.from < end, series.contains(where: { !$0.points.isEmpty }) else {
      throw BaselineProblem(
        "nothing was measured of '\(query.id)' from \(window.from.shortDescription) to \(window.to.shortDescription): "
          + "there is nothing to learn")
    }
    series = series.map { series in
      Series(
        labels: series.labels,
        points: series.points.filter { point in
          !excluded.contains { $0.from <= point.time && point.time <= $0.to }
        })
    }
    let baseline = StoredBaseline(key: key(window), from: window.from, to: end, series: series)
    return (baseline, try store.keep(baseline))
  }
}
