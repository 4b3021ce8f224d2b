import GRDB
import GRDBSQLite
import RunbookPorts
import Values

/// What of SQLite's C interface GRDB does not offer: virtual tables, the authorizer, the progress handler, and where
/// in a text an error lies. The only file that touches it.
final class SQLiteBridge {
  /// Virtual machine steps between two looks at the clock.
  private static let stepsPerCheck: Int32 = 20_000

  private let connection: OpaquePointer
  private let guardian: SQLGuardian

  /// Makes the tables known to the connection, and from now on forbids everything but reading them.
  ///
  /// - Throws: for a table whose name SQLite does not take.
  init(_ database: Database, tables: [ConnectedTable], control: ScanControl, readable: [String]) throws(AdapterError) {
    guard let connection = database.sqliteConnection else { throw .unavailable("SQLite's connection is closed") }
    self.connection = connection
    guardian = SQLGuardian(readable: readable, control: control)
    guard !readable.contains(where: { $0.lowercased() == "json_each" }) else {
      throw .rejected("`json_each` cannot be a table's name: SQL takes lists apart with it")
    }
    for table in tables {
      let retained = Unmanaged.passRetained(table).toOpaque()
      let code = sqlite3_create_module_v2(connection, table.name, VirtualTableModule.pointer, retained) { pointer in
        pointer.map { Unmanaged<ConnectedTable>.fromOpaque($0).release() }
      }
      guard code == SQLITE_OK else { throw .rejected("SQLite does not take `\(table.name)` as a table's name") }
    }
    // SQLite tells the authorizer of a virtual table's declaration as if a table were made, so that happens before.
    for name in tables.map(\.name) + ["json_each"] { try connect(name) }
    sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0)
    sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, 1 << 28)
    let context = Unmanaged.passUnretained(guardian).toOpaque()
    sqlite3_set_authorizer(connection, authorize, context)
    sqlite3_progress_handler(
      connection, Self.stepsPerCheck,
      { pointer in
        guard let pointer else { return 1 }
        return Unmanaged<SQLGuardian>.fromOpaque(pointer).takeUnretainedValue().control.isOver ? 1 : 0
      }, context)
  }

  private func connect(_ name: String) throws(AdapterError) {
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v2(connection, "SELECT 1 FROM \(ConnectedTable.quoted(name))", -1, &statement, nil)
    sqlite3_finalize(statement)
    guard code == SQLITE_OK else {
      throw .rejected("the table `\(name)` cannot be made: \(String(cString: sqlite3_errmsg(connection)))")
    }
  }

  /// Takes the guards away, so that GRDB can close the connection.
  func release() {
    sqlite3_set_authorizer(connection, nil, nil)
    sqlite3_progress_handler(connection, 0, nil, nil)
  }

  /// The byte of the last statement's text at which SQLite found it wrong.
  var errorOffset: Int? {
    let offset = sqlite3_error_offset(connection)
    return offset >= 0 ? Int(offset) : nil
  }

  var refusal: String? { guardian.refusal }
}

/// Decides what a statement may do, and when it must stop.
private final class SQLGuardian {
  private static let deniedFunctions: Set<String> = [
    "load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "sqlite_log",
  ]
  /// A query that is put again must give the same answer.
  private static let deniedChance: Set<String> = ["random", "randomblob"]
  private static let deniedTables = ["sqlite_", "pragma_", "fts", "dbstat", "bytecode", "tables_used", "rtree"]

  let control: ScanControl
  private let readable: Set<String>
  private(set) var refusal: String?

  init(readable: [String], control: ScanControl) {
    self.readable = Set(readable.map { $0.lowercased() } + ["json_each"])
    self.control = control
  }

