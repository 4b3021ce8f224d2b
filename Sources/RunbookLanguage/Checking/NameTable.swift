import Diagnostics

/// What each id of a runbook stands for. In one runbook a name means one thing.
final class NameTable {
  /// What the names that expressions may use, and verdicts, stand for, and where each is declared first.
  let places: [String: (kind: DeclarationKind, location: SourceLocation)]
  /// Names that stand for two things; that has been told.
  let ambiguous: Set<String>
  /// The ids of each kind in the order of reading, those that failed last; kinds in the order of all of them.
  private let declarations: [(kind: DeclarationKind, ids: [Placed<String>])]
  /// The ids of those kinds of which there are many.
  private let many: [DeclarationKind: Set<String>]
  private let gaps: Set<DeclarationKind>

  let questions: [String: DraftQuestion]
  let entities: [String: DraftEntity]
  let thresholds: [String: DraftThreshold]
  let definitions: [String: PlacedText]
  let queries: [String: DraftQuery]

  /// Most ids of one kind that are looked through one by one.
  private static let scannedIds = 16

  init(_ draft: Draft, _ findings: Findings) {
    gaps = draft.gaps
    declarations = draft.declarations
    questions = Self.firstOfEach(draft.questions.map { ($0.id.value, $0) })
    entities = Self.firstOfEach(draft.entities.map { ($0.id.value, $0) })
    thresholds = Self.firstOfEach(draft.thresholds.map { ($0.id.value, $0) })
    definitions = Self.firstOfEach(draft.definitions.map { ($0.id.value, $0.expression) })
    queries = Self.firstOfEach(draft.queries.map { ($0.id.value, $0) })
    var many: [DeclarationKind: Set<String>] = [:]
    var meanings = Meanings()
    for (kind, ids) in declarations {
      if ids.count > Self.scannedIds { many[kind] = Set(ids.map(\.value)) }
      if DeclarationKind.named.contains(kind) {
        for id in ids { meanings.add(id, kind, findings) }
      } else {
        Self.tellRepeated(ids, kind, findings)
      }
    }
    self.many = many
    places = meanings.places
    ambiguous = meanings.ambiguous
  }

  private static func firstOfEach<Item>(_ items: [(String, Item)]) -> [String: Item] {
    Dictionary(items) { first, _ in first }
  }

  /// What each name stands for, while the names are gathered.
  private struct Meanings {
    var places: [String: (kind: DeclarationKind, location: SourceLocation)] = [:]
    var ambiguous: Set<String> = []

    mutating func add(_ id: Placed<String>, _ kind: DeclarationKind, _ findings: Findings) {
      let isBuiltInVerdict = kind != .verdict && BuiltInVerdict(rawValue: id.value) != nil
      if isBuiltInVerdict || reserved.contains(id.value) {
        findings.add(.reservedName(id.value, at: id.location))
        ambiguous.insert(id.value)
      }
      guard let first = places[id.value] else {
        places[id.value] = (kind, id.location)
        return
      }
      ambiguous.insert(id.value)
      findings.add(.duplicateName(id.value, kind, first: first.location, firstKind: first.kind, at: id.location))
    }
  }

  private static func tellRepeated(_ ids: [Placed<String>], _ kind: DeclarationKind, _ findings: Findings) {
    var first: [String: SourceLocation] = [:]
    for id in ids {
      // `from: cases` is Tocsin's own history.
      if kind == .source, id.value == "cases" { findings.add(.reservedName(id.value, at: id.location)) }
      if let place = first[id.value] {
        findings.add(.duplicateName(id.value, kind, first: place, firstKind: kind, at: id.location))
      } else {
        first[id.value] = id.location
      }
    }
  }

  // MARK: Looking up

  /// What a name stands for that expressions may use, or a verdict's.
  func kind(of name: String) -> DeclarationKind? { places[name]?.kind }

  func ids(of kinds: DeclarationKind...) -> [String] { kinds.flatMap(ids) }

  private func ids(of kind: DeclarationKind) -> [String] { placedIds(of: kind).map(\.value) }

  private func placedIds(of kind: DeclarationKind) -> [Placed<String>] {
    declarations.first { $0.kind == kind }?.ids ?? []
  }

  func isDeclared(_ name: String, as kind: DeclarationKind) -> Bool {
    many[kind]?.contains(name) ?? placedIds(of: kind).contains { $0.value == name }
  }

  /// Whether a name that seems unknown may be declared where nothing could be read.
  func mayBeDeclared(as kinds: [DeclarationKind]) -> Bool { !gaps.isDisjoint(with: kinds) }

  /// Tells that a name stands for nothing of these kinds, if that is sure.
  func tellUnknown(
    _ name: Placed<String>, _ what: String, _ kinds: DeclarationKind..., besides: [String] = [], to findings: Findings
  ) {
    guard !mayBeDeclared(as: kinds), !findings.isFull else { return }
    let declared = kinds.flatMap(ids)
    let known = declared + besides.filter { !declared.contains($0) }
    let near = nearestName(to: name.value, among: known)
    let meant = declarations.lazy.filter { kinds.contains($0.kind) }.flatMap(\.ids).first { $0.value == near }
    findings.add(.unknownName(name.value, what, known: known, meant: meant?.location, at: name.location))
  }

  /// Whose view expressions of a question take.
  func view(each entity: Placed<String>?) -> View {
    guard let entity else { return .run }
    if entities[entity.value] != nil { return .entity(entity.value) }
    // A misspelt entity has been told; what is probably meant serves to look at the rest.
    let meant = nearestName(to: entity.value, among: entities.keys.sorted())
    return meant.map(View.entity) ?? .anything
  }

  // MARK: Reserved names

  /// Names that mean something by themselves in every expression.
  static let standing = ["alert", "at", "now", "from", "to"]
  /// Words of CEL, of `then`, and the names of types; none of them can be an id.
  private static let reserved: Set<String> = Set(standing).union([
    "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
    "loop", "package", "namespace", "return", "var", "void", "while", "yes", "no", "none", "unknown", "int", "uint",
    "double", "bool", "string", "bytes", "list", "map", "type", "dyn", "null_type", "timestamp", "duration", "ip",
    "cidr",
  ])
}

/// From where an expression looks at the names of a runbook.
enum View: Hashable {
  /// Once for the whole run: entities are lists.
  case run
  /// From one value of an entity: its name is that value.
  case entity(String)
  /// From an entity that is not known: names may be anything.
  case anything
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

extension Draft {
  /// The ids of each kind, those of declarations that could not be read last.
  fileprivate var declarations: [(kind: DeclarationKind, ids: [Placed<String>])] {
    DeclarationKind.allCases.map { kind in
      (kind, readable(kind) + failed.filter { $0.kind == kind }.map(\.id))
    }
  }

  private func readable(_ kind: DeclarationKind) -> [Placed<String>] {
    switch kind {
    case .field: alert?.fields.map(\.id) ?? []
    case .question: questions.map(\.id)
    case .entity: entities.map(\.id)
    case .verdict: verdicts.map(\.id)
    case .threshold: thresholds.map(\.id)
    case .definition: definitions.map(\.id)
    case .query: queries.map(\.id)
    case .list: lists.map(\.id)
    case .source: sources.map(\.id)
    case .contact: contacts.map(\.id)
    case .escalation: escalations.map(\.id)
    case .export: exports.map(\.id)
    }
  }
}
