import RunbookPorts
import Values

/// A table whose rows are in memory already.
struct RowTable: RecordTable {
  let schema: TableSchema
  let rows: [[Value]]
  /// Why rows are missing, if some are.
  var gap: String?

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    if let gap { ledger.noteGap(gap) }
    return Cursor(rows, ledger)
  }

  private final class Cursor: RecordCursor {
    private let rows: [[Value]]
    private let ledger: ScanLedger
    private var index = -1

    init(_ rows: [[Value]], _ ledger: ScanLedger) {
      self.rows = rows
      self.ledger = ledger
    }

    func advance() throws(ScanFailure) -> Bool {
      index += 1
      guard index < rows.count else { return false }
      ledger.countRecord(bytes: 0)
      return true
    }

    func cell(_ column: Int) -> Cell {
      rows[index].indices.contains(column) ? DeclaredCell.cell(rows[index][column]) : .null
    }
  }
}
