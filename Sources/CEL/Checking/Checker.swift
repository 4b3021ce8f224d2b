import Values

/// A part of an expression with its type and what evaluates it.
struct Typed {
  var type: ValueType
  let node: any Node
  /// Its value, if that is known without evaluation.
  var constant: Value?
  /// Between which numbers it lies, if more is known than its type says.
  var bounds: Bounds?
  /// The reference that it selects from, and by which path.
  var origin: (reference: Int, path: [String])?
}

/// Gives every part of an expression its type and makes the nodes that evaluate it. It looks at everything, whatever it
/// has found wrong before; what is wrong is of type `dyn`, so that nothing else is blamed for it.
struct Checker {
  let environment: CELEnvironment
  private let source: [UInt8]
  /// Whether wrong names and types are left for evaluation to fail on.
  let isLenient: Bool
  var inference = Inference()
  private(set) var problems: [CELProblem] = []
  private(set) var references: [Reference] = []
  /// Empty while there are so few that looking through them is faster.
  private var referenceIndex: [String: Int] = [:]
  private static let scannedReferences = 16
  private(set) var warnings: [CELProblem] = []
  /// References whose texts, or the texts in which, are patterns.
  var patterns: Set<Int> = []
  /// Variables of the macros around, innermost last. A variable's slot is its depth.
  private(set) var variables: [Variable] = []
  /// How many of the macros around go over elements.
  private(set) var loops = 0
  /// What one evaluation must have room for.
  private(set) var layout = Run.Layout()
  /// Variables of macros that what was checked last reads, a bit for each slot.
  var usedSlots: UInt = 0

  /// Whether what is checked is compared with a text.
  var isTextDue = false

  /// - Parameter source: The expression's UTF-8 text.
  init(_ environment: CELEnvironment, _ source: [UInt8], isLenient: Bool) {
    self.environment = environment
    self.source = source
    self.isLenient = isLenient
  }

  /// A name that a macro gives to something.
  struct Variable {
    let name: String
    let type: ValueType
    /// Where `cel.bind` keeps its value; `nil` for variables of other macros.
    var boundIndex: Int?
    /// What it depends on, a bit for each slot: itself, or what the value depends on that was bound to it.
    let dependencies: UInt
    var isUsed = false
    /// The reference whose elements it stands for.
    var elementsOf: Int?
    /// Fields that are read of it, if it stands for one element after another.
    var columns: [Loop.ColumnUse]?
  }

  /// Whether another problem would be reported; asked before one is made whose suggestion takes long to find.
  var reports: Bool { !isLenient && problems.count < CELLimits.problems }

  mutating func report(_ problem: CELProblem) {
    if reports { problems.append(problem) }
  }

  /// What is written there.
  func text(_ place: Place) -> String { String(decoding: source[place], as: UTF8.self) }

  func isSameText(_ left: Place, _ right: Place) -> Bool { source[left] == source[right] }

  mutating func warn(_ problem: CELProblem) {
    if !isLenient, warnings.count < CELLimits.problems { warnings.append(problem) }
  }

  /// The node and type of something wrong, once it has been reported.
  func failing(_ reason: String, at place: Place) -> Typed {
    Typed(type: .dyn, node: FailureNode(reason: reason, place: place))
  }

  /// - Parameter isSelected: Whether a field is selected from it, so that it is not used as a whole.
  mutating func check(_ syntax: Syntax, isSelected: Bool = false) -> Typed {
    guard loops > 0 else { return checkPart(syntax, isSelected: isSelected) }
    // What a macro does for each element, but which does not depend on the element, is done once.
    let usedBefore = usedSlots
    usedSlots = 0
    defer { usedSlots |= usedBefore }
    let typed = checkPart(syntax, isSelected: isSelected)
    guard usedSlots == 0, typed.constant == nil, isCostly(syntax, typed.type) else { return typed }
    layout.kept += 1
    var kept = Typed(type: typed.type, node: OnceNode(part: typed.node, index: layout.kept - 1))
    kept.origin = typed.origin
    return kept
  }

  private func isCostly(_ syntax: Syntax, _ type: ValueType) -> Bool {
    switch (syntax.kind, inference.known(type)) {
    case (.call, _), (.select, .list): true
    default: false
    }
  }

  /// The number of the index that a membership test keeps of its container, if that is the same for all elements of a
  /// macro. One outside of macros is for evaluations that are repeated.
  mutating func containerIndex(usedSlots: UInt) -> Int? {
    guard usedSlots == 0 else { return nil }
    layout.indices += 1
    return layout.indices - 1
  }

