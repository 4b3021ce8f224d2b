import CEL
import RunbookLanguage
import RunbookPorts
import Values

/// Judges what sources answered: what it proves, and why it may prove less than it says.
extension Turn {
  func receive(_ outcome: FetchOutcome, for id: FetchID) {
    guard let place = plan.queries[id.query], case .inFlight(id, let asked) = facts.queries[place] else { return }
    switch outcome {
    case .failed(let reason):
      settle(place, .failed(.unknown("'\(id.query)' has no answer: \(reason)")))
    case .answered(let result): receive(result, for: place, asked)
    }
  }

  private func receive(_ result: QueryResult, for place: Int, _ asked: Asked) {
    let query = plan.query(place)
    var incomplete: String?
    var unusable = mismatch(result.payload, query)
    switch result.completeness {
    case .complete: break
    case .partial(let reason): unusable = unusable ?? reason
    // The rows that are there are right, whatever they were made of.
    case .truncated(let reason): incomplete = reason
    }
    if let lack = lackOfCoverage(place, asked, result.extent) {
      if result.isMonotone { incomplete = incomplete ?? lack } else { unusable = unusable ?? lack }
    }
    if let unusable {
      settle(place, .failed(.unknown("'\(query.id)' proves nothing: \(unusable)")))
      return decide(.judged(query: query.id, .unusable(unusable)))
    }
    if let incomplete { decide(.judged(query: query.id, .incomplete(incomplete))) }
    let reason = incomplete.map { RecordText.cut("'\(query.id)' is incomplete: \($0)", to: Rendering.reasonBytes) }
    switch result.payload {
    case .table(let table): settle(place, .rows(rows(table, of: place, asked, incomplete: reason)))
    case .series(let series):
      settle(
        place,
        .series(.init(series: series, window: asked.window, step: result.extent?.step, incomplete: reason)))
    }
  }

  private func lackOfCoverage(_ place: Int, _ asked: Asked, _ extent: SourceExtent?) -> String? {
    guard let window = asked.window, let policy = policy(of: place) else { return nil }
    // A window that ends too late to be waited for is not over when it is read, nor is one whose records may still be
    // on their way.
    if start.waits, window.to <= asked.at, let over = window.to.adding(policy.lag), over > asked.at {
      return
        "records of the window may arrive until \(over.shortDescription), and it was read at \(asked.at.shortDescription)"
    }
    let bound = start.isBoundedByNow ? start.now : start.waits ? asked.at : nil
    return Coverage(policy: policy, bound: bound).lack(of: window, in: extent)
  }

  /// Why an answer is not of the form that the query declares; `nil` if it is.
  private func mismatch(_ payload: QueryResult.Payload, _ query: Query) -> String? {
    switch (payload, query.shape) {
    case (.series, .series): nil
    case (.table(let table), .rows(let columns, _)):
      table.columns == columns ? nil : "the answer does not have the declared columns"
    case (.series, .rows): "the answer is a series where rows were asked for"
    case (.table, .series): "the answer has rows where a series was asked for"
    }
  }
}
