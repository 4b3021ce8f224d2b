import CEL
import Values

/// One entity: its kind and its place in the kind's list.
struct Member: Hashable, Sendable {
  let kind: Int
  let place: Int
}

/// Gives the names in expressions their values: about the run, or about one entity at a time.
final class EvaluationScope: Bindings {
  /// Where the value of a name comes from while no new fact comes in.
  private enum Source {
    /// It has not been looked for.
    case unknown
    /// For all that the scope may be about.
    case value(Evaluation)
    /// By the entity's place.
    case column([Evaluation])
    /// The entity itself.
    case entity(EntityList)
    /// The answer about the entity. The turn keeps the sheet.
    case question(Unmanaged<OpenSheet>)
    /// A definition about the entity.
    case definition(CompiledExpression)
    /// A threshold that judges each entity by itself.
    case threshold(Int)
    /// It is being found just now: a definition that mentions itself comes to this.
    case itself
  }

  /// Memory that is used again is made for those scopes alone that are about many.
  private static let movesWithoutMemory = 16
  /// Of longer lists no values of definitions are kept.
  private static let keptEntities = 100_000

  // SAFETY: a turn makes its scopes and keeps them to itself; none outlives it.
  unowned(unsafe) let turn: Turn
  private let runbook: CompiledRunbook
  private(set) var member: Member?
  /// For the parameters of a query that is asked of each: whom it is asked about.
  private let asked: (kind: Int, values: Value)?
  /// By the name's number. Apart from the object, as they are looked at for every name of every entity.
  private let sources: UnsafeMutableBufferPointer<Source>
  /// Values of definitions about the entity, by the name's number, as far as `stamps` has the number of the present
  /// move; its negative while the definition is being evaluated.
  private var remembered: [Evaluation] = []
  private var stamps: [Int] = []
  private var move = 1
  /// Values of definitions that rest on data alone, by the name's number and the entity's place.
  private var columns: [Int: [Evaluation?]] = [:]
  /// By the expressions' numbers.
  private var evaluators: [RepeatedEvaluation?] = []
  /// Those that evaluate about many in one go, by the expressions' numbers.
  private var columnEvaluators: [ColumnEvaluation?] = []
  /// What definitions that rest on data alone come to about many, by the name's number.
  private var definedColumns: [Int: DefinedColumn] = [:]

  init(_ turn: Turn, about member: Member? = nil, asking asked: (kind: Int, values: Value)? = nil) {
    self.turn = turn
    self.member = member
    self.asked = asked
    runbook = turn.runbook
    sources = .allocate(capacity: runbook.names.count)
    sources.initialize(repeating: .unknown)
  }

  deinit {
    sources.deinitialize()
    sources.deallocate()
  }

  /// From now on names are about this entity.
  func move(to member: Member) {
    self.member = member
    move += 1
  }

  func evaluate(_ expression: CompiledExpression) -> Evaluation {
    guard move > Self.movesWithoutMemory || expression.checked.gainsByRepetition else {
      return expression.checked.evaluate(indexed: ExpressionNames(self, expression))
    }
    if evaluators.isEmpty { evaluators = Array(repeating: nil, count: runbook.expressionCount) }
    if let known = evaluators[expression.number] { return known.evaluate() }
    let evaluator = RepeatedEvaluation(expression.checked, names: ExpressionNames(self, expression))
    evaluators[expression.number] = evaluator
    return evaluator.evaluate()
  }

  func value(of name: String) -> Evaluation {
    guard let number = runbook.nameNumbers[name] else {
      return .failure(EvaluationFailure(.error, "'\(name)' stands for nothing"))
    }
    return value(ofName: number)
  }

  /// - Parameter number: The name's number in the compiled runbook.
  func value(ofName number: Int) -> Evaluation {
    switch sources[number] {
    case .value(let known): return known
    case .column(let values): return values[member?.place ?? 0]
    case .entity(let list): return .value(list.values[member?.place ?? 0])
    case .question(let sheet): return answer(sheet)
    case .definition(let expression): return definition(number, expression)
    case .threshold(let place): return member.map { turn.threshold(place, about: $0) } ?? turn.threshold(place)
    case .itself: return circle(number)
    case .unknown: return find(number)
    }
  }

