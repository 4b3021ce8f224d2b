import Diagnostics
import RunbookPorts
import Values

/// Turns a draft into the model, section by section, telling what does not fit together.
struct RunbookAssembler {
  let draft: Draft
  let names: NameTable
  let scope: Scope
  let findings: Findings
  let files: any RunbookFiles

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
    return Runbook(
      id: draft.id?.value ?? "", title: draft.title ?? draft.id?.value ?? "", about: draft.about,
      version: draft.version?.value, owner: draft.owner, status: draft.status,
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
      return AlertIntake.Field(id: field.id.value, expression: expression, type: type)
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
      findings.add(.emptyWindow(at: window.location))
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
          what, expected: "a duration such as '-30m', or an instant", found: expression.type, at: text.location))
      return nil
    }
    return expression
  }

  private func assembleThreshold(_ threshold: DraftThreshold) -> Threshold? {
    switch threshold.rule {
    case .number(let value): return Threshold(id: threshold.id.value, rule: .number(value))
    case .monitored(let of, let judgement, let modifiers):
      guard let subject = subject(of, threshold.id.value) else { return nil }
      if case .normal = judgement, case .expression = subject {
        findings.add(.normalNeedsSeries(threshold.id.value, at: of.location))
      }
      return Threshold(
        id: threshold.id.value,
        rule: .monitored(.init(subject: subject, judgement: judgement, modifiers: modifiers)))
    }
  }

  private func subject(_ of: PlacedText, _ id: String) -> Threshold.Subject? {
    if let query = names.queries[of.text] {
      scope.note(mentionOf: of.text)
      guard let shape = query.shape else { return nil }
      if case .series = shape { return .series(of.text) }
      findings.add(.thresholdSubject(id, found: "a query of rows", at: of.location))
      return nil
    }
    guard let expression = scope.expression(of, in: .run) else { return nil }
    guard [.int, .uint, .double, .dyn].contains(expression.type) else {
      findings.add(.thresholdSubject(id, found: expression.type.description, at: of.location))
      return nil
    }
    return .expression(expression)
  }

  // MARK: What the whole document owes

  private func checkPromises() {
    guard let id = draft.id else { return }
    if draft.status == .deprecated, draft.successor == nil { findings.add(.successorMissing(at: id.location)) }
    guard draft.status == .stable else { return }
    if draft.version == nil { findings.add(.stableNeeds("a 'version'", at: id.location)) }
    if draft.owner == nil { findings.add(.stableNeeds("an 'owner'", at: id.location)) }
    let tests = "\(id.value).tests.yaml"
    if !files.exists(tests, from: draft.location.source) {
      findings.add(.stableNeeds("tests beside it, in '\(tests)'", at: id.location))
    }
  }

  private func checkSources() {
    guard let components = draft.components else { return }
    for seen in draft.sources.flatMap(\.sees) where !components.contains(seen.value) {
      findings.add(.unknownName(seen.value, "component", known: components, at: seen.location))
    }
  }
}