  func allows(_ action: Int32, _ first: String, _ second: String) -> Bool {
    switch action {
    case SQLITE_SELECT, SQLITE_RECURSIVE: return true
    case SQLITE_READ:
      let table = first.lowercased()
      if readable.contains(table) { return true }
      // Rows counted without reading a column: the name may be that of a common table expression.
      if second.isEmpty, !Self.deniedTables.contains(where: table.hasPrefix) { return true }
      refusal = "the table `\(first)` cannot be read"
    case SQLITE_FUNCTION:
      let function = second.lowercased()
      if SQLClock.constants.contains(function) {
        refusal = SQLClock.refusal(of: second)
      } else if Self.deniedChance.contains(function) {
        refusal = "`\(second)` cannot be used: it answers otherwise each time"
      } else if Self.deniedFunctions.contains(function) {
        refusal = "the function `\(second)` cannot be used"
      } else {
        return true
      }
    default:
      refusal = "only SELECT can be used"
    }
    return false
  }
}

private func authorize(
  _ context: UnsafeMutableRawPointer?, _ action: Int32, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?,
  _: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?
) -> Int32 {
  guard let context else { return SQLITE_DENY }
  let guardian = Unmanaged<SQLGuardian>.fromOpaque(context).takeUnretainedValue()
  let isAllowed = guardian.allows(
    action, first.map { String(cString: $0) } ?? "", second.map { String(cString: $0) } ?? "")
  return isAllowed ? SQLITE_OK : SQLITE_DENY
}

// MARK: Virtual tables

/// SQLite's structures with ours behind them; C code sees the first member only.
private struct TableNode {
  var base: sqlite3_vtab
  var table: Unmanaged<ConnectedTable>
}

private struct CursorNode {
  var base: sqlite3_vtab_cursor
  var scan: Unmanaged<TableScan>
}

private enum VirtualTableModule {
  // SAFETY: written once here, before any thread can see it, and only read afterwards.
  nonisolated(unsafe) static let pointer: UnsafePointer<sqlite3_module> = {
    let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
    module.initialize(to: sqlite3_module())
    module.pointee.iVersion = 1
    module.pointee.xConnect = { connection, context, _, _, result, _ in connect(connection, context, result) }
    module.pointee.xBestIndex = { table, info in bestIndex(table, info) }
    module.pointee.xDisconnect = { table in disconnect(table) }
    module.pointee.xOpen = { table, result in open(table, result) }
    module.pointee.xClose = { cursor in close(cursor) }
    module.pointee.xFilter = { cursor, column, plan, count, values in filter(cursor, column, plan, count, values) }
    module.pointee.xNext = { cursor in run(cursor) { scan throws(ScanFailure) in try scan.advance() } }
    module.pointee.xEof = { cursor in scan(of: cursor)?.isAtEnd ?? true ? 1 : 0 }
    module.pointee.xColumn = { cursor, context, column in
      guard let scan = scan(of: cursor) else { return SQLITE_ERROR }
      give(scan.cell(Int(column)), to: context)
      return SQLITE_OK
    }
    module.pointee.xRowid = { cursor, result in
      result?.pointee = scan(of: cursor)?.row ?? 0
      return SQLITE_OK
    }
    return UnsafePointer(module)
  }()

  private static func connect(
    _ connection: OpaquePointer?, _ context: UnsafeMutableRawPointer?,
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>?
  ) -> Int32 {
    guard let context, let result else { return SQLITE_ERROR }
    let table = Unmanaged<ConnectedTable>.fromOpaque(context)
    let code = sqlite3_declare_vtab(connection, table.takeUnretainedValue().declaration)
    guard code == SQLITE_OK else { return code }
    let node = UnsafeMutablePointer<TableNode>.allocate(capacity: 1)
    node.initialize(to: TableNode(base: sqlite3_vtab(), table: table))
    result.pointee = UnsafeMutableRawPointer(node).assumingMemoryBound(to: sqlite3_vtab.self)
    return SQLITE_OK
  }

