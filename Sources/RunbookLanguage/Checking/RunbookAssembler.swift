import Baselines
import CEL
import Diagnostics
import RunbookPorts
import Values

/// Turns a draft into the model, section by section, telling what does not fit together.
final class RunbookAssembler {
  let draft: Draft
  let names: NameTable
  let scope: Scope
  let findings: Findings
  let files: any RunbookFiles

  init(draft: Draft, names: NameTable, scope: Scope, findings: Findings, files: any RunbookFiles) {
    self.draft = draft
    self.names = names
    self.scope = scope
    self.findings = findings
    self.files = files
  }

  var templates: TemplateCompiler { TemplateCompiler(scope: scope, findings: findings) }

  /// The model of what could be read. It has holes where something is wrong; that has been told.
  func assemble() -> Runbook {
    let alert = assembleAlert()
    let exports = draft.exports.compactMap(assembleExport)
    let escalations = draft.escalations.compactMap(assembleEscalation)
    let window = draft.window.flatMap(assembleWindow) ?? .standard
    let queries = draft.queries.compactMap(assembleQuery)
    let thresholds = draft.thresholds.compactMap(assembleThreshold)
    let verdicts = assembleVerdicts()
    let questions = assembleQuestions(verdicts: verdicts)
    checkPromises()
    checkSources()
    PeopleCheck(draft: draft, findings: findings).check()
    return Runbook(
      id: draft.id?.value ?? "", title: draft.title ?? draft.id?.value ?? "",
      about: draft.about,
      version: draft.version?.value, owner: draft.owner, see: draft.see,
      status: draft.status, reviewBy: draft.reviewBy,
      alert: alert ?? AlertIntake(when: nil, at: nil, fields: [], caseKey: nil), questions: questions,
      verdicts: verdicts, entities: draft.entities.compactMap { scope.entities[$0.id.value] }, thresholds: thresholds,
      definitions: draft.definitions.compactMap { scope.definitions[$0.id.value] }, window: window, queries: queries,
      lists: scope.lists, sources: draft.sources.map(\.source), contacts: draft.contacts.map(\.contact),
      escalations: escalations, exports: exports, limits: draft.limits)
  }

  private func assembleAlert() -> AlertIntake? {
    guard let alert = draft.alert else { return nil }
    let when = alert.when.flatMap(scope.intakeExpression)
    if let when, when.type != .bool, when.type != .dyn {
      findings.add(.wrongType("'when'", expected: "true or false", found: when.type, at: when.location))
    }
    let at = alert.at.flatMap(scope.intakeExpression)
    if let at, ![.timestamp, .string, .dyn].contains(at.type) {
      findings.add(.wrongType("'at'", expected: "an instant", found: at.type, at: at.location))
    }
    let fields = alert.fields.compactMap { field -> AlertIntake.Field? in
      guard let expression = scope.intakeExpression(field.expression), let type = field.type else { return nil }
      if !type.mayAdmit(expression) {
        findings.add(
          .wrongType(
            "the field '\(field.id.value)'", expected: type.description, found: expression.type,
            at: expression.location))
      }
      return AlertIntake.Field(
        id: field.id.value, expression: expression, type: type, place: field.id.location)
    }
    if let key = alert.caseKey {
      findings.add(.notYet("'case'", instead: "every alert starts a run of its own", at: key.location))
    }
    let caseKey = alert.caseKey.map { templates.template($0, in: .run) }
    return AlertIntake(when: when, at: at, fields: fields, caseKey: caseKey)
  }

  // MARK: Windows and thresholds

  func assembleWindow(_ window: DraftWindow) -> WindowRule? {
    let around = window.around.flatMap { instant($0, "'around'") }
    guard let from = bound(window.from, "'from'"), let to = bound(window.to, "'to'") else { return nil }
    if case .offset(let start) = from, case .offset(let end) = to, start > end {
      findings.add(.emptyWindow(from: start, to: end, at: window.location))
    }
    return WindowRule(from: from, to: to, around: around)
  }

  private func bound(_ bound: DraftWindow.Bound, _ what: String) -> WindowRule.Bound? {
    switch bound {
    case .offset(let duration): .offset(duration)
    case .instant(let text): instant(text, what).map(WindowRule.Bound.instant)
    }
  }

  private func instant(_ text: PlacedText, _ what: String) -> Expression? {
    guard let expression = scope.expression(text, in: .run) else { return nil }
    guard expression.type == .timestamp || expression.type == .dyn else {
      findings.add(
        .wrongType(
          what, expected: "a duration such as '-30m', or an instant", found: expression.type,
          notes: names.notes(onNamesIn: text.text), at: text.location))
      return nil
    }
    return expression
  }

