import Diagnostics
import RunbookLanguage
import Values
import YAMLTree

/// Reads what a case expects; whatever it names must be in the runbook.
struct ExpectationReader {
  let runbook: Runbook
  let reader: NodeReader
  private var findings: Findings { reader.findings }
  private var verdicts: [String] {
    let named = runbook.verdicts.map(\.id)
    return named.contains(Verdict.undetermined) ? named : named + [Verdict.undetermined]
  }

  func read(_ node: YAMLNode, of name: Placed<String>) -> Expectation? {
    let kinds = runbook.entities.map(\.id)
    guard let mapping = reader.mapping(node, .expectation, alsoAllowing: kinds) else { return nil }
    // `answers: {}` names nothing that could be otherwise; `notified: []` does.
    if mapping.keyOrder.allSatisfy({ $0 != "notified" && $0 != "export" && mapping[$0]?.pairs?.isEmpty == true }) {
      findings.add(.nothingExpected(at: reader.location(node)))
    }
    var expectation = Expectation(location: name.location)
    expectation.verdict = mapping["verdict"].flatMap { self.name($0, "verdict", among: verdicts) }
    expectation.severity = mapping["severity"].flatMap {
      self.name($0, "severity", among: Severity.allCases.map(\.rawValue))
    }
    expectation.answers = mapping["answers"].map { answers($0, "'answers'", among: runbook.questions) } ?? []
    expectation.open = mapping["open"].map { node in
      names(node, "'open'", "question", among: runbook.questions.map(\.id))
    }
    for kind in kinds {
      guard let node = mapping[kind] else { continue }
      expectation.entities += reader.pairs(node, "'\(kind)'").compactMap { entity, node in
        self.name(node, "verdict", among: verdicts).map { .init(kind: kind, entity: entity.value, verdict: $0) }
      }
    }
    expectation.notified = mapping["notified"].map { node in
      names(node, "'notified'", "contact", among: runbook.contacts.map(\.id))
    }
    expectation.exports = mapping["export"].map(exports)
    return expectation
  }

  private func name(_ node: YAMLNode, _ what: String, among known: [String]) -> Placed<String>? {
    guard let text = reader.text(node, "the \(what)") else { return nil }
    if !known.contains(text.text) {
      findings.add(.unknownNameInCase(text.text, what, known: known, at: text.location))
    }
    return Placed(text.text, at: text.location)
  }

  private func names(
    _ node: YAMLNode, _ what: String, _ thing: String, among known: [String]
  ) -> Placed<[String]> {
    // 'none' says in a word what an empty list says.
    let elements = node.scalar?.text == "none" ? [] : reader.elements(node, what, orOne: true)
    return Placed(
      elements.compactMap { name($0, thing, among: known)?.value }, at: reader.location(node))
  }

  /// What people answer.
  func people(_ node: YAMLNode) -> [Expectation.Answer] {
    answers(node, "'people'", among: runbook.questions.filter { $0.person != nil })
  }

  /// The same by question. Who says `unknown` stays silent.
  static func said(_ answers: [Expectation.Answer]) -> [String: Said] {
    var said: [String: Said] = [:]
    for answer in answers where answer.label.value != Question.unknownLabel {
      guard let entity = answer.entity else {
        said[answer.question] = .same(answer.label.value)
        continue
      }
      var each: [ExactString: String] = [:]
      if case .each(let known)? = said[answer.question] { each = known }
      each[ExactString(entity)] = answer.label.value
      said[answer.question] = .each(each)
    }
    return said
  }

  private func answers(_ node: YAMLNode, _ what: String, among questions: [Question]) -> [Expectation.Answer] {
    reader.pairs(node, what).flatMap { id, node -> [Expectation.Answer] in
      guard let question = questions.first(where: { $0.id == id.value }) else {
        findings.add(.unknownNameInCase(id.value, "question", known: questions.map(\.id), at: id.location))
        return []
      }
      let labels = question.labels + [Question.unknownLabel]
      guard node.pairs != nil else {
        return name(node, "answer", among: labels).map { [.init(question: question.id, entity: nil, label: $0)] } ?? []
      }
      return reader.pairs(node, "'\(question.id)'").compactMap { entity, node in
        name(node, "answer", among: labels).map { .init(question: question.id, entity: entity.value, label: $0) }
      }
    }
  }

  private func exports(_ node: YAMLNode) -> Placed<[String: Int]> {
    var rows: [String: Int] = [:]
    for (id, node) in node.scalar?.text == "none" ? [] : reader.pairs(node, "'export'") {
      if runbook.export(id.value) == nil {
        findings.add(.unknownNameInCase(id.value, "export", known: runbook.exports.map(\.id), at: id.location))
      }
      rows[id.value] = reader.integer(node, "the rows of '\(id.value)'", in: 0...Int(Int32.max))
    }
    return Placed(rows, at: reader.location(node))
  }
}

extension Question {
  /// What is written where a question has no answer.
  fileprivate static let unknownLabel = "unknown"
}
