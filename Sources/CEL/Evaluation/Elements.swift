import Values

/// What macros go over: the elements of a list, the rows of a table, the keys of a map.
enum Elements {
  case list([Value])
  case rows(Table)
  case keys(ValueMap)

  /// - Returns: `nil` for a value that has no elements.
  init?(_ value: Value) {
    switch value {
    case .list(let values): self = .list(values)
    case .table(let table): self = .rows(table)
    case .map(let map): self = .keys(map)
    default: return nil
    }
  }

  var count: Int {
    switch self {
    case .list(let values): values.count
    case .rows(let table): table.count
    case .keys(let map): map.count
    }
  }

  @inline(__always)
  subscript(index: Int) -> Value {
    switch self {
    case .list(let values): values[index]
    case .rows(let table): .row(TableRow(table, index))
    case .keys(let map): map.entries[index].key
    }
  }

  var values: [Value] {
    if case .list(let values) = self { return values }
    return (0..<count).map { self[$0] }
  }

  /// The elements of what a macro or an aggregate is used on, and why some are missing, if some are.
  static func of(
    _ value: Value, for operation: String, _ run: inout Run, _ place: Place
  ) throws(EvaluationFailure) -> (elements: Elements, missing: PartialValue?) {
    if let elements = Elements(value) { return (elements, nil) }
    if case .partial(let partial) = value, let elements = Elements(partial.known) { return (elements, partial) }
    throw run.noOverload(operation, value, at: place)
  }
}
