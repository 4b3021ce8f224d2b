import Diagnostics
import Values
import YAMLTree

/// Turns the tree of a document into a draft.
struct RunbookDecoder {
  let reader: NodeReader
  /// Whether the document was read to its end.
  private let isComplete: Bool

  /// The version of the language that is understood.
  static let languageVersion = 1
  /// Most declarations in one section.
  static let sectionLimit = 1_000
  /// Most kinds of things that one runbook asks about.
  static let entityKindLimit = 16

  init(_ document: YAMLDocument, findings: Findings) {
    isComplete = document.isComplete
    reader = NodeReader(
      source: document.source, findings: findings, brokenOff: isComplete ? nil : document.root?.range.end)
  }

  func decode(_ root: YAMLNode) -> Draft {
    var draft = Draft(location: reader.location(root))
    if !isComplete { draft.gaps = Set(DeclarationKind.allCases) }
    guard let mapping = reader.mapping(root, .runbook) else { return draft }
    decodeHead(mapping, into: &draft)
    if let node = mapping["alert"] { draft.alert = decodeAlert(node, into: &draft) }
    draft.questions = section(.question, mapping["questions"], into: &draft, decodeQuestion)
    if let node = mapping["questions"], node.pairs?.isEmpty == true {
      reader.findings.add(.noQuestions(at: reader.location(node)))
    }
    draft.entities = section(.entity, mapping["entities"], into: &draft, atMost: Self.entityKindLimit, decodeEntity)
    draft.window = mapping["window"].flatMap(decodeWindow)
    if let node = mapping["know"] { decodeKnowledge(node, into: &draft) }
    draft.exports = section(.export, mapping["exports"], into: &draft, decodeExport)
    if let node = mapping["limits"] {
      draft.limits = decodeLimits(node)
      draft.limitsLocation = reader.location(node)
    }
    decodeLeafSections(mapping, into: &draft)
    return draft
  }

  /// Reads an imported file and adds its sections to a draft.
  func decodeImport(_ root: YAMLNode, into draft: inout Draft) {
    if !isComplete { draft.gaps.formUnion(Self.importable) }
    guard let mapping = reader.mapping(root, .imported) else {
      draft.gaps.formUnion(Self.importable)
      return
    }
    decodeLeafSections(mapping, into: &draft)
  }

  /// What an imported file may declare.
  static let importable: Set<DeclarationKind> = [
    .verdict, .threshold, .definition, .query, .list, .source, .contact, .escalation,
  ]

  /// Reads the declarations of a section. Those that cannot be read are remembered by their names.
  private func section<Item>(
    _ kind: DeclarationKind, _ node: YAMLNode?, into draft: inout Draft, allowingHyphens: Bool = false,
    atMost limit: Int = sectionLimit, _ decode: (Placed<String>, YAMLNode) -> Item?
  ) -> [Item] {
    guard let node else { return [] }
    let declarations = reader.declarations(
      node, "'\(kind.plural)'", of: kind.rawValue, allowingHyphens: allowingHyphens)
    if node.pairs == nil { draft.gaps.insert(kind) }
    if declarations.count > limit {
      draft.gaps.insert(kind)
      reader.findings.add(
        .tooMany(kind.plural, count: declarations.count, limit: limit, at: declarations[limit].key.location))
    }
    return declarations.prefix(limit).compactMap { id, node in
      let item = decode(id, node)
      if item == nil { draft.failed.append((id, kind)) }
      return item
    }
  }

  private func decodeHead(_ mapping: NodeReader.Mapping, into draft: inout Draft) {
    if let node = mapping["tocsin"],
      let version = reader.integer(node, "the language version 'tocsin'", in: 0...Int(Int32.max)),
      version != Self.languageVersion
    {
      reader.findings.add(.unknownLanguageVersion(version, at: reader.location(node)))
    }
    draft.id = mapping["runbook"].flatMap { reader.identifier($0, "the runbook's id", allowingHyphens: true) }
    if let id = mapping["runbook"]?.scalar, let warning = id.ambiguityWarning(in: reader.source) {
      reader.findings.add(warning)
    }
    if let title = mapping["title"].flatMap({ reader.words($0, "'title'") }) {
      let isBlank = title.text.allSatisfy(\.isWhitespace)
      if isBlank { reader.findings.add(.uselessKey("title", because: "it is empty", at: title.location)) }
      draft.title = isBlank ? nil : title.text
    }
    draft.about = mapping["about"].flatMap { reader.words($0, "'about'")?.text }
    if let owner = mapping["owner"].flatMap({ reader.words($0, "'owner'") }) {
      let isBlank = owner.text.allSatisfy(\.isWhitespace)
      if isBlank { reader.findings.add(.uselessKey("owner", because: "it is empty", at: owner.location)) }
      draft.owner = isBlank ? nil : owner.text
    }
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
    draft.successor = mapping["successor"].flatMap {
      reader.identifier($0, "the successor's id", allowingHyphens: true)
    }
    if let text = mapping["review_by"].flatMap({ reader.text($0, "'review_by'") }) {
      draft.reviewBy = CalendarDay(text.text).map { Placed($0, at: text.location) }
      if draft.reviewBy == nil { reader.findings.add(.badDate(text.text, at: text.location)) }
    }
    draft.see = links(mapping["see"])
  }

