import RunbookPorts
import Values

/// Reads the records of firewall logs: lines in JSON, and transactions of many lines in ModSecurity's own form.
final class FirewallReader {
  private let reader: LineReader
  private let format: FirewallFormat
  private let request: ScanRequest
  private let ledger: ScanLedger
  private let limits: FileLimits
  private(set) var transaction: (any FirewallTransaction)?
  private(set) var time: Timestamp?
  private(set) var problem: String?
  private(set) var lineNumber: Int?
  private(set) var file: String?
  private var place = ScanPlace(name: "", line: nil)
  /// The text of a record of many lines, or its beginning.
  private var text: [UInt8]?
  private var fileIndex = -1
  private var fileIsNative = false

  init(_ reader: LineReader, _ format: FirewallFormat, _ request: ScanRequest, _ ledger: ScanLedger) {
    self.reader = reader
    self.format = format
    self.request = request
    self.ledger = ledger
    limits = reader.limits
  }

  /// The record as it was written.
  var raw: Cell { text.map { .text(TextRepair.text($0)) } ?? .bytes(reader.line) }

  func advance() throws(ScanFailure) -> Bool {
    while try reader.advance() {
      guard !reader.line.isEmpty else { continue }
      if reader.fileIndex != fileIndex {
        fileIndex = reader.fileIndex
        fileIsNative = reader.file.map { FirewallReader.isNative($0, format) } ?? false
      }
      (transaction, problem, text, lineNumber, file) = (nil, nil, nil, reader.lineNumber, reader.file?.name)
      place = reader.place
      if fileIsNative { try readNative() } else { readJSON() }
      time = transaction?.time
      if problem == nil, time == nil { problem = "the time cannot be read" }
      // A firewall speaks only when something happens: whatever it says last counts, also half of it.
      if let problem { ledger.countMalformed(problem, at: place, isUnfinished: false) }
      if let time { reader.note(time, in: format.zone) }
      if request.wants(time) { return true }
    }
    return false
  }

  /// Whether a line among the first of the file is a boundary of ModSecurity's own form. In a file of JSON no such line
  /// can be, for JSON has no line ends within texts.
  static func isNative(_ file: LogFile, _ format: FirewallFormat) -> Bool {
    guard format.name == nil else { return format.isNative }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    guard let count = try? file.read(at: 0, into: buffer) else { return false }
    return UnsafeRawBufferPointer(rebasing: buffer[..<count]).split(separator: 10).contains { line in
      format.boundary(UnsafeRawBufferPointer(rebasing: line)) != nil
    }
  }

  // MARK: JSON

  private func readJSON() {
    ledger.countRecord(bytes: reader.line.count + 1)
    if !TextRepair.isClean(reader.line) { ledger.countRepaired(at: reader.place) }
    if reader.isCut {
      problem = "the line is longer than \(reader.line.count) bytes and was cut"
    } else {
      do {
        let json = try JSON(parsing: reader.line, repairingUTF8: true, keepingDuplicates: true)
        transaction = format.transaction(json)
        if transaction == nil {
          problem = "the line is no record of \(format.name.map { "the format \($0.rawValue)" } ?? "a known firewall")"
        }
      } catch {
        problem = "the line is not JSON: \(error)"
      }
    }
    // What the record begins with is enough to say when it was and who it was about.
    transaction = transaction ?? Self.beginning(of: reader.line).flatMap(format.transaction)
  }

  private static let opening = Array(#"{"transaction":{"#.utf8)

  private static func beginning(of line: UnsafeRawBufferPointer) -> JSON? {
    guard line.starts(with: opening), let end = line.firstIndex(of: UInt8(ascii: "}")) else { return nil }
    return try? JSON(parsing: line[...end] + [UInt8(ascii: "}")], repairingUTF8: true, keepingDuplicates: true)
  }

  // MARK: ModSecurity's own form

  private func readNative() throws(ScanFailure) {
    guard let boundary = format.boundary(reader.line), boundary.isFirst else {
      try skipForeignLines()
      return
    }
    var found = NativeTransaction(boundary)
    var record = NativeRecord(limit: limits.recordBytes)
    record.add(reader.line)
    /// What there was before the first line that may begin another transaction. Lines of the same form can stand in a
    /// body, so that only this one's end tells whether it does.
    var fallback: (next: LineReader.Mark, found: NativeTransaction, record: NativeRecord)?
    while true {
      let mark = reader.mark
      guard record.bytes <= limits.transactionBytes, try reader.advanceInFile() else {
        problem = "the transaction has no end"
        if let fallback {
          reader.rewind(to: fallback.next)
          (found, record) = (fallback.found, fallback.record)
        }
        break
      }
      if fallback == nil, let other = format.boundary(reader.line), other.isFirst, other.key != boundary.key {
        fallback = (mark, found, record)
      }
      record.add(reader.line)
      if let other = NativeBoundary(reader.line), other.key == boundary.key {
        if other.isLast { break }
        found.begin(other.part)
        continue
      }
      found.add(reader.line)
      if reader.isCut, problem == nil { problem = "a line is longer than \(reader.line.count) bytes and was cut" }
    }
    finish(record)
    transaction = found
  }

  /// Takes the lines up to the next transaction as one record that is none.
  private func skipForeignLines() throws(ScanFailure) {
    var record = NativeRecord(limit: limits.recordBytes)
    record.add(reader.line)
    while true {
      let mark = reader.mark
      guard record.bytes <= limits.transactionBytes, try reader.advanceInFile() else { break }
      if format.boundary(reader.line)?.isFirst == true {
        reader.rewind(to: mark)
        break
      }
      record.add(reader.line)
    }
    problem = "the text belongs to no transaction whose beginning is there"
    finish(record)
  }

  private func finish(_ record: NativeRecord) {
    text = record.text
    ledger.countRecord(bytes: record.bytes)
    if !record.isClean { ledger.countRepaired(at: place) }
  }
}

/// The text of a record of many lines, of which the beginning is kept.
private struct NativeRecord {
  let limit: Int
  private(set) var text: [UInt8] = []
  private(set) var bytes = 0
  private(set) var isClean = true

  init(limit: Int) { self.limit = limit }

  mutating func add(_ line: UnsafeRawBufferPointer) {
    if !text.isEmpty, text.count < limit { text.append(10) }
    text += line.prefix(max(0, limit - text.count))
    bytes += line.count + 1
    if isClean { isClean = TextRepair.isClean(line) }
  }
}
