import RunbookPorts
import Values

/// A query for a series whose earlier points are kept: only the rest of its window is fetched.
struct LearnedHistory {
  private let query: BoundQuery
  private let window: TimeWindow
  private let baseline: StoredBaseline
  private let reference: BaselineReference

  /// - Returns: `nil` where everything must be fetched: no series, no window, nothing kept, or kept points that begin
  ///   too late or end before the window begins.
  init?(_ query: BoundQuery, binding: JSON, in store: any BaselineStore) throws(BaselineProblem) {
    guard case .series = query.shape, let window = query.window,
      let kept = try store.baseline(BaselineKey(of: query, binding: binding)), kept.baseline.from <= window.from,
      window.from < kept.baseline.to
    else { return nil }
    self.query = query
    self.window = window
    (baseline, reference) = kept
  }

  /// Fetches what is missing and puts it behind what is kept.
  func complete(by adapter: any DataAdapter) async throws(AdapterError) -> QueryResult {
    let start = min(baseline.to, window.to)
    guard let rest = TimeWindow(from: start, to: window.to) else { return try await adapter.fetch(query) }
    var parameters = query.parameters
    if parameters["from"] != nil { parameters["from"] = .timestamp(start) }
    let result = try await adapter.fetch(
      BoundQuery(
        query: query.query, source: query.source, language: query.language, body: query.body, parameters: parameters,
        window: rest, judged: query.judged, shape: query.shape, limits: query.limits))
    guard case .series(let fetched) = result.payload else { return result }
    return QueryResult(
      payload: .series(Self.joined(baseline.series, fetched, at: start, in: window)),
      completeness: result.completeness, isMonotone: result.isMonotone, extent: result.extent,
      warnings: result.warnings, statistics: result.statistics, baseline: reference)
  }

  /// Kept points up to an instant, fetched ones after it; series that only one of them knows are taken too.
  static func joined(_ kept: [Series], _ fetched: [Series], at instant: Timestamp, in window: TimeWindow) -> [Series] {
    var rest = fetched
    var joined: [Series] = []
    for series in kept {
      var points = series.points.filter { window.from <= $0.time && $0.time <= instant }
      if let place = rest.firstIndex(where: { $0.hasLabels(of: series) }) {
        points += rest.remove(at: place).points.filter { $0.time > instant }
      }
      if !points.isEmpty { joined.append(Series(labels: series.labels, points: points)) }
    }
    return joined + rest
  }
}

extension Series {
  fileprivate func hasLabels(of other: Series) -> Bool {
    labels.elementsEqual(other.labels) {
      ExactString($0.name) == ExactString($1.name) && ExactString($0.value) == ExactString($1.value)
    }
  }
}

extension BaselineKey {
  /// What a bound query measures, whatever its window.
  ///
  /// - Parameter binding: What the source is bound to.
  init(of query: BoundQuery, binding: JSON) {
    let texts: [JSON.Member] =
      switch query.body {
      case .text(let template): [.init("text", .string(template.sourceText))]
      case .map(let templates):
        templates.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value.sourceText)) }
      }
    let parameters = query.parameters.filter { $0.key != "from" && $0.key != "to" }.sorted { $0.key < $1.key }
    let unit: String = if case .series(let unit) = query.shape { unit } else { "" }
    let json = JSON.object([
      .init("source", .string(query.source)), .init("binding", binding), .init("language", .string(query.language)),
      .init("body", .object(texts)),
      .init("parameters", .object(parameters.map { JSON.Member($0.key, $0.value.json) })), .init("unit", .string(unit)),
    ])
    self.init(query: query.query, source: query.source, digest: ContentDigest.of(Array(json.compactText.utf8)))
  }
}
