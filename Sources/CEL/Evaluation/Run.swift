import Values

/// One evaluation: the values of names, the variables of macros, and the steps that are left.
struct Run {
  /// How many of each an expression needs.
  struct Layout: Sendable {
    /// Variables of macros that are in scope at a time.
    var locals = 0
    /// Macros that go over elements, wherever they stand.
    var loops = 0
    /// Fields that macros read of their elements.
    var columns = 0
    /// Parts that are evaluated once.
    var kept = 0
    /// Lists whose elements are looked up again and again.
    var indices = 0
    /// Variables of `cel.bind` that are in scope at a time.
    var bound = 0
  }

  /// A variable of a macro: a value, or a row of the table that the macro goes over.
  struct Local {
    var value = Value.null
    var table: Table?
    /// The row's place in the table's storage.
    var row = 0
  }

  /// The cells of a column that a macro reads, and where they come from.
  struct ColumnCells {
    var storage: Table.Storage?
    var cells: [Value] = []
  }

  /// What an evaluation takes, or a part of it.
  struct Cost {
    var steps = 0
    /// Made as texts and elements.
    var bytes = 0
  }

  private let names: [Reference]
  private let bindings: (any Bindings)?
  /// Where a repeated evaluation finds its names.
  // SAFETY: the repeated evaluation, which alone has such a run, holds its names.
  private unowned(unsafe) let indexed: (any IndexedBindings)?
  /// Values of all names, when the caller had them at hand.
  private let slots: [Evaluation]
  /// Values of names that were asked for so far.
  private var resolved: [Evaluation?]
  var locals: [Local]
  /// The cells of the columns that macros read, while they go over tables; empty otherwise.
  var columns: [ColumnCells]
  var kept: [Evaluation?]
  var indices: [MembershipIndex?]
  /// Variables of `cel.bind`. What failed there fails where the variable is used.
  var bound: [Evaluation?]
  private(set) var stepsLeft: Int
  let budget: Int
  private var allowance: Int
  private var bytesLeft = CELLimits.createdBytes
  private var patterns = MetPatterns()

  init(names: [Reference], bindings: any Bindings, layout: Layout, budget: Int) {
    self.init(names, bindings, nil, Array(repeating: nil, count: names.count), slots: [], layout, budget)
  }

  init(names: [Reference], slots: [Evaluation], layout: Layout, budget: Int) {
    self.init(names, nil, nil, [], slots: slots, layout, budget)
  }

  init(indexed: any IndexedBindings, layout: Layout, budget: Int) {
    self.init([], nil, indexed, [], slots: [], layout, budget)
  }

  private init(
    _ names: [Reference], _ bindings: (any Bindings)?, _ indexed: (any IndexedBindings)?, _ resolved: [Evaluation?],
    slots: [Evaluation], _ layout: Layout, _ budget: Int
  ) {
    self.names = names
    self.bindings = bindings
    self.indexed = indexed
    self.slots = slots
    self.resolved = resolved
    locals = Array(repeating: Local(), count: layout.locals)
    columns = Array(repeating: ColumnCells(), count: layout.columns)
    kept = Array(repeating: nil, count: layout.kept)
    indices = Array(repeating: nil, count: layout.indices)
    bound = Array(repeating: nil, count: layout.bound)
    self.budget = max(0, budget)
    stepsLeft = self.budget
    allowance = self.budget.multipliedReportingOverflow(by: 10).overflow ? .max : self.budget * 10
  }

  /// The value of a variable of a macro.
  @inline(__always)
  func local(_ slot: Int) -> Value {
    guard let table = locals[slot].table else { return locals[slot].value }
    return .row(TableRow(table, locals[slot].row - table.first))
  }

  /// Gives a variable a value.
  mutating func set(local slot: Int, to value: Value) {
    locals[slot].table = nil
    locals[slot].value = value
  }

  var isRepeated: Bool { indexed != nil }

  /// Makes everything as it was before the first evaluation.
  ///
  /// Indices of lists stay, for evaluations that look into the same list again.
  ///
  /// - Parameter spent: What the evaluation has taken already, in parts that were evaluated apart.
  mutating func begin(after spent: Cost = Cost()) {
    for index in kept.indices { kept[index] = nil }
    for index in indices.indices { indices[index]?.isUsed = false }
    for index in bound.indices { bound[index] = nil }
    patterns.removeAll()
    refill(less: spent)
  }

