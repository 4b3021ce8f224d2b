import Diagnostics
import Values
import YAMLTree

/// Turns the tree of a document into a draft.
struct RunbookDecoder {
  let reader: NodeReader

  /// The version of the language that is understood.
  static let languageVersion = 1

  init(source: SourceText, findings: Findings) {
    reader = NodeReader(source: source, findings: findings)
  }

  func decode(_ root: YAMLNode) -> Draft {
    var draft = Draft(location: reader.location(root))
    guard let mapping = reader.mapping(root, .runbook) else { return draft }
    decodeHead(mapping, into: &draft)
    if let node = mapping["alert"] { draft.alert = decodeAlert(node) }
    if let node = mapping["questions"] {
      draft.questions = reader.declarations(node, "'questions'", of: "question").compactMap(decodeQuestion)
      if draft.questions.isEmpty { reader.findings.add(.noQuestions(at: reader.location(node))) }
    }
    if let node = mapping["entities"] {
      draft.entities = reader.declarations(node, "'entities'", of: "entity").compactMap(decodeEntity)
    }
    if let node = mapping["window"] { draft.window = decodeWindow(node) }
    if let node = mapping["know"] { draft.knownAttacks = decodeKnowledge(node) }
    if let node = mapping["exports"] {
      draft.exports = reader.declarations(node, "'exports'", of: "export").compactMap(decodeExport)
    }
    if let node = mapping["limits"] { draft.limits = decodeLimits(node) }
    decodeLeafSections(mapping, into: &draft)
    return draft
  }

  /// Reads an imported file and adds its sections to a draft.
  func decodeImport(_ root: YAMLNode, into draft: inout Draft) {
    guard let mapping = reader.mapping(root, .imported) else { return }
    decodeLeafSections(mapping, into: &draft)
  }

  private func decodeHead(_ mapping: NodeReader.Mapping, into draft: inout Draft) {
    if let node = mapping["tocsin"],
      let version = reader.integer(node, "the language version 'tocsin'", in: 0...Int(Int32.max)),
      version != Self.languageVersion
    {
      reader.findings.add(.unknownLanguageVersion(version, at: reader.location(node)))
    }
    draft.id = mapping["runbook"].flatMap { reader.identifier($0, "the runbook's id", allowingHyphens: true) }
    draft.title = mapping["title"].flatMap { reader.words($0, "'title'")?.text }
    draft.about = mapping["about"].flatMap { reader.words($0, "'about'")?.text }
    draft.owner = mapping["owner"].flatMap { reader.words($0, "'owner'")?.text }
    draft.status = mapping["status"].flatMap { reader.choice($0, "'status'") } ?? .draft
    draft.imports = (mapping["import"].map { reader.elements($0, "'import'", orOne: true) } ?? [])
      .compactMap { reader.reference($0, "an imported path") }
    if let node = mapping["version"], let text = reader.text(node, "'version'") {
      if Self.isSemanticVersion(text.text) {
        draft.version = Placed(text.text, at: text.location)
      } else {
        reader.findings.add(.badVersion(text.text, at: text.location))
      }
    }
    for key in ["review_by", "successor"] {
      if let node = mapping[key] { _ = reader.text(node, "'\(key)'") }
    }
    if let node = mapping["see"] {
      for element in reader.elements(node, "'see'", orOne: true) { _ = reader.text(element, "a link") }
    }
  }

  /// `MAJOR.MINOR.PATCH` with an optional pre-release, as semver.org defines it.
  static func isSemanticVersion(_ text: String) -> Bool {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard numbers.count == 3 else { return false }
    let areNumbers = numbers.allSatisfy { number in
      (1...9).contains(number.utf8.count) && number.utf8.allSatisfy { (48...57).contains($0) }
        && (number.utf8.count == 1 || number.first != "0")
    }
    let suffix = parts.count > 1 ? parts[1] : "0"
    return areNumbers && !suffix.isEmpty
      && suffix.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 46 || $0 == 45
      }
  }

  /// The sections that an import may hold as well.
  private func decodeLeafSections(_ mapping: NodeReader.Mapping, into draft: inout Draft) {
    func each<Item>(
      _ key: String, _ thing: String, hyphens: Bool = false, _ decode: (Placed<String>, YAMLNode) -> Item?
    ) -> [Item] {
      guard let node = mapping[key] else { return [] }
      return reader.declarations(node, "'\(key)'", of: thing, allowingHyphens: hyphens).compactMap(decode)
    }
    draft.verdicts += each("verdicts", "verdict", decodeVerdict)
    draft.thresholds += each("thresholds", "threshold", decodeThreshold)
    draft.definitions += each("definitions", "definition") { id, node in
      reader.text(node, "the definition '\(id.value)'").map { (id, $0) }
    }
    draft.queries += each("queries", "query", decodeQuery)
    draft.lists += each("lists", "list", decodeList)
    draft.sources += each("sources", "source") { id, node in decodeSource(id, node).map { (id, $0) } }
    draft.contacts += each("contacts", "contact", hyphens: true) { id, node in
      decodeContact(id, node).map { (id, $0) }
    }
    draft.escalations += each("escalations", "escalation", hyphens: true, decodeEscalation)
  }

  private func decodeAlert(_ node: YAMLNode) -> DraftAlert? {
    guard let mapping = reader.mapping(node, .alert) else { return nil }
    var alert = DraftAlert(location: mapping.location)
    alert.when = mapping["when"].flatMap { reader.text($0, "'when'") }
    alert.at = mapping["at"].flatMap { reader.text($0, "'at'") }
    alert.caseKey = mapping["case"].flatMap { reader.text($0, "'case'") }
    if let fields = mapping["fields"] {
      alert.fields = reader.declarations(fields, "'fields'", of: "field").compactMap(decodeField)
    }
    return alert
  }

  private func decodeField(
    _ id: Placed<String>, _ node: YAMLNode
  ) -> (id: Placed<String>, expression: PlacedText, type: ColumnType)? {
    if node.scalar != nil { return reader.text(node, "the field '\(id.value)'").map { (id, $0, .string) } }
    guard let mapping = reader.mapping(node, .field),
      let expression = mapping["from"].flatMap({ reader.text($0, "'from'") })
    else { return nil }
    return (id, expression, mapping["type"].flatMap { reader.columnType($0, "'type'") } ?? .string)
  }

  private func decodeLimits(_ node: YAMLNode) -> Limits {
    var limits = Limits()
    guard let mapping = reader.mapping(node, .limits) else { return limits }
    if let time = mapping["time"].flatMap({ reader.duration($0, "'time'") }) { limits.time = time }
    if let queries = mapping["queries"].flatMap({ reader.integer($0, "'queries'", in: 0...10_000) }) {
      limits.queries = queries
    }
    if let people = mapping["people"].flatMap({ reader.integer($0, "'people'", in: 0...100) }) {
      limits.people = people
    }
    return limits
  }

  private func decodeKnowledge(_ node: YAMLNode) -> [String]? {
    guard let mapping = reader.mapping(node, .know) else { return nil }
    if let application = mapping["application"] { _ = reader.mapping(application, .application) }
    guard let attacks = mapping["attacks"] else { return nil }
    return reader.pairs(attacks, "'attacks'").map { key, value in
      _ = reader.text(value, "what '\(key.value)' is")
      return key.value
    }
  }
}
