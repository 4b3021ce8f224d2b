import Diagnostics

/// What each id of a runbook stands for. In one runbook a name means one thing.
struct NameTable {
  enum Kind: String {
    case field, question, verdict, entity, threshold, definition, query, list
  }

  private(set) var kinds: [String: Kind] = [:]
  private var places: [String: SourceLocation] = [:]

  /// Names that mean something by themselves in every expression.
  static let standing = ["alert", "at", "now", "from", "to"]
  /// Words of CEL, of `then`, and the names of types; none of them can be an id.
  private static let reserved: Set<String> = Set(standing).union([
    "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
    "loop", "package", "namespace", "return", "var", "void", "while", "yes", "no", "none", "unknown", "int", "uint",
    "double", "bool", "string", "bytes", "list", "map", "type", "dyn", "null_type", "timestamp", "duration", "ip", "cidr",
  ])

  init(_ draft: Draft, _ findings: Findings) {
    for field in draft.alert?.fields ?? [] { add(field.id, .field, findings) }
    for question in draft.questions { add(question.id, .question, findings) }
    for entity in draft.entities { add(entity.id, .entity, findings) }
    for verdict in draft.verdicts { add(verdict.id, .verdict, findings) }
    for threshold in draft.thresholds { add(threshold.id, .threshold, findings) }
    for definition in draft.definitions { add(definition.id, .definition, findings) }
    for query in draft.queries { add(query.id, .query, findings) }
    for list in draft.lists { add(list.id, .list, findings) }
    Self.unique(draft.sources.map(\.id), "source", findings)
    Self.unique(draft.contacts.map(\.id), "contact", findings)
    Self.unique(draft.escalations.map(\.id), "escalation", findings)
    Self.unique(draft.exports.map(\.id), "export", findings)
  }

  private mutating func add(_ id: Placed<String>, _ kind: Kind, _ findings: Findings) {
    if Self.reserved.contains(id.value) {
      findings.add(.reservedName(id.value, at: id.location))
    } else if let first = places[id.value], let firstKind = kinds[id.value] {
      findings.add(
        .duplicateName(
          id.value, "the \(kind.rawValue)", first: first, firstKind: "the \(firstKind.rawValue)", at: id.location))
    } else if kind != .verdict, BuiltInVerdict(rawValue: id.value) != nil {
      findings.add(.reservedName(id.value, at: id.location))
    } else {
      kinds[id.value] = kind
      places[id.value] = id.location
    }
  }

  private static func unique(_ ids: [Placed<String>], _ kind: String, _ findings: Findings) {
    var first: [String: SourceLocation] = [:]
    for id in ids {
      if let place = first[id.value] {
        findings.add(
          .duplicateName(id.value, "the \(kind)", first: place, firstKind: "the \(kind)", at: id.location))
      } else {
        first[id.value] = id.location
      }
    }
  }
}

/// Verdicts that every runbook has.
enum BuiltInVerdict: String, CaseIterable {
  case benign, suspicious, malicious, undetermined

  var severity: Severity {
    switch self {
    case .benign: .info
    case .suspicious: .medium
    case .malicious, .undetermined: .high
    }
  }

  var means: String {
    switch self {
    case .benign: "Nothing wrong was found."
    case .suspicious: "Something is not as it should be."
    case .malicious: "An attack was found."
    case .undetermined: "A question that matters could not be answered."
    }
  }
}
