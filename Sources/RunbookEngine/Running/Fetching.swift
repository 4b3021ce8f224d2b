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
    return Errand(query: query, performer: entry.kind) { () async throws(AdapterError) in try await adapter.fetch(query)
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

extension BoundQuery {
  /// The intent to put the query.
  func askingEntry(_ id: FetchID, performer: String, attempt: Int) -> JournalEntry {
    let parameters = parameters.sorted { ExactString($0.key) < ExactString($1.key) }
    return JournalEntry(
      "query.asked",
      .object(
        id.members + [
          .init("source", .string(source)), .init("performer", .string(performer)),
          .init("language", .string(language)), .init("text", body.json),
          .init("parameters", .object(parameters.map { .init($0.key, $0.value.json) })),
          .init("row_limit", .integer(Int64(limits.rows))), .init("attempt", .integer(Int64(attempt))),
        ]))
  }
}

extension QueryBody {
  fileprivate var json: JSON {
    switch self {
    case .text(let template): .string(template.sourceText)
    case .map(let templates):
      .object(templates.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value.sourceText)) })
    }
  }
}
