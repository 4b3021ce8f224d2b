import Diagnostics
import YAMLTree

/// A runbook with one change that its grammar allows, and where that change is.
struct RunbookMutant: Sendable, CustomStringConvertible {
  enum Kind: String, CaseIterable, Sendable {
    /// A key that the grammar knows becomes one that it does not.
    case rename
    /// A declaration gets another name; what named it does not.
    case renameDeclaration = "rename a declaration"
    /// A key and its value go.
    case drop
    /// A key and its value stand twice.
    case duplicate
    /// A value becomes one of another kind.
    case retype
    /// A name, also in an expression or a text, becomes one that nothing has.
    case dangle
    /// What follows, or what something rests on, becomes itself.
    case cycle
    /// Two neighbouring values change places.
    case swap
  }

  /// What the place belongs to, as `RunbookDifference` names it.
  struct Declaration: Hashable, Sendable {
    let kind: String
    let id: String
  }

  let kind: Kind
  let path: [String]
  let bytes: [UInt8]
  /// All names that stand in what was dropped.
  let dropped: Set<String>
  /// Of the changed text.
  let lines: ClosedRange<Int>

  var description: String {
    "\(kind.rawValue) \(path.joined(separator: ".")), lines \(lines.lowerBound)-\(lines.upperBound)"
  }

  var declaration: Declaration {
    guard path.count > 1, let kind = Self.declarationKinds[path[0]] else { return Declaration(kind: "runbook", id: "") }
    return Declaration(kind: kind, id: path[1])
  }

  static let declarationKinds = [
    "questions": "question", "verdicts": "verdict", "entities": "entity", "thresholds": "threshold",
    "definitions": "definition", "queries": "query", "lists": "list", "sources": "source", "contacts": "contact",
    "escalations": "escalation", "exports": "export",
  ]

  /// Every change of a runbook.
  static func all(of source: SourceText) -> [RunbookMutant] {
    guard let root = YAMLReader.read(source).root else { return [] }
    var maker = MutantMaker(source)
    maker.visit(root, at: [])
    return maker.mutants
  }
}

/// Goes through a runbook and changes it at each place.
private struct MutantMaker {
  private(set) var mutants: [RunbookMutant] = []
  private let source: SourceText
  private static let nothing = "zz_nothing"

  init(_ source: SourceText) {
    self.source = source
  }

  mutating func visit(_ node: YAMLNode, at path: [String]) {
    switch node.content {
    case .scalar: break
    case .sequence(let items):
      for (index, item) in items.enumerated() { visit(item, at: path + ["\(index)"]) }
    case .mapping(let pairs):
      for (index, pair) in pairs.enumerated() {
        let inner = path + [pair.key.scalar?.text ?? ""]
        change(pair, at: inner)
        drop(pair, of: node, at: inner)
        duplicate(pair, of: node, at: inner)
        if index + 1 < pairs.count { swap(pair.value, pairs[index + 1].value, at: inner) }
        visit(pair.value, at: inner)
      }
    }
    if RunbookPlace(path).isReference || RunbookPlace(path).isListOfReferences { dangleReferences(in: node, at: path) }
  }

  private mutating func change(_ pair: YAMLPair, at path: [String]) {
    let place = RunbookPlace(path)
    if place.isKeyOfGrammar {
      add(.rename, path, [(pair.key.range, "zz_\(path.last ?? "")")])
    } else if place.isDeclaration {
      add(.renameDeclaration, path, [(pair.key.range, "\(path.last ?? "")z")])
    }
    retype(pair.value, at: path)
    if place.isExpression || place.isText { dangleName(in: pair.value, isText: place.isText, at: path) }
    if place.isWayOn {
      for target in pair.value.items ?? [pair.value] { add(.cycle, path, [(target.range, path[1])]) }
    } else if path.count == 2, path[0] == "definitions" {
      add(.cycle, path, [(pair.value.range, path[1])])
    } else if path.count == 3, path[0] == "queries", path[2] == "from" {
      add(.cycle, path, [(pair.value.range, "[\(path[1])]")])
    }
  }

  private mutating func retype(_ value: YAMLNode, at path: [String]) {
    if value.scalar == nil {
      add(.retype, path, [(value.range, "zz nothing")])
    } else {
      add(.retype, path, [(value.range, "{zz: {zz: 1}}")])
      if RunbookPlace(path).isOfClosedType { add(.retype, path, [(value.range, "zz nothing")]) }
    }
  }

