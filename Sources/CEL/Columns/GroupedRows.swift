package import Values

/// The rows of a table by the things that they are about: those of one stand together, and the things in their order.
package struct GroupedRows: Sendable {
  /// A whole one, and no stretch of another.
  package let table: Table
  /// Where the rows of each thing end.
  package let ends: [Int]
  /// Whether the rows of each thing are all that there are. Without that nothing is said of a thing here.
  package let isKnown: [Bool]
  /// Which rows are left, where only some are; an open one leaves open which of its thing are.
  private var chosen: [ColumnAnswer]?

  /// - Precondition: as many flags as ends, which never descend, the last one at most the table's count.
  package init(_ table: Table, ends: [Int], isKnown: [Bool]) {
    precondition(ends.count == isKnown.count && (ends.last ?? 0) <= table.count, "each thing has a stretch of rows")
    precondition(table.first == 0, "a whole table has its rows from the first")
    self.table = table
    self.ends = ends
    self.isKnown = isKnown
  }

  /// Those rows that are left of it.
  ///
  /// - Parameter chosen: One for each row of the table.
  func choosing(_ chosen: [ColumnAnswer]) -> GroupedRows {
    var rows = self
    rows.chosen = chosen
    return rows
  }

  /// Takes over which rows of some things are left of the same table.
  package mutating func take(_ other: GroupedRows, of things: [Int]) {
    guard let others = other.chosen else { return }
    if chosen == nil { chosen = Array(repeating: .yes, count: table.count) }
    for thing in things { for row in range(of: thing) { chosen?[row] = others[row] } }
  }

  func range(of thing: Int) -> Range<Int> { (thing == 0 ? 0 : ends[thing - 1])..<ends[thing] }

  /// Whether a row is among those that are left.
  func isLeft(_ row: Int) -> ColumnAnswer { chosen.map { $0[row] } ?? .yes }

  /// The rows that are left of some things, one thing after the other, and how many of each; `nil` for a thing of which
  /// that is open.
  func places(of things: [Int]) -> (rows: [Int], counts: [Int?]) {
    var rows: [Int] = []
    var counts: [Int?] = []
    counts.reserveCapacity(things.count)
    for thing in things {
      let before = rows.count
      guard append(rowsOf: thing, to: &rows) else {
        rows.removeLast(rows.count - before)
        counts.append(nil)
        continue
      }
      counts.append(rows.count - before)
    }
    return (rows, counts)
  }

  /// How many rows are left of a thing; `nil` where that is open.
  func count(of thing: Int) -> Int? {
    guard isKnown[thing] else { return nil }
    let range = range(of: thing)
    guard let chosen else { return range.count }
    var count = 0
    for row in range {
      switch chosen[row] {
      case .yes: count += 1
      case .no: break
      case .open: return nil
      }
    }
    return count
  }

  /// - Returns: Whether it is known which they are.
  private func append(rowsOf thing: Int, to rows: inout [Int]) -> Bool {
    guard isKnown[thing] else { return false }
    let range = range(of: thing)
    guard let chosen else {
      rows += range
      return true
    }
    for row in range {
      switch chosen[row] {
      case .yes: rows.append(row)
      case .no: break
      case .open: return false
      }
    }
    return true
  }
}
