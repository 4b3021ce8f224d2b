import RunbookPorts
import Values

/// Logs of plain lines that a regular expression takes apart.
struct PatternKind: AdapterKind {
  let name = "pattern-log"
  let about = "logs of plain lines of any form: a regular expression with named groups makes the columns"
  let options =
    [
      AdapterOption("path", .paths, required: true, "the log files; rotated and packed ones too"),
      AdapterOption(
        "pattern", .text, required: true,
        "a regular expression (RE2) that must match the whole line; each (?P<name>…) is a column; or the name of a known "
          + "one: \(KnownPattern.all.map(\.name).joined(separator: ", "))"),
      AdapterOption("columns", .columns, "the types of columns; those that are not named here are text"),
      AdapterOption("time", .text, "the column that says when; a group `time` needs no such word"),
    ] + TimeFormat.options + [TimeOrder.option]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    let limits = FileLimits()
    let text = options.text("pattern") ?? ""
    let known = KnownPattern.all.first { $0.name == text }?.pattern
    let pattern: LinePattern
    do { pattern = try LinePattern(known ?? text) } catch {
      throw BindingProblem("the pattern is wrong: \(error.message)", option: "pattern")
    }
    guard !pattern.groups.isEmpty else {
      throw BindingProblem("the pattern has no named group such as (?P<client>[0-9.]+)", option: "pattern")
    }
    let columns = try Self.columns(of: pattern, options)
    var table = PatternTable(
      pattern: pattern, columns: columns, format: try TimeFormat(options), limits: limits)
    let clock = columns.timeColumn == nil ? nil : FileClock.lines { [table] _ in { table.time(of: $0) } }
    table.order = try TimeOrder(options, clock)
    let files = FileSet(
      patterns: options.texts("path"), folder: options.folder, limits: limits,
      clock: clock)
    return LogAdapter(
      tables: [table], files: files, resolution: .seconds(1), hasTimes: columns.timeColumn != nil)
  }

  private static func columns(
    of pattern: LinePattern, _ options: AdapterOptions
  ) throws(BindingProblem) -> DeclaredColumns {
    let declared = options.columns("columns") ?? []
    let time = options.text("time") ?? "time"
    if let stranger = declared.first(where: { column in !pattern.groups.contains { $0.name == column.name } }) {
      throw BindingProblem("the pattern has no group `\(stranger.name)`", option: "columns")
    }
    let columns = pattern.groups.map { group in
      let type = declared.first { $0.name == group.name }?.type ?? (group.name == time ? .timestamp : .string)
      return ColumnSchema(group.name, type, "the group `\(group.name)` of the pattern")
    }
    return try DeclaredColumns(columns, time: options.text("time"))
  }
}

/// The lines of a log, taken apart by a pattern.
struct PatternTable: RecordTable {
  let pattern: LinePattern
  let columns: DeclaredColumns
  let format: TimeFormat
  let limits: FileLimits
  var order: TimeOrder?

  var schema: TableSchema { columns.schema }
  var timeColumn: Int? { columns.timeColumn }

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    Cursor(self, LineReader(files, ledger, limits: limits, order: order, request), request, ledger)
  }

  func time(of line: UnsafeRawBufferPointer) -> Timestamp? {
    guard let place = columns.timeColumn, let texts = texts(of: line), let text = texts[place] else { return nil }
    return format.time(text)
  }

  /// The texts of the groups.
  ///
  /// - Returns: `nil` if the pattern does not match.
  private func texts(of line: UnsafeRawBufferPointer) -> [String?]? {
    // A client must not be able to hide a line by a byte that no pattern matches.
    if !TextRepair.isClean(line) {
      var repaired = TextRepair.text(line)
      return repaired.withUTF8 { texts(ofClean: UnsafeRawBufferPointer($0)) }
    }
    return texts(ofClean: line)
  }

  private func texts(ofClean line: UnsafeRawBufferPointer) -> [String?]? {
    guard let places = pattern.match(line) else { return nil }
    return pattern.groups.map { group in places[group.number].map { String(decoding: line[$0], as: UTF8.self) } }
  }

  private final class Cursor: RecordCursor {
    private let table: PatternTable
    private let reader: LineReader
    private let request: ScanRequest
    private let ledger: ScanLedger
    private var record = DeclaredRecord()

    init(_ table: PatternTable, _ reader: LineReader, _ request: ScanRequest, _ ledger: ScanLedger) {
      self.table = table
      self.reader = reader
      self.request = request
      self.ledger = ledger
    }

    func advance() throws(ScanFailure) -> Bool {
      while try reader.advance() {
        guard !reader.line.isEmpty else { continue }
        read()
        if request.wants(record.time(table.columns)) { return true }
      }
      return false
    }

    private func read() {
      ledger.countRecord(bytes: reader.line.count + 1)
      record = DeclaredRecord(raw: reader.bytes, line: reader.numberedLine, file: reader.file?.name ?? "")
      if reader.isCut {
        record.problem = "the line is longer than \(reader.line.count) bytes and was cut"
      } else if let texts = table.texts(of: reader.line) {
        record.values = zip(table.columns.declared, texts).enumerated().map { admit($0.element.1, $0.offset) }
      } else {
        record.problem = "the line does not fit the pattern"
      }
      if let problem = record.problem { ledger.countMalformed(problem, at: reader.place) }
      if !TextRepair.isClean(reader.line) { ledger.countRepaired(at: reader.place) }
      if let time = record.time(table.columns) {
        ledger.note(time)
        reader.note(time)
      }
    }

    private func admit(_ text: String?, _ place: Int) -> Value {
      guard let text else { return .null }
      let column = table.columns.declared[place]
      let value =
        column.type == .timestamp
        ? table.format.time(text).map(Value.timestamp) : DeclaredCell.value(text, as: column.type)
      if let value { return value }
      record.problem = record.problem ?? "the column `\(column.name)` is no \(column.type)"
      return .null
    }

    func cell(_ column: Int) -> Cell { record.cell(column, table.columns) }
  }
}