  private mutating func dangleReferences(in node: YAMLNode, at path: [String]) {
    switch node.content {
    case .scalar: if !node.range.isEmpty { add(.dangle, path, [(node.range, Self.nothing)]) }
    case .sequence(let items): for item in items { dangleReferences(in: item, at: path) }
    case .mapping(let pairs): for pair in pairs { add(.dangle, path, [(pair.key.range, Self.nothing)]) }
    }
  }

  /// Changes the first name of an expression, or of the first `${…}` in a text.
  private mutating func dangleName(in value: YAMLNode, isText: Bool, at path: [String]) {
    guard let scalar = value.scalar else { return }
    let bytes = source.bytes
    var start = scalar.range.start
    if isText {
      guard let hole = (start..<scalar.range.end).first(where: { bytes[$0...].starts(with: "${".utf8) }) else { return }
      start = hole + 2
    }
    guard let first = (start..<scalar.range.end).first(where: { isLetter(bytes[$0]) }) else { return }
    var end = first
    while end < scalar.range.end, isLetter(bytes[end]) || bytes[end] == UInt8(ascii: "_") { end += 1 }
    let isQuoted = first > start && bytes[start..<first].contains(UInt8(ascii: "\""))
    guard !isQuoted || isText || scalar.style != .plain, end == bytes.count || bytes[end] != UInt8(ascii: "(") else {
      return
    }
    add(.dangle, path, [(SourceRange(first, end), Self.nothing)])
  }

  private mutating func drop(_ pair: YAMLPair, of node: YAMLNode, at path: [String]) {
    guard let range = wholeRange(of: pair, in: node) else { return }
    let isInBrackets = source.bytes[node.range.start] == UInt8(ascii: "{")
    // What misses it is its mapping: the line where that begins, and that of its key above.
    let start = source.position(at: isInBrackets ? pair.key.range.start : node.range.start).line
    add(
      .drop, path, [(range, "")], from: max(1, start - 1), upTo: source.position(at: range.start).line,
      dropping: names(in: pair.key).union(names(in: pair.value)))
  }

  private mutating func duplicate(_ pair: YAMLPair, of node: YAMLNode, at path: [String]) {
    guard let range = wholeRange(of: pair, in: node) else { return }
    let text = source.text(in: range)
    if source.bytes[node.range.start] == UInt8(ascii: "{") {
      let written = source.text(in: pair.range)
      add(.duplicate, path, [(SourceRange(pair.range.end, pair.range.end), ", \(written)")])
    } else {
      add(.duplicate, path, [(SourceRange(range.end, range.end), text)])
    }
  }

  private mutating func swap(_ one: YAMLNode, _ other: YAMLNode, at path: [String]) {
    guard one.scalar != nil, other.scalar != nil, !one.range.isEmpty, !other.range.isEmpty else { return }
    let (first, second) = (source.text(in: one.range), source.text(in: other.range))
    guard first != second, !first.contains("\n"), !second.contains("\n") else { return }
    add(.swap, path, [(one.range, second), (other.range, first)])
  }

  // MARK: Text

  /// A pair with its lines, or with the comma that divides it from the next; `nil` if it cannot be taken out alone.
  private func wholeRange(of pair: YAMLPair, in node: YAMLNode) -> SourceRange? {
    let bytes = source.bytes
    if bytes[node.range.start] == UInt8(ascii: "{") {
      var end = pair.range.end
      while end < node.range.end, bytes[end] == UInt8(ascii: ",") || bytes[end] == 0x20 { end += 1 }
      return SourceRange(pair.range.start, end)
    }
    let start = source.contents(ofLine: source.position(at: pair.key.range.start).line).lowerBound
    guard bytes[start..<pair.key.range.start].allSatisfy({ $0 == 0x20 }) else { return nil }
    let last = source.contents(ofLine: source.position(at: pair.range.end).line).upperBound
    return SourceRange(start, min(bytes.count, last + 1))
  }

