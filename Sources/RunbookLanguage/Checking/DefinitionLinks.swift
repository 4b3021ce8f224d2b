import CEL
import Diagnostics

/// What entities and definitions rest on, found before anything has a type: the order in which types can be found.
struct DefinitionLinks {
  private(set) var graph = DependencyGraph()
  /// The names that each mentions.
  private var mentions: [String: [String]] = [:]
  private let names: NameTable
  private let anything: CELEnvironment
  /// For each definition the entities about which it may mean something else than about the run.
  private var subjectsOfDefinitions: [String: Set<String>] = [:]

  /// - Parameter anything: An environment with every name of the runbook.
  init(_ draft: Draft, names: NameTable, anything: CELEnvironment) {
    self.names = names
    self.anything = anything
    for entity in draft.entities { add(entity.id, entity.from) }
    for definition in draft.definitions { add(definition.id, definition.expression) }
    for name in graph.order().names where names.definitions[name] != nil {
      subjectsOfDefinitions[name] = Set((mentions[name] ?? []).flatMap(subjectsOfMention))
    }
  }

  /// The entities about which a definition may mean something else than about the run, in the order of their names.
  func subjects(of definition: String) -> [String] { (subjectsOfDefinitions[definition] ?? []).sorted() }

  private mutating func add(_ id: Placed<String>, _ text: PlacedText) {
    guard mentions[id.value] == nil else { return }
    let mentioned = names(in: text.text)
    mentions[id.value] = mentioned
    graph.add(id.value, at: id.location, needs: mentioned.compactMap(declarationBehind))
  }

  /// The entity or definition whose type must be known before this name has one.
  private func declarationBehind(_ name: String) -> String? {
    if names.entities[name] != nil || names.definitions[name] != nil { return name }
    guard let each = names.questions[name]?.each?.value, names.entities[each] != nil else { return nil }
    return each
  }

  private func subjectsOfMention(_ name: String) -> [String] {
    if names.entities[name] != nil { return [name] }
    if let known = subjectsOfDefinitions[name] { return Array(known) }
    let each = names.questions[name]?.each ?? names.queries[name]?.each
    return each.flatMap { names.entities[$0.value] == nil ? nil : [$0.value] } ?? []
  }

  /// The names of the runbook that a text mentions: neither words in its strings nor variables of its macros.
  private func names(in text: String) -> [String] {
    let words = text.utf8.split { !($0 == 0x5F || (48...57).contains($0) || (97...122).contains($0 | 0x20)) }
    let hasName = words.contains { names.places[String(Substring($0))] != nil }
    guard hasName else { return [] }
    return anything.parse(text).expression?.references.map(\.name) ?? []
  }
}
