import Glibc
import RunbookPorts
import Values

/// Goes through the lines of access logs. Each line is split and its time read; every other cell waits until it is
/// asked for.
final class AccessLogCursor: RecordCursor {
  private let reader: LineReader
  private let request: ScanRequest
  private let ledger: ScanLedger
  private var line: AccessLogLine
  /// For each column of the table, what gives it.
  private let cells: [Source]
  private let clientField: Int?
  /// The fields that hold a number, or a dash.
  private let numberFields: [(field: Int, takesFraction: Bool)]
  private var found = 0
  private var time: Timestamp?
  private var problem: String?
  /// The client's address, where its text is not in its one form already.
  private var address: Address?
  /// What the last cell was made from, where that is not the line itself.
  private var scratch: [UInt8] = []

  private enum Address {
    case asLogged
    case text(String)
  }

  private enum Source {
    case standard(AccessLogTable.Standard, field: Int?)
    case extra(Int)
  }

  init(_ table: AccessLogTable, _ reader: LineReader, _ request: ScanRequest, _ ledger: ScanLedger) {
    self.reader = reader
    self.request = request
    self.ledger = ledger
    line = AccessLogLine(format: table.format)
    let fields = table.format.fields
    clientField = fields.firstIndex { $0.meaning == .client }
    numberFields = fields.indices.compactMap { index in
      switch fields[index].meaning {
      case .status, .bytes, .port: (index, false)
      case .duration: (index, true)
      default: nil
      }
    }
    let standard = AccessLogTable.Standard.allCases.map { column in
      Source.standard(column, field: fields.firstIndex { Self.gives($0.meaning, column) })
    }
    let extra = fields.indices.filter { if case .other = fields[$0].meaning { true } else { false } }
    cells = standard + extra.map(Source.extra)
  }

  private static func gives(_ meaning: AccessLogFormat.Meaning, _ column: AccessLogTable.Standard) -> Bool {
    switch (meaning, column) {
    case (.client, .client), (.client, .client_field), (.user, .user), (.host, .host), (.port, .port),
      (.method, .method), (.path, .path), (.query, .query), (.protocolName, .protocol), (.request, .request),
      (.status, .status), (.bytes, .bytes), (.referer, .referer), (.agent, .agent), (.id, .id), (.duration, .duration),
      (.request, .method), (.request, .path), (.request, .query), (.request, .protocol), (.target, .path),
      (.target, .query):
      true
    default: false
    }
  }

  func advance() throws(ScanFailure) -> Bool {
    while try reader.advance() {
      if reader.line.isEmpty, !reader.isTorn { continue }
      read(reader.line)
      if request.wants(time) { return true }
    }
    return false
  }

  private func read(_ bytes: UnsafeRawBufferPointer) {
    ledger.countRecord(bytes: bytes.count + 1)
    found = line.split(bytes)
    time = line.time(of: bytes, found: found)
    if let time { reader.note(time) }
    problem = nil
    address = clientField.flatMap { $0 < found ? Self.address(line.bytes($0, of: bytes)) : nil }
    if found < line.ranges.count || time == nil && line.hasTime || reader.isCut || reader.isTorn || hasNoAddress
      || fieldWithoutNumber != nil
    {
      problem = describeProblem()
      ledger.countMalformed(problem ?? "", at: reader.place)
    }
    if !TextRepair.isClean(bytes) { ledger.countRepaired(at: reader.place) }
  }

  private var hasNoAddress: Bool {
    guard let clientField, clientField < found else { return false }
    return address == nil
  }

  /// A field in which another text stands than a number: the line is of another format.
  private var fieldWithoutNumber: Int? {
    numberFields.first { place in
      guard place.field < found else { return false }
      let bytes = line.bytes(place.field, of: reader.line)
      return !bytes.isEmpty && !Self.isDash(bytes) && !Self.isNumber(bytes, takesFraction: place.takesFraction)
    }?.field
  }