  /// Links are for people, who click on them: nothing but pages.
  func links(_ node: YAMLNode?) -> [String] {
    let texts = (node.map { reader.elements($0, "'see'", orOne: true) } ?? []).compactMap { reader.text($0, "a link") }
    for text in texts where !Self.isLink(text.text) { reader.findings.add(.badLink(text.text, at: text.location)) }
    return texts.map(\.text).filter(Self.isLink)
  }

  private static func isLink(_ text: String) -> Bool {
    guard let scheme = ["https://", "http://"].first(where: text.lowercased().hasPrefix) else { return false }
    let host = text.utf8.dropFirst(scheme.utf8.count).prefix { $0 != UInt8(ascii: "/") }
    return !host.isEmpty && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
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
    draft.verdicts += section(.verdict, mapping["verdicts"], into: &draft, decodeVerdict)
    draft.thresholds += section(.threshold, mapping["thresholds"], into: &draft, decodeThreshold)
    draft.definitions += section(.definition, mapping["definitions"], into: &draft) { id, node in
      reader.text(node, "the definition '\(id.value)'").map { (id, $0) }
    }
    draft.queries += section(.query, mapping["queries"], into: &draft, decodeQuery)
    draft.lists += section(.list, mapping["lists"], into: &draft, decodeList)
    draft.sources += section(.source, mapping["sources"], into: &draft, decodeSource)
    draft.contacts += section(.contact, mapping["contacts"], into: &draft, allowingHyphens: true) { id, node in
      decodeContact(id, node).map { (id, $0) }
    }
    draft.escalations += section(
      .escalation, mapping["escalations"], into: &draft, allowingHyphens: true, decodeEscalation)
  }

  private func decodeAlert(_ node: YAMLNode, into draft: inout Draft) -> DraftAlert? {
    guard let mapping = reader.mapping(node, .alert) else {
      draft.gaps.insert(.field)
      return nil
    }
    var alert = DraftAlert(location: mapping.location)
    alert.when = mapping["when"].flatMap { reader.text($0, "'when'") }
    alert.at = mapping["at"].flatMap { reader.text($0, "'at'") }
    alert.caseKey = mapping["case"].flatMap { reader.text($0, "'case'") }
    alert.fields = section(.field, mapping["fields"], into: &draft, decodeField)
    return alert
  }

  private func decodeField(
    _ id: Placed<String>, _ node: YAMLNode
  ) -> (id: Placed<String>, expression: PlacedText, type: ColumnType?)? {
    if node.scalar != nil { return reader.text(node, "the field '\(id.value)'").map { (id, $0, .string) } }
    guard let mapping = reader.mapping(node, .field) else { return nil }
    let expression = mapping["from"].flatMap { reader.text($0, "'from'") }
    let type = mapping["type"].map { reader.columnType($0, "'type'") } ?? .some(.string)
    return expression.map { (id, $0, type) }
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

  private func decodeKnowledge(_ node: YAMLNode, into draft: inout Draft) {
    guard let mapping = reader.mapping(node, .know) else { return }
    if let application = mapping["application"].flatMap({ reader.mapping($0, .application) }) {
      if let name = application["name"] { _ = reader.words(name, "'name'") }
      draft.components = application["components"].map { node in
        reader.elements(node, "'components'").compactMap { reader.reference($0, "a component") }
      }
    }
    draft.knownAttacks = mapping["attacks"].map { attacks in
      reader.pairs(attacks, "'attacks'").map { key, value in
        _ = reader.text(value, "what '\(key.value)' is")
        return key
      }
    }
  }
}
