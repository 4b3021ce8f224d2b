import RunbookPorts
import Values

/// What was done to files, and which programs were run: the events of a Linux audit log, a row for each file that an
/// event is about.
struct AuditTable: RecordTable {
  enum ColumnName: String, CaseIterable {
    case time, serial, node, type, key, keys, action, success, path, old_path, program, exe, comm, arguments, proctitle
    case cwd, pid, ppid, uid, auid, euid, gid, tty, session, syscall, syscall_name, exit, name_type, inode, mode
    case file, line, problem, raw
  }

  let limits: FileLimits

  let schema = TableSchema(
    about: "one row for each file that an event is about; an event without a file has one row, too",
    columns: ColumnName.allCases.map(Self.describe))

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    var part = request
    // Which program a process runs is learned from what lies before.
    let readsPrograms = request.reads(column: Self.programColumn)
    if readsPrograms { part.order = nil }
    return AuditCursor<Row>(
      AuditEventReader(LineReader(files, ledger, limits: limits, part), request, ledger, learnsPrograms: readsPrograms),
      request,
      rows: { event in
        guard let event = event.event else { return [Row(line: event, event: nil, object: nil)] }
        return AuditObject.objects(of: event).map { Row(line: nil, event: event, object: $0) }
      },
      cell: { reader, row, column in Self.cell(ColumnName.allCases[column], row, reader) })
  }

  /// Which program a process runs is learned from what lies before, so the whole log is read for it.
  func seams(_ request: ScanRequest) -> (any FileSeams)? {
    request.reads(column: Self.programColumn) ? nil : AuditSeams()
  }

  private static let programColumn = ColumnName.allCases.firstIndex(of: .program) ?? 0

  struct Row {
    /// A line that is no record.
    let line: AuditItem?
    let event: AuditEvent?
    let object: AuditObject?
  }

  private static func cell(_ column: ColumnName, _ row: Row, _ reader: AuditEventReader) -> Cell {
    guard let event = row.event, let object = row.object else {
      return row.line.map { foreignCell(column, $0) } ?? .null
    }
    let record = event.principal
    switch column {
    case .time: return Cell(event.key.time)
    case .serial: return Cell(Int64(exactly: event.key.serial))
    case .node: return Cell(event.key.node)
    case .type: return Cell(record?.type)
    case .key: return Cell(event.keys.first)
    case .keys: return .text(JSON.array(event.keys.map(JSON.string)).compactText)
    case .action: return .text(object.action(in: event).rawValue)
    case .success: return Cell(event.success)
    case .path: return Cell(object.path(in: event))
    case .old_path: return Cell(object.oldPath(in: event))
    case .program: return Cell(reader.programs.program(of: event))
    case .exe: return Cell(event.exe)
    case .comm: return Cell(record?.string("comm"))
    case .arguments: return event.arguments.isEmpty ? .null : .text(event.arguments.joined(separator: " "))
    case .proctitle: return Cell(event.proctitle)
    case .cwd: return Cell(event.cwd)
    case .pid: return Cell(record?.number("pid"))
    case .ppid: return Cell(record?.number("ppid"))
    case .uid: return Cell(record?.number("uid"))
    case .auid: return Cell(record?.number("auid"))
    case .euid: return Cell(record?.number("euid"))
    case .gid: return Cell(record?.number("gid"))
    case .tty: return Cell(record?.string("tty"))
    case .session: return Cell(record?.number("ses"))
    case .syscall: return Cell(event.syscall?.number("syscall"))
    case .syscall_name: return Cell(event.syscallName)
    case .exit: return Cell(event.syscall?.number("exit"))
    case .name_type: return Cell(object.item?.nameType)
    case .inode: return Cell(object.item?.inode)
    case .mode: return Cell(object.item?.mode)
    case .file: return .text(event.file)
    case .line: return Cell(event.line)
    case .problem: return Cell(event.problem)
    case .raw: return .text(TextRepair.text(event.raw))
    }
  }

  private static func foreignCell(_ column: ColumnName, _ line: AuditItem) -> Cell {
    switch column {
    case .file: .text(line.file)
    case .line: Cell(line.line)
    case .problem: .text(line.problem)
    case .raw: .text(TextRepair.text(line.text))
    default: .null
    }
  }

  private static func describe(_ column: ColumnName) -> ColumnSchema {
    let (type, about): (ColumnType, String) =
      switch column {
      case .time: (.timestamp, "when the event happened, to the millisecond")
      case .serial: (.int, "the event's number; with the time it names the event")
      case .node: (.string, "the machine, where the log names it")
      case .type: (.string, "the type of the record that says what happened: SYSCALL, USER_LOGIN, CONFIG_CHANGE")
      case .key: (.string, "the key of the audit rule that fired; the first of several")
      case .keys: (.list(.string), "all keys of the rule")
      case .action:
        (
          .string,
          "read, write, create, delete, rename, exec, attributes (changed), link, mkdir, list (looked at), other"
        )
      case .success: (.bool, "whether the kernel allowed it")
      case .path: (.path, "the file, absolute; of a rename the new name, of an exec the script or program")
      case .old_path: (.path, "the name before a rename; what a link points to")
      case .program: (.path, "the program that did it: the script, where an interpreter runs one")
      case .exe: (.path, "the executable file of the process")
      case .comm: (.string, "the short name of the process")
      case .arguments: (.string, "the command line of an exec, decoded, with blanks between")
      case .proctitle: (.string, "the command line of the process, decoded; the kernel cuts it at 128 bytes")
      case .cwd: (.path, "the folder that the process worked in")
      case .pid: (.int, "the process")
      case .ppid: (.int, "the process that started it")
      case .uid: (.int, "the user id of the process")
      case .auid: (.int, "the user id of the login; null for a daemon")
      case .euid: (.int, "the effective user id")
      case .gid: (.int, "the group id")
      case .tty: (.string, "the terminal; null without one")
      case .session: (.int, "the login session; null without one")
      case .syscall: (.int, "the number of the system call")
      case .syscall_name: (.string, "its name, where it is known: openat, execve")
      case .exit: (.int, "what the call returned: negative for an error, -13 permission denied, -2 no such file")
      case .name_type: (.string, "NORMAL, CREATE, DELETE, PARENT (only the folder is known), UNKNOWN")
      case .inode: (.int, "the file's inode")
      case .mode: (.string, "the file's type and permissions, in octal")
      case .file: (.string, "the log file's name")
      case .line:
        (.int, "the line of the event's first record; null where the log is in `order` and was entered in its middle")
      case .problem: (.string, "why the event is incomplete or the line no record; null where all is well")
      case .raw: (.string, "the event's records, a line each")
      }
    return ColumnSchema(column.rawValue, type, about)
  }
}
