import RunbookPorts
import Values

/// The lines of a log, taken apart by a pattern.
struct PatternTable: RecordTable {
  let pattern: LinePattern
  let columns: DeclaredColumns
  let format: TimeFormat
  let limits: FileLimits

  /// Of times without a year nobody knows the year in the middle of a file.
  func seams(_ request: ScanRequest) -> (any FileSeams)? { format.lacksYear ? nil : LineSeams() }
  var schema: TableSchema { columns.schema }
  var timeColumn: Int? { columns.timeColumn }

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    Cursor(self, LineReader(files, ledger, limits: limits, request), request, ledger)
  }

  func time(of line: UnsafeRawBufferPointer) -> Timestamp? {
    var reading = PatternReading(self)
    guard let place = columns.timeColumn, reading.match(line) else { return nil }
    return reading.withGroup(place, of: line) { $0.flatMap { format.time($0) } }
  }

  private final class Cursor: RecordCursor {
    private let table: PatternTable
    private let reader: LineReader
    private let request: ScanRequest
    private let ledger: ScanLedger
    private var reading: PatternReading
    private var isMatch = false
    private var time: Timestamp?
    private var lastTime = LastTime()
    private var turn = YearTurn()
    private var problem: String?
    /// The columns that not every text fits, the record's time before all others, and what their cells hold.
    private let typed: [Int]
    private var values: [Value]

    init(_ table: PatternTable, _ reader: LineReader, _ request: ScanRequest, _ ledger: ScanLedger) {
      self.table = table
      self.reader = reader
      self.request = request
      self.ledger = ledger
      reading = PatternReading(table)
      let time = table.columns.timeColumn
      typed =
        [time].compactMap { $0 }
        + table.columns.declared.indices.filter { table.columns.declared[$0].type != .string && $0 != time }
      values = table.columns.declared.map { _ in .null }
    }

    func advance() throws(ScanFailure) -> Bool {
      while try reader.advance() {
        guard !reader.line.isEmpty else { continue }
        read(reader.line)
        if request.wants(time) { return true }
      }
      return false
    }

    private func read(_ line: UnsafeRawBufferPointer) {
      ledger.countRecord(bytes: line.count + 1)
      (time, problem) = (nil, nil)
      isMatch = !reader.isCut && reading.match(line)
      if isMatch {
        for column in typed { admit(column, line) }
      } else {
        problem =
          reader.isCut
          ? "the line is longer than \(line.count) bytes and was cut" : "the line does not fit the pattern"
      }
      if let problem { ledger.countMalformed(problem, at: reader.place) }
      if reader.isCut ? !TextRepair.isClean(line) : reading.isRepaired { ledger.countRepaired(at: reader.place) }
      if let time {
        reader.note(time, in: table.format.zone)
      } else if problem == nil {
        ledger.noteTimeless()
      }
    }

    private func admit(_ place: Int, _ line: UnsafeRawBufferPointer) {
      let column = table.columns.declared[place]
      let isTime = place == table.columns.timeColumn
      let value = reading.withGroup(place, of: line) { text -> Value? in
        guard let text else { return .null }
        if isTime {
          time = lastTime.time(of: text) { table.format.time($0) }
          if table.format.lacksYear {
            time = turn.time(time, inFile: reader.fileIndex) { table.format.time(text, later: $0) }
          }
          return time.map(Value.timestamp)
        }
        if column.type == .timestamp { return table.format.time(text, later: turn.years).map(Value.timestamp) }
        return DeclaredCell.value(String(decoding: text, as: UTF8.self), as: column.type)
      }
      values[place] = value ?? .null
      if value == nil { problem = problem ?? "the column `\(column.name)` is no \(column.type)" }
    }

    func cell(_ column: Int) -> Cell {
      let columns = table.columns
      guard column < columns.declared.count else {
        return switch columns.own[column - columns.declared.count] {
        case .file: Cell(reader.file?.name)
        case .line: Cell(reader.lineNumber)
        case .problem: Cell(problem)
        case .raw: .bytes(reader.line)
        }
      }
      guard isMatch else { return .null }
      guard columns.declared[column].type == .string else { return DeclaredCell.cell(values[column]) }
      return reading.cell(column, of: reader.line)
    }
  }
}

/// A line that is taken apart.
private struct PatternReading {
  private let table: PatternTable
  private var places: [Int]
  /// The line as it is matched, where it is not valid itself.
  private var repaired: [UInt8]?

  init(_ table: PatternTable) {
    self.table = table
    places = table.pattern.emptyPlaces
  }

  mutating func match(_ line: UnsafeRawBufferPointer) -> Bool {
    // A client must not be able to hide a line by a byte that no pattern matches.
    repaired = TextRepair.isClean(line) ? nil : Array(TextRepair.text(line).utf8)
    guard let repaired else { return table.pattern.match(line, &places) }
    return repaired.withUnsafeBytes { table.pattern.match($0, &places) }
  }

  /// Whether the line that was matched is not valid UTF-8.
  var isRepaired: Bool { repaired != nil }

  /// The text of a column's group, which lies in the line or in what stands for it; `nil` where the group took no part.
  func withGroup<Answer>(
    _ column: Int, of line: UnsafeRawBufferPointer, _ use: (UnsafeRawBufferPointer?) -> Answer
  ) -> Answer {
    let number = table.pattern.groups[column].number
    let (start, end) = (places[2 * number], places[2 * number + 1])
    guard start >= 0 else { return use(nil) }
    guard let repaired else { return use(UnsafeRawBufferPointer(rebasing: line[start..<end])) }
    return repaired.withUnsafeBytes { use(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
  }

  /// The same as a cell.
  func cell(_ column: Int, of line: UnsafeRawBufferPointer) -> Cell {
    withGroup(column, of: line) { text in
      guard let text else { return .null }
      // What stands for the line may be moved; its text is taken out here.
      return isRepaired ? .text(String(decoding: text, as: UTF8.self)) : .bytes(text)
    }
  }
}
