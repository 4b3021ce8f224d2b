import Investigation
import RunbookLanguage
import RunbookPorts
import Values

/// Finds out how a query can be performed, and by whom.
struct Fetching: Sendable {
  /// A query on its way.
  struct Errand: Sendable {
    let query: BoundQuery
    /// The adapter kind, `results` or `cases`.
    let performer: String
    let perform: @Sendable () async throws(AdapterError) -> QueryResult
  }

  let run: String
  let sources: BoundSources
  let joiner: any ResultJoiner
  let history: any CaseHistory
  /// Where earlier points may be kept.
  let baselines: (any BaselineStore)?

  /// - Throws: why the query cannot even be put.
  func errand(for request: FetchRequest, limits: FetchLimits) throws(AdapterError) -> Errand {
    switch request.origin {
    case .source(let id): return try errand(for: request, of: id, limits)
    case .join(let inputs):
      let query = try Self.bound(request, to: ["sql"], limits, "results")
      return Errand(query: query, performer: "results") { [joiner] () async throws(AdapterError) in
        try await joiner.join(query, inputs: inputs)
      }
    case .history:
      let query = try Self.bound(request, to: ["find"], limits, "Tocsin's own history")
      return Errand(query: query, performer: "cases") { [history, run] () async throws(AdapterError) in
        try history.answer(query, askedBy: run)
      }
    }
  }

  private func errand(
    for request: FetchRequest, of id: String, _ limits: FetchLimits
  ) throws(AdapterError) -> Errand {
    guard let entry = sources[id] else { throw .unavailable("the source '\(id)' is not bound") }
    let adapter: any DataAdapter
    do { adapter = try entry.adapter.get() } catch {
      throw .unavailable("the source '\(id)' cannot be bound: \(error.message)")
    }
    let query = try Self.bound(request, to: adapter.schema.languages, limits, "'\(id)' (\(entry.kind))")
    var learned: LearnedHistory?
    var trouble: String?
    do throws(BaselineProblem) {
      learned = try baselines.flatMap { store throws(BaselineProblem) in
        try LearnedHistory(query, binding: entry.record, in: store)
      }
    } catch {
      trouble = "the stored baseline is not used: \(error.message)"
    }
    return Errand(query: query, performer: entry.kind) { [learned, trouble] () async throws(AdapterError) in
      if let learned { return try await learned.complete(by: adapter) }
      let result = try await adapter.fetch(query)
      return trouble.map(result.warned) ?? result
    }
  }

  private static func bound(
    _ request: FetchRequest, to languages: [String], _ limits: FetchLimits, _ whom: String
  ) throws(AdapterError) -> BoundQuery {
    guard let alternative = request.alternatives.first(where: { languages.contains($0.language) }) else {
      let written = request.alternatives.map(\.language).joined(separator: ", ")
      throw .rejected(
        "\(whom) understands \(languages.joined(separator: ", ")), and the query is written in \(written)")
    }
    return request.bound(to: alternative, limits: limits)
  }
}

extension QueryResult {
  fileprivate func warned(_ warning: String) -> QueryResult {
    QueryResult(
      payload: payload, completeness: completeness, isMonotone: isMonotone, extent: extent,
      warnings: warnings + [warning], statistics: statistics, baseline: baseline)
  }
}

extension QueryBody {
  /// The query's text with the places of its parameters, which are recorded beside it.
  fileprivate var record: JSON {
    switch self {
    case .text(let template): .string(RecordText.cut(template.sourceText, to: Self.textLimitBytes))
    case .map(let parts):
      .object(
        parts.sorted { $0.key < $1.key }.map {
          .init($0.key, .string(RecordText.cut($0.value.sourceText, to: Self.textLimitBytes)))
        })
    }
  }

  /// Most bytes of a query's text in a record; the whole stands in the pinned runbook.
  private static let textLimitBytes = 4_000
}

extension Fetching.Errand {
  /// The intent to put the query.
  func entry(of request: FetchRequest, attempt: Int) -> JournalEntry {
    request.journalEntry(
      .init(performer: performer, language: query.language, attempt: attempt, text: query.body.record))
  }
}
