import Values

/// How a macro goes over elements, and where its body finds them.
struct Loop: Sendable {
  /// A field that the body reads of the element.
  struct ColumnUse: Sendable {
    let field: String
    /// Where the checker found it in the element's type.
    let slot: Int
    /// Where `Run.columns` has its cells.
    let index: Int
  }

  let macro: Macro
  let range: any Node
  /// The variable for an element's place or an entry's key; `nil` for macros with one variable.
  let keySlot: Int?
  /// The variable for the element. Of maps it is the key, or the value where the key has a variable of its own.
  let slot: Int
  let columns: [ColumnUse]

  /// What the macro goes over, and why some of it is missing, if some is.
  func begin(_ run: inout Run) throws(EvaluationFailure) -> (elements: Elements, missing: PartialValue?) {
    let value = try range.evaluate(&run)
    let (elements, missing) = try Elements.of(value, for: macro.rawValue, &run, range.place)
    if let missing, keySlot != nil {
      // Where an element stands is not known while others are missing.
      guard case .keys = elements else { throw missing.failure(at: range.place) }
    }
    begin(elements, &run)
    return (elements, missing)
  }

  func begin(_ elements: Elements, _ run: inout Run) {
    guard case .rows(let table) = elements else {
      run.locals[slot].table = nil
      for use in columns { run.columns[use.index] = .init() }
      return
    }
    run.locals[slot].table = table
    // Stretches of one table have their cells in common, and come one after the other.
    for use in columns where run.columns[use.index].storage !== table.storage {
      let cells = table.index(ofColumn: use.field, expectedAt: use.slot).map { table.storage.columns[$0] }
      run.columns[use.index] = .init(storage: table.storage, cells: cells ?? [])
    }
  }

  /// Gives the variables the element at a place.
  @inline(__always)
  func enter(_ index: Int, of elements: Elements, _ run: inout Run) {
    switch elements {
    case .list(let values): run.locals[slot].value = values[index]
    case .rows(let table): run.locals[slot].row = table.first + index
    case .keys(let map):
      if let keySlot {
        run.set(local: keySlot, to: map.entries[index].key)
        run.locals[slot].value = map.entries[index].value
      } else {
        run.locals[slot].value = map.entries[index].key
      }
      return
    }
    if let keySlot { run.set(local: keySlot, to: .int(Int64(index))) }
  }
}

extension Table {
  /// The place of a column, looked for first where it stands in the type that was declared.
  func index(ofColumn name: String, expectedAt slot: Int?) -> Int? {
    if let slot, slot < columns.count, columns[slot].name == name { return slot }
    return index(ofColumn: name)
  }
}
