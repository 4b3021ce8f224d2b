import RunbookPorts
import Values

/// Records that are a JSON object each, a line each.
struct JSONLinesTable: RecordTable {
  let columns: DeclaredColumns
  let limits: FileLimits
  /// Columns that records have only when there is something to say.
  let optional: Set<String>

  func seams(_ request: ScanRequest) -> (any FileSeams)? { LineSeams() }
  var schema: TableSchema { columns.schema }
  var timeColumn: Int? { columns.timeColumn }

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    Cursor(self, LineReader(files, ledger, limits: limits, request), request, ledger)
  }

  /// The member that a column names: of that very name, or by the names on the way to it: `request.headers.host`.
  static func member(_ name: String, of json: JSON) -> JSON? {
    if let value = json[name] { return value }
    guard let dot = name.firstIndex(of: ".") else { return nil }
    return json[String(name[..<dot])].flatMap { member(String(name[name.index(after: dot)...]), of: $0) }
  }

  func time(of line: UnsafeRawBufferPointer) -> Timestamp? {
    guard let place = columns.timeColumn, let json = try? JSON(parsing: line, repairingUTF8: true),
      let value = Self.member(columns.declared[place].name, of: json),
      case .timestamp(let time)? = DeclaredCell.value(value, as: .timestamp)
    else { return nil }
    return time
  }

  private final class Cursor: RecordCursor {
    private let table: JSONLinesTable
    private let reader: LineReader
    private let request: ScanRequest
    private let ledger: ScanLedger
    private var record = DeclaredRecord()
    /// Further objects of the line.
    private var waiting: [JSON] = []
    /// For each declared column whether a record had it.
    private var isPresent: [Bool]
    private var hasRecords = false

    init(_ table: JSONLinesTable, _ reader: LineReader, _ request: ScanRequest, _ ledger: ScanLedger) {
      self.table = table
      self.reader = reader
      self.request = request
      self.ledger = ledger
      isPresent = table.columns.declared.map { _ in false }
    }

    func advance() throws(ScanFailure) -> Bool {
      while true {
        if let next = waiting.popLast() {
          ledger.countRecord(bytes: 0)
          record.problem = nil
          take(next)
        } else {
          guard try reader.advance() else {
            noteAbsent()
            return false
          }
          guard !reader.line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { continue }
          guard readLine() else { continue }
        }
        if let problem = record.problem { ledger.countMalformed(problem, at: reader.place) }
        if let time = record.time(table.columns) {
          reader.note(time)
        } else if record.problem == nil {
          ledger.noteTimeless()
        }
        if request.wants(record.time(table.columns)) { return true }
      }
    }

    /// - Returns: `false` for an empty list.
    private func readLine() -> Bool {
      record = DeclaredRecord(raw: reader.bytes, line: reader.lineNumber, file: reader.file?.name ?? "")
      if reader.isCut {
        record.problem = "the line is too long and was cut"
      } else {
        do {
          let json = try JSON(parsing: reader.line, repairingUTF8: true)
          // A list of objects in one line, as many programs print it: a record for each.
          if let elements = json.elements {
            waiting = elements.dropFirst().reversed()
            guard let first = elements.first else { return false }
            take(first)
          } else {
            take(json)
          }
        } catch {
          record.problem = "the line is not JSON: \(error)"
        }
      }
      ledger.countRecord(bytes: reader.line.count + 1)
      if !TextRepair.isClean(reader.line) { ledger.countRepaired(at: reader.place) }
      return true
    }

    private func take(_ json: JSON) {
      if json.members == nil { record.problem = "the line is no JSON object" } else { hasRecords = true }
      record.values = table.columns.declared.enumerated().map { admit(json, $1, $0) }
    }

    /// A member that no record has may be misspelt in the declaration, or be one that records have only when something
    /// happens: nobody knows which, unless the deployment says it.
    private func noteAbsent() {
      guard hasRecords else { return }
      let absent = table.columns.declared.enumerated().filter {
        !isPresent[$0.offset] && request.reads(column: $0.offset) && !table.optional.contains($0.element.name)
      }
      ledger.noteAbsent(columns: absent.map(\.element.name))
    }

    private func admit(_ json: JSON, _ column: ColumnSchema, _ place: Int) -> Value {
      guard let member = JSONLinesTable.member(column.name, of: json) else { return .null }
      isPresent[place] = true
      if let value = DeclaredCell.value(member, as: column.type) { return value }
      record.problem = record.problem ?? "the column `\(column.name)` is no \(column.type)"
      return .null
    }

    func cell(_ column: Int) -> Cell { record.cell(column, table.columns) }
  }
}

/// Files of JSON Lines.
struct JSONLinesKind: AdapterKind {
  let name = "jsonl"
  let about = "files with one JSON object, or one list of objects, in each line"
  let options = [
    AdapterOption("path", .paths, required: true, "the files"),
    AdapterOption(
      "columns", .columns, required: true, "the columns and their types; `a.b` names the member `b` of the member `a`"),
    AdapterOption(
      "optional", .texts,
      "the columns that records have only when there is something to say; where no record has another one that a query "
        + "reads, its answer is incomplete"),
    DeclaredColumns.timeOption, TimeOrder.option,
  ]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    guard let declared = options.columns("columns"), !declared.isEmpty else {
      throw BindingProblem("the columns must be declared", option: "columns")
    }
    let limits = FileLimits()
    let columns = try DeclaredColumns(
      declared.map { ColumnSchema($0.name, $0.type, "declared by the deployment") }, time: options.text("time"))
    let optional = options.texts("optional")
    if let stranger = optional.first(where: { name in !declared.contains { $0.name == name } }) {
      throw BindingProblem("there is no column `\(stranger)`", option: "optional")
    }
    let table = JSONLinesTable(columns: columns, limits: limits, optional: Set(optional))
    let hasTimes = columns.timeColumn != nil
    let files = FileSet(
      patterns: options.texts("path"), folder: options.folder, limits: limits,
      clock: hasTimes ? .lines { _ in table.time } : nil,
      isInOrder: try TimeOrder.isDeclared(options, hasTimes: hasTimes))
    return LogAdapter(tables: [table], files: files, resolution: .seconds(1), hasTimes: hasTimes)
  }
}
