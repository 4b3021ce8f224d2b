import RunbookPorts
import Values

/// An event, or a line that belongs to none.
struct AuditItem {
  let event: AuditEvent?
  let text: [UInt8]
  let problem: String
  let file: String
  let line: Int?
}

/// Reads events one after the other, and keeps in mind which program each process runs.
final class AuditEventReader {
  private let reader: LineReader
  private let request: ScanRequest
  private let ledger: ScanLedger
  // Apart from the object, whose properties would be guarded at every record.
  private let correlator: UnsafeMutablePointer<AuditCorrelator>
  private var stamp = AuditRecord.Head.Stamp()
  private var foreign: [AuditItem] = []
  private var isAtEnd = false
  private let learnsPrograms: Bool
  private(set) var programs = AuditPrograms()

  /// - Parameter learnsPrograms: Whether anybody will ask which program a process runs.
  init(_ reader: LineReader, _ request: ScanRequest, _ ledger: ScanLedger, learnsPrograms: Bool) {
    self.reader = reader
    self.request = request
    self.ledger = ledger
    self.learnsPrograms = learnsPrograms
    correlator = .allocate(capacity: 1)
    correlator.initialize(to: AuditCorrelator())
  }

  deinit {
    correlator.deinitialize(count: 1)
    correlator.deallocate()
  }

  func next() throws(ScanFailure) -> AuditItem? {
    while true {
      if let line = foreign.popLast() { return line }
      if let event = correlator.pointee.next(atEnd: isAtEnd) {
        if learnsPrograms { programs.learn(from: event) }
        // Where a file is entered and left, the reading itself tears events apart; nobody asked for those.
        if !reader.isPart || request.wants(event.key.time), let problem = event.problem {
          ledger.countMalformed(problem, at: event.place, isUnfinished: event.isTorn)
        }
        return AuditItem(event: event, text: [], problem: "", file: event.file, line: event.line)
      }
      if isAtEnd { return nil }
      if try reader.advance() { read() } else { isAtEnd = true }
    }
  }

  private func read() {
    let line = reader.line
    guard !line.isEmpty else { return }
    ledger.countRecord(bytes: line.count + 1)
    if !TextRepair.isClean(line) { ledger.countRepaired(at: reader.place) }
    guard !reader.isCut, let head = AuditRecord.Head(line, &stamp) else {
      // What ausearch prints between events.
      if line.elementsEqual("----".utf8) || line.starts(with: "time->".utf8) { return }
      let problem = reader.isCut ? "the line is too long and was cut" : "the line is no audit record"
      ledger.countMalformed(problem, at: reader.place)
      foreign.append(
        AuditItem(
          event: nil, text: reader.bytes, problem: problem, file: reader.file?.name ?? "", line: reader.lineNumber))
      return
    }
    reader.note(head.key.time)
    if head.shape.kind == .other, let change = head.shape.change(line) { ledger.note(change, at: head.key.time) }
    let event = correlator.pointee.add(head, line, at: reader.place, number: reader.lineNumber)
    if reader.isTorn { event.isTorn = true }
  }
}

/// Goes through rows that are made from events.
final class AuditCursor<Row>: RecordCursor {
  private let reader: AuditEventReader
  private let request: ScanRequest
  private let rowsOfItem: (AuditItem) -> [Row]
  private let cellOfRow: (AuditEventReader, Row, Int) -> Cell
  private var rows: [Row] = []
  private var index = -1

  init(
    _ reader: AuditEventReader, _ request: ScanRequest, rows: @escaping (AuditItem) -> [Row],
    cell: @escaping (AuditEventReader, Row, Int) -> Cell
  ) {
    self.reader = reader
    self.request = request
    rowsOfItem = rows
    cellOfRow = cell
  }

  func advance() throws(ScanFailure) -> Bool {
    index += 1
    while index >= rows.count {
      guard let item = try reader.next() else { return false }
      guard request.wants(item.event?.key.time) else { continue }
      rows = rowsOfItem(item)
      index = 0
    }
    return true
  }

  func cell(_ column: Int) -> Cell { cellOfRow(reader, rows[index], column) }
}
