import RunbookPorts
import Values

/// Every PATH record of a Linux audit log.
struct AuditPathTable: RecordTable {
  let limits: FileLimits

  let schema = TableSchema(
    name: "paths", about: "every PATH record: all files that an event touched on its way",
    columns: [
      ColumnSchema("time", .timestamp, "when the event happened"),
      ColumnSchema("serial", .int, "the event's number"),
      ColumnSchema("node", .string, "the machine, where the log names it"),
      ColumnSchema("key", .string, "the key of the audit rule that fired"),
      ColumnSchema("item", .int, "the record's place in the event, from 0"),
      ColumnSchema("path", .path, "the file, absolute"),
      ColumnSchema("name", .string, "the file as the program named it"),
      ColumnSchema("name_type", .string, "NORMAL, CREATE, DELETE, PARENT, UNKNOWN"),
      ColumnSchema("inode", .int, "the file's inode"),
      ColumnSchema("device", .string, "the device, as major:minor in hexadecimal"),
      ColumnSchema("mode", .string, "the file's type and permissions, in octal"),
      ColumnSchema("owner", .int, "the user id that owns the file"),
      ColumnSchema("owner_group", .int, "the group id that owns the file"),
    ])

  func seams(_ request: ScanRequest) -> (any FileSeams)? { AuditSeams() }

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    AuditCursor<(AuditEvent, AuditPath)>(
      AuditEventReader(LineReader(files, ledger, limits: limits, request), request, ledger, learnsPrograms: false),
      request,
      rows: { item in item.event.map { event in event.paths.map { (event, $0) } } ?? [] },
      cell: { _, row, column in Self.cell(column, row.0, row.1) })
  }

  private static func cell(_ column: Int, _ event: AuditEvent, _ path: AuditPath) -> Cell {
    switch column {
    case 0: Cell(event.key.time)
    case 1: Cell(Int64(exactly: event.key.serial))
    case 2: Cell(event.key.node)
    case 3: Cell(event.keys.first)
    case 4: Cell(path.item)
    case 5: Cell(event.resolved(path))
    case 6: Cell(path.name)
    case 7: Cell(path.nameType)
    case 8: Cell(path.inode)
    case 9: Cell(path.device)
    case 10: Cell(path.mode)
    case 11: Cell(path.owner)
    default: Cell(path.group)
    }
  }
}

/// The lines of a Linux audit log as they stand.
struct AuditRecordTable: RecordTable {
  let limits: FileLimits
  func seams(_ request: ScanRequest) -> (any FileSeams)? { LineSeams() }

  let schema = TableSchema(
    name: "records", about: "the records as they stand in the log, one row for each line",
    columns: [
      ColumnSchema("time", .timestamp, "when the event happened"),
      ColumnSchema("serial", .int, "the event's number"),
      ColumnSchema("node", .string, "the machine, where the log names it"),
      ColumnSchema("type", .string, "SYSCALL, PATH, EXECVE and so on"),
      ColumnSchema("file", .string, "the log file's name"),
      ColumnSchema(
        "line", .int,
        "the line's number in its file, from 1; null where the log is in `order` and was entered in its middle"),
      ColumnSchema("problem", .string, "why the line is no record; null where it is one"),
      ColumnSchema("raw", .string, "the line itself"),
    ])

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    Cursor(LineReader(files, ledger, limits: limits, request), request, ledger)
  }

  private final class Cursor: RecordCursor {
    private let reader: LineReader
    private let request: ScanRequest
    private let ledger: ScanLedger
    private var head: AuditRecord.Head?

    init(_ reader: LineReader, _ request: ScanRequest, _ ledger: ScanLedger) {
      self.reader = reader
      self.request = request
      self.ledger = ledger
    }

    func advance() throws(ScanFailure) -> Bool {
      while try reader.advance() {
        guard !reader.line.isEmpty else { continue }
        ledger.countRecord(bytes: reader.line.count + 1)
        head = reader.isCut ? nil : AuditRecord.Head(reader.line)
        if let head {
          reader.note(head.key.time)
        } else {
          ledger.countMalformed("the line is no audit record", at: reader.place)
        }
        if !TextRepair.isClean(reader.line) { ledger.countRepaired(at: reader.place) }
        if request.wants(head?.key.time) { return true }
      }
      return false
    }

    func cell(_ column: Int) -> Cell {
      switch column {
      case 0: Cell(head?.key.time)
      case 1: Cell(head.flatMap { Int64(exactly: $0.key.serial) })
      case 2: Cell(head?.key.node)
      case 3: head.map { .bytes(UnsafeRawBufferPointer(rebasing: reader.line[$0.shape.type])) } ?? .null
      case 4: Cell(reader.file?.name)
      case 5: Cell(reader.lineNumber)
      case 6: head == nil ? .text("the line is no audit record") : .null
      default: .bytes(reader.line)
      }
    }
  }
}
