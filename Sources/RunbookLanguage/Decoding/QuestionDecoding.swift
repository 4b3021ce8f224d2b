import Diagnostics
import YAMLTree

/// Questions and verdicts.
extension RunbookDecoder {
  func decodeQuestion(_ id: Placed<String>, _ node: YAMLNode) -> DraftQuestion? {
    guard let mapping = reader.mapping(node, .question) else { return nil }
    let question = DraftQuestion(id: id, location: id.location)
    question.ask = mapping["ask"].flatMap { reader.words($0, "'ask'") }
    question.answer = mapping["answer"].map(decodeAnswer)
    question.weigh = mapping["weigh"].map(decodeWeights)
    question.atLeast = mapping["at_least"].flatMap { reader.integer($0, "'at_least'", in: -1_000_000...1_000_000) }
    if question.weigh == nil, let node = mapping["at_least"] {
      reader.findings.add(.uselessKey("at_least", because: "nothing is weighed", at: reader.location(node)))
    }
    question.person = mapping["person"].flatMap(decodePerson)
    question.hasPerson = mapping["person"] != nil
    question.then = mapping["then"].map(decodeThen)
    question.isThenBroken = mapping["then"].map { $0.pairs == nil } ?? false
    question.each = mapping["each"].flatMap { reader.reference($0, "'each'") }
    question.isOptional = mapping["optional"].flatMap { reader.bool($0, "'optional'") } ?? false
    question.finding = mapping["finding"].flatMap { reader.words($0, "'finding'") }
    question.why = mapping["why"].flatMap { reader.words($0, "'why'")?.text }
    question.shows = (mapping["shows"].map { reader.elements($0, "'shows'", orOne: true) } ?? [])
      .compactMap { reader.reference($0, "an attack's id") }
    question.see = links(mapping["see"])
    return question
  }

  private func decodeAnswer(_ node: YAMLNode) -> DraftAnswer {
    guard case .mapping = node.content else { return .condition(reader.text(node, "'answer'")) }
    let choices = reader.pairs(node, "'answer'").map { key, value in
      (label: key, condition: reader.text(value, "the case '\(key.value)'"))
    }
    if choices.isEmpty { reader.findings.add(.missingValue("'answer'", at: reader.location(node))) }
    return .choices(choices)
  }

  private func decodeWeights(_ node: YAMLNode) -> [(sign: Placed<String>, weight: Int?)] {
    if case .mapping = node.content {
      return reader.pairs(node, "'weigh'").map { key, value in
        (key, reader.integer(value, "the weight of '\(key.value)'", in: -1_000...1_000))
      }
    }
    return reader.elements(node, "'weigh'").compactMap { element in
      reader.reference(element, "a sign").map { ($0, 1) }
    }
  }

  private func decodeThen(_ node: YAMLNode) -> [(label: Placed<String>, targets: [Placed<String>])] {
    reader.pairs(node, "'then'").map { label, value in
      let what = "what follows '\(label.value)'"
      let elements = reader.elements(value, what, orOne: true)
      if elements.isEmpty, value.items != nil { reader.findings.add(.nothingFollows(label.value, at: label.location)) }
      return (label, elements.compactMap { reader.reference($0, what) })
    }
  }

  private func decodePerson(_ node: YAMLNode) -> DraftPerson? {
    guard let mapping = reader.mapping(node, .person) else { return nil }
    var person = DraftPerson(location: mapping.location)
    person.who = mapping["who"].flatMap { reader.text($0, "'who'") }
    person.within = mapping["within"].flatMap { reader.duration($0, "'within'") }
    person.show = (mapping["show"].map { reader.elements($0, "'show'", orOne: true) } ?? [])
      .compactMap { reader.reference($0, "a query to show") }
    person.choices = (mapping["choices"].map { reader.elements($0, "'choices'") } ?? [])
      .compactMap { reader.identifier($0, "a choice") }
    let note: DraftPerson.Note? = mapping["note"].flatMap { reader.choice($0, "'note'") }
    person.noteRequired = note == .required
    person.file = mapping["file"].flatMap { reader.words($0, "'file'")?.text }
    return person
  }

  func decodeVerdict(_ id: Placed<String>, _ node: YAMLNode) -> DraftVerdict? {
    guard let mapping = reader.mapping(node, .verdict) else { return nil }
    var verdict = DraftVerdict(id: id, location: id.location)
    verdict.severity = mapping["severity"].flatMap(decodeSeverity)
    verdict.means = mapping["means"].flatMap { reader.words($0, "'means'") }
    verdict.missing = ["severity", "means"].filter { mapping[$0] == nil }
    verdict.escalation = mapping["escalate"].flatMap { reader.reference($0, "'escalate'") }
    verdict.exports = (mapping["export"].map { reader.elements($0, "'export'", orOne: true) } ?? [])
      .compactMap { reader.reference($0, "an export") }
    verdict.advice = (mapping["advise"].map { reader.elements($0, "'advise'", orOne: true) } ?? [])
      .compactMap { reader.words($0, "a piece of advice") }
    verdict.handOver = mapping["hand_over"].flatMap(decodeHandOver)
    return verdict
  }

  private func decodeSeverity(_ node: YAMLNode) -> DraftSeverity? {
    guard case .mapping = node.content else {
      let severity: Severity? = reader.choice(node, "'severity'")
      return severity.map(DraftSeverity.fixed)
    }
    let cases = reader.pairs(node, "'severity'").compactMap { key, value -> (Placed<Severity>, PlacedText)? in
      guard let severity = Severity(rawValue: key.value) else {
        reader.findings.add(
          .notOneOf(key.value, "'severity'", Severity.allCases.map(\.rawValue), at: key.location))
        return nil
      }
      return reader.text(value, "the case '\(key.value)'").map { (Placed(severity, at: key.location), $0) }
    }
    return cases.isEmpty ? nil : .cases(cases)
  }

  private func decodeHandOver(
    _ node: YAMLNode
  ) -> (to: Placed<String>, fields: [(id: Placed<String>, expression: PlacedText)])? {
    guard let mapping = reader.mapping(node, .handOver),
      let to = mapping["to"].flatMap({ reader.identifier($0, "the runbook 'to'", allowingHyphens: true) })
    else { return nil }
    let fields = (mapping["with"].map { reader.pairs($0, "'with'") } ?? []).compactMap { key, value in
      reader.text(value, "the field '\(key.value)'").map { (id: key, expression: $0) }
    }
    return (to, fields)
  }
}
