import Diagnostics
import RunbookPorts
import Values

/// Queries, exports and escalations.
extension RunbookAssembler {
  func assembleQuery(_ query: DraftQuery) -> Query? {
    let id = query.id.value
    guard let origin = query.origin.flatMap({ assembleOrigin($0, of: query) }), let shape = query.shape?.value else {
      return nil
    }
    var parameters: [(path: String, expression: Expression)] = []
    let alternatives = query.alternatives.map { language, body in
      switch body {
      case .text(let text):
        return Query.Alternative(
          language: language.value, body: .text(templates.query(text, parameters: &parameters)), text: text)
      case .map(let entries):
        let templates = entries.map { ($0.key.value, self.templates.query($0.text, parameters: &parameters)) }
        return Query.Alternative(
          language: language.value, body: .map(Dictionary(templates) { first, _ in first }), text: nil)
      }
    }
    let window = assembleWindow(of: query, origin: origin)
    checkBounds(query, window)
    checkEach(query, shape)
    if case .results = origin, !query.alternatives.contains(where: { $0.language.value == "sql" }) {
      findings.add(.joinLanguage(id, at: query.location))
    }
    return Query(
      id: id, origin: origin, alternatives: alternatives, parameters: parameters, shape: shape, window: window,
      atMost: query.atMost, each: query.each?.value, fresh: query.fresh)
  }

  private func assembleOrigin(_ origin: Placed<DraftQuery.Origin>, of query: DraftQuery) -> Query.Origin? {
    let sources = draft.sources.map(\.id.value)
    let queries = draft.queries.map(\.id.value)
    switch origin.value {
    case .named("cases"): return .cases
    case .named(let name):
      if !sources.isEmpty, !sources.contains(name) {
        findings.add(.unknownName(name, "source", known: sources, at: origin.location))
        return nil
      }
      return .source(name)
    case .results(let ids):
      for id in ids where !queries.contains(id.value) {
        let diagnostic: Diagnostic =
          sources.contains(id.value)
          ? .sourceAmongResults(id.value, at: id.location)
          : .unknownName(id.value, "query", known: queries, at: id.location)
        findings.add(diagnostic)
        return nil
      }
      for id in ids { scope.note(mentionOf: id.value) }
      return .results(ids.map(\.value))
    }
  }

  private func assembleWindow(of query: DraftQuery, origin: Query.Origin) -> Query.Window {
    switch query.window {
    case nil:
      // Results have been fetched already; there is nothing to bound.
      if case .results = origin { return .none }
      return .standard
    case .some(.none): return .none
    case .custom(let window): return assembleWindow(window).map(Query.Window.custom) ?? .standard
    case .named(let name):
      let thresholds = draft.thresholds.filter { if case .monitored = $0.rule { true } else { false } }.map(\.id.value)
      let rows = draft.queries.filter(\.hasWindowColumns).map(\.id.value)
      guard (thresholds + rows).contains(name.value) else {
        findings.add(.windowName(name.value, known: thresholds + rows, at: name.location))
        return .standard
      }
      scope.note(mentionOf: name.value)
      return .named(name.value)
    }
  }

  /// A query's text must say which span it asks about, where its language has no other way to know.
  private func checkBounds(_ query: DraftQuery, _ window: Query.Window) {
    for (language, body) in query.alternatives where Shape.languagesWithBounds.contains(language.value) {
      guard case .text(let text) = body else { continue }
      let bytes = Array(text.text.utf8)
      let holes = HoleScanner.pieces(of: text.text).compactMap { piece in
        if case .hole(let range) = piece { String(decoding: bytes[range], as: UTF8.self) } else { nil }
      }
      let missing = ["from", "to"].filter { !holes.contains($0) }
      if case .none = window {
        if missing.count < 2 { findings.add(.boundsWithoutWindow(query.id.value, at: language.location)) }
      } else if !missing.isEmpty {
        findings.add(.missingBounds(query.id.value, missing, at: language.location))
      }
    }
  }

  private func checkEach(_ query: DraftQuery, _ shape: ResultShape) {
    guard let each = query.each else { return }
    guard let entity = draft.entities.first(where: { $0.id.value == each.value }) else {
      findings.add(.unknownName(each.value, "entity", known: draft.entities.map(\.id.value), at: each.location))
      return
    }
    scope.note(mentionOf: each.value)
    guard let type = scope.entities[entity.id.value]?.type else { return }
    guard case .rows(let columns, _) = shape, columns.contains(where: { $0.name == each.value && $0.type.valueType == type })
    else {
      findings.add(.eachColumn(each.value, of: query.id.value, type: type, at: query.location))
      return
    }
  }

  // MARK: Exports and escalations

  func assembleExport(_ export: DraftExport) -> Export? {
    let format = export.format?.value ?? "csv"
    if let written = export.format, !Self.exportFormats.contains(format) {
      findings.add(.unknownFormat(format, known: Self.exportFormats, at: written.location))
    }
    if let script = export.script {
      findings.add(.notYet("'script'", instead: "the export is written and no script is run", at: script))
    }
    let name = export.data.value
    if let query = draft.queries.first(where: { $0.id.value == name }) {
      if case .series = query.shape?.value {
        findings.add(.exportOfSeries(name, at: export.data.location))
        return nil
      }
      return Export(id: export.id.value, data: .query(name), format: format)
    }
    guard draft.entities.contains(where: { $0.id.value == name }) else {
      let known = draft.queries.map(\.id.value) + draft.entities.map(\.id.value)
      findings.add(.unknownName(name, "query or entity", known: known, at: export.data.location))
      return nil
    }
    return Export(id: export.id.value, data: .entity(name), format: format)
  }

  static let exportFormats = ["csv", "jsonl"]

  func assembleEscalation(_ escalation: DraftEscalation) -> Escalation? {
    let contacts = draft.contacts.map(\.id.value)
    if escalation.steps.allSatisfy({ $0.notify.isEmpty }) {
      findings.add(.emptyEscalation(escalation.id.value, at: escalation.id.location))
    }
    for person in escalation.steps.flatMap(\.notify) where !contacts.contains(person.value) {
      findings.add(.unknownName(person.value, "contact", known: contacts, at: person.location))
    }
    if escalation.steps.count > 1 {
      findings.add(
        .notYet(
          "waiting for an acknowledgement", instead: "only the first step of '\(escalation.id.value)' is notified",
          at: escalation.id.location))
    }
    return Escalation(
      id: escalation.id.value,
      steps: escalation.steps.map { .init(notify: $0.notify.map(\.value), acknowledgeWithin: $0.acknowledgeWithin) })
  }
}

extension DraftQuery {
  /// Whether it is a single row with `from` and `to`, which can serve as a window.
  fileprivate var hasWindowColumns: Bool {
    guard case .rows(let columns, true) = shape?.value else { return false }
    return ["from", "to"].allSatisfy { bound in columns.contains { $0.name == bound && $0.type == .timestamp } }
  }
}
