import CEL
import Diagnostics
import RunbookPorts
import Values

/// The types of all names, for expressions about the run and for those about one entity.
///
/// Inside a question asked of each entity, the entity's name is one value and its questions have one answer; outside,
/// both are lists.
final class Scope {
  private let draft: Draft
  private let names: NameTable
  private let findings: Findings
  let lists: [NamedList]
  /// Resolved so far.
  private(set) var entities: [String: Entity] = [:]
  private(set) var definitions: [String: Definition] = [:]
  private var resolving: [String] = []
  private var environments: [String?: CELEnvironment] = [:]
  /// Names that some expression has mentioned.
  private(set) var mentioned: Set<String> = []

  init(_ draft: Draft, lists: [NamedList], names: NameTable, findings: Findings) {
    self.draft = draft
    self.lists = lists
    self.names = names
    self.findings = findings
    for entity in draft.entities { resolve(entity.id) }
    for definition in draft.definitions { resolve(definition.id) }
  }

  // MARK: Environments

  /// What alerts are looked at with: nothing of the run exists yet.
  private(set) lazy var intake: CELEnvironment = {
    var environment = CELEnvironment()
    environment.declare("alert", .map(.string, .dyn))
    environment.declare("at", .timestamp)
    environment.declare("now", .timestamp)
    for list in lists { environment.declare(list.id, list.type) }
    return environment
  }()

  /// - Parameter entity: The entity whose one value is looked at; `nil`: the run.
  private func environment(of entity: String?) -> CELEnvironment {
    if let known = environments[entity], resolving.isEmpty { return known }
    var environment = intake
    environment.declare("from", .timestamp)
    environment.declare("to", .timestamp)
    for field in draft.alert?.fields ?? [] { environment.declare(field.id.value, field.type.valueType) }
    for query in draft.queries {
      if case .rows(let columns, let isSingle) = query.shape?.value {
        let row = ValueType.record(Table.rowType(of: columns, named: query.id.value))
        environment.declare(query.id.value, isSingle ? row : .list(row))
      }
    }
    for threshold in draft.thresholds { environment.declare(threshold.id.value, Self.type(of: threshold)) }
    for other in entities.values {
      environment.declare(other.id, other.id == entity ? other.type : .list(other.type))
    }
    for question in draft.questions {
      if let type = type(of: question, in: entity) { environment.declare(question.id.value, type) }
    }
    for definition in definitions.values {
      if let expression = definition.expression(in: entity) { environment.declare(definition.id, expression.type) }
    }
    if resolving.isEmpty { environments[entity] = environment }
    return environment
  }

  private static func type(of threshold: DraftThreshold) -> ValueType {
    switch threshold.rule {
    case .number(.int): .int
    case .number: .double
    case .monitored: .record(Threshold.recordType)
    }
  }

  private func type(of question: DraftQuestion, in entity: String?) -> ValueType? {
    if let each = question.each?.value, each != entity {
      return entities[each].map { .list($0.type) }
    }
    let labels = question.labels
    return labels == DraftQuestion.yesAndNo ? .bool : .choice(labels)
  }

  // MARK: Entities and definitions, which rest on each other

  private func resolve(_ id: Placed<String>) {
    guard entities[id.value] == nil, definitions[id.value] == nil else { return }
    if let start = resolving.firstIndex(of: id.value) {
      findings.add(.circular(resolving[start...] + [id.value], at: id.location))
      return
    }
    resolving.append(id.value)
    if let entity = draft.entities.first(where: { $0.id.value == id.value }) {
      resolveNames(in: entity.from)
      entities[id.value] = makeEntity(entity)
    } else if let definition = draft.definitions.first(where: { $0.id.value == id.value }) {
      resolveNames(in: definition.expression)
      definitions[id.value] = makeDefinition(definition)
    }
    resolving.removeLast()
  }

