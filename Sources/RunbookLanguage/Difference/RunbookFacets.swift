import CEL
import RunbookPorts
import Values

// What each declaration of a runbook says, property by property. The rule behind the steps (design, "Versions"): wording
// is a patch; a threshold, a query or a new question is minor; a question or verdict that is gone, a changed column of an
// export, a changed contact is major.

extension Runbook {
  /// Everything that is compared, in the order in which a runbook is read.
  var declarations: [FacetedDeclaration] {
    [head] + questions.map(\.faceted) + verdicts.map(\.faceted) + entities.map(\.faceted)
      + thresholds.map(\.faceted) + definitions.map(\.faceted)
      + queries.map { $0.faceted(isExported: isExported($0)) } + lists.map(\.faceted) + sources.map(\.faceted)
      + contacts.map(\.faceted) + escalations.map(\.faceted) + exports.map(\.faceted)
  }

  private func isExported(_ query: Query) -> Bool {
    exports.contains { $0.data == .query(query.id) }
  }

  private var head: FacetedDeclaration {
    let fields = alert.fields.map {
      Facet(
        "field \($0.id)", "\($0.type) \($0.expression.compared)", shown: "\($0.type) \($0.expression.shown)", .major)
    }
    let rest = [
      Facet("title", title, .patch), Facet("about", about, .patch), Facet("owner", owner, .patch),
      Facet("review_by", reviewBy?.value.description, .patch),
      Facet("status", status.rawValue, .minor), Facet("when", alert.when?.compared, shown: alert.when?.shown, .minor),
      Facet("at", alert.at?.compared, shown: alert.at?.shown, .minor), Facet("case", alert.caseKey?.source, .minor),
      Facet("window", window.compared, .minor),
      Facet("limits", "\(limits.time.shorthand) \(limits.queries) \(limits.people)", .minor),
    ]
    return FacetedDeclaration(
      kind: "runbook", id: id, added: .major, removed: .major, facets: rest.compactMap { $0 } + fields)
  }
}

extension Expression {
  /// The same for two expressions that are only written differently.
  var compared: String { ExpressionForm.of(source, keepsNames: false) ?? Layout.without(source) }
  var shown: String { Layout.squeezed(source) }
}

extension WindowRule {
  var compared: String {
    func text(_ bound: Bound) -> String {
      switch bound {
      case .offset(let offset): offset.shorthand
      case .instant(let expression): expression.compared
      }
    }
    return "\(text(from))..\(text(to))\(around.map { " around \($0.compared)" } ?? "")"
  }
}

extension Question {
  fileprivate var faceted: FacetedDeclaration {
    let ways = (labels + ["unknown"]).map { label in
      let targets = label == "unknown" ? nextIfUnknown : next[label] ?? []
      return Facet("then \(label)", targets.map(\.compared).joined(separator: ", "), .minor)
    }
    let facets = [
      Facet("ask", ask.source, .patch), Facet("why", why, .patch), Facet("finding", finding?.source, .patch),
      Facet("shows", shows.isEmpty ? nil : shows.joined(separator: ", "), .patch),
      Facet("each", each, .minor), Facet("answer", answer?.text(\.compared), shown: answer?.text(\.shown), .minor),
      Facet("weigh", weighing?.compared, .minor), Facet("optional", isOptional ? "true" : nil, .minor),
      Facet("person", person?.compared, .major), Facet("person within", person?.within.shorthand, .minor),
    ]
    return FacetedDeclaration(
      kind: "question", id: id, added: .minor, removed: .major, facets: facets.compactMap { $0 } + ways)
  }
}

extension Question.Answer {
  fileprivate func text(_ form: (Expression) -> String) -> String {
    switch self {
    case .condition(let condition): form(condition)
    case .choices(let choices): choices.map { "\($0.label): \(form($0.condition))" }.joined(separator: "; ")
    }
  }
}

extension Weighing {
  fileprivate var compared: String {
    signs.map { "\($0.question) \($0.weight)" }.joined(separator: ", ") + " at least \(atLeast)"
  }
}

extension Target {
  fileprivate var compared: String {
    switch self {
    case .question(let id), .verdict(let id): id
    }
  }
}

extension Person {
  fileprivate var compared: String {
    switch who {
    case .contact(let id): id
    case .expression(let expression): expression.compared
    }
  }
}

extension Verdict {
  fileprivate var faceted: FacetedDeclaration {
    let facets = [
      Facet("severity", severity.compared, .minor), Facet("means", means?.source, .patch),
      Facet("advise", advice.isEmpty ? nil : advice.map(\.source).joined(separator: "; "), .patch),
      Facet("escalate", escalation, .major),
      Facet("export", exports.isEmpty ? nil : exports.joined(separator: ", "), .major),
      Facet("hand_over", handOver?.compared, .major),
    ]
    return FacetedDeclaration(
      kind: "verdict", id: id, added: .minor, removed: .major, facets: facets.compactMap { $0 })
  }
}

extension SeverityRule {
  var compared: String {
    switch self {
    case .fixed(let severity): severity.rawValue
    case .cases(let cases):
      cases.map { "\($0.severity.rawValue): \($0.condition.compared)" }.joined(separator: "; ")
    }
  }
}