  @inline(__always)
  private func answer(_ sheet: Unmanaged<OpenSheet>) -> Evaluation {
    sheet._withUnsafeGuaranteedRef { sheet in
      if sheet.question.isYesNo, let code = sheet.code(member), code < 2 { return .value(.bool(code == 0)) }
      return turn.answer(to: sheet, of: member, in: self)
    }
  }

  /// Something new was found out that values rest on.
  ///
  /// - Parameter isData: Whether it was more than answers to questions.
  func forget(isData: Bool) {
    if isData { (columns, definedColumns) = ([:], [:]) }
    for number in sources.indices { sources[number] = .unknown }
    move += 1
  }

  // MARK: About many

  /// Whether a condition holds about each of some entities of the scope's kind, as far as that is found in one go.
  func answers(_ condition: CompiledExpression, about places: [Int]) -> [ColumnAnswer] {
    columnEvaluator(of: condition).answers(about: places)
  }

  private func columnEvaluator(of expression: CompiledExpression) -> ColumnEvaluation {
    if columnEvaluators.isEmpty { columnEvaluators = Array(repeating: nil, count: runbook.expressionCount) }
    if let known = columnEvaluators[expression.number] { return known }
    let evaluator = ColumnEvaluation(
      expression.checked, names: ExpressionNames(self, expression), memory: turn.columnMemory)
    columnEvaluators[expression.number] = evaluator
    return evaluator
  }

  /// Whether a name has the same value about all, which nobody is asked for, and nothing told.
  fileprivate func isShared(_ number: Int) -> Bool {
    guard let member, !runbook.promptNames[number] else { return false }
    return source(of: runbook.names[number], about: member) == nil
  }

  /// What a name comes to about many that stands for true or false; `nil` where it has to be asked about each.
  func answers(ofName number: Int, about places: [Int]) -> [ColumnAnswer]? {
    guard let member else { return nil }
    switch source(of: runbook.names[number], about: member) {
    case .question(let sheet): return turn.answers(to: sheet.takeUnretainedValue(), about: places, in: self)
    case .definition(let expression):
      guard expression.restsOnDataAlone, let total = turn.facts.entities[member.kind].list?.count else {
        return answers(expression, about: places)
      }
      var column = definedColumns.removeValue(forKey: number) ?? DefinedColumn()
      defer { definedColumns[number] = column }
      return column.answers(about: places, of: total, columnEvaluator(of: expression).answers)
    case nil where !runbook.promptNames[number]:
      guard case .value(.bool(let holds)) = value(ofName: number) else { return nil }
      return Array(repeating: holds ? .yes : .no, count: places.count)
    default: return nil
    }
  }

  /// The rows of each entity that a name stands for, at least of some; `nil` where it does not stand for rows.
  fileprivate func rows(ofName number: Int, of places: [Int]) -> GroupedRows? {
    guard let member else { return nil }
    let meaning = runbook.names[number]
    if case .query(let place) = meaning, runbook.queryKinds[place] == member.kind,
      case .rows(let rows)? = turn.facts.queries[place].fact
    {
      return rows.byEntity?.rows
    }
    guard case .definition(let expression)? = source(of: meaning, about: member), expression.restsOnDataAlone,
      let total = turn.facts.entities[member.kind].list?.count
    else { return nil }
    var column = definedColumns.removeValue(forKey: number) ?? DefinedColumn()
    defer { definedColumns[number] = column }
    return column.rows(of: places, of: total, columnEvaluator(of: expression).rows)
  }

