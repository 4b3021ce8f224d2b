/// Rows of a table that a join reads again and again, with an index for each column that is looked up.
final class KeptRows {
  /// Most bytes of text, and of places for cells, that are kept.
  private static let byteLimit = 256 << 20
  /// A cell without its text.
  private static let cellBytes = 24

  private let columns: [[StoredCell]]
  private let count: Int
  private var indices: [Int: [Key: [Int32]]] = [:]

  /// - Returns: `nil` when the rows are too many to keep.
  init?(_ cursor: any RecordCursor, used: UInt64, columnCount: Int) throws(ScanFailure) {
    let places = (0..<columnCount).filter { used >> UInt64(min($0, 63)) & 1 == 1 }
    var columns = [[StoredCell]](repeating: [], count: columnCount)
    var bytes = 0
    var count = 0
    while try cursor.advance() {
      count += 1
      for place in places {
        let cell = StoredCell(cursor.cell(place))
        if case .text(let text) = cell { bytes += text.utf8.count }
        columns[place].append(cell)
      }
      bytes += places.count * Self.cellBytes
      if bytes > Self.byteLimit { return nil }
    }
    self.columns = columns
    self.count = count
  }

  /// A cursor over all rows, or over those that may have the value.
  func cursor(_ equal: ScanRequest.Equality?, _ control: ScanControl) -> any RecordCursor {
    guard let equal, columns[equal.column].count == count else { return Cursor(self, nil, control) }
    let index = indices[equal.column] ?? makeIndex(equal.column)
    return Cursor(self, Key(equal.value).flatMap { index[$0] } ?? [], control)
  }

  private func makeIndex(_ column: Int) -> [Key: [Int32]] {
    var index: [Key: [Int32]] = [:]
    for (row, cell) in columns[column].enumerated() {
      if let key = Key(cell) { index[key, default: []].append(Int32(truncatingIfNeeded: row)) }
    }
    indices[column] = index
    return index
  }

  /// What cells that SQL could hold equal have in common: text that reads as a number counts as that number. Cells that
  /// differ may share a key, for SQLite compares them again.
  private enum Key: Hashable {
    case number(Double)
    case text([UInt8])

    init?(_ cell: StoredCell) {
      switch cell {
      case .null: return nil
      case .int(let number): self = .number(Double(number))
      case .double(let number): self = .number(number)
      case .text(let text):
        let bytes = Array(text.utf8)
        if let first = bytes.first(where: { $0 > 0x20 }), first < 58, let number = Self.number(text) {
          self = .number(number)
        } else {
          self = .text(bytes)
        }
      }
    }

    private static func number(_ text: String) -> Double? {
      Double(text.split(whereSeparator: \.isWhitespace).joined())
    }
  }

  private final class Cursor: RecordCursor {
    private let rows: KeptRows
    private let selection: [Int32]?
    private let control: ScanControl
    private var position = -1

    init(_ rows: KeptRows, _ selection: [Int32]?, _ control: ScanControl) {
      self.rows = rows
      self.selection = selection
      self.control = control
    }

    func advance() throws(ScanFailure) -> Bool {
      position += 1
      if position & 0xFFFF == 0xFFFF, control.isOver { throw .interrupted }
      return position < selection?.count ?? rows.count
    }

    func cell(_ column: Int) -> Cell {
      let row = selection.map { Int($0[position]) } ?? position
      let cells = rows.columns[column]
      return cells.indices.contains(row) ? cells[row].cell : .null
    }
  }
}
