import RunbookPorts
import Values

/// A table whose records are a line each and read as a whole.
struct LineRecordTable<Record>: RecordTable {
  /// What became of a line.
  enum Reading {
    case record(Record, time: Timestamp?)
    /// A line of the log that is no record of this table, with its time.
    case other(time: Timestamp?)
    case foreign(String)
  }

  /// What a cell of a column is made from.
  enum Cells {
    case file, line, problem, raw, time
    case of(@Sendable (Record) -> Cell)
  }

  let schema: TableSchema
  let cells: [Cells]
  let limits: FileLimits
  /// What gives times to records that say none, as a sentence part.
  let remedy: String?
  let read: @Sendable (UnsafeRawBufferPointer) -> Reading
  /// Reads a line's time in a year so many after the deployment's; `nil` where all times name their year.
  private let later: (@Sendable (UnsafeRawBufferPointer, Int) -> Timestamp?)?
  /// Of times that name none.
  private let zone: LocalZone

  /// - Parameters:
  ///   - columns: With what gives them; those that every log has follow.
  ///   - later: Reads a line's time in a year so many after the deployment's.
  init(
    about: String, columns: [(ColumnSchema, Cells)], limits: FileLimits, remedy: String? = nil,
    zone: LocalZone = .utc, later: (@Sendable (UnsafeRawBufferPointer, Int) -> Timestamp?)? = nil,
    read: @escaping @Sendable (UnsafeRawBufferPointer) -> Reading
  ) {
    let own: [(ColumnSchema, Cells)] = [
      (ColumnSchema("file", .string, "the log file's name"), .file),
      (
        ColumnSchema(
          "line", .int,
          "the line's number in its file, from 1; null where the log is in `order` and was entered in its middle"),
        .line
      ),
      (ColumnSchema("problem", .string, "why the line could not be understood; null where it was"), .problem),
      (ColumnSchema("raw", .string, "the line itself"), .raw),
    ]
    schema = TableSchema(about: about, columns: (columns + own).map(\.0))
    cells = (columns + own).map(\.1)
    self.limits = limits
    self.remedy = remedy
    self.read = read
    self.zone = zone
    self.later = later
  }

  /// Of times without a year nobody knows the year in the middle of a file.
  func seams(_ request: ScanRequest) -> (any FileSeams)? { later == nil ? LineSeams() : nil }

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    Cursor(self, LineReader(files, ledger, limits: limits, request), request, ledger)
  }

  /// For the order of files and the extent of the source.
  var clock: FileClock {
    .lines { [read] _ in
      { line in
        switch read(line) {
        case .record(_, let time), .other(let time): time
        case .foreign: nil
        }
      }
    }
  }

  private final class Cursor: RecordCursor {
    private let table: LineRecordTable
    private let reader: LineReader
    private let request: ScanRequest
    private let ledger: ScanLedger
    private var record: Record?
    private var time: Timestamp?
    private var problem: String?
    private var turn = YearTurn()

    init(_ table: LineRecordTable, _ reader: LineReader, _ request: ScanRequest, _ ledger: ScanLedger) {
      self.table = table
      self.reader = reader
      self.request = request
      self.ledger = ledger
    }

    func advance() throws(ScanFailure) -> Bool {
      while try reader.advance() {
        guard !reader.line.isEmpty else { continue }
        if isRow(), request.wants(time) { return true }
      }
      return false
    }

    private func isRow() -> Bool {
      ledger.countRecord(bytes: reader.line.count + 1)
      if !TextRepair.isClean(reader.line) { ledger.countRepaired(at: reader.place) }
      (record, time, problem) = (nil, nil, nil)
      if reader.isCut {
        problem = "the line is longer than \(reader.line.count) bytes and was cut"
      } else {
        switch table.read(reader.line) {
        case .record(let found, let when): (record, time) = (found, inYear(when))
        case .other(let when):
          if let when = inYear(when) { reader.note(when, in: table.zone) }
          return false
        case .foreign(let reason): problem = reason
        }
      }
      if let problem { ledger.countMalformed(problem, at: reader.place) }
      if let time {
        reader.note(time, in: table.zone)
      } else if problem == nil {
        ledger.noteTimeless(remedy: table.remedy)
      }
      return true
    }

    private func inYear(_ time: Timestamp?) -> Timestamp? {
      guard let later = table.later else { return time }
      return turn.time(time, inFile: reader.fileIndex) { later(reader.line, $0) }
    }

    func cell(_ column: Int) -> Cell {
      switch table.cells[column] {
      case .time: Cell(time)
      case .file: Cell(reader.file?.name)
      case .line: Cell(reader.lineNumber)
      case .problem: Cell(problem)
      case .raw: .bytes(reader.line)
      case .of(let make): record.map(make) ?? .null
      }
    }
  }
}
