import RunbookPorts
import Values

/// Records of comma-separated values.
struct CSVTable: RecordTable {
  let columns: DeclaredColumns
  let splitter: CSVRecord
  let limits: FileLimits

  var schema: TableSchema { columns.schema }
  var timeColumn: Int? { columns.timeColumn }

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    CSVCursor(self, LineReader(files, ledger, limits: limits), request, ledger)
  }

  /// For each declared column its place in the record: a file whose first record names them all has them by name, any
  /// other in order.
  func places(in first: [[UInt8]]) -> (places: [Int], isHeader: Bool) {
    let names = first.map { TextRepair.text($0) }
    let found = columns.declared.compactMap { column in names.firstIndex { $0 == column.name } }
    return found.count == columns.declared.count ? (found, true) : (Array(columns.declared.indices), false)
  }

  static func withoutByteOrderMark(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeRawBufferPointer(rebasing: bytes[3...]) : bytes
  }
}

private final class CSVCursor: RecordCursor {
  private let table: CSVTable
  private let reader: LineReader
  private let request: ScanRequest
  private let ledger: ScanLedger
  private var record = DeclaredRecord()
  private var fileIndex = -1
  private var places: [Int] = []
  private var fieldCount = 0

  init(_ table: CSVTable, _ reader: LineReader, _ request: ScanRequest, _ ledger: ScanLedger) {
    self.table = table
    self.reader = reader
    self.request = request
    self.ledger = ledger
  }

  func advance() throws(ScanFailure) -> Bool {
    while try reader.advance() {
      let isFirst = reader.fileIndex != fileIndex
      fileIndex = reader.fileIndex
      let (fields, problem) = try readRecord(isFirst: isFirst)
      if isFirst {
        let (found, isHeader) = table.places(in: fields)
        places = found
        fieldCount = isHeader ? fields.count : table.columns.declared.count
        if isHeader { continue }
      }
      if fields.count == 1, fields[0].isEmpty, problem == nil { continue }
      admit(fields, problem)
      if request.wants(record.time(table.columns)) { return true }
    }
    return false
  }

  /// Reads on while a quote is open.
  private func readRecord(isFirst: Bool) throws(ScanFailure) -> ([[UInt8]], String?) {
    record = DeclaredRecord(line: reader.lineNumber, file: reader.file?.name ?? "")
    let line = isFirst ? CSVTable.withoutByteOrderMark(reader.line) : reader.line
    record.raw = Array(line)
    var splitter = table.splitter
    splitter.add(line)
    while splitter.isOpen, !reader.isTorn, record.raw.count <= table.limits.recordBytes, try reader.advance() {
      record.raw.append(10)
      record.raw += reader.line
      splitter.addLine(reader.line)
    }
    if splitter.isOpen { return (splitter.end(), "a quote has no end") }
    return (splitter.end(), reader.isCut ? "the line is too long and was cut" : nil)
  }

  private func admit(_ fields: [[UInt8]], _ problem: String?) {
    ledger.countRecord(bytes: record.raw.count + 1)
    record.problem = problem
    if record.problem == nil, fields.count != fieldCount {
      record.problem = "the record has \(fields.count) fields instead of \(fieldCount)"
    }
    record.values = zip(table.columns.declared, places).map { column, place in
      guard fields.indices.contains(place) else { return .null }
      if let value = DeclaredCell.value(TextRepair.text(fields[place]), as: column.type) { return value }
      record.problem = record.problem ?? "the column `\(column.name)` is no \(column.type)"
      return .null
    }
    let place = ScanPlace(name: record.file, line: record.line.map(ScanPlace.Line.number))
    if let problem = record.problem { ledger.countMalformed(problem, at: place) }
    if !record.raw.withUnsafeBytes(TextRepair.isClean) { ledger.countRepaired(at: place) }
    if let time = record.time(table.columns) {
      reader.note(time)
    } else if record.problem == nil {
      ledger.noteTimeless()
    }
  }

  func cell(_ column: Int) -> Cell { record.cell(column, table.columns) }
}
