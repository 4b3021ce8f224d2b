import Diagnostics
import RunbookPorts
import Values

/// Queries, exports and escalations.
extension RunbookAssembler {
  func assembleQuery(_ query: DraftQuery) -> Query? {
    let id = query.id.value
    let origin = query.origin.flatMap(assembleOrigin)
    var parameters = QueryParameters()
    var texts: [(language: Placed<String>, text: HoledText)] = []
    let alternatives = query.alternatives.map { language, body in
      switch body {
      case .text(let placed):
        let text = HoledText(placed)
        texts.append((language, text))
        let template = templates.query(text, parameters: &parameters)
        let lists = parameters.lists
        if language.value == "sql", !lists.isEmpty { checkLists(lists, in: text) }
        findings.add(check(text, in: language.value, of: query, parameters))
        return Query.Alternative(language: language.value, body: .text(template), text: placed)
      case .map(let entries):
        let templates = entries.map {
          ($0.key.value, self.templates.query(HoledText($0.text), parameters: &parameters))
        }
        return Query.Alternative(
          language: language.value, body: .map(Dictionary(templates) { first, _ in first }), text: nil)
      }
    }
    if case .named("cases") = query.origin?.value { checkHistory(query) }
    let window = assembleWindow(of: query)
    if let window { checkBounds(query, texts, window) }
    checkEach(query)
    if case .results = query.origin?.value, !query.alternatives.isEmpty,
      !query.alternatives.contains(where: { $0.language.value == "sql" })
    {
      findings.add(.joinLanguage(id, at: query.location))
    }
    guard let origin, let window, let shape = query.shape?.whole else { return nil }
    return Query(
      id: id, origin: origin, alternatives: alternatives, parameters: parameters.all, shape: shape, window: window,
      atMost: query.atMost, each: query.each?.value, fresh: query.fresh)
  }

  private func check(
    _ text: HoledText, in language: String, of query: DraftQuery, _ parameters: QueryParameters
  ) -> [Diagnostic] {
    var source: String?
    if case .named(let name) = query.origin?.value { source = name }
    var declared: (names: [String], place: SourceLocation?)?
    // What is joined is held against its tables later.
    if source != nil, case .rows(let columns, _) = query.shape {
      declared = (columns.map(\.name), query.shapeLocation)
    }
    return QueryTextCheck(
      query: query.id.value, language: language, text: text, parameters: parameters, source: source,
      others: names.ids(of: .source) + names.ids(of: .query), declared: declared
    ).findings
  }

  private func assembleOrigin(_ origin: Placed<DraftQuery.Origin>) -> Query.Origin? {
    switch origin.value {
    case .named("cases"): return .cases
    case .named(let name):
      if names.isDeclared(name, as: .source) || names.ids(of: .source).isEmpty { return .source(name) }
      names.tellUnknown(Placed(name, at: origin.location), "source", .source, to: findings)
      return nil
    case .results(let ids):
      for id in ids where !names.isDeclared(id.value, as: .query) {
        if names.isDeclared(id.value, as: .source) {
          findings.add(.sourceAmongResults(id.value, at: id.location))
        } else {
          names.tellUnknown(id, "query", .query, to: findings)
        }
      }
      for id in ids {
        scope.note(mentionOf: id.value)
        if case .series = names.queries[id.value]?.shape { findings.add(.joinOfSeries(id.value, at: id.location)) }
      }
      return .results(ids.map(\.value))
    }
  }

  /// Tocsin's own history has the same columns everywhere.
  private func checkHistory(_ query: DraftQuery) {
    for case (_, .map(let entries)) in query.alternatives {
      for key in entries.map(\.key) where !HistoryColumns.names.contains(key.value) {
        findings.add(.unknownName(key.value, "column of cases", known: HistoryColumns.names, at: key.location))
      }
    }
    guard case .rows(let columns, _) = query.shape, let place = query.shapeLocation else { return }
    for column in columns.map(\.name) where !HistoryColumns.names.contains(column) {
      findings.add(.noHistoryColumn(column, known: HistoryColumns.names, at: place))
    }
  }

  /// - Returns: `nil` when what stands there is no window; that has been told.
  private func assembleWindow(of query: DraftQuery) -> Query.Window? {
    switch query.window {
    case nil:
      // Results have been fetched already; there is nothing to bound.
      if case .results = query.origin?.value { return Query.Window.none }
      return query.isWindowBroken ? nil : .standard
    case .some(.none): return Query.Window.none
    case .custom(let window): return assembleWindow(window).map(Query.Window.custom)
    case .named(let name):
      scope.note(mentionOf: name.value)
      if canBeWindow(name.value) { return .named(name.value) }
      let known = (names.ids(of: .threshold) + names.ids(of: .query)).filter {
        canBeWindow($0) && (names.thresholds[$0] != nil || names.queries[$0]?.shape != nil)
      }
      if names.isDeclared(name.value, as: .threshold) || names.isDeclared(name.value, as: .query) {
        findings.add(.noWindow(name.value, known: known, at: name.location))
      } else if !names.mayBeDeclared(as: [.threshold, .query]) {
        findings.add(.unknownName(name.value, "window", known: ["none"] + known, at: name.location))
      }
      return nil
    }
  }

  /// Whether a name has `from` and `to`. What could not be read may have them.
  private func canBeWindow(_ name: String) -> Bool {
    if let threshold = names.thresholds[name] { return if case .monitored = threshold.rule { true } else { false } }
    if let query = names.queries[name] { return query.shape == nil || query.hasWindowColumns }
    return names.isDeclared(name, as: .threshold) || names.isDeclared(name, as: .query)
  }

