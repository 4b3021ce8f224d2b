import Values

final class EqualityNode: ConditionNode {
  let left: any Node
  let right: any Node
  let isNegated: Bool
  private let whole: Int64?
  let place: Place

  init(left: any Node, right: any Node, isNegated: Bool, place: Place) {
    self.left = left
    self.right = right
    self.isNegated = isNegated
    whole = (right as? ConstantNode)?.whole
    self.place = place
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    let first = try left.evaluate(&run)
    if let whole, case .int(let number) = first {
      try run.charge(1, place)
      return (number == whole) != isNegated
    }
    let second = try right.evaluate(&run)
    if case .int(let left) = first, case .int(let right) = second {
      try run.charge(1, place)
      return (left == right) != isNegated
    }
    return try equal(first, second, &run, place) != isNegated
  }
}

/// Whether two values are one. Values of different kinds are not, except that numbers are compared as numbers.
///
/// - Throws: when that depends on something known only in part.
func equal(_ left: Value, _ right: Value, _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Bool {
  try run.charge(1, place)
  switch (left, right) {
  case (.string(let left), .string(let right)):
    guard left.utf8.count == right.utf8.count else { return false }
    try run.charge(bytes: left.utf8.count, place)
    return sameBytes(left, right)
  case (.int(let left), .int(let right)): return left == right
  case (.bool(let left), .bool(let right)): return left == right
  case (.null, .null): return true
  case (.bytes(let left), .bytes(let right)):
    try run.charge(bytes: min(left.count, right.count), place)
    return left == right
  case (.timestamp(let left), .timestamp(let right)): return left == right
  case (.duration(let left), .duration(let right)): return left == right
  case (.address(let left), .address(let right)): return left.address == right.address
  case (.network(let left), .network(let right)): return left.block == right.block
  case (.calendar(let left), .calendar(let right)): return left === right
  case (.type(let left), .type(let right)): return left.type == right.type
  case (.map(let left), .map(let right)): return try equal(left, right, &run, place)
  case (.list, .list), (.list, .table), (.table, .list), (.table, .table):
    return try equalElements(left, right, &run, place)
  case (.record, .record), (.record, .row), (.row, .record), (.row, .row):
    return try equalFields(left, right, &run, place)
  case (.optional(let left), .optional(let right)):
    guard let left, let right else { return left == nil && right == nil }
    return try equal(left.value, right.value, &run, place)
  case (.partial(let partial), _): return try partial.isEqual(to: right, at: place)
  case (_, .partial(let partial)): return try partial.isEqual(to: left, at: place)
  default: return numericOrder(left, right) == .equal
  }
}

private func equalElements(
  _ left: Value, _ right: Value, _ run: inout Run, _ place: Place
) throws(EvaluationFailure) -> Bool {
  guard let left = Elements(left), let right = Elements(right), left.count == right.count else { return false }
  return try allEqual(0..<left.count, &run, place) { index in (left[index], right[index]) }
}

private func equal(
  _ left: ValueMap, _ right: ValueMap, _ run: inout Run, _ place: Place
) throws(EvaluationFailure) -> Bool {
  guard left.count == right.count else { return false }
  return try allEqual(0..<left.count, &run, place) { index in
    let entry = left.entries[index]
    return MapKey(entry.key).flatMap { right[$0] }.map { (entry.value, $0) }
  }
}

private func equalFields(
  _ left: Value, _ right: Value, _ run: inout Run, _ place: Place
) throws(EvaluationFailure) -> Bool {
  let (leftNames, leftValues) = fields(of: left)
  let (rightNames, rightValues) = fields(of: right)
  guard leftNames == rightNames else { return false }
  for (left, right) in zip(leftValues, rightValues) where (left == nil) != (right == nil) { return false }
  return try allEqual(0..<leftNames.count, &run, place) { index in
    guard let left = leftValues[index], let right = rightValues[index] else { return (.null, .null) }
    return (left, right)
  }
}

private func fields(of value: Value) -> ([String], [Value?]) {
  switch value {
  case .record(let record): (record.type.fields.map(\.name), record.values)
  case .row(let row): (row.table.columns.map(\.name), row.table.columns.indices.map { row[$0] })
  default: ([], [])
  }
}

/// Whether all pairs are equal. A pair that differs decides, even behind one of which that is not known.
///
/// - Parameter pair: `nil` where nothing corresponds, which differs.
private func allEqual(
  _ indices: Range<Int>, _ run: inout Run, _ place: Place, _ pair: (Int) -> (Value, Value)?
) throws(EvaluationFailure) -> Bool {
  var failure: EvaluationFailure?
  for index in indices {
    guard let (left, right) = pair(index) else { return false }
    do throws(EvaluationFailure) {
      if !(try equal(left, right, &run, place)) { return false }
    } catch {
      if error.isLimit { throw error }
      failure = failure ?? error
    }
  }
  if let failure { throw failure }
  return true
}
