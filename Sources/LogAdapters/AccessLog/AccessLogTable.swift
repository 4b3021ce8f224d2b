import RunbookPorts
import Values

/// The requests of a web server's access log.
struct AccessLogTable: RecordTable {
  let schema: TableSchema
  let format: AccessLogFormat
  let limits: FileLimits

  enum Standard: String, CaseIterable {
    case time, client, client_field, user, host, port, method, path, query, `protocol`, request, status, bytes
    case referer, agent, duration, id, file, line, problem, raw
  }

  func seams(_ request: ScanRequest) -> (any FileSeams)? { LineSeams() }

  static let standardColumnNames = Set(Standard.allCases.map(\.rawValue))

  init(format: AccessLogFormat, limits: FileLimits) {
    self.format = format
    self.limits = limits
    schema = TableSchema(
      about: "one row for each line of the log, in the order of the files' times",
      columns: Self.standardColumns
        + format.extraColumns.map { ColumnSchema($0.name, .string, "the field \($0.field) as it was logged") })
  }

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    AccessLogCursor(self, LineReader(files, ledger, limits: limits, request), request, ledger)
  }

  static let standardColumns = Standard.allCases.map { column in
    let (type, about): (ColumnType, String) =
      switch column {
      case .time: (.timestamp, "when the request was received, to the second in most formats")
      case .client: (.ip, "the client's address; null where the log has a name instead")
      case .client_field:
        (.string, "the client as it was logged: an address, or a name where the server looks names up")
      case .user: (.string, "the user who logged in with HTTP authentication")
      case .host: (.string, "the virtual host that was asked")
      case .port: (.int, "the server's port")
      case .method: (.string, "GET, POST and so on; null for a request line that is none")
      case .path: (.string, "what was asked for, without the query; not percent-decoded")
      case .query: (.string, "what follows the question mark; not percent-decoded; null without one")
      case .protocol: (.string, "such as HTTP/1.1")
      case .request: (.string, "the request line, its escapes decoded")
      case .status: (.int, "the status that was sent: 200, 404")
      case .bytes: (.int, "bytes sent; 0 where the log has a dash")
      case .referer: (.string, "the page that the client says it came from")
      case .agent: (.string, "the program that the client says it is")
      case .duration: (.double, "seconds that the request took")
      case .id: (.string, "the request's unique id, equal to the transaction id of ModSecurity's log")
      case .file: (.string, "the log file's name")
      case .line:
        (.int, "the line's number in its file, from 1; null where the log is in `order` and was entered in its middle")
      case .problem: (.string, "why the line could not be understood; null where it was")
      case .raw: (.string, "the line itself")
      }
    return ColumnSchema(column.rawValue, type, about)
  }
}
