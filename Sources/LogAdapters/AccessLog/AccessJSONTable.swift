import RunbookPorts
import Values

/// The requests of an access log with a JSON object in each line.
struct AccessJSONTable: RecordTable {
  let fields: AccessJSONFields
  let limits: FileLimits

  func seams(_ request: ScanRequest) -> (any FileSeams)? { LineSeams() }

  var schema: TableSchema {
    TableSchema(
      about: "one row for each line of the log, in the order of the files' times",
      columns: AccessLogTable.standardColumns
        + fields.extra.map { ColumnSchema($0.column, .string, "the member \($0.member)") })
  }

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    Cursor(self, LineReader(files, ledger, limits: limits, request), request, ledger)
  }

  func time(of line: UnsafeRawBufferPointer) -> Timestamp? {
    (try? Self.json(line)).flatMap { fields.time(of: $0) }
  }

  /// A line as JSON. nginx without `escape=json` writes `\x22`, which is none; a client must not be able to hide its
  /// request by sending a quote, so that form is read, too.
  static func json(_ line: UnsafeRawBufferPointer) throws(JSONError) -> JSON {
    do {
      return try JSON(parsing: line, repairingUTF8: true)
    } catch {
      guard let repaired = withUnicodeEscapes(line) else { throw error }
      return try JSON(parsing: repaired, repairingUTF8: true)
    }
  }

  /// `\x5C` as `\u005C`.
  ///
  /// - Returns: `nil` if there is no such escape.
  private static func withUnicodeEscapes(_ line: UnsafeRawBufferPointer) -> [UInt8]? {
    var bytes: [UInt8] = []
    var index = 0
    var isChanged = false
    while index < line.count {
      bytes.append(line[index])
      index += 1
      guard line[index - 1] == UInt8(ascii: "\\"), index < line.count else { continue }
      if line[index] == UInt8(ascii: "x") {
        bytes += Array("u00".utf8)
        isChanged = true
      } else {
        bytes.append(line[index])
      }
      index += 1
    }
    return isChanged ? bytes : nil
  }

  private final class Cursor: RecordCursor {
    private let fields: AccessJSONFields
    private let reader: LineReader
    private let request: ScanRequest
    private let ledger: ScanLedger
    private var json = JSON.null
    private var asked = HTTPRequest.none
    private var time: Timestamp?
    private var problem: String?
    /// Columns that the query reads, that some record should have, and that none had so far.
    private var absent: [(name: String, isPresent: (AccessJSONFields, JSON) -> Bool)]
    private var hasRecords = false

    init(_ table: AccessJSONTable, _ reader: LineReader, _ request: ScanRequest, _ ledger: ScanLedger) {
      fields = table.fields
      self.reader = reader
      self.request = request
      self.ledger = ledger
      let standard = AccessLogTable.Standard.allCases.enumerated().filter {
        table.fields.expected.contains($0.element) && request.reads(column: $0.offset)
      }
      let extra = table.fields.extra.enumerated().filter {
        request.reads(column: AccessLogTable.Standard.allCases.count + $0.offset)
      }
      absent =
        standard.map { _, column in (column.rawValue, { $0.isPresent(column, in: $1) }) }
        + extra.map { _, extra in (extra.column, { JSONLinesTable.member(extra.member, of: $1) != nil }) }
    }

    func advance() throws(ScanFailure) -> Bool {
      while try reader.advance() {
        guard !reader.line.isEmpty else { continue }
        read()
        if request.wants(time) { return true }
      }
      if hasRecords { ledger.noteAbsent(columns: absent.map(\.name)) }
      return false
    }

    private func read() {
      ledger.countRecord(bytes: reader.line.count + 1)
      (json, problem) = (.null, nil)
      if reader.isCut {
        problem = "the line is longer than \(reader.line.count) bytes and was cut"
      } else {
        do {
          json = try AccessJSONTable.json(reader.line)
          if json.members == nil {
            problem = "the line is no JSON object"
          } else {
            hasRecords = true
            if !absent.isEmpty { absent.removeAll { $0.isPresent(fields, json) } }
          }
        } catch {
          problem = "the line is not JSON: \(error)"
        }
      }
      time = fields.time(of: json)
      asked = text(.request).map(HTTPRequest.init(line:)) ?? .none
      if problem == nil, time == nil { problem = "the time cannot be read" }
      if problem == nil, let client = text(.client), Self.address(client) == nil {
        problem = "the client is no address"
      }
      if problem == nil, let column = numberColumns.first(where: hasNoNumber) {
        problem = "the column `\(column.rawValue)` is no number"
      }
      if let problem { ledger.countMalformed(problem, at: reader.place) }
      if !TextRepair.isClean(reader.line) { ledger.countRepaired(at: reader.place) }
      if let time { reader.note(time) }
    }

    private let numberColumns: [AccessLogTable.Standard] = [.status, .port, .bytes, .duration]

    private func hasNoNumber(_ column: AccessLogTable.Standard) -> Bool {
      guard let value = fields.value(column, of: json) else { return false }
      return column == .duration ? duration == nil : value.wholeNumber == nil
    }

    private var duration: Double? {
      text(.duration).flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
    }

    private func text(_ column: AccessLogTable.Standard) -> String? {
      fields.value(column, of: json).map { $0.text ?? $0.compactText }
    }

    /// Of a list, as proxies write it, the last is meant: the only one that the server's own proxy has seen itself.
    private static func address(_ text: String) -> String? {
      let last = text.split(separator: ",").last ?? ""
      return NetworkAddress(last.drop { $0 == " " })?.description
    }

    func cell(_ column: Int) -> Cell {
      let standard = AccessLogTable.Standard.allCases
      guard column < standard.count else {
        let member = JSONLinesTable.member(fields.extra[column - standard.count].member, of: json)
        return Cell(member.flatMap { $0.text ?? $0.compactText })
      }
      return cell(standard[column])
    }

    private func cell(_ column: AccessLogTable.Standard) -> Cell {
      switch column {
      case .time: Cell(time)
      case .file: Cell(reader.file?.name)
      case .line: Cell(reader.lineNumber)
      case .problem: Cell(problem)
      case .raw: .bytes(reader.line)
      case .client: Cell(text(.client).flatMap(Self.address))
      case .status, .port, .bytes: Cell(fields.value(column, of: json)?.wholeNumber)
      case .duration: duration.map(Cell.double) ?? .null
      case .method: Cell(text(.method) ?? asked.method)
      case .protocol: Cell(text(.protocol) ?? asked.protocolName)
      case .path: Cell(target?.path ?? asked.path)
      case .query: Cell(text(.query) ?? target?.query ?? asked.query)
      case .request: Cell(text(.request))
      case .client_field, .user, .host, .referer, .agent, .id: Cell(text(column))
      }
    }

    /// nginx's `uri` and `request_uri` may both stand for the path.
    private var target: HTTPRequest? {
      text(.path).map { HTTPRequest(method: nil, target: $0, protocolName: nil) }
    }
  }
}