  /// Makes all steps and bytes available again, less some; all that is known stays so.
  mutating func refill(less spent: Cost = Cost()) {
    stepsLeft = max(0, budget - spent.steps)
    bytesLeft = max(0, CELLimits.createdBytes - spent.bytes)
  }

  /// What has been taken since the steps and bytes were made available.
  var cost: Cost { Cost(steps: budget - stepsLeft, bytes: CELLimits.createdBytes - bytesLeft) }

  /// Takes steps from the budget.
  @inline(__always)
  mutating func charge(_ steps: Int, _ place: @autoclosure () -> Place) throws(EvaluationFailure) {
    let (left, overflow) = stepsLeft.subtractingReportingOverflow(steps)
    guard left >= 0, !overflow else { throw outOfSteps(at: place()) }
    stepsLeft = left
  }

  /// Gives back all steps, up to ten times the budget in all, and bytes; values of names and parts that are known stay so.
  mutating func renew() {
    allowance -= min(allowance, budget - stepsLeft)
    stepsLeft = min(budget, allowance)
    bytesLeft = CELLimits.createdBytes
  }

  /// Takes the steps that so many bytes of text cost.
  mutating func charge(bytes: Int, _ place: Place) throws(EvaluationFailure) {
    try charge(1 + bytes / 16, place)
  }

  /// Takes what a text of so many bytes costs that is about to be made.
  mutating func create(text bytes: Int, _ place: Place) throws(EvaluationFailure) {
    guard bytes <= CELLimits.textBytes else {
      throw .limit("the text would be longer than \(CELLimits.textBytes) bytes", at: place)
    }
    try charge(bytes: bytes, place)
    try create(bytes: bytes, place)
  }

  /// Takes the memory that so many elements of a list or a map need; their steps are charged apart.
  @inline(__always)
  mutating func create(elements: Int, _ place: @autoclosure () -> Place) throws(EvaluationFailure) {
    try create(bytes: elements.multipliedReportingOverflow(by: MemoryLayout<Value>.stride).partialValue, place())
  }

  @inline(__always)
  private mutating func create(bytes: Int, _ place: @autoclosure () -> Place) throws(EvaluationFailure) {
    guard bytes <= bytesLeft else {
      throw .limit("the expression makes more than \(CELLimits.createdBytes) bytes", at: place())
    }
    bytesLeft -= bytes
  }

  /// Takes the steps that finding a key costs.
  mutating func charge(key: Value, _ place: Place) throws(EvaluationFailure) {
    if case .string(let text) = key { try charge(bytes: text.utf8.count, place) }
  }

  @inline(never)
  private func outOfSteps(at place: Place) -> EvaluationFailure {
    .limit("the expression takes more than \(budget) steps", at: place)
  }

  mutating func value(ofName index: Int, _ place: Place) throws(EvaluationFailure) -> Value {
    let evaluation: Evaluation
    if let indexed {
      evaluation = indexed.value(at: index)
    } else if let bindings {
      if let known = resolved[index] {
        evaluation = known
      } else {
        evaluation = bindings.value(of: names[index].name)
        resolved[index] = evaluation
      }
    } else {
      guard index < slots.count else {
        throw EvaluationFailure(.unknown, "'\(names[index].name)' has no value", at: place)
      }
      evaluation = slots[index]
    }
    switch evaluation {
    case .value(let value): return value
    case .failure(let failure): throw failure.placed(at: place)
    }
  }

  /// A pattern that the expression does not spell out. Each evaluation pays for compiling it, whoever has done so.
  mutating func pattern(_ text: String, _ place: Place) throws(EvaluationFailure) -> Pattern {
    if let known = patterns.find(text) { return known }
    try charge(Pattern.compilationSteps + text.utf8.count, place)
    do throws(Pattern.Mistake) {
      let pattern = try PatternCache.pattern(text)
      patterns.keep(pattern, text)
      return pattern
    } catch {
      throw EvaluationFailure(.error, "the regular expression is wrong: \(error.reason)", at: place)
    }
  }

  /// Why an operation does not work on these values. If one of them is known only in part, that is why.
  @inline(never)
  func noOverload(_ operation: String, _ values: Value..., at place: Place) -> EvaluationFailure {
    for case .partial(let partial) in values { return EvaluationFailure(.unknown, partial.reason, at: place) }
    let types = values.map { Self.typeName(of: $0) }
    return EvaluationFailure(.error, "'\(operation)' does not work on \(types.joined(separator: " and "))", at: place)
  }

  private static func typeName(of value: Value) -> String {
    if case .null = value { return "null" }
    return runtimeType(of: value).description
  }
}
