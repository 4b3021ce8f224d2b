import CEL
import RunbookLanguage
import RunbookPorts
import Values

/// The evidence in a line: what the names in an expression stood for.
extension Turn {
  func evidence(for expressions: [Expression], in scope: EvaluationScope) -> String {
    var text = ""
    var seen: Set<String> = []
    for expression in expressions {
      for part in evidence(for: expression, in: scope, isUnfolding: true) {
        guard expressions.count == 1 || seen.insert(part.name).inserted else { continue }
        if !text.isEmpty { text += ", " }
        text += RecordText.cut(part.text, to: Rendering.reasonBytes)
      }
    }
    return text
  }

  /// What each name stands for, and which elements decided where macros go over them.
  private func evidence(
    for expression: Expression, in scope: EvaluationScope, isUnfolding: Bool
  ) -> [(name: String, text: String)] {
    let parts = expression.checked.references.compactMap { reference in
      evidence(for: reference, in: scope, isUnfolding: isUnfolding).map { (reference: reference, text: $0) }
    }
    // All names have been asked for by now, so explaining asks nothing anew.
    let isExplained = scope.member.map { $0.place < Rendering.explainedMembers } ?? true
    guard isExplained, expression.checked.goesOverElements, !parts.isEmpty else {
      return parts.map { ($0.reference.name, $0.text) }
    }
    let elements = ElementEvidence(expression.checked.explain(scope))
    return parts.map { ($0.reference.name, $0.text + (elements.text(about: $0.reference).map { ", \($0)" } ?? "")) }
  }

  /// - Parameter isUnfolding: Whether a definition that holds or not is told with what it rests on.
  private func evidence(for reference: Reference, in scope: EvaluationScope, isUnfolding: Bool) -> String? {
    let name = reference.name
    switch plan.names[name] {
    case .alert, .at, .now, .from, .to, nil: return nil
    // A constant with a name is no evidence.
    case .definition(let place) where plan.runbook.definitions[place].forRun?.checked.references.isEmpty == true:
      return nil
    default: break
    }
    guard case .value(let value) = scope.value(of: name) else { return "\(name) unknown" }
    switch value {
    case .record(let record) where record.type == Threshold.recordType: return Self.evidence(of: record, named: name)
    case .record(let record): return Self.fields(reference) { record[$0] }
    case .row(let row): return Self.fields(reference) { row[$0] }
    case .bool(let holds):
      let rest = isUnfolding ? restOfDefinition(name, in: scope) : []
      return "\(name) \(holds ? "yes" : "no")\(rest.isEmpty ? "" : " (\(rest.joined(separator: ", ")))")"
    default: return Self.size(of: value).map { "\(name): \($0)" } ?? "\(name) \(Rendering.text(of: value))"
    }
  }

  private func restOfDefinition(_ name: String, in scope: EvaluationScope) -> [String] {
    guard case .definition(let place) = plan.names[name],
      let expression = definition(place, about: scope.member) ?? plan.runbook.definitions[place].forRun
    else { return [] }
    return evidence(for: expression, in: scope, isUnfolding: false).map(\.text)
  }

  private static func size(of value: Value) -> String? {
    switch value {
    case .table(let table): "\(table.count) \(table.count == 1 ? "row" : "rows")"
    case .list(let values): "\(values.count) \(values.count == 1 ? "entry" : "entries")"
    case .map(let map): "\(map.count) \(map.count == 1 ? "entry" : "entries")"
    case .partial(let partial): size(of: partial.known).map { "at least \($0)" }
    default: nil
    }
  }

  /// The fields that the expression looks at.
  private static func fields(_ reference: Reference, of field: (String) -> Value?) -> String? {
    let parts = reference.paths.compactMap(\.first).map { path in
      "\(reference.name).\(path) \(field(path).map(Rendering.text) ?? "unknown")"
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// `burst.value 14.8, expected 2.2`.
  private static func evidence(of record: Record, named name: String) -> String {
    guard let value = record["value"] else {
      return "\(name).breached \(record["breached"].map(Rendering.text) ?? "unknown")"
    }
    var text = "\(name).value \(rounded(value))"
    if let expected = record["expected"] { text += ", expected \(rounded(expected))" }
    if let rank = place(record) { text += ", \(rank)" }
    if case .string(let entity)? = record["entity"] { text += ", \(Rendering.cut(entity))" }
    if case .timestamp(let from)? = record["from"] { text += ", from \(from.shortDescription)" }
    return text
  }

  /// `2nd highest of 4032`: how many stretches of the history were as far out.
  private static func place(_ record: Record) -> String? {
    guard case .int(let rank)? = record["rank"], case .int(let ranked)? = record["ranked"],
      case .bool(true)? = record["breached"], case .double(let value)? = record["value"]
    else { return nil }
    let expected: Double? = if case .double(let number)? = record["expected"] { number } else { nil }
    let direction = value < expected ?? value ? "lowest" : "highest"
    let ordinal =
      switch (rank % 10, rank % 100) {
      case (_, 11...13): "\(rank)th "
      case (1, _): rank == 1 ? "" : "\(rank)st "
      case (2, _): "\(rank)nd "
      case (3, _): "\(rank)rd "
      default: "\(rank)th "
      }
    return "\(ordinal)\(direction) of \(ranked)"
  }

  /// Three digits after the point are enough for people.
  private static func rounded(_ value: Value) -> String {
    guard case .double(let number) = value, abs(number) < 1e12 else { return value.displayText }
    return Value.double((number * 1_000).rounded() / 1_000).displayText
  }

  /// `2 to 5 of 3: one_page yes 2, campaign unknown -2, no_sessions no`.
  static func evidence(of signs: [(name: String, weight: Int, answer: SignAnswer)], atLeast limit: Int) -> String {
    let bounds = SignWeighing.bounds(of: signs.lazy.map { ($0.weight, $0.answer) })
    let sum = bounds.least == bounds.most ? "\(bounds.least)" : "\(bounds.least) to \(bounds.most)"
    let parts = signs.map { sign in
      switch sign.answer {
      case .yes: "\(sign.name) yes \(sign.weight)"
      case .no: "\(sign.name) no"
      case .unknown: "\(sign.name) unknown \(sign.weight)"
      }
    }
    return "\(sum) of \(limit) needed: \(parts.joined(separator: ", "))"
  }
}
