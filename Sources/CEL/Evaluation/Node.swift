import Values

/// A part of an expression, ready to be evaluated. Nodes never change, so evaluations may share them.
protocol Node: AnyObject, Sendable {
  var place: Place { get }
  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value
  /// The value where true or false is wanted.
  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool
}

extension Node {
  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    let value = try evaluate(&run)
    guard case .bool(let answer) = value else { throw notBool(value) }
    return answer
  }

  @inline(never)
  func notBool(_ value: Value) -> EvaluationFailure {
    if case .partial(let partial) = value { return EvaluationFailure(.unknown, partial.reason, at: place) }
    if case .null = value { return EvaluationFailure(.error, "null is neither true nor false", at: place) }
    return EvaluationFailure(.error, "\(runtimeType(of: value)) is neither true nor false", at: place)
  }
}

/// A node that always gives true or false.
protocol ConditionNode: Node {}

extension ConditionNode {
  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value { .bool(try condition(&run)) }
}

final class ConstantNode: Node {
  let value: Value
  let place: Place

  init(value: Value, place: Place) {
    self.value = value
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value { value }
}

/// A part that cannot be evaluated.
final class FailureNode: Node {
  let reason: String
  let place: Place

  init(reason: String, place: Place) {
    self.reason = reason
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    throw EvaluationFailure(.error, reason, at: place)
  }
}

/// A name of the environment.
final class NameNode: Node {
  let index: Int
  let type: ValueType
  let place: Place

  init(index: Int, type: ValueType, place: Place) {
    self.index = index
    self.type = type
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value { try run.value(ofName: index, place) }
}

/// A variable of a macro.
final class LocalNode: Node {
  let slot: Int
  let place: Place

  init(slot: Int, place: Place) {
    self.slot = slot
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value { run.locals[slot] }
}

final class UnaryCallNode: Node {
  let name: String
  let body: Implementation.Unary
  let argument: any Node
  let place: Place

  init(name: String, body: @escaping Implementation.Unary, argument: any Node, place: Place) {
    self.name = name
    self.body = body
    self.argument = argument
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try body(argument.evaluate(&run), &run, place)
  }
}

final class BinaryCallNode: Node {
  let name: String
  let body: Implementation.Binary
  let left: any Node
  let right: any Node
  let place: Place

  init(name: String, body: @escaping Implementation.Binary, left: any Node, right: any Node, place: Place) {
    self.name = name
    self.body = body
    self.left = left
    self.right = right
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    let first = try left.evaluate(&run)
    let second = try right.evaluate(&run)
    return try body(first, second, &run, place)
  }
}

/// A call with more arguments, or with none.
final class CallNode: Node {
  let name: String
  let body: Implementation.Many
  let arguments: [any Node]
  let place: Place

  init(name: String, body: @escaping Implementation.Many, arguments: [any Node], place: Place) {
    self.name = name
    self.body = body
    self.arguments = arguments
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try run.charge(1 + arguments.count, place)
    var values: [Value] = []
    values.reserveCapacity(arguments.count)
    for argument in arguments { values.append(try argument.evaluate(&run)) }
    return try body(values, &run, place)
  }
}

final class ListNode: Node {
  let elements: [any Node]
  let place: Place

  init(elements: [any Node], place: Place) {
    self.elements = elements
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try run.charge(1 + elements.count, place)
    try run.create(elements: elements.count, place)
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for element in elements { values.append(try element.evaluate(&run)) }
    return .list(values)
  }
}

final class MapNode: Node {
  let entries: [(key: any Node, value: any Node)]
  let place: Place

  init(entries: [(key: any Node, value: any Node)], place: Place) {
    self.entries = entries
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try run.charge(1 + entries.count * 2, place)
    try run.create(elements: 2 * entries.count, place)
    var values: [(key: Value, value: Value)] = []
    values.reserveCapacity(entries.count)
    for (key, value) in entries {
      let name = try key.evaluate(&run)
      try run.charge(key: name, place)
      guard MapKey(name) != nil else { throw run.noOverload("key of a map", name, at: key.place) }
      values.append((name, try value.evaluate(&run)))
    }
    guard let map = ValueMap(values) else {
      throw EvaluationFailure(.error, "a key stands twice in the map", at: place)
    }
    return .map(map)
  }
}
