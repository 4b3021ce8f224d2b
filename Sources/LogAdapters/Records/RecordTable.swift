import RunbookPorts
import Values

/// A table of a log source: rows that are read from files as SQL asks for them.
protocol RecordTable: Sendable {
  var schema: TableSchema { get }
  /// The column that says when, so that a scan can use bounds on it.
  var timeColumn: Int? { get }
  /// Makes a cursor that stands before the first row.
  ///
  /// - Parameter request: What rows the caller can do without; a cursor may return them all the same.
  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor
  /// Where files can be cut, so that parts can be read side by side; `nil`: nowhere.
  func seams(_ request: ScanRequest) -> (any FileSeams)?
}

extension RecordTable {
  var timeColumn: Int? { schema.columns.firstIndex { $0.name == "time" && $0.type == .timestamp } }
  func seams(_ request: ScanRequest) -> (any FileSeams)? { nil }
}

/// Reads the rows of a table one after the other.
protocol RecordCursor: AnyObject {
  /// Goes to the next row.
  ///
  /// - Returns: `false` after the last one.
  func advance() throws(ScanFailure) -> Bool
  /// A cell of the row, by its column's place in the table's schema. A cell that nobody asks for is never parsed.
  func cell(_ column: Int) -> Cell
}

/// A cell on its way to SQL.
enum Cell {
  case null
  case int(Int64)
  case double(Double)
  /// Text in any bytes, which stay valid until the cursor is used again.
  case bytes(UnsafeRawBufferPointer)
  case text(String)

  init(_ text: String?) { self = text.map(Cell.text) ?? .null }
  init(_ number: Int64?) { self = number.map(Cell.int) ?? .null }
  init(_ number: Int?) { self = number.map { .int(Int64($0)) } ?? .null }
  init(_ flag: Bool?) { self = flag.map { .int($0 ? 1 : 0) } ?? .null }
  init(_ instant: Timestamp?) { self = instant.map { .text($0.description) } ?? .null }
}

/// A cell that is kept.
enum StoredCell {
  case null
  case int(Int64)
  case double(Double)
  case text(String)

  init(_ cell: Cell) {
    switch cell {
    case .null: self = .null
    case .int(let number): self = .int(number)
    case .double(let number): self = .double(number)
    case .bytes(let bytes): self = .text(TextRepair.text(bytes))
    case .text(let text): self = .text(text)
    }
  }

  var cell: Cell {
    switch self {
    case .null: .null
    case .int(let number): .int(number)
    case .double(let number): .double(number)
    case .text(let text): .text(text)
    }
  }
}

/// What a query needs of a table.
struct ScanRequest {
  /// Rows whose `time` lies before or after these, or that have none, are not wanted. Both ends belong to the span.
  var from: Timestamp?
  var to: Timestamp?
  /// Rows in which the column has another value are not wanted.
  var equal: Equality?
  /// Set where the files are in the order of time, so that what lies outside of the span need not be read.
  var order: TimeOrder?
  /// A bit for each column that the query reads; the highest for all from the 64th on.
  var columns = UInt64.max

  /// Set where a part of the files is wanted.
  var part: Part?

  /// A part of some files, from one line's beginning to another's.
  struct Part {
    /// Where in the first file it begins.
    let start: Int
    /// Where in the last file it ends.
    let end: Int
    /// Whether the log ends with it.
    let isLast: Bool
  }

  struct Equality {
    let column: Int
    let value: StoredCell
  }

  static let everything = ScanRequest()

  var isBounded: Bool { from != nil || to != nil }

  func reads(column: Int) -> Bool { columns >> UInt64(min(column, 63)) & 1 == 1 }

  func wants(_ time: Timestamp?) -> Bool {
    guard isBounded else { return true }
    guard let time else { return false }
    if let from, time < from { return false }
    if let to, time > to { return false }
    return true
  }
}

/// Why reading stopped.
enum ScanFailure: Error {
  /// The time limit was reached, or the task cancelled.
  case interrupted
  case limitExceeded(String)
}
