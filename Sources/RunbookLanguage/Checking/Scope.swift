import CEL
import Diagnostics
import Values

/// Compiles expressions, each with the names it may use and their types.
///
/// Inside a question asked of each entity, the entity's name is one value and its questions have one answer; outside,
/// both are lists.
final class Scope {
  let names: NameTable
  let lists: [NamedList]
  private let findings: Findings
  private let environments: Environments
  /// By id, without those in which something is wrong.
  private(set) var entities: [String: Entity] = [:]
  private(set) var definitions: [String: Definition] = [:]
  /// Names that some expression has mentioned.
  private(set) var mentioned: Set<String> = []

  init(_ draft: Draft, lists: [NamedList], names: NameTable, findings: Findings) {
    self.lists = lists
    self.names = names
    self.findings = findings
    environments = Environments(draft, lists: lists, names: names)
    resolve(draft)
  }

  func note(mentionOf name: String) { mentioned.insert(name) }

  // MARK: Entities and definitions, which rest on each other

  private func resolve(_ draft: Draft) {
    let links = DefinitionLinks(draft, names: names, anything: environments.anything)
    let order = links.graph.order()
    for circle in order.circles {
      guard let first = circle.first, let place = links.graph.location(of: first) else { continue }
      findings.add(.circular(circle, at: place))
    }
    let circular = Set(order.circles.joined())
    for name in circular { environments.declare(name, .dyn) }
    for name in order.names where !circular.contains(name) {
      if let entity = names.entities[name] {
        entities[name] = makeEntity(entity)
        environments.declare(entity: name, entities[name]?.type ?? .dyn)
      } else if let text = names.definitions[name] {
        let definition = makeDefinition(name, text, about: links.subjects(of: name))
        definitions[name] = definition
        environments.declare(name) { view in
          guard let definition else { return .dyn }
          return definition.expression(in: view.entity)?.type
        }
      }
    }
  }

  private func makeEntity(_ entity: DraftEntity) -> Entity? {
    guard let from = expression(entity.from, in: .run) else { return nil }
    // What is wrong with a name in it has been told; its own type is then not known.
    if from.type == .dyn || from.type == .list(.dyn) {
      return Entity(id: entity.id.value, from: from, type: .dyn, atMost: entity.atMost)
    }
    guard case .list(let element) = from.type, element.isSingleValue else {
      findings.add(
        .wrongType(
          "the entity '\(entity.id.value)'", expected: "a list of single values, such as a column 'query.column'",
          found: from.type, notes: names.notes(onNamesIn: entity.from.text), at: entity.from.location))
      return nil
    }
    return Entity(id: entity.id.value, from: from, type: element, atMost: entity.atMost)
  }

  /// A definition may make sense of one entity only; it is an error only where it makes no sense at all.
  ///
  /// - Parameter subjects: The entities about which it may mean something else than about the run.
  private func makeDefinition(_ id: String, _ text: PlacedText, about subjects: [String]) -> Definition? {
    let forRun = compile(text, in: .run)
    var forEntities: [String: Expression] = [:]
    var problems: [Diagnostic]?
    for entity in subjects {
      switch compile(text, in: .entity(entity)) {
      case .success(let expression): forEntities[entity] = expression
      case .failure(let failure): problems = problems ?? failure.all
      }
    }
    if case .failure(let failure) = forRun, forEntities.isEmpty {
      // What is wrong about one entity is more to the point than what is wrong about the run.
      findings.add(problems ?? failure.all)
      return nil
    }
    return Definition(id: id, forRun: try? forRun.get(), forEntities: forEntities)
  }

  // MARK: Expressions

  /// Why an expression cannot be compiled; empty when all of it has been told elsewhere.
  struct Problems: Error {
    let all: [Diagnostic]
  }

  func expression(_ text: PlacedText, in view: View) -> Expression? { told(compile(text, in: view)) }

  /// An expression over the alert alone.
  func intakeExpression(_ text: PlacedText) -> Expression? {
    told(compile(Part(of: text), with: environments.intake, isIntake: true))
  }

  /// A part of a text as an expression.
  func expression(_ part: Part, in view: View) -> Expression? {
    told(compile(part, with: environments[view], isIntake: false))
  }

  private func told(_ result: Swift.Result<Expression, Problems>) -> Expression? {
    switch result {
    case .success(let expression): return expression
    case .failure(let problems):
      findings.add(problems.all)
      return nil
    }
  }

