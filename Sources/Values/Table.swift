/// One column of a table: its name and the type its cells were admitted as.
public struct Column: Hashable, Sendable {
  public let name: String
  public let type: ColumnType

  public init(_ name: String, _ type: ColumnType) {
    self.name = name
    self.type = type
  }
}

/// The rows that a query returned, stored by column.
public final class Table: Sendable {
  /// Cells by column, shared by tables that are stretches of one.
  package final class Storage: Sendable {
    package let columns: [[Value]]

    fileprivate init(_ columns: [[Value]]) { self.columns = columns }
  }

  public let columns: [Column]
  public let count: Int
  /// The type of a row; its fields are the columns, in order.
  public let rowType: RecordType
  package let storage: Storage
  /// Where the table's rows begin in its storage.
  package let first: Int

  /// - Precondition: one array of cells for each column, all of one length, each cell `.null` or of its column's type.
  public convenience init(columns: [Column], cells: [[Value]], count: Int, name: String = "row") {
    self.init(columns: columns, cells: cells, count: count, rowType: Self.rowType(of: columns, named: name))
  }

  private init(columns: [Column], cells: [[Value]], count: Int, rowType: RecordType) {
    precondition(cells.count == columns.count && cells.allSatisfy { $0.count == count }, "a table is rectangular")
    self.columns = columns
    self.count = count
    self.rowType = rowType
    storage = Storage(cells)
    first = 0
  }

  private init(_ rows: Range<Int>, of table: Table) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= table.count, "a stretch lies within its table")
    columns = table.columns
    count = rows.count
    rowType = table.rowType
    storage = table.storage
    first = table.first + rows.lowerBound
  }

  /// The cells of each column; all arrays are `count` long.
  public var cells: [[Value]] { storage.columns.indices.map(column) }

  /// The cells of one column.
  public func column(_ index: Int) -> [Value] {
    let cells = storage.columns[index]
    return cells.count == count ? cells : Array(cells[first..<first + count])
  }

  /// One cell.
  public subscript(column: Int, row: Int) -> Value {
    precondition(row < count, "a table has no row behind its last")
    return storage.columns[column][first + row]
  }

  /// The record type of rows with these columns.
  public static func rowType(of columns: [Column], named name: String) -> RecordType {
    RecordType(name, columns.map { .init($0.name, $0.type.valueType) })
  }

  public func row(_ index: Int) -> TableRow { TableRow(self, index) }
  public var rows: [TableRow] { (0..<count).map(row) }

  public func index(ofColumn name: String) -> Int? { rowType.slot(of: name) }

  /// The rows at these places, in that order.
  public func selecting(_ indices: [Int]) -> Table {
    Table(
      columns: columns, cells: cells.map { column in indices.map { column[$0] } }, count: indices.count,
      rowType: rowType)
  }

  /// Rows that stand together. Nothing is copied.
  public func selecting(_ rows: Range<Int>) -> Table { Table(rows, of: self) }
}

/// A row of a table, as a record. `null` cells are fields whose value is null.
public struct TableRow: Sendable {
  public let table: Table
  public let index: Int

  public init(_ table: Table, _ index: Int) {
    self.table = table
    self.index = index
  }

  public subscript(slot: Int) -> Value { table[slot, index] }
  public subscript(name: String) -> Value? { table.index(ofColumn: name).map { self[$0] } }
}

/// Collects rows into a table.
public struct TableBuilder {
  public let columns: [Column]
  private var cells: [[Value]]
  public private(set) var count = 0

  public init(columns: [Column]) {
    self.columns = columns
    cells = Array(repeating: [], count: columns.count)
  }

  /// Adds a row, each value admitted to its column's type.
  ///
  /// - Returns: The column whose value is not of its type; then nothing was added.
  public mutating func append(_ values: [Value]) -> Column? {
    precondition(values.count == columns.count, "a row has one value for each column")
    var admitted: [Value] = []
    admitted.reserveCapacity(values.count)
    for (column, value) in zip(columns, values) {
      guard let cell = column.type.admit(value) else { return column }
      admitted.append(cell)
    }
    for (index, cell) in admitted.enumerated() { cells[index].append(cell) }
    count += 1
    return nil
  }

  public func build(name: String = "row") -> Table {
    Table(columns: columns, cells: cells, count: count, name: name)
  }
}

/// A measured quantity over time, with the labels that tell it from its neighbours.
public struct Series: Sendable {
  public struct Point: Hashable, Sendable {
    public let time: Timestamp
    public let value: Double

    public init(_ time: Timestamp, _ value: Double) {
      self.time = time
      self.value = value
    }
  }

  /// In the order of their names.
  public let labels: [(name: String, value: String)]
  /// In the order of time, one value at a time. A point that is not a number means that nothing was measured.
  public let points: [Point]

  public init(labels: [(name: String, value: String)] = [], points: [Point]) {
    self.labels = labels.sorted { ExactString($0.name) < ExactString($1.name) }
    self.points = points
  }
}

/// Text that must not be shown: a password, a key, an address that is itself a credential.
///
/// It has no description, so it reaches no log, message or trail by accident.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let text: String

  public init(_ text: String) { self.text = text }

  /// The text itself, for the one place that must send it.
  public func reveal() -> String { text }

  public var description: String { "(secret)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
