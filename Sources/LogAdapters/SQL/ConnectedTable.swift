import RunbookPorts
import Values

/// A table of a query's connection, with what its scans met.
final class ConnectedTable {
  /// A join scans its inner tables once for each outer row. From the scan of this number on the rows are kept.
  private static let scansBeforeKeeping = 3

  let name: String
  let table: any RecordTable
  /// The place of the column that says when, whose bounds a scan can use.
  let timeColumn: Int?
  private let files: [LogFile]
  private let order: TimeOrder?
  private let limits: FileLimits
  private let window: TimeWindow?
  private let judged: TimeWindow?
  private let namesInstants: Bool
  private let control: ScanControl
  /// What the most complete scan met; `nil` before the first.
  private(set) var ledger: ScanLedger?
  private(set) var failure: ScanFailure?
  private var usedColumns: UInt64 = 0
  private var scans = 0
  private var kept: KeptRows?
  private var isTooLargeToKeep = false

  /// - Parameters:
  ///   - window: The span that the query asks about.
  ///   - judged: The part of it in which silence is looked for.
  ///   - namesInstants: Whether the query is given instants.
  init(
    name: String, table: any RecordTable, snapshot: FileSet.Snapshot, window: TimeWindow?, judged: TimeWindow?,
    namesInstants: Bool, control: ScanControl
  ) {
    self.name = name
    self.table = table
    files = snapshot.files
    order = snapshot.order
    limits = snapshot.limits
    self.window = window
    self.judged = judged
    self.namesInstants = namesInstants
    self.control = control
    timeColumn = table.timeColumn
  }

  /// A guess for SQLite's planner.
  var estimatedRows: Int { max(1, files.reduce(0) { $0 + $1.size } / 200) }

  /// - Parameter columns: A bit for each column that the query reads; the highest for all from the 64th on.
  func use(columns: UInt64) { usedColumns |= columns }

  func fail(_ failure: ScanFailure) { self.failure = failure }

  func cursor(_ request: ScanRequest) throws(ScanFailure) -> (cursor: any RecordCursor, ledger: ScanLedger) {
    scans += 1
    let ledger = ScanLedger(control: control, window: window, judged: judged, asksByTime: asksByTime(request))
    if scans >= Self.scansBeforeKeeping, let rows = try keptRows() {
      return (rows.cursor(request.equal, control), ledger)
    }
    if self.ledger == nil { self.ledger = ledger }
    var request = request
    (request.order, request.columns) = (order, usedColumns)
    if countsAlike(request) {
      request.order = nil
      let rows = CountedRows(
        table, files, request, ledger, columnCount: countColumn, partBytes: limits.partBytes)
      return (rows, ledger)
    }
    return (table.cursor(over: files, request, ledger), ledger)
  }

  /// Called when a scan has come to its end.
  func finish(_ ledger: ScanLedger) {
    guard kept == nil else { return }
    ledger.finish()
    if self.ledger?.isWhole != true { self.ledger = ledger }
  }

  /// Whether rows without a time fall out: by bounds that the scan was told of, or by some that SQLite keeps to itself.
  private func asksByTime(_ request: ScanRequest) -> Bool {
    request.isBounded
      || namesInstants && timeColumn.map { ScanRequest(columns: usedColumns).reads(column: $0) } ?? false
  }

  private func keptRows() throws(ScanFailure) -> KeptRows? {
    if kept == nil, !isTooLargeToKeep {
      let cursor = table.cursor(over: files, .everything, ScanLedger(control: control))
      kept = try KeptRows(cursor, used: usedColumns, columnCount: table.schema.columns.count)
      isTooLargeToKeep = kept == nil
    }
    return kept
  }

  /// The place of the hidden column behind the table's own, which says how many alike rows a row stands for.
  var countColumn: Int { table.schema.columns.count }
  /// Whether the column is there: SQLite tells of 63 columns which a query reads.
  var hasCount: Bool {
    countColumn < 63 && !table.schema.columns.contains { $0.name == SQLCounting.column }
  }

  /// Whether the query asks for the number of alike rows, and a scan is spared something by that.
  private func countsAlike(_ request: ScanRequest) -> Bool {
    guard hasCount, request.reads(column: countColumn), !request.isBounded else { return false }
    return !table.schema.columns.indices.contains {
      table.schema.columns[$0].name == "line" && request.reads(column: $0)
    }
  }

  var declaration: String {
    let columns = table.schema.columns.map { column in
      let type =
        switch column.type {
        case .bool, .int: "INTEGER"
        case .double: "REAL"
        default: "TEXT"
        }
      return "\(Self.quoted(column.name)) \(type)"
    }
    let hidden = hasCount ? ["\(Self.quoted(SQLCounting.column)) INTEGER HIDDEN"] : []
    return "CREATE TABLE t(\((columns + hidden).joined(separator: ", ")))"
  }

  static func quoted(_ name: String) -> String {
    "\"\(name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
  }
}

/// A scan of a table in one place of a query; SQLite starts it anew as often as it must.
final class TableScan {
  let table: ConnectedTable
  private var cursor: (any RecordCursor)?
  private var ledger: ScanLedger?
  private(set) var row: Int64 = 0
  private(set) var isAtEnd = true

  init(_ table: ConnectedTable) { self.table = table }

  func start(_ request: ScanRequest) throws(ScanFailure) {
    isAtEnd = true
    let (cursor, ledger) = try table.cursor(request)
    self.cursor = cursor
    self.ledger = ledger
    row = 0
    try advance()
  }

  func advance() throws(ScanFailure) {
    guard let cursor else { return }
    isAtEnd = true
    isAtEnd = try !cursor.advance()
    row += 1
    if isAtEnd, let ledger { table.finish(ledger) }
  }

  func cell(_ column: Int) -> Cell {
    if column == table.countColumn, !(cursor is CountedRows) { return .int(1) }
    return cursor?.cell(column) ?? .null
  }
}
