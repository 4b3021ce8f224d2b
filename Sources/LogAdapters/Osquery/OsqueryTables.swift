import RunbookPorts
import Values

/// Reads the lines of osquery's results log, row after row.
final class OsqueryCursor: RecordCursor {
  /// A row, or a line that holds none.
  struct Item {
    let result: OsqueryResult?
    let time: Timestamp?
    let problem: String?
  }

  private let reader: LineReader
  private let request: ScanRequest
  private let ledger: ScanLedger
  private let includes: (OsqueryResult) -> Bool
  private let cellOfItem: (Item, OsqueryCursor, Int) -> Cell
  private var items: [Item] = []
  private var index = -1

  init(
    _ reader: LineReader, _ request: ScanRequest, _ ledger: ScanLedger, includes: @escaping (OsqueryResult) -> Bool,
    cell: @escaping (Item, OsqueryCursor, Int) -> Cell
  ) {
    self.reader = reader
    self.request = request
    self.ledger = ledger
    self.includes = includes
    cellOfItem = cell
  }

  var file: String? { reader.file?.name }
  var lineNumber: Int? { reader.lineNumber }
  var raw: Cell { .bytes(reader.line) }

  func advance() throws(ScanFailure) -> Bool {
    while true {
      index += 1
      while index >= items.count {
        guard try reader.advance() else { return false }
        guard !reader.line.isEmpty else { continue }
        items = read()
        index = 0
      }
      if request.wants(items[index].time) { return true }
    }
  }

  private func read() -> [Item] {
    ledger.countRecord(bytes: reader.line.count + 1)
    if !TextRepair.isClean(reader.line) { ledger.countRepaired(at: reader.place) }
    guard !reader.isCut else { return foreign("the line is longer than \(reader.line.count) bytes and was cut") }
    let json: JSON
    do { json = try JSON(parsing: reader.line, repairingUTF8: true) } catch {
      return foreign("the line is not JSON: \(error)")
    }
    guard let results = OsqueryResult.results(of: json) else { return foreign("the line is no result of osquery") }
    return results.filter(includes).map { result in
      let time = result.time
      if let time { reader.note(time) }
      let problem = time == nil ? "the time cannot be read" : nil
      if let problem { ledger.countMalformed(problem, at: reader.place) }
      return Item(result: result, time: time, problem: problem)
    }
  }

  private func foreign(_ problem: String) -> [Item] {
    ledger.countMalformed(problem, at: reader.place)
    return [Item(result: nil, time: nil, problem: problem)]
  }

  func cell(_ column: Int) -> Cell { cellOfItem(items[index], self, column) }
}

/// What happened to files, as osquery saw it.
struct OsqueryFileTable: RecordTable {
  enum ColumnName: String, CaseIterable {
    case time, host, query, action, path, old_path, category, program, pid, ppid, uid, auid, gid, cwd, size, mode, inode
    case md5, sha1, sha256, modify_time, change_time, logged, file, line, problem, raw
  }

  let limits: FileLimits

