import Values

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
