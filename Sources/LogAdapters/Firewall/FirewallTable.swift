import RunbookPorts
import Values

/// What a web application firewall wrote down: a row for each request.
struct FirewallTable: RecordTable {
  enum ColumnName: String, CaseIterable {
    case time, id, client, client_port, host, method, path, query, `protocol`, request, status, agent, stopped, action,
      phase
    case engine_mode, attack, rules, anomaly_score, file, line, problem, raw
  }

  let format: FirewallFormat
  let limits: FileLimits

  let schema = TableSchema(
    about: "one row for each request that the firewall wrote down",
    columns: ColumnName.allCases.map(Self.describe))

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    Cursor(FirewallReader(LineReader(files, ledger, limits: limits, request), format, request, ledger))
  }

  private final class Cursor: RecordCursor {
    private let reader: FirewallReader

    init(_ reader: FirewallReader) { self.reader = reader }

    func advance() throws(ScanFailure) -> Bool { try reader.advance() }

    func cell(_ column: Int) -> Cell {
      switch ColumnName.allCases[column] {
      case .time: Cell(reader.time)
      case .file: Cell(reader.file)
      case .line: Cell(reader.lineNumber)
      case .problem: Cell(reader.problem)
      case .raw: reader.raw
      case let name: reader.transaction.map { Self.cell(name, $0) } ?? .null
      }
    }

    private static func cell(_ column: ColumnName, _ transaction: any FirewallTransaction) -> Cell {
      switch column {
      case .id: Cell(transaction.id)
      case .client: Cell(transaction.client)
      case .client_port: Cell(transaction.clientPort)
      case .host: Cell(transaction.host)
      case .method: Cell(transaction.request.method)
      case .path: Cell(transaction.request.path)
      case .query: Cell(transaction.request.query)
      case .protocol: Cell(transaction.request.protocolName)
      case .request: Cell(transaction.request.line)
      case .status: Cell(transaction.status)
      case .agent: Cell(transaction.agent)
      case .stopped: Cell(transaction.isStopped)
      case .action: Cell(transaction.action)
      case .phase: Cell(transaction.phase)
      case .engine_mode: Cell(transaction.engineMode)
      case .attack: .text(transaction.attack)
      case .rules: Cell(transaction.ruleCount)
      case .anomaly_score: Cell(transaction.anomalyScore)
      case .time, .file, .line, .problem, .raw: .null
      }
    }
  }

  private static func describe(_ column: ColumnName) -> ColumnSchema {
    let (type, about): (ColumnType, String) =
      switch column {
      case .time: (.timestamp, "when the request was received, to the microsecond where the log says it")
      case .id: (.string, "the request's id: UNIQUE_ID in an access log of Apache, the ray of Cloudflare")
      case .client: (.ip, "the client's address, as the web server saw it")
      case .client_port: (.int, "the client's port")
      case .host: (.string, "the Host header")
      case .method: (.string, "GET, POST and so on; null for a request line that is none")
      case .path: (.string, "what was asked for, without the query; not percent-decoded")
      case .query: (.string, "what follows the question mark; not percent-decoded; null without one")
      case .protocol: (.string, "such as HTTP/1.1")
      case .request: (.string, "the request line, put together where the log has its parts")
      case .status: (.int, "the status that was sent: 403 for most that were stopped")
      case .agent: (.string, "the program that the client says it is")
      case .stopped:
        (
          .bool,
          "whether the firewall stopped the request; false for one that it only wrote down; null where the log does not "
            + "tell, as ModSecurity 3's in JSON for some"
        )
      case .action: (.string, "what the firewall did, in its own word: BLOCK, COUNT, challenge; null for most engines")
      case .phase: (.int, "the phase of ModSecurity in which it was stopped, 1 to 5")
      case .engine_mode: (.string, "ENABLED, or DETECTION_ONLY where nothing is stopped, as the engine writes it")
      case .attack:
        (
          .string,
          "the class of the gravest rule that matched: sqli, xss, lfi, rfi, rce, php, java, generic, web-shell, "
            + "session-fixation, protocol-attack, multipart, data-leak, scanner, dos, reputation, method, protocol; "
            + "empty when no rule names an attack"
        )
      case .rules: (.int, "how many rules matched, without those that only sum up scores")
      case .anomaly_score: (.int, "the score that the core rule set summed up; null when it was below its threshold")
      case .file: (.string, "the log file's name")
      case .line:
        (
          .int,
          "the number of the record's first line in its file, from 1; null where the log is in `order` and was entered in its middle"
        )
      case .problem: (.string, "why the record could not be understood; null where it was")
      case .raw: (.string, "the record itself")
      }
    return ColumnSchema(column.rawValue, type, about)
  }
}
