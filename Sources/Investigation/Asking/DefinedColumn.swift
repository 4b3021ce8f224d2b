import CEL

/// What a definition that rests on data alone comes to about the entities of one kind, as far as it was needed.
struct DefinedColumn {
  private var answers: [ColumnAnswer?] = []
  private var rows: GroupedRows?
  private var hasRows: [Bool] = []

  /// Whether it holds about each of some entities.
  ///
  /// - Parameters:
  ///   - total: How many entities there are.
  ///   - find: Finds that out about those of whom it is not known yet.
  mutating func answers(
    about places: [Int], of total: Int, _ find: ([Int]) -> [ColumnAnswer]
  ) -> [ColumnAnswer] {
    if answers.isEmpty { answers = Array(repeating: nil, count: total) }
    let missing = places.filter { answers[$0] == nil }
    if !missing.isEmpty { for (place, answer) in zip(missing, find(missing)) { answers[place] = answer } }
    return places.map { answers[$0] ?? .open }
  }

  /// The rows that it gives, at least those of some entities; `nil` if it gives none.
  mutating func rows(of places: [Int], of total: Int, _ find: ([Int]) -> GroupedRows?) -> GroupedRows? {
    if hasRows.isEmpty { hasRows = Array(repeating: false, count: total) }
    let missing = places.filter { !hasRows[$0] }
    guard !missing.isEmpty else { return rows }
    guard let found = find(missing) else { return nil }
    if rows == nil { rows = found } else { rows?.take(found, of: missing) }
    for place in missing { hasRows[place] = true }
    return rows
  }
}
