import RunbookPorts
import Values

/// A recorded answer of Prometheus, standing for the server.
struct RecordedSeriesKind: AdapterKind {
  let name = "prometheus-recording"
  let about = "a recorded answer of Prometheus's query_range, which stands for the answer to any PromQL"
  let options = [AdapterOption("path", .path, required: true, "the file that holds the answer")]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    RecordedSeriesAdapter(files: FileSet(patterns: options.texts("path"), folder: options.folder))
  }
}

struct RecordedSeriesAdapter: DataAdapter {
  let schema = SourceSchema(languages: ["promql"])
  let files: FileSet

  func fetch(_ query: BoundQuery) async throws(AdapterError) -> QueryResult {
    guard query.language == "promql" else { throw .rejected("this source is asked in PromQL") }
    guard case .series = query.shape else {
      throw .rejected("a recorded answer of Prometheus gives a series, not rows")
    }
    let recorded = try read()
    let all = recorded.flatMap(\.series)
    let times = all.flatMap { $0.points.map(\.time) }
    var left = query.limits.rows
    let cut = all.map { series in
      let points = series.points.filter { query.window?.contains($0.time) ?? true }
      let kept = points.prefix(left)
      left -= kept.count
      return (series: Series(labels: series.labels, points: Array(kept)), isWhole: kept.count == points.count)
    }
    let step = recorded.compactMap(\.step).min()
    let warnings = recorded.flatMap(\.warnings)
    var statistics = FetchStatistics()
    statistics.recordsRead = times.count
    let limit = cut.allSatisfy(\.isWhole) ? nil : "cut at \(query.limits.rows) points"
    return QueryResult(
      payload: .series(cut.map(\.series).filter { !$0.points.isEmpty }),
      completeness: LogAdapter.completeness(cut: limit, gaps: warnings),
      extent: SourceExtent(
        first: times.min(), last: times.max(), resolution: step ?? .seconds(1), step: step,
        silence: query.judged?.longestSilence(among: times)),
      statistics: statistics)
  }

  private func read() throws(AdapterError) -> [RecordedSeries] {
    do throws(FileProblem) {
      let snapshot = try files.snapshot()
      if let gap = snapshot.gaps.first ?? snapshot.files.compactMap(\.gap).first {
        throw FileProblem(path: "", reason: gap)
      }
      var recorded: [RecordedSeries] = []
      for file in snapshot.files {
        let bytes = try file.contents(limit: files.limits.documentBytes)
        do { recorded.append(try RecordedSeries(bytes)) } catch {
          throw FileProblem(path: file.path, reason: error.message)
        }
      }
      return recorded
    } catch {
      throw error.adapterError(after: .zero)
    }
  }
}

extension TimeWindow {
  func contains(_ instant: Timestamp) -> Bool { instant >= from && instant <= to }

  /// The longest span of the window without an instant in it, the earliest of several.
  fileprivate func longestSilence(among instants: [Timestamp]) -> TimeWindow? {
    let ends = [from] + instants.filter(contains).sorted() + [to]
    return zip(ends, ends.dropFirst()).lazy.compactMap { TimeWindow(from: $0, to: $1) }
      .reduce(nil) { longest, next in
        guard let longest, next.to.since(next.from) <= longest.to.since(longest.from) else { return next }
        return longest
      }
  }
}