extension Verdict.HandOver {
  fileprivate var compared: String {
    "\(runbook) " + fields.map { "\($0.id): \($0.expression.compared)" }.joined(separator: "; ")
  }
}

extension Entity {
  fileprivate var faceted: FacetedDeclaration {
    FacetedDeclaration(
      kind: "entity", id: id, added: .minor, removed: .major,
      facets: [Facet("from", from.compared, shown: from.shown, .minor), Facet("at_most", String(atMost), .minor)])
  }
}

extension Definition {
  fileprivate var faceted: FacetedDeclaration {
    let expression = forRun ?? forEntities.sorted { $0.key < $1.key }.first?.value
    return FacetedDeclaration(
      kind: "definition", id: id, added: .minor, removed: .minor,
      facets: [Facet("is", expression?.compared, shown: expression?.shown, .minor)].compactMap { $0 })
  }
}

extension Query {
  /// - Parameter isExported: An export writes its rows, so that others rely on its columns.
  fileprivate func faceted(isExported: Bool) -> FacetedDeclaration {
    var facets = [
      Facet("from", origin.compared, .minor), Facet("each", each, .minor), Facet("window", window.compared, .minor),
      Facet("at_most", String(atMost), .minor), Facet("fresh", fresh.shorthand, .minor),
      Facet("result", shape.compared, isExported ? .major : .minor),
    ].compactMap { $0 }
    facets += alternatives.map {
      Facet($0.language, $0.body.compared(in: $0.language), shown: $0.body.shown, .minor)
    }
    return FacetedDeclaration(kind: "query", id: id, added: .minor, removed: .minor, facets: facets)
  }
}

extension Query.Origin {
  fileprivate var compared: String {
    switch self {
    case .source(let id): id
    case .cases: "cases"
    case .results(let ids): ids.joined(separator: ", ")
    }
  }
}

extension Query.Window {
  fileprivate var compared: String {
    switch self {
    case .standard: "the runbook's"
    case .none: "none"
    case .named(let id): id
    case .custom(let rule): rule.compared
    }
  }
}

extension ResultShape {
  fileprivate var compared: String {
    switch self {
    case .rows(let columns, let isSingle):
      (isSingle ? "row " : "rows ") + columns.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
    case .series(let unit): "series \(unit)"
    }
  }
}

extension QueryBody {
  fileprivate var shown: String? {
    if case .text(let template) = self { Layout.squeezed(template.sourceText) } else { nil }
  }

  fileprivate func compared(in language: String) -> String {
    switch self {
    case .text(let template):
      language == "sql" ? Layout.ofSQL(template.sourceText) : Layout.without(template.sourceText)
    case .map(let parts):
      parts.sorted { $0.key < $1.key }.map { "\($0.key): \(Layout.without($0.value.sourceText))" }
        .joined(separator: "; ")
    }
  }
}

extension NamedList {
  private var hours: String? { if case .calendar(let calendar) = value { calendar.calendar.name } else { nil } }

  /// The elements of a file are its own matter: they change without the runbook.
  fileprivate var faceted: FacetedDeclaration {
    FacetedDeclaration(
      kind: "list", id: id, added: .minor, removed: .minor,
      facets: [
        Facet("of", "\(type)", .minor), Facet("file", path, .minor), Facet("key", key, .minor),
        Facet("values", path == nil ? value.displayText : nil, .minor), Facet("hours", hours, .minor),
      ].compactMap { $0 })
  }
}

extension Source {
  fileprivate var faceted: FacetedDeclaration {
    FacetedDeclaration(
      kind: "source", id: id, added: .minor, removed: .minor,
      facets: [Facet("about", about, .patch), Facet("blind", blind, .patch)].compactMap { $0 })
  }
}

extension Contact {
  fileprivate var faceted: FacetedDeclaration {
    let addresses = addresses.map { Facet($0.channel, $0.address, .major) }
    return FacetedDeclaration(
      kind: "contact", id: id, added: .minor, removed: .major,
      facets: [Facet("name", name, .patch)].compactMap { $0 } + addresses)
  }
}

extension Escalation {
  fileprivate var faceted: FacetedDeclaration {
    let text = steps.map { step in
      step.notify.joined(separator: ", ") + (step.acknowledgeWithin.map { " within \($0.shorthand)" } ?? "")
    }.joined(separator: "; ")
    return FacetedDeclaration(
      kind: "escalation", id: id, added: .minor, removed: .major, facets: [Facet("steps", text, .major)])
  }
}

extension Export {
  fileprivate var faceted: FacetedDeclaration {
    let what =
      switch data {
      case .query(let id), .entity(let id): id
      }
    let facets = [
      Facet("data", what, .major), Facet("format", format, .major), Facet("script", script.map(\.compared), .minor),
    ]
    return FacetedDeclaration(
      kind: "export", id: id, added: .minor, removed: .major, facets: facets.compactMap { $0 })
  }
}

extension Export.Script {
  fileprivate var compared: String { "\(path) \(digest?.value ?? "") \(timeLimit.shorthand)" }
}
