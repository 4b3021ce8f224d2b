import Diagnostics
import RunbookLanguage
import RunbookPorts
import Values

/// Whether the queries of a runbook can be performed by the sources that a deployment binds.
struct QueryCheck {
  let runbook: Runbook
  /// `nil`: only queries that need no source can be looked at.
  let deployment: Deployment?
  let sources: BoundSources
  let validators: [any QueryValidator]

  var findings: [Diagnostic] { runbook.queries.flatMap(findings(on:)) }

  /// The texts that are held against the tables of a source, which then has the last word on them.
  var textsHeld: [SourceLocation] {
    guard deployment != nil else { return [] }
    return runbook.queries.flatMap { query -> [SourceLocation] in
      guard case .source(let source) = query.origin, sources.schema(of: source) != nil else { return [] }
      return query.alternatives.compactMap(\.text?.location)
    }
  }

  private func findings(on query: Query) -> [Diagnostic] {
    switch query.origin {
    case .cases: []
    case .source(let source): findings(on: query, of: source)
    case .results(let inputs): joinFindings(query, inputs)
    }
  }

  private func findings(on query: Query, of source: String) -> [Diagnostic] {
    guard let deployment else { return [] }
    guard let binding = deployment.binding(of: source) else {
      let blind = runbook.sources.first { $0.id == source }?.blind
      return [.unboundSource(source, blind: blind, bound: deployment.bindings.map(\.id), at: place(of: query))]
    }
    guard let schema = sources.schema(of: source) else { return [] }
    guard let alternative = query.alternatives.first(where: { schema.languages.contains($0.language) }) else {
      return [
        .languageNotUnderstood(
          query.id, written: query.alternatives.map(\.language), source: source, adapter: binding.kind.name,
          understood: schema.languages, at: place(of: query))
      ]
    }
    let tables = schema.tables.map { table in
      QueriedTable(name: table.sqlName(in: source), columns: table.columns.map { Column($0.name, $0.type) })
    }
    var findings = findings(on: alternative, of: query, tables)
    if !schema.hasTimes, !binding.isSilenceNormal, query.asksAboutWindow {
      findings.append(.sourceWithoutTimes(source, query: query.id, binding: binding.id, at: place(of: query)))
    }
    return findings
  }

  private func joinFindings(_ query: Query, _ inputs: [String]) -> [Diagnostic] {
    guard let alternative = query.alternatives.first(where: { $0.language == "sql" }) else { return [] }
    let tables = inputs.compactMap { id in
      runbook.query(id).map { QueriedTable(name: id, columns: $0.columns) }
    }
    return findings(on: alternative, of: query, tables)
  }

  private func findings(
    on alternative: Query.Alternative, of query: Query, _ tables: [QueriedTable]
  ) -> [Diagnostic] {
    guard let validator = validators.first(where: { $0.language == alternative.language }),
      case .text(let template) = alternative.body
    else { return [] }
    do throws(QueryProblem) {
      let answered = try validator.columns(of: template, tables: tables.map { ($0.name, $0.columns.map(\.name)) })
      return compare(query.columns.map(\.name), with: answered, of: query, at: alternative.text?.location)
        + (alternative.text.map { text in
          let check = ComparisonCheck(tables: tables, parameters: query.parameters)
          return check.findings(on: text) + check.findings(on: text, answering: query.columns)
        } ?? [])
    } catch {
      return [problem(error, with: alternative, of: query, tables)]
    }
  }

  /// A table or a column that is not there is told at its place, with the one that may be meant.
  private func problem(
    _ problem: QueryProblem, with alternative: Query.Alternative, of query: Query, _ tables: [QueriedTable]
  ) -> Diagnostic {
    guard let unknown = problem.unknown else {
      return .queryProblem(query.id, problem.message, at: alternative.place(of: problem))
    }
    let written = unknown.name.split(separator: ".").last.map(String.init) ?? unknown.name
    let known: [String]
    switch unknown.kind {
    case .table: known = tables.map(\.name)
    case .column:
      let qualifier = unknown.name.split(separator: ".").dropLast().last.map(String.init)
      let meant = tables.filter { $0.name == qualifier }
      known = (meant.isEmpty ? tables : meant).flatMap { $0.columns.map(\.name) }
    }
    let place = alternative.text.flatMap { SQLConditions.place(of: unknown.name, in: $0) }
    return .unknownInQuery(
      query.id, problem.message, unknown.kind, written: written, in: unknown.name, known: known,
      at: place ?? alternative.place(of: problem))
  }

  private func compare(
    _ declared: [String], with answered: [String], of query: Query, at location: SourceLocation?
  ) -> [Diagnostic] {
    guard !declared.isEmpty else { return [] }
    let missing = declared.filter { !answered.contains($0) }
    let excess = answered.filter { !declared.contains($0) }
    return missing.map { .missingColumn($0, of: query.id, answered: answered, at: location) }
      + excess.map { .undeclaredColumn($0, of: query.id, declared: declared, at: location) }
  }

  private func place(of query: Query) -> SourceLocation? {
    query.alternatives.lazy.compactMap(\.text?.location).first
  }
}

extension Query {
  fileprivate var asksAboutWindow: Bool { if case .none = window { false } else { true } }
}

extension Query.Alternative {
  /// The word at the offset of a problem; the whole text without one.
  fileprivate func place(of problem: QueryProblem) -> SourceLocation? {
    guard let text else { return nil }
    let bytes = Array(text.text.utf8)
    guard let offset = problem.offset, offset < bytes.count else { return text.location }
    var end = offset
    while end < bytes.count, bytes[end].isWordByte { end += 1 }
    return text.location(of: offset..<max(end, offset + 1))
  }
}

extension UInt8 {
  fileprivate var isWordByte: Bool {
    (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self) || self == 95 || self >= 0x80
  }
}