  private func assembleThreshold(_ threshold: DraftThreshold) -> Threshold? {
    switch threshold.rule {
    case .number(let value): return Threshold(id: threshold.id.value, rule: .number(value))
    case .monitored(let of, var judgement, let modifiers):
      var rowsOf: [Placed<String>]?
      if case .normal(var normal) = judgement {
        normal.exclude = threshold.exclude.compactMap(assembleWindow)
        normal.fields = threshold.fields.map(\.value)
        judgement = .normal(normal)
        if normal.rule.kinds == [.newValues] { rowsOf = threshold.fields }
      }
      guard let subject = subject(of, threshold.id.value, rowsOf: rowsOf) else { return nil }
      if case .expression = subject {
        if case .normal = judgement { findings.add(.normalNeedsSeries(threshold.id.value, at: of.location)) }
        for key in threshold.lasting {
          findings.add(.uselessKey(key.value, because: "a single number does not last", at: key.location))
        }
      }
      return Threshold(
        id: threshold.id.value,
        rule: .monitored(.init(subject: subject, judgement: judgement, modifiers: modifiers)))
    }
  }

  /// - Parameter rowsOf: The fields of `new_values`, which looks at rows; `nil` for everything else.
  private func subject(_ of: PlacedText, _ id: String, rowsOf fields: [Placed<String>]?) -> Threshold.Subject? {
    if let query = names.queries[of.text] {
      scope.note(mentionOf: of.text)
      guard let shape = query.shape else { return nil }
      switch (shape, fields) {
      case (.series, nil): return .series(of.text)
      case (.series, _):
        findings.add(.newValuesNeed("'rows' instead of a series", of: of.text, at: of.location))
      case (.rows, nil): findings.add(.thresholdSubject(id, found: "a query of rows", at: of.location))
      case (.rows(let columns, _), let fields?):
        return checkNewValues(of, fields, columns) ? .rows(of.text) : nil
      }
      return nil
    }
    guard let expression = scope.expression(of, in: .run) else { return nil }
    guard [.int, .uint, .double, .dyn].contains(expression.type) else {
      findings.add(.thresholdSubject(id, found: expression.type.description, at: of.location))
      return nil
    }
    return .expression(expression)
  }

  /// Rows have an instant each, and the columns that are looked at.
  private func checkNewValues(
    _ of: PlacedText, _ fields: [Placed<String>], _ columns: [(name: String, type: ColumnType?)]
  ) -> Bool {
    var isFine = true
    func tell(_ what: String, at location: SourceLocation) {
      findings.add(.newValuesNeed(what, of: of.text, at: location))
      isFine = false
    }
    if !columns.contains(where: { $0.name == "time" && ($0.type == nil || $0.type == .timestamp) }) {
      tell("a column 'time' of type timestamp", at: of.location)
    }
    if fields.isEmpty { tell("'fields', one to three columns", at: of.location) }
    if let surplus = fields.dropFirst(NewValues.fieldLimit).first {
      tell("no more than \(NewValues.fieldLimit) columns", at: surplus.location)
    }
    for field in fields where !columns.contains(where: { $0.name == field.value }) {
      let near = nearestName(to: field.value, among: columns.map(\.name)).map { " (did you mean '\($0)'?)" } ?? ""
      tell("'fields' that are columns; '\(field.value)' is none\(near)", at: field.location)
    }
    return isFine
  }

  // MARK: What the whole document owes

  private func checkPromises() {
    guard let id = draft.id else { return }
    if draft.status == .deprecated, draft.successor == nil { findings.add(.successorMissing(at: id.location)) }
    guard draft.status == .stable else { return }
    if draft.version == nil { findings.add(.stableNeeds("a 'version'", at: id.location)) }
    if draft.owner == nil { findings.add(.stableNeeds("an 'owner'", at: id.location)) }
    let tests = casesName ?? "\(id.value).tests.yaml"
    if !files.exists(tests, from: draft.location.source) {
      findings.add(.stableNeeds("tests beside it, in '\(tests)'", at: id.location))
    }
  }

  /// The name of the file of cases beside `NAME.runbook.yaml`; `nil` for a document that is named otherwise.
  private var casesName: String? {
    let name = draft.location.source.name.split(separator: "/").last ?? ""
    return [".runbook.yaml", ".runbook.yml"].first(where: name.hasSuffix).map {
      "\(name.dropLast($0.count)).tests.yaml"
    }
  }

  private func checkSources() {
    guard let components = draft.components?.map(\.value) else { return }
    for seen in draft.sources.flatMap(\.sees) where !components.contains(seen.value) {
      findings.add(.unknownName(seen.value, "component", known: components, at: seen.location))
    }
  }
}
