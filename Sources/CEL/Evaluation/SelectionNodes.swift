import Values

/// A field of a record or a row, a value of a map, or a column: the field of each record of a list.
final class SelectNode: Node {
  let operand: any Node
  let field: String
  /// Where the checker found the field in the operand's type. The value's own type may differ; then its name counts.
  let slot: Int?
  /// The variable of a macro that the operand is, and where the macro has the field's column.
  let column: (variable: Int, index: Int)?
  let place: Place

  init(operand: any Node, field: String, slot: Int?, column: (variable: Int, index: Int)? = nil, place: Place) {
    self.operand = operand
    self.field = field
    self.slot = slot
    self.column = column
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try run.charge(1, place)
    if let column {
      let row = run.locals[column.variable].row
      // A column that the macro does not have is empty.
      if row < run.columns[column.index].cells.count { return run.columns[column.index].cells[row] }
    }
    return try select(from: operand.evaluate(&run), &run)
  }

  private func select(from value: Value, _ run: inout Run) throws(EvaluationFailure) -> Value {
    switch value {
    case .row(let row):
      return row[try column(of: row.table)]
    case .record(let record):
      guard let index = index(in: record.type), let value = record.values[index] else {
        throw EvaluationFailure(.error, "'\(record.type.name)' has no value in '\(field)'", at: place)
      }
      return value
    case .map(let map):
      guard let value = map[field] else { throw EvaluationFailure(.error, "there is no key '\(field)'", at: place) }
      return value
    case .table(let table):
      try run.charge(table.count, place)
      return .list(table.column(try column(of: table)))
    case .list(let elements):
      var values: [Value] = []
      values.reserveCapacity(elements.count)
      for element in elements {
        try run.charge(1, place)
        switch element {
        case .row, .record: values.append(try select(from: element, &run))
        default: throw run.noOverload(".\(field)", value, at: place)
        }
      }
      return .list(values)
    case .partial(let partial):
      if case .map(let map) = partial.known {
        guard let value = map[field] else { throw partial.failure(at: place) }
        return value
      }
      return .partial(PartialValue(try select(from: partial.known, &run), because: partial.reason))
    case .optional: return .optional(try presentValue(in: value).map { Boxed($0) })
    default: throw run.noOverload(".\(field)", value, at: place)
    }
  }

  /// The column's place in this table.
  private func column(of table: Table) throws(EvaluationFailure) -> Int {
    guard let found = table.index(ofColumn: field, expectedAt: slot) else {
      throw EvaluationFailure(.error, "the rows have no column '\(field)'", at: place)
    }
    return found
  }

  private func index(in type: RecordType) -> Int? {
    if let slot, slot < type.fields.count, type.fields[slot].name == field { return slot }
    return type.slot(of: field)
  }

  /// Whether the field is there: a field without value, a missing key and an empty cell are not.
  func isPresent(_ run: inout Run) throws(EvaluationFailure) -> Bool {
    try run.charge(1, place)
    return try presentValue(in: operand.evaluate(&run)) != nil
  }

  /// The field's value, if the field is there.
  func presentValue(in value: Value) throws(EvaluationFailure) -> Value? {
    switch value {
    case .row(let row):
      let cell = row[try column(of: row.table)]
      if case .null = cell { return nil }
      return cell
    case .record(let record): return index(in: record.type).flatMap { record.values[$0] }
    case .map(let map): return map[field]
    case .optional(let box):
      return try box.flatMap { (box) throws(EvaluationFailure) in try presentValue(in: box.value) }
    case .partial(let partial):
      if case .map(let map) = partial.known, let value = map[field] { return value }
      throw partial.failure(at: place)
    default:
      throw EvaluationFailure(.error, "'.\(field)' does not work on \(runtimeType(of: value))", at: place)
    }
  }
}

/// `has(operand.field)`.
final class PresenceNode: ConditionNode {
  let selection: SelectNode
  let place: Place

  init(selection: SelectNode, place: Place) {
    self.selection = selection
    self.place = place
  }

  func condition(_ run: inout Run) throws(EvaluationFailure) -> Bool { try selection.isPresent(&run) }
}

/// `container[index]`, and `container[?index]`: an optional that is none where nothing stands there.
final class IndexNode: Node {
  let container: any Node
  let index: any Node
  let isOptional: Bool
  let place: Place

  init(container: any Node, index: any Node, isOptional: Bool, place: Place) {
    self.container = container
    self.index = index
    self.isOptional = isOptional
    self.place = place
  }

  func evaluate(_ run: inout Run) throws(EvaluationFailure) -> Value {
    try run.charge(1, place)
    let container = try container.evaluate(&run)
    let index = try index.evaluate(&run)
    if case .optional(let box) = container {
      guard let box else { return container }
      return .optional(try element(of: box.value, at: index, &run).map { Boxed($0) })
    }
    let value = try element(of: container, at: index, &run)
    if isOptional { return .optional(value.map { Boxed($0) }) }
    guard let value else { throw nothing(in: container, at: index) }
    return value
  }

  private func nothing(in container: Value, at index: Value) -> EvaluationFailure {
    if case .map = container {
      return EvaluationFailure(.error, "there is no key '\(index.displayText.prefix(80))'", at: place)
    }
    let count = Elements(container)?.count ?? 0
    return EvaluationFailure(
      .error, "there is no element \(index.displayText): the list has \(count), counted from 0", at: place)
  }

  /// What stands there; `nil` if nothing does.
  private func element(
    of container: Value, at index: Value, _ run: inout Run
  ) throws(EvaluationFailure) -> Value? {
    switch container {
    case .list, .table:
      guard let elements = Elements(container), let position = wholeNumber(index) else {
        throw run.noOverload("[ ]", container, index, at: place)
      }
      return (0..<Int64(elements.count)).contains(position) ? elements[Int(position)] : nil
    case .map(let map): return try find(index, in: map, &run)
    case .partial(let partial):
      if case .map(let map) = partial.known, let value = try find(index, in: map, &run) { return value }
      throw partial.failure(at: place)
    default: throw run.noOverload("[ ]", container, index, at: place)
    }
  }

  private func find(_ key: Value, in map: ValueMap, _ run: inout Run) throws(EvaluationFailure) -> Value? {
    try run.charge(key: key, place)
    if let found = mapKey(key) { return map[found] }
    // A fraction is the key of nothing; what is no number at all cannot be one.
    if case .double = key { return nil }
    throw run.noOverload("[ ]", .map(map), key, at: place)
  }

  private func wholeNumber(_ value: Value) -> Int64? {
    switch value {
    case .int(let number): number
    case .uint(let number): Int64(exactly: number)
    case .double(let number): Int64(exactly: number)
    default: nil
    }
  }
}

/// The key that finds a value in a map; whole numbers are one key whatever their type.
func mapKey(_ value: Value) -> MapKey? {
  if case .double(let number) = value {
    return Int64(exactly: number).map { .int($0) } ?? UInt64(exactly: number).map { MapKey(uint: $0) }
  }
  return MapKey(value)
}