  private func compile(_ text: PlacedText, in view: View) -> Swift.Result<Expression, Problems> {
    compile(Part(of: text), with: environments[view], isIntake: false)
  }

  private func compile(
    _ part: Part, with environment: CELEnvironment, isIntake: Bool
  ) -> Swift.Result<Expression, Problems> {
    guard !findings.isFull else { return .failure(Problems(all: [])) }
    let result = environment.check(part.source)
    guard let checked = result.expression, result.problems.isEmpty else {
      let problems = result.problems.compactMap { diagnose($0, in: part, isIntake: isIntake) }
      return .failure(Problems(all: problems))
    }
    findings.add(result.warnings.map { .hardlyMeant($0, at: part.location(of: $0.range)) })
    if let alert = checked.references.first(where: { $0.name == "alert" }) {
      findings.add(AlertMembers.findings(on: alert, in: part))
    }
    for reference in checked.references {
      guard let threshold = names.thresholds[reference.name] else { continue }
      findings.add(ThresholdFields.findings(on: reference, of: threshold, in: part, names: names))
    }
    let referenced = checked.references.map(\.name)
    mentioned.formUnion(referenced)
    return .success(Expression(checked: checked, location: part.location, names: referenced))
  }

  private func diagnose(_ problem: CELProblem, in part: Part, isIntake: Bool) -> Diagnostic? {
    let location = part.location(of: problem.range)
    guard problem.kind == .unknownName else {
      let notes =
        names.notes(onNamesIn: part.source)
        + (names.noteOnMissingEach(in: part.source, at: location).map { [$0] } ?? [])
        + (problem.suggestion == "cidr(…)" && names.ids(of: .list).contains { part.source.contains($0) }
          ? [
            .init(
              "a list that stands in the runbook is of texts; of blocks it is a file: '{file: known.txt, of: cidr}'")
          ]
          : [])
      return .expression(problem.message, suggestion: problem.suggestion, notes: notes, at: location)
    }
    let name = part.text(in: problem.range)
    guard let kind = names.kind(of: name) ?? (BuiltInVerdict(rawValue: name) == nil ? nil : .verdict) else {
      if !isIntake, names.mayBeDeclared(as: DeclarationKind.inExpressions) { return nil }
      let notes = problem.suggestion.flatMap { names.declarationNote($0) }.map { [$0] } ?? []
      return .expression(problem.message, suggestion: problem.suggestion, notes: notes, at: location)
    }
    mentioned.insert(name)
    if isIntake { return .notAtIntake(name, kind, at: location) }
    switch kind {
    case .query: return .seriesInExpression(name, at: location)
    case .verdict: return .verdictInExpression(name, at: location)
    case .definition:
      return definitions[name]?.forEntities.keys.sorted().first.map { .outsideEntity(name, entity: $0, at: location) }
    default: return nil
    }
  }

  /// A text or a part of it, to be read as an expression.
  struct Part {
    let source: String
    private let start: Int
    private let locate: (Range<Int>) -> SourceLocation

    init(of text: PlacedText) {
      source = text.text
      start = 0
      locate = text.location(of:)
    }

    /// - Parameter range: UTF-8 offsets of the part within its text.
    init(_ source: String, at range: Range<Int>, locate: @escaping (Range<Int>) -> SourceLocation) {
      self.source = source
      start = range.lowerBound
      self.locate = locate
    }

    /// - Parameter range: UTF-8 offsets within the part.
    func location(of range: Range<Int>) -> SourceLocation {
      locate(start + range.lowerBound..<start + range.upperBound)
    }

    var location: SourceLocation { location(of: 0..<source.utf8.count) }

    func text(in range: Range<Int>) -> String { String(decoding: Array(source.utf8)[range], as: UTF8.self) }
  }
}

extension View {
  var entity: String? { if case .entity(let id) = self { id } else { nil } }
}

extension ValueType {
  /// Whether values of this type can be things that questions are asked of, and bound to queries.
  var isSingleValue: Bool {
    switch self {
    case .string, .int, .address, .network, .bool, .double, .timestamp, .duration, .choice: true
    default: false
    }
  }

  var isList: Bool { if case .list = self { true } else { false } }

  /// The type of a list's elements; any other type itself.
  var elementOrSelf: ValueType { if case .list(let element) = self { element } else { self } }
}