  private static func isNumber(_ bytes: UnsafeRawBufferPointer, takesFraction: Bool) -> Bool {
    guard takesFraction else { return LogTime.whole(bytes, 0, bytes.count) != nil }
    var digits = 0
    var points = 0
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case 48...57: digits += 1
      case UInt8(ascii: "."): points += 1
      // A clock that was set back makes a request shorter than nothing.
      case UInt8(ascii: "-") where index == 0: break
      default: return false
      }
    }
    return digits > 0 && points < 2
  }

  private func describeProblem() -> String {
    if reader.isCut { return "the line is longer than \(reader.line.count) bytes and was cut" }
    if reader.isTorn { return "the file ends within the line" }
    if found < line.ranges.count { return "the line does not fit the format at \(line.format.fields[found].name)" }
    if time == nil, line.hasTime { return "the time cannot be read" }
    if let field = fieldWithoutNumber {
      return "the line does not fit the format at \(line.format.fields[field].name), which is no number"
    }
    return "the client is no address"
  }

  // MARK: Cells

  func cell(_ column: Int) -> Cell {
    guard cells.indices.contains(column) else { return .null }
    switch cells[column] {
    case .extra(let field): return text(of: field)
    case .standard(.time, _): return Cell(time)
    case .standard(.file, _): return Cell(reader.file?.name)
    case .standard(.line, _): return Cell(reader.lineNumber)
    case .standard(.problem, _): return Cell(problem)
    case .standard(.raw, _): return .bytes(reader.line)
    case .standard(let column, let field):
      guard let field, field < found else { return .null }
      return cell(column, field)
    }
  }

  private func cell(_ column: AccessLogTable.Standard, _ field: Int) -> Cell {
    let bytes = line.bytes(field, of: reader.line)
    switch column {
    case .client: return client(bytes)
    case .status, .port: return Cell(LogTime.whole(bytes, 0, bytes.count))
    case .bytes: return Self.isDash(bytes) ? .int(0) : Cell(LogTime.whole(bytes, 0, bytes.count))
    case .duration: return duration(bytes, field)
    case .method, .path, .query, .protocol:
      switch line.format.fields[field].meaning {
      case .request, .target: return part(column, of: bytes, isTarget: line.format.fields[field].meaning == .target)
      case .query where bytes.first == UInt8(ascii: "?"):
        return .bytes(UnsafeRawBufferPointer(rebasing: bytes.dropFirst()))
      default: return text(of: field)
      }
    default: return text(of: field)
    }
  }

  private static func isDash(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count == 1 && bytes[0] == UInt8(ascii: "-")
  }

  /// A dash and nothing at all are the servers' words for "there was none".
  private func text(of field: Int) -> Cell {
    guard field < found else { return .null }
    let bytes = line.bytes(field, of: reader.line)
    if bytes.isEmpty || Self.isDash(bytes) { return .null }
    return decoded(bytes).map(Cell.text) ?? .bytes(bytes)
  }

  /// `nil` when nothing is escaped.
  private func decoded(_ bytes: UnsafeRawBufferPointer) -> String? {
    guard bytes.contains(UInt8(ascii: "\\")) else { return nil }
    return TextRepair.text(AccessLogEscape.decoded(bytes))
  }

  /// The address in its one form. Of a list, as proxies write it, the last is meant: the only one that the server's
  /// own proxy has seen itself.
  private static func address(_ bytes: UnsafeRawBufferPointer) -> Address? {
    if isPlainV4(bytes) { return .asLogged }
    let last = bytes.lastIndex(of: UInt8(ascii: ",")).map { bytes[($0 + 1)...] } ?? bytes[...]
    let text = String(decoding: last.drop { $0 == 0x20 }, as: UTF8.self)
    return NetworkAddress(text).map { .text($0.description) }
  }

  private func client(_ bytes: UnsafeRawBufferPointer) -> Cell {
    switch address {
    case .asLogged: .bytes(bytes)
    case .text(let text): .text(text)
    case nil: .null
    }
  }

  private static func isPlainV4(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard (7...15).contains(bytes.count) else { return false }
    var dots = 0
    var digits = 0
    var value = 0
    for byte in bytes {
      if byte == UInt8(ascii: ".") {
        guard digits > 0 else { return false }
        (dots, digits, value) = (dots + 1, 0, 0)
      } else {
        guard byte >= 48, byte <= 57, digits == 0 || value > 0 else { return false }
        value = value * 10 + Int(byte) - 48
        digits += 1
        if value > 255 { return false }
      }
    }
    return dots == 3 && digits > 0
  }

  private func duration(_ bytes: UnsafeRawBufferPointer, _ field: Int) -> Cell {
    guard case .duration(let perSecond) = line.format.fields[field].meaning,
      let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite
    else { return .null }
    return .double(number / Double(perSecond))
  }

  private func part(_ column: AccessLogTable.Standard, of raw: UnsafeRawBufferPointer, isTarget: Bool) -> Cell {
    guard raw.contains(UInt8(ascii: "\\")) else { return Self.part(column, of: raw, isTarget: isTarget) }
    scratch = AccessLogEscape.decoded(raw)
    return scratch.withUnsafeBytes { bytes in
      // The scratch space may move; its text is taken out here.
      if case .bytes(let part) = Self.part(column, of: bytes, isTarget: isTarget) {
        .text(TextRepair.text(part))
      } else {
        .null
      }
    }
  }

  private static func part(
    _ column: AccessLogTable.Standard, of bytes: UnsafeRawBufferPointer, isTarget: Bool
  ) -> Cell {
    func cell(_ range: Range<Int>?) -> Cell {
      range.map { .bytes(UnsafeRawBufferPointer(rebasing: bytes[$0])) } ?? .null
    }
    if isTarget {
      let target = RequestTarget(bytes, 0..<bytes.count)
      return cell(column == .path ? target.path : target.query)
    }
    guard let parts = RequestParts(bytes) else { return .null }
    switch column {
    case .method: return cell(parts.method)
    case .protocol: return cell(parts.protocolName)
    case .path: return cell(RequestTarget(bytes, parts.target).path)
    default: return cell(RequestTarget(bytes, parts.target).query)
    }
  }
}