  private static func disconnect(_ table: UnsafeMutablePointer<sqlite3_vtab>?) -> Int32 {
    UnsafeMutableRawPointer(table)?.assumingMemoryBound(to: TableNode.self).deallocate()
    return SQLITE_OK
  }

  private static func table(of table: UnsafeMutablePointer<sqlite3_vtab>?) -> ConnectedTable? {
    UnsafeMutableRawPointer(table)?.assumingMemoryBound(to: TableNode.self).pointee.table.takeUnretainedValue()
  }

  private static func open(
    _ table: UnsafeMutablePointer<sqlite3_vtab>?,
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab_cursor>?>?
  ) -> Int32 {
    guard let table = self.table(of: table), let result else { return SQLITE_ERROR }
    let node = UnsafeMutablePointer<CursorNode>.allocate(capacity: 1)
    node.initialize(to: CursorNode(base: sqlite3_vtab_cursor(), scan: .passRetained(TableScan(table))))
    result.pointee = UnsafeMutableRawPointer(node).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
    return SQLITE_OK
  }

  private static func close(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> Int32 {
    guard let node = UnsafeMutableRawPointer(cursor)?.assumingMemoryBound(to: CursorNode.self) else { return SQLITE_OK }
    node.pointee.scan.release()
    node.deallocate()
    return SQLITE_OK
  }

  private static func scan(of cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> TableScan? {
    UnsafeMutableRawPointer(cursor)?.assumingMemoryBound(to: CursorNode.self).pointee.scan.takeUnretainedValue()
  }

  /// Does something with a cursor; a scan that fails has told its table why.
  private static func run(
    _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ work: (TableScan) throws(ScanFailure) -> Void
  ) -> Int32 {
    guard let scan = scan(of: cursor) else { return SQLITE_ERROR }
    do {
      try work(scan)
      return SQLITE_OK
    } catch {
      scan.table.fail(error)
      return SQLITE_INTERRUPT
    }
  }

  /// Takes bounds on the column that says when, and one column that must equal a value, and leaves SQLite to check them
  /// again. The plan's text has a letter for each value that `filter` will be given; its number is the column.
  private static func bestIndex(
    _ table: UnsafeMutablePointer<sqlite3_vtab>?, _ info: UnsafeMutablePointer<sqlite3_index_info>?
  ) -> Int32 {
    guard let table = self.table(of: table), let info else { return SQLITE_ERROR }
    table.use(columns: info.pointee.colUsed)
    var plan = ""
    var equal: Int32 = -1
    for index in 0..<Int(info.pointee.nConstraint) {
      let constraint = info.pointee.aConstraint[index]
      guard constraint.usable != 0, constraint.iColumn >= 0,
        let collation = sqlite3_vtab_collation(info, Int32(index)), String(cString: collation) == "BINARY",
        sqlite3_vtab_in(info, Int32(index), -1) == 0
      else { continue }
      if Int(constraint.iColumn) == table.timeColumn {
        guard let letter = letter(for: constraint.op) else { continue }
        plan.append(letter)
      } else if equal < 0, Int32(constraint.op) == SQLITE_INDEX_CONSTRAINT_EQ {
        equal = constraint.iColumn
        plan.append("q")
      } else {
        continue
      }
      info.pointee.aConstraintUsage[index].argvIndex = Int32(plan.utf8.count)
    }
    info.pointee.idxNum = equal
    setCosts(of: info, rows: Double(table.estimatedRows), isBounded: !plan.isEmpty, isEqual: equal >= 0)
    return setPlan(plan, of: info)
  }

  private static func setCosts(
    of info: UnsafeMutablePointer<sqlite3_index_info>, rows: Double, isBounded: Bool, isEqual: Bool
  ) {
    info.pointee.estimatedRows = Int64(isEqual ? rows / 100 + 1 : isBounded ? rows / 10 + 1 : rows)
    info.pointee.estimatedCost = isEqual ? rows / 10 + 10 : isBounded ? rows * 3 : rows * 10
  }

  private static func setPlan(_ plan: String, of info: UnsafeMutablePointer<sqlite3_index_info>) -> Int32 {
    guard !plan.isEmpty else { return SQLITE_OK }
    guard let text = sqlite3_malloc(Int32(plan.utf8.count + 1))?.assumingMemoryBound(to: CChar.self) else {
      return SQLITE_NOMEM
    }
    for (index, byte) in plan.utf8.enumerated() { text[index] = CChar(bitPattern: byte) }
    text[plan.utf8.count] = 0
    info.pointee.idxStr = text
    info.pointee.needToFreeIdxStr = 1
    return SQLITE_OK
  }

  private static func letter(for operation: UInt8) -> Character? {
    switch Int32(operation) {
    case SQLITE_INDEX_CONSTRAINT_GT, SQLITE_INDEX_CONSTRAINT_GE: "g"
    case SQLITE_INDEX_CONSTRAINT_LT, SQLITE_INDEX_CONSTRAINT_LE: "l"
    case SQLITE_INDEX_CONSTRAINT_EQ: "e"
    default: nil
    }
  }

  private static func filter(
    _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ column: Int32, _ plan: UnsafePointer<CChar>?,
    _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?
  ) -> Int32 {
    var request = ScanRequest.everything
    if let plan, let values {
      for index in 0..<Int(count) {
        let letter = UInt8(bitPattern: plan[index])
        if letter == UInt8(ascii: "q") {
          request.equal = ScanRequest.Equality(column: Int(column), value: cellValue(values[index]))
          continue
        }
        // SQL compares texts: only a bound in the very form of the column tells what lies before and after it.
        guard let bytes = sqlite3_value_text(values[index]) else { continue }
        let text = String(cString: bytes)
        guard let bound = Timestamp(rfc3339: text), bound.description == text else { continue }
        if letter != UInt8(ascii: "l") { request.from = max(request.from ?? bound, bound) }
        if letter != UInt8(ascii: "g") { request.to = min(request.to ?? bound, bound) }
      }
    }
    return run(cursor) { scan throws(ScanFailure) in try scan.start(request) }
  }

  private static func cellValue(_ value: OpaquePointer?) -> StoredCell {
    switch sqlite3_value_type(value) {
    case SQLITE_INTEGER: return .int(sqlite3_value_int64(value))
    case SQLITE_FLOAT: return .double(sqlite3_value_double(value))
    case SQLITE_NULL: return .null
    default: return .text(sqlite3_value_text(value).map { String(cString: $0) } ?? "")
    }
  }

  /// SQLite's word for "copy the bytes".
  // SAFETY: sqlite3.h defines SQLITE_TRANSIENT as this very cast, which is never called.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  private static func give(_ cell: Cell, to context: OpaquePointer?) {
    switch cell {
    case .null: sqlite3_result_null(context)
    case .int(let number): sqlite3_result_int64(context, number)
    case .double(let number): sqlite3_result_double(context, number)
    case .bytes(let bytes) where TextRepair.isClean(bytes): giveText(bytes, to: context)
    case .bytes(let bytes): giveText(TextRepair.text(bytes), to: context)
    case .text(let text): giveText(text, to: context)
    }
  }

  private static func giveText(_ text: String, to context: OpaquePointer?) {
    var text = text.utf8.contains(0) ? TextRepair.withoutZero(text) : text
    text.withUTF8 { giveText(UnsafeRawBufferPointer($0), to: context) }
  }

  private static func giveText(_ bytes: UnsafeRawBufferPointer, to context: OpaquePointer?) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else {
      sqlite3_result_text(context, "", 0, transient)
      return
    }
    sqlite3_result_text64(
      context, base.assumingMemoryBound(to: CChar.self), sqlite3_uint64(bytes.count), transient, UInt8(SQLITE_UTF8))
  }
}