  /// Resolves what a text may mention, found by looking for words in it that do not follow a dot.
  private func resolveNames(in text: PlacedText) {
    let words = text.text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
      .compactMap { $0.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init) }
    for word in Set(words).sorted() {
      if let entity = draft.entities.first(where: { $0.id.value == word }) { resolve(entity.id) }
      if let definition = draft.definitions.first(where: { $0.id.value == word }) { resolve(definition.id) }
      if let each = draft.questions.first(where: { $0.id.value == word })?.each,
        let entity = draft.entities.first(where: { $0.id.value == each.value })
      {
        resolve(entity.id)
      }
    }
  }

  private func makeEntity(_ entity: DraftEntity) -> Entity? {
    guard let from = expression(entity.from, in: nil) else { return nil }
    guard case .list(let element) = from.type, element.isEntityValue else {
      findings.add(
        .wrongType(
          "the entity '\(entity.id.value)'", expected: "a list of single values, such as a column 'query.column'",
          found: from.type, at: entity.from.location))
      return nil
    }
    return Entity(id: entity.id.value, from: from, type: element, atMost: entity.atMost)
  }

  /// A definition may make sense of one entity only; it is an error only where it makes no sense at all.
  private func makeDefinition(_ definition: (id: Placed<String>, expression: PlacedText)) -> Definition? {
    let forRun = attempt(definition.expression, in: nil)
    var forEntities: [String: Expression] = [:]
    var failures: [String: [Diagnostic]] = [:]
    for entity in entities.keys.sorted() {
      switch attempt(definition.expression, in: entity) {
      case .success(let expression): forEntities[entity] = expression
      case .failure(let problems): failures[entity] = problems.all
      }
    }
    if case .failure(let problems) = forRun, forEntities.isEmpty {
      // Of several tellings the one about the entity that the text names is the most to the point.
      let named = failures.keys.sorted().first { definition.expression.text.contains($0) }
      findings.add(named.flatMap { failures[$0] } ?? problems.all)
      return nil
    }
    return Definition(id: definition.id.value, forRun: try? forRun.get(), forEntities: forEntities)
  }

  // MARK: Expressions

  struct Problems: Error {
    let all: [Diagnostic]
  }

  func expression(_ text: PlacedText, in entity: String?) -> Expression? {
    report(attempt(text, in: entity))
  }

  /// An expression over the alert alone.
  func intakeExpression(_ text: PlacedText) -> Expression? { report(compile(text, with: intake, in: nil)) }

  private func report(_ result: Swift.Result<Expression, Problems>) -> Expression? {
    switch result {
    case .success(let expression): return expression
    case .failure(let problems):
      findings.add(problems.all)
      return nil
    }
  }

  private func attempt(_ text: PlacedText, in entity: String?) -> Swift.Result<Expression, Problems> {
    compile(text, with: environment(of: entity), in: entity)
  }

  /// Compiles a part of a text.
  ///
  /// - Parameter part: UTF-8 offsets of the expression within the text; the whole text if `nil`.
  func compile(
    _ text: PlacedText, part: Range<Int>? = nil, with environment: CELEnvironment, in entity: String?
  ) -> Swift.Result<Expression, Problems> {
    let bytes = Array(text.text.utf8)
    let part = part ?? 0..<bytes.count
    let source = String(decoding: bytes[part], as: UTF8.self)
    let result = environment.check(source)
    func location(_ range: Range<Int>) -> SourceLocation {
      text.location(of: part.lowerBound + range.lowerBound..<part.lowerBound + range.upperBound)
    }
    guard let checked = result.expression, result.problems.isEmpty else {
      return .failure(Problems(all: result.problems.map { diagnose($0, in: source, entity, location($0.range)) }))
    }
    let referenced = checked.references.map(\.name)
    mentioned.formUnion(referenced)
    return .success(Expression(checked: checked, location: location(0..<part.count), names: referenced))
  }

  /// A template's expression in a context of the run.
  func compile(_ text: PlacedText, part: Range<Int>, in entity: String?) -> Expression? {
    report(compile(text, part: part, with: environment(of: entity), in: entity))
  }

  private func diagnose(
    _ problem: CELProblem, in source: String, _ entity: String?, _ location: SourceLocation
  ) -> Diagnostic {
    let name = String(decoding: Array(source.utf8)[problem.range], as: UTF8.self)
    if problem.kind == .unknownName, let kind = names.kinds[name] {
      mentioned.insert(name)
      switch kind {
      case .query: return .seriesInExpression(name, at: location)
      case .definition:
        if let owner = definitions[name]?.forEntities.keys.sorted().first {
          return .outsideEntity(name, entity: owner, at: location)
        }
      case .field, .question, .verdict, .entity, .threshold, .list: break
      }
    }
    return .expression(problem.message, suggestion: problem.suggestion, at: location)
  }

  func note(mentionOf name: String) { mentioned.insert(name) }
}

extension ValueType {
  /// Whether values of this type can be things that questions are asked of, and bound to queries.
  var isEntityValue: Bool {
    switch self {
    case .string, .int, .address, .network, .bool, .double, .timestamp, .duration, .choice: true
    default: false
    }
  }
}

extension ValueType {
  /// The type of a list's elements; any other type itself.
  var elementOrSelf: ValueType { if case .list(let element) = self { element } else { self } }
}

extension DraftQuestion {
  static let yesAndNo = ["yes", "no"]

  /// The answers it can have besides `unknown`.
  var labels: [String] {
    if case .choices(let choices) = answer { return choices.map(\.label.value) + ["none"] }
    if answer == nil, weigh == nil, let person, !person.choices.isEmpty { return person.choices.map(\.value) }
    return Self.yesAndNo
  }
}