  private mutating func add(
    _ kind: RunbookMutant.Kind, _ path: [String], _ edits: [(range: SourceRange, text: String)], from line: Int? = nil,
    upTo last: Int? = nil, dropping dropped: Set<String> = []
  ) {
    guard let first = edits.first?.range.start else { return }
    var bytes = source.bytes
    for edit in edits.reversed() {
      let isAfterColon = edit.range.isEmpty && edit.range.start > 0 && bytes[edit.range.start - 1] == UInt8(ascii: ":")
      bytes.replaceSubrange(
        edit.range.start..<edit.range.end,
        with: (isAfterColon && kind == .retype ? " " : "").utf8 + Array(edit.text.utf8))
    }
    guard bytes != source.bytes else { return }
    let start = line ?? source.position(at: first).line
    let end = edits.map { source.position(at: $0.range.start).line + $0.text.utf8.count { $0 == 0x0A } }.max() ?? start
    mutants.append(
      RunbookMutant(kind: kind, path: path, bytes: bytes, dropped: dropped, lines: start...max(start, last ?? end)))
  }

  /// Every scalar.
  private func names(in node: YAMLNode) -> Set<String> {
    switch node.content {
    case .scalar(let scalar): [scalar.text]
    case .sequence(let items): items.reduce(into: []) { $0.formUnion(names(in: $1)) }
    case .mapping(let pairs): pairs.reduce(into: []) { $0.formUnion(names(in: $1.key).union(names(in: $1.value))) }
    }
  }

  private func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
}

/// What may stand at a place of a runbook.
struct RunbookPlace {
  private let path: [String]

  init(_ path: [String]) {
    self.path = path
  }

  private var section: String { path.first ?? "" }
  private var last: String { path.last ?? "" }

  /// Mappings whose keys are names of the author's choice, below a declaration.
  private static let named = ["fields", "row", "rows", "of", "answer", "then", "weigh", "severity", "with", "attacks"]

  var isDeclaration: Bool { path.count == 2 && RunbookMutant.declarationKinds[section] != nil }

  var isKeyOfGrammar: Bool {
    if path.count == 1 { return true }
    if isDeclaration || section == "contacts" { return false }
    return !Self.named.contains(path[path.count - 2])
  }

  /// Whether a value is a name that something else has.
  var isReference: Bool {
    switch (section, path.count, last) {
    case ("questions", 3, "each"), ("queries", 3, "each"), ("queries", 3, "window"), ("verdicts", 3, "escalate"),
      ("exports", 3, "data"), ("lists", 3, "file"), ("lists", 3, "key"):
      true
    case ("questions", 4, _): path[2] == "then"
    default: false
    }
  }

  /// Whether a value is a list of names, or a mapping by names, that something else has.
  var isListOfReferences: Bool {
    switch (section, path.count, last) {
    case ("import", 1, _), ("questions", 3, "weigh"), ("verdicts", 3, "export"), ("escalations", 4, "notify"): true
    default: false
    }
  }

  /// Whether it names what follows an answer.
  var isWayOn: Bool { section == "questions" && path.count == 4 && path[2] == "then" }

  var isExpression: Bool {
    switch (section, path.count, last) {
    case ("questions", 3, "answer"), ("entities", 3, "from"), ("alert", 2, "when"), ("alert", 2, "at"),
      ("definitions", 2, _):
      true
    case ("verdicts", 4, _): path[2] == "severity"
    case ("alert", 3, _): path[1] == "fields"
    default: false
    }
  }

  var isText: Bool {
    switch (section, path.count, last) {
    case ("questions", 3, "ask"), ("questions", 3, "finding"), ("verdicts", 3, "means"), ("queries", 3, "sql"),
      ("queries", 3, "promql"):
      true
    default: false
    }
  }

  /// Whether only some words, or numbers, may stand here.
  var isOfClosedType: Bool {
    switch (section, path.count, last) {
    case ("tocsin", 1, _), ("version", 1, _), ("runbook", 1, _), ("verdicts", 3, "severity"),
      ("questions", 3, "optional"),
      ("questions", 3, "at_least"), ("entities", 3, "at_most"), ("queries", 3, "at_most"), ("thresholds", 3, _),
      ("window", 2, _), ("limits", 2, _), ("exports", 3, "format"), ("lists", 3, "of"):
      true
    case ("queries", 4, _): path[2] == "row" || path[2] == "rows"
    case ("questions", 4, _): path[2] == "weigh"
    case ("lists", 4, _): path[2] == "of"
    default: false
    }
  }
}