  mutating func checkPart(_ syntax: Syntax, isSelected: Bool = false) -> Typed {
    switch syntax.kind {
    case .literal(let value): return constant(value, at: syntax.place)
    case .name(let name, let isAbsolute):
      return check(name: name, isAbsolute: isAbsolute, at: syntax.place, isSelected: isSelected)
    case .select(let operand, let field, let fieldPlace):
      return check(select: field, at: fieldPlace, from: operand, whole: syntax, isSelected: isSelected)
    case .index(let container, let index):
      return check(index: index, of: container, at: syntax.place, isOptional: false)
    case .optionalSelect(let operand, let field, let fieldPlace):
      return check(optionalSelect: field, at: fieldPlace, from: operand, whole: syntax.place)
    case .optionalIndex(let container, let index):
      return check(index: index, of: container, at: syntax.place, isOptional: true)
    case .optionalElement(let element): return check(element)
    case .call: return check(call: syntax)
    case .list(let elements): return check(list: elements, at: syntax.place)
    case .map(let entries): return check(map: entries, at: syntax.place)
    case .prefix(let sign, let operand): return check(prefix: sign, operand, at: syntax.place)
    case .binary(let sign, let left, let right): return check(sign, left, right, at: syntax.place)
    case .logic(let isAnd, let operands): return check(logic: operands, isAnd: isAnd, at: syntax.place)
    case .conditional(let condition, let then, let otherwise):
      return check(conditional: condition, then, otherwise, at: syntax.place)
    case .invalid: return failing("this part could not be read", at: syntax.place)
    }
  }

  func constant(_ value: Value, at place: Place) -> Typed {
    Typed(type: Self.type(of: value), node: ConstantNode(value: value, place: place), constant: value)
  }

  private static func type(of value: Value) -> ValueType {
    switch value {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .timestamp: .timestamp
    case .duration: .duration
    case .address: .address
    case .network: .network
    default: .dyn
    }
  }

  // MARK: Names in scope

  /// - Parameter isElement: Whether the body is done for each of many elements, which the variable stands for.
  mutating func withVariable<Result>(
    _ name: String, _ type: ValueType, isElement: Bool = false, of reference: Int? = nil,
    _ body: (inout Checker, _ slot: Int) -> Result
  ) -> Result {
    let slot = variables.count
    variables.append(
      Variable(
        name: name, type: type, dependencies: 1 << UInt(slot), elementsOf: reference, columns: isElement ? [] : nil))
    layout.locals = max(layout.locals, variables.count)
    if isElement {
      loops += 1
      layout.loops += 1
    }
    defer {
      if isElement { loops -= 1 }
      variables.removeLast()
      usedSlots &= ~(1 << UInt(slot))
    }
    return body(&self, slot)
  }

  /// - Parameter dependencies: What the value depends on, a bit for each slot.
  /// - Returns: What the body returned, and whether it used the variable.
  mutating func withBinding<Result>(
    _ name: String, _ type: ValueType, dependencies: UInt, _ body: (inout Checker, _ index: Int) -> Result
  ) -> (result: Result, isUsed: Bool) {
    let index = variables.count { $0.boundIndex != nil }
    variables.append(Variable(name: name, type: type, boundIndex: index, dependencies: dependencies))
    layout.bound = max(layout.bound, index + 1)
    let result = body(&self, index)
    return (result, variables.removeLast().isUsed)
  }

  mutating func noteUse(ofSlot slot: Int) {
    variables[slot].isUsed = true
    usedSlots |= variables[slot].dependencies
  }

  /// Where `Run.columns` has a field's cells, if the variable stands for one element after another.
  mutating func columnIndex(of field: String, slot: Int, ofVariable variable: Int) -> Int? {
    guard let known = variables[variable].columns else { return nil }
    if let use = known.first(where: { $0.slot == slot }) { return use.index }
    variables[variable].columns?.append(.init(field: field, slot: slot, index: layout.columns))
    layout.columns += 1
    return layout.columns - 1
  }

  func variableSlot(_ name: String) -> Int? { variables.lastIndex { $0.name == name } }

  /// The number of a name among those that the expression uses.
  mutating func reference(to name: String, at place: Place) -> Int {
    if let known = referenceNumber(name) {
      references[known].ranges.append(place)
      return known
    }
    references.append(Reference(name: name, ranges: [place], paths: []))
    if references.count > Self.scannedReferences {
      if referenceIndex.isEmpty {
        for (number, reference) in references.enumerated() { referenceIndex[reference.name] = number }
      }
      referenceIndex[name] = references.count - 1
    }
    return references.count - 1
  }

  private func referenceNumber(_ name: String) -> Int? {
    if !referenceIndex.isEmpty { return referenceIndex[name] }
    for number in references.indices where references[number].name == name { return number }
    return nil
  }

  mutating func recordUse(of typed: Typed) {
    guard let (reference, path) = typed.origin, !references[reference].paths.contains(path) else { return }
    references[reference].paths.append(path)
  }
}