  let schema = TableSchema(
    about: "one row for each thing that happened to a file: results of file_events and process_file_events",
    columns: ColumnName.allCases.map(Self.describe))

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    OsqueryCursor(
      LineReader(files, ledger, limits: limits), request, ledger, includes: \.isFileEvent,
      cell: { item, cursor, column in Self.cell(ColumnName.allCases[column], item, cursor) })
  }

  private static func cell(_ column: ColumnName, _ item: OsqueryCursor.Item, _ cursor: OsqueryCursor) -> Cell {
    func text(_ names: String...) -> Cell {
      Cell(names.lazy.compactMap { item.result?.column($0) }.first)
    }
    func number(_ name: String) -> Cell { Cell(item.result?.column(name).flatMap { Int64($0) }) }
    func time(_ name: String) -> Cell {
      Cell(item.result?.columns[name].flatMap(LogTime.any).flatMap { $0.seconds == 0 ? nil : $0 })
    }
    switch column {
    case .time: return Cell(item.time)
    case .host: return Cell(item.result?.host)
    case .query: return Cell(item.result?.query)
    case .action: return text("action", "operation")
    // A rename has both names.
    case .path: return item.result?.column("dest_path").map(Cell.text) ?? text("target_path", "path")
    case .old_path: return item.result?.column("dest_path") == nil ? .null : text("path")
    case .category: return text("category")
    case .program: return text("executable")
    case .pid: return number("pid")
    case .ppid: return number("ppid")
    case .uid: return number("uid")
    case .auid: return number("auid")
    case .gid: return number("gid")
    case .cwd: return text("cwd")
    case .size: return number("size")
    case .mode: return text("mode")
    case .inode: return number("inode")
    case .md5: return text("md5")
    case .sha1: return text("sha1")
    case .sha256: return text("sha256")
    case .modify_time: return time("mtime")
    case .change_time: return time("ctime")
    case .logged: return Cell(item.result?.logged)
    case .file: return Cell(cursor.file)
    case .line: return Cell(cursor.lineNumber)
    case .problem: return Cell(item.problem)
    case .raw: return cursor.raw
    }
  }

  private static func describe(_ column: ColumnName) -> ColumnSchema {
    let (type, about): (ColumnType, String) =
      switch column {
      case .time: (.timestamp, "when it happened, to the second; else when osquery logged it")
      case .host: (.string, "the machine, as osquery identifies it")
      case .query: (.string, "the query's name; of a pack pack_NAME_QUERY")
      case .action:
        (
          .string,
          "CREATED, UPDATED, DELETED, ATTRIBUTES_MODIFIED, MOVED_TO, MOVED_FROM, ACCESSED, OPENED; of "
            + "process_file_events open, write, rename and so on"
        )
      case .path: (.path, "the file; of a rename the new name")
      case .old_path: (.path, "the name before a rename")
      case .category: (.string, "the category of watched paths in osquery's configuration")
      case .program: (.path, "the program that did it; file_events does not know")
      case .pid: (.int, "the process; file_events does not know")
      case .ppid: (.int, "the process that started it")
      case .uid: (.int, "of file_events the file's owner, of process_file_events the process's user")
      case .auid: (.int, "the user id of the login")
      case .gid: (.int, "the group id")
      case .cwd: (.path, "the folder that the process worked in")
      case .size: (.int, "bytes")
      case .mode: (.string, "permissions, in octal")
      case .inode: (.int, "the file's inode")
      case .md5: (.hash, "the content's digest, where it was made")
      case .sha1: (.hash, "the content's digest, where it was made")
      case .sha256: (.hash, "the content's digest, where it was made")
      case .modify_time: (.timestamp, "the last change of content, as the file says")
      case .change_time: (.timestamp, "the last change of the entry, as the file says")
      case .logged: (.timestamp, "when the query was performed")
      case .file: (.string, "the log file's name")
      case .line: (.int, "the line's number in its file, from 1")
      case .problem: (.string, "why the line could not be understood; null where it was")
      case .raw: (.string, "the line itself")
      }
    return ColumnSchema(column.rawValue, type, about)
  }
}

/// Every row of every query.
struct OsqueryResultTable: RecordTable {
  enum ColumnName: String, CaseIterable {
    case time, host, query, change, columns, logged, file, line, problem
  }

  let limits: FileLimits

  let schema = TableSchema(
    name: "results", about: "one row for each row of any query's result; json_extract(columns, '$.pid') takes it apart",
    columns: [
      ColumnSchema("time", .timestamp, "when it happened, if the row has a time; else when it was logged"),
      ColumnSchema("host", .string, "the machine, as osquery identifies it"),
      ColumnSchema("query", .string, "the query's name; of a pack pack_NAME_QUERY"),
      ColumnSchema("change", .string, "added to or removed from the result since the last time; snapshot: all of it"),
      ColumnSchema("columns", .string, "the row's columns as a JSON object"),
      ColumnSchema("logged", .timestamp, "when the query was performed"),
      ColumnSchema("file", .string, "the log file's name"),
      ColumnSchema("line", .int, "the line's number in its file, from 1"),
      ColumnSchema("problem", .string, "why the line could not be understood; null where it was"),
    ])

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    OsqueryCursor(
      LineReader(files, ledger, limits: limits), request, ledger, includes: { _ in true },
      cell: { item, cursor, column in
        switch ColumnName.allCases[column] {
        case .time: Cell(item.time)
        case .host: Cell(item.result?.host)
        case .query: Cell(item.result?.query)
        case .change: Cell(item.result?.change)
        case .columns: Cell(item.result?.columns.compactText)
        case .logged: Cell(item.result?.logged)
        case .file: Cell(cursor.file)
        case .line: Cell(cursor.lineNumber)
        case .problem: Cell(item.problem)
        }
      })
  }
}
