import RunbookPorts
import Values

/// Columns of a source whose form the deployment declares, with the one that says when.
struct DeclaredColumns: Sendable {
  /// Columns that every such source has behind the declared ones, unless one of those has the name.
  enum Own: String, CaseIterable {
    case file, line, problem, raw
  }

  let declared: [ColumnSchema]
  let own: [Own]
  let timeColumn: Int?

  init(_ columns: [ColumnSchema], time: String?) throws(BindingProblem) {
    var seen: Set<String> = []
    for column in columns {
      guard seen.insert(column.name.lowercased()).inserted else {
        throw BindingProblem("the column `\(column.name)` stands twice", option: "columns")
      }
    }
    declared = columns
    own = Own.allCases.filter { !seen.contains($0.rawValue) }
    guard let time else {
      timeColumn = columns.firstIndex { $0.name == "time" && $0.type == .timestamp }
      return
    }
    guard let place = columns.firstIndex(where: { $0.name == time }) else {
      throw BindingProblem("there is no column `\(time)`", option: "time")
    }
    guard columns[place].type == .timestamp else {
      throw BindingProblem("the column `\(time)` is declared \(columns[place].type), not timestamp", option: "time")
    }
    timeColumn = place
  }

  var schema: TableSchema {
    TableSchema(about: "one row for each record, with the columns that the deployment declares", columns: all)
  }

  private var all: [ColumnSchema] {
    declared
      + own.map { column in
        switch column {
        case .file: ColumnSchema("file", .string, "the file's name")
        case .line:
          ColumnSchema(
            "line", .int,
            "the number of the record's first line in its file, from 1; null where the log is in `order` and was entered in its middle"
          )
        case .problem: ColumnSchema("problem", .string, "why the record could not be understood; null where it was")
        case .raw: ColumnSchema("raw", .string, "the record itself")
        }
      }
  }

  static let timeOption = AdapterOption(
    "time", .text, "the column that says when; a column `time` of type timestamp needs no such word")
}

/// A record with declared columns, as a cursor shows it.
struct DeclaredRecord {
  var values: [Value] = []
  var problem: String?
  var raw: [UInt8] = []
  /// `nil` where the file was entered in its middle.
  var line: Int?
  var file = ""

  func cell(_ column: Int, _ columns: DeclaredColumns) -> Cell {
    if column < columns.declared.count {
      return values.indices.contains(column) ? DeclaredCell.cell(values[column]) : .null
    }
    switch columns.own[column - columns.declared.count] {
    case .file: return .text(file)
    case .line: return Cell(line)
    case .problem: return Cell(problem)
    case .raw: return .text(TextRepair.text(raw))
    }
  }

  func time(_ columns: DeclaredColumns) -> Timestamp? {
    guard let place = columns.timeColumn, values.indices.contains(place), case .timestamp(let time) = values[place]
    else { return nil }
    return time
  }
}

/// The text of a cell as its column's type; `nil` when it cannot be.
enum DeclaredCell {
  /// An empty text is null, except where text is wanted.
  static func value(_ text: String, as type: ColumnType) -> Value? {
    if text.isEmpty { return type.valueType == .string ? .string("") : .null }
    if type == .timestamp { return instant(text).map(Value.timestamp) }
    if type == .bool, text == "0" || text == "1" { return .bool(text == "1") }
    return type.admit(.string(text))
  }

  static func value(_ json: JSON, as type: ColumnType) -> Value? {
    switch (type, json) {
    case (.timestamp, .string(let text)): instant(text).map(Value.timestamp)
    case (.timestamp, .integer(let number)): instant(String(number)).map(Value.timestamp)
    case (.timestamp, .double(let number)): epoch(number).map(Value.timestamp)
    case (.string, .array), (.string, .object): .string(json.compactText)
    case (.string, .integer), (.string, .double), (.string, .number), (.string, .bool): .string(json.compactText)
    default: type.admit(Value(json))
    }
  }

  /// RFC 3339, or seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size.
  private static func instant(_ text: String) -> Timestamp? {
    var text = text
    return text.withUTF8 { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      if let instant = LogTime.iso8601(bytes) { return instant }
      guard !bytes.contains(UInt8(ascii: ".")) else { return LogTime.epochSeconds(bytes) }
      switch bytes.count {
      case ...11: return LogTime.epochSeconds(bytes)
      case 12...14: return LogTime.epoch(bytes, perSecond: 1_000)
      case 15...17: return LogTime.epoch(bytes, perSecond: 1_000_000)
      default: return UInt64(String(decoding: bytes, as: UTF8.self)).flatMap(LogTime.nanoseconds)
      }
    }
  }

  private static func epoch(_ number: Double) -> Timestamp? {
    for scale in [1.0, 1e3, 1e6, 1e9] where number.magnitude / scale < 1e11 {
      return Timestamp(secondsSinceEpoch: number / scale)
    }
    return nil
  }

  static func cell(_ value: Value) -> Cell {
    switch value {
    case .null: .null
    case .bool(let flag): Cell(flag)
    case .int(let number): .int(number)
    case .double(let number): .double(number)
    case .string(let text): .text(text)
    case .timestamp(let instant): Cell(instant)
    default: .text(value.json.text ?? value.json.compactText)
    }
  }
}
