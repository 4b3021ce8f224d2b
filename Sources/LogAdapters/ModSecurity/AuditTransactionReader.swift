import RunbookPorts
import Values

/// Reads the lines of ModSecurity audit logs in JSON, each as a transaction.
final class AuditTransactionReader {
  private let reader: LineReader
  private let request: ScanRequest
  private let ledger: ScanLedger
  private(set) var transaction: AuditTransaction?
  private(set) var time: Timestamp?
  private(set) var problem: String?

  init(_ reader: LineReader, _ request: ScanRequest, _ ledger: ScanLedger) {
    self.reader = reader
    self.request = request
    self.ledger = ledger
  }

  var line: UnsafeRawBufferPointer { reader.line }
  var lineNumber: Int { reader.lineNumber }
  var file: String? { reader.file?.name }

  func advance() throws(ScanFailure) -> Bool {
    while try reader.advance() {
      guard !reader.line.isEmpty else { continue }
      ledger.countRecord(bytes: reader.line.count + 1)
      read()
      if request.wants(time) { return true }
    }
    return false
  }

  private func read() {
    (transaction, problem) = (nil, nil)
    if !TextRepair.isClean(reader.line) { ledger.countRepaired(at: reader.place) }
    if reader.isCut {
      problem = "the line is longer than \(reader.line.count) bytes and was cut"
    } else {
      do {
        let found = AuditTransaction(try JSON(parsing: reader.line, repairingUTF8: true))
        if found.json["transaction"] == nil { problem = "the line is no ModSecurity transaction" }
        transaction = found
      } catch {
        problem = "the line is not JSON: \(error)"
      }
    }
    // What the record begins with is enough to say when it was and who it was about.
    transaction = transaction ?? Self.beginning(of: reader.line).map(AuditTransaction.init)
    time = transaction?.time
    if problem == nil, time == nil { problem = "the time cannot be read" }
    if let problem { ledger.countMalformed(problem, at: reader.place) }
    if let time { ledger.note(time) }
  }

  private static let opening = Array(#"{"transaction":{"#.utf8)

  private static func beginning(of line: UnsafeRawBufferPointer) -> JSON? {
    guard line.starts(with: opening), let end = line.firstIndex(of: UInt8(ascii: "}")) else { return nil }
    return try? JSON(parsing: line[...end] + [UInt8(ascii: "}")], repairingUTF8: true)
  }

  /// The time alone, for the order of files: it is the first member that is written.
  static func time(of line: UnsafeRawBufferPointer) -> Timestamp? {
    let start = Array(#"{"transaction":{"time":""#.utf8)
    guard line.starts(with: start), let end = line[start.count...].prefix(64).firstIndex(of: UInt8(ascii: "\"")) else {
      return nil
    }
    return LogTime.commonLog(UnsafeRawBufferPointer(rebasing: line[start.count..<end]))
  }
}