  /// Finds out where the value of a name comes from, and what it is.
  private func find(_ number: Int) -> Evaluation {
    let meaning = runbook.names[number]
    if let member, let source = source(of: meaning, about: member) {
      sources[number] = source
      return value(ofName: number)
    }
    if let asked, meaning == .entity(asked.kind) { return .value(asked.values) }
    if case .definition = meaning { sources[number] = .itself }
    let value =
      member == nil && asked == nil
      ? turn.runValue(of: meaning, named: runbook.nameTexts[number]) : turn.runScope.value(ofName: number)
    sources[number] = .value(value)
    return value
  }

  /// Where the value comes from of a name that means something else about each entity; `nil` for all others.
  private func source(of meaning: Plan.Name, about member: Member) -> Source? {
    switch meaning {
    case .question(let place) where runbook.plan.each[place] == member.kind:
      return .question(Unmanaged.passUnretained(turn.sheet(of: place)))
    case .query(let place) where runbook.queryKinds[place] == member.kind:
      guard case .rows(let rows)? = turn.facts.queries[place].fact else { return nil }
      return rows.byEntity.map { .column($0.values) }
    case .threshold(let place) where turn.isJudged(place, by: member): return .threshold(place)
    case .definition(let place): return runbook.definitions[place].forKinds[member.kind].map { .definition($0) }
    case .entity(member.kind):
      guard let list = turn.facts.entities[member.kind].list else { return .value(.unknown("it is not known yet")) }
      return .entity(list)
    default: return nil
    }
  }

  private func definition(_ number: Int, _ expression: CompiledExpression) -> Evaluation {
    if remembered.isEmpty {
      remembered = Array(repeating: .value(.null), count: sources.count)
      stamps = Array(repeating: 0, count: sources.count)
    }
    if stamps[number] == move { return remembered[number] }
    if stamps[number] == -move { return circle(number) }
    if let place = member?.place, let known = columns[number]?[place] { return known }
    stamps[number] = -move
    let value = evaluate(expression)
    remembered[number] = value
    stamps[number] = move
    if expression.restsOnDataAlone { keep(value, of: number) }
    return value
  }

  private func keep(_ value: Evaluation, of number: Int) {
    guard let member, let count = turn.facts.entities[member.kind].list?.count, count <= Self.keptEntities else {
      return
    }
    columns[number, default: Array(repeating: nil, count: count)][member.place] = value
  }

  /// What a definition finds that mentions itself.
  private func circle(_ number: Int) -> Evaluation {
    .failure(EvaluationFailure(.error, "'\(runbook.nameTexts[number])' rests on itself"))
  }
}

/// A scope as one expression sees it.
private final class ExpressionNames: ColumnBindings {
  // SAFETY: the scope keeps it to itself, in what evaluates the expression.
  private let scope: Unmanaged<EvaluationScope>
  private let expression: CompiledExpression

  init(_ scope: EvaluationScope, _ expression: CompiledExpression) {
    self.scope = Unmanaged.passUnretained(scope)
    self.expression = expression
  }

  func value(at reference: Int) -> Evaluation {
    guard let number = expression.names[reference] else {
      return .failure(
        EvaluationFailure(.error, "'\(expression.checked.references[reference].name)' stands for nothing"))
    }
    return scope._withUnsafeGuaranteedRef { $0.value(ofName: number) }
  }

  func move(to thing: Int) {
    scope._withUnsafeGuaranteedRef { scope in
      if let kind = scope.member?.kind { scope.move(to: Member(kind: kind, place: thing)) }
    }
  }

  func isShared(_ reference: Int) -> Bool {
    expression.names[reference].map { number in scope._withUnsafeGuaranteedRef { $0.isShared(number) } } ?? false
  }

  func answers(at reference: Int, about things: [Int]) -> [ColumnAnswer]? {
    expression.names[reference].flatMap { number in
      scope._withUnsafeGuaranteedRef { $0.answers(ofName: number, about: things) }
    }
  }

  func rows(at reference: Int, of things: [Int]) -> GroupedRows? {
    expression.names[reference].flatMap { number in
      scope._withUnsafeGuaranteedRef { $0.rows(ofName: number, of: things) }
    }
  }
}
