import Values

/// Small numbers in place of a column's cells: alike for cells that no expression tells apart.
struct CellCodes {
  /// Of a column with more different cells it is not worth it.
  private static let limit = 4_096

  /// One for each row, in place of the cell.
  private(set) var codes: [UInt16] = []
  /// A row of each code.
  private(set) var samples: [Int] = []

  /// - Returns: `nil` for a column that has too many different cells, or such as have no key.
  init?(_ cells: [Value]) {
    var known: [MapKey: UInt16] = [:]
    var empty: UInt16?
    codes.reserveCapacity(cells.count)
    for (row, cell) in cells.enumerated() {
      let code: UInt16
      switch cell {
      case .null:
        code = empty ?? UInt16(samples.count)
        empty = code
      case .bool, .int, .string:
        guard let key = MapKey(cell) else { return nil }
        code = known[key] ?? UInt16(samples.count)
        if code == samples.count { known[key] = code }
      // The others have no key, or that of another type.
      default: return nil
      }
      codes.append(code)
      if code == samples.count { samples.append(row) }
      guard samples.count <= Self.limit else { return nil }
    }
  }
}

/// What is known of the tables that many expressions are evaluated over.
package final class ColumnMemory {
  private struct Place: Hashable {
    let table: ObjectIdentifier
    let column: Int
  }

  private var codes: [Place: CellCodes?] = [:]
  /// Held, as their identifiers stand for them.
  private var tables: [ObjectIdentifier: Table.Storage] = [:]

  package init() {}

  /// The codes of a column of a whole table, if it has any.
  func codes(of table: Table, column: Int) -> CellCodes? {
    let storage = table.storage
    let place = Place(table: ObjectIdentifier(storage), column: column)
    if let known = codes[place] { return known }
    tables[place.table] = storage
    let made = CellCodes(storage.columns[column])
    codes[place] = .some(made)
    return made
  }
}