  /// A query's text must say which span it asks about, where its language has no other way to know.
  private func checkBounds(
    _ query: DraftQuery, _ texts: [(language: Placed<String>, text: HoledText)], _ window: Query.Window
  ) {
    for (language, text) in texts where Shape.languagesWithBounds.contains(language.value) {
      guard let holes = text.holes?.map(text.name) else { continue }
      // A misspelt bound has been told as an unknown name.
      let strange = holes.filter { $0 != "from" && $0 != "to" && names.places[$0] == nil }
      let meant = strange.compactMap { nearestName(to: $0, among: ["from", "to"]) }
      let missing = ["from", "to"].filter { !holes.contains($0) && !meant.contains($0) }
      if case .none = window {
        let place = language.location
        if missing.count < 2, meant.isEmpty { findings.add(.boundsWithoutWindow(query.id.value, at: place)) }
      } else if !missing.isEmpty {
        findings.add(.missingBounds(query.id.value, missing, at: language.location))
      }
    }
  }

  /// A list is bound as a list, which in SQL can stand behind `IN` alone. An entity is a list in every query: one answers
  /// for all of them.
  private func checkLists(_ lists: Set<String>, in text: HoledText) {
    var before = text.bytes[0..<0]
    for piece in text.pieces {
      switch piece {
      case .text(let range): before = text.bytes[range]
      case .hole(let range):
        let path = text.string(range)
        if lists.contains(path), !Self.endsInMembership(before) {
          findings.add(.listWithoutMembership(path, at: text.places(range)))
        }
        before = text.bytes[0..<0]
      case .unclosed: return
      }
    }
  }

  /// Whether a piece of SQL ends in `IN`, or in `IN (`.
  private static func endsInMembership(_ sql: ArraySlice<UInt8>) -> Bool {
    var rest = trimmed(sql)
    if rest.last == UInt8(ascii: "(") { rest = trimmed(rest.dropLast()) }
    let word = rest.suffix(3)
    guard word.suffix(2).elementsEqual("in".utf8, by: { $0 | 0x20 == $1 }) else { return false }
    return word.count == 2 || !word.prefix(1).allSatisfy(isOfName)
  }

  private static func trimmed(_ sql: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    sql[..<(sql.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? sql.startIndex)]
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func isOfName(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || (48...57).contains(byte) || (97...122).contains(byte | 0x20)
  }

  private func checkEach(_ query: DraftQuery) {
    guard let each = query.each else { return }
    scope.note(mentionOf: each.value)
    guard names.isDeclared(each.value, as: .entity) else {
      names.tellUnknown(each, "entity", .entity, to: findings)
      return
    }
    guard let type = scope.entities[each.value]?.type, type != .dyn, let shape = query.shape else { return }
    if case .rows(let columns, _) = shape,
      columns.contains(where: { $0.name == each.value && ($0.type == nil || $0.type?.valueType == type) })
    {
      return
    }
    findings.add(
      .eachColumn(each.value, of: query.id.value, type: type, columns: query.shapeLocation, at: query.location))
  }

  // MARK: Exports and escalations

  func assembleExport(_ export: DraftExport) -> Export? {
    let format = export.format?.value ?? "csv"
    if let written = export.format, !Self.exportFormats.contains(format) {
      findings.add(.unknownFormat(format, known: Self.exportFormats, at: written.location))
    }
    let script = export.script.flatMap(assembleScript)
    let name = export.data.value
    scope.note(mentionOf: name)
    if names.isDeclared(name, as: .entity) {
      return Export(id: export.id.value, data: .entity(name), format: format, script: script)
    }
    guard names.isDeclared(name, as: .query) else {
      names.tellUnknown(export.data, "query or entity", .query, .entity, to: findings)
      return nil
    }
    if case .series = names.queries[name]?.shape {
      findings.add(.exportOfSeries(name, at: export.data.location))
      return nil
    }
    return Export(id: export.id.value, data: .query(name), format: format, script: script)
  }

  private func assembleScript(_ script: DraftScript) -> Export.Script? {
    if let returns = script.returns {
      findings.add(.notYet("'returns'", instead: "what the script prints is kept as it is", at: returns))
    }
    guard let run = script.run else { return nil }
    let parts = run.value.split(separator: "/", omittingEmptySubsequences: false)
    guard !run.value.hasPrefix("/"), !run.value.hasPrefix("~"), !parts.contains("..") else {
      findings.add(.scriptOutside(run.value, at: run.location))
      return nil
    }
    switch files.read(run.value, from: run.location.source) {
    case .success(let file):
      return Export.Script(path: run.value, file: file, digest: script.digest, timeout: script.timeout)
    case .failure(let problem):
      findings.add(.cannotRead(run, because: problem))
      return nil
    }
  }

  static let exportFormats = ["csv", "jsonl"]

  func assembleEscalation(_ escalation: DraftEscalation) -> Escalation? {
    for person in escalation.steps.flatMap(\.notify) where !names.isDeclared(person.value, as: .contact) {
      names.tellUnknown(person, "contact", .contact, to: findings)
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
    guard case .rows(let columns, true) = shape else { return false }
    return ["from", "to"].allSatisfy { bound in
      columns.contains { $0.name == bound && ($0.type == nil || $0.type == .timestamp) }
    }
  }
}
