import Investigation
import RunbookLanguage
import RunbookPorts
import Values

/// The answers that a recording has, for requests that another runbook or other thresholds make.
struct RecordedFetches {
  private let answers: [FetchID: (request: FetchRequest, outcome: FetchOutcome)]

  init(_ recording: RunRecording, requests: [FetchRequest]) {
    var outcomes: [FetchID: FetchOutcome] = [:]
    for step in recording.steps {
      if case .event(.fetched(let id, let outcome)) = step.content { outcomes[id] = outcome }
    }
    var answers: [FetchID: (request: FetchRequest, outcome: FetchOutcome)] = [:]
    for request in requests {
      if let outcome = outcomes[request.id] { answers[request.id] = (request, outcome) }
    }
    self.answers = answers
  }

  /// What the recording says to a request.
  ///
  /// - Returns: `nil` if it does not have it. Of a query that was asked about more of a kind, those rows that belong to
  ///   the ones asked about now; if it was asked about fewer, an answer that is truncated.
  func outcome(of request: FetchRequest, each: String?) -> FetchOutcome? {
    guard let (recorded, outcome) = answers[request.id], recorded.asksTheSame(as: request) else { return nil }
    let changed = Set(recorded.parameters.keys).union(request.parameters.keys).filter { name in
      recorded.parameters[name]?.json.canonicalBytes != request.parameters[name]?.json.canonicalBytes
    }
    if changed.isEmpty { return outcome.limited(to: request.rowLimit) }
    guard let each, changed == [each], case .list(let before)? = recorded.parameters[each],
      case .list(let now)? = request.parameters[each], case .answered(let answer) = outcome,
      case .table(let table) = answer.payload, let column = table.index(ofColumn: each)
    else { return nil }
    let known = Set(before.map { ExactString($0.displayText) })
    let wanted = Set(now.map { ExactString($0.displayText) })
    let rows = (0..<table.count).filter { wanted.contains(ExactString(table[column, $0].displayText)) }
    let missing = wanted.subtracting(known).count
    let reason = "the recording says nothing of \(missing) of \(wanted.count)"
    return FetchOutcome.answered(
      QueryResult(
        payload: .table(table.selecting(rows)),
        completeness: missing > 0 && answer.completeness == .complete ? .truncated(reason) : answer.completeness,
        isMonotone: answer.isMonotone, extent: answer.extent, warnings: answer.warnings, statistics: answer.statistics)
    ).limited(to: request.rowLimit)
  }
}

extension FetchOutcome {
  /// The answer as a source gives it that is asked for no more rows.
  fileprivate func limited(to limit: Int) -> FetchOutcome {
    guard case .answered(let answer) = self, case .table(let table) = answer.payload, table.count > limit else {
      return self
    }
    let completeness: Completeness =
      if case .complete = answer.completeness { .truncated("cut at \(limit) rows") } else { answer.completeness }
    return .answered(
      QueryResult(
        payload: .table(table.selecting(Array(0..<limit))), completeness: completeness, isMonotone: answer.isMonotone,
        extent: answer.extent, warnings: answer.warnings, statistics: answer.statistics))
  }
}

extension FetchRequest {
  /// Whether both are the same query, whatever its parameters and limits.
  fileprivate func asksTheSame(as other: FetchRequest) -> Bool {
    guard shape == other.shape, alternatives.count == other.alternatives.count,
      zip(alternatives, other.alternatives).allSatisfy({ $0.language == $1.language && $0.body == $1.body })
    else { return false }
    switch (origin, other.origin) {
    case (.source(let one), .source(let two)): return one == two
    case (.history, .history): return true
    case (.join(let one), .join(let two)):
      return one.count == two.count
        && zip(one, two).allSatisfy {
          $0.name == $1.name && $0.table.json.canonicalBytes == $1.table.json.canonicalBytes
        }
    default: return false
    }
  }
}
