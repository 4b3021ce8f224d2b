import RunbookPorts
import Values

/// What a web application firewall wrote down: a row for each request.
struct AuditTransactionTable: RecordTable {
  enum ColumnName: String, CaseIterable {
    case time, id, client, client_port, host, method, path, query, `protocol`, request, status, agent, stopped, phase
    case engine_mode, attack, rules, anomaly_score, file, line, problem, raw
  }

  let limits: FileLimits

  let schema = TableSchema(
    about: "one row for each request that the firewall wrote down",
    columns: ColumnName.allCases.map(Self.describe))

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    Cursor(AuditTransactionReader(LineReader(files, ledger, limits: limits), request, ledger))
  }

  private final class Cursor: RecordCursor {
    private let reader: AuditTransactionReader

    init(_ reader: AuditTransactionReader) { self.reader = reader }

    func advance() throws(ScanFailure) -> Bool { try reader.advance() }

    func cell(_ column: Int) -> Cell {
      switch ColumnName.allCases[column] {
      case .time: Cell(reader.time)
      case .file: Cell(reader.file)
      case .line: Cell(reader.lineNumber)
      case .problem: Cell(reader.problem)
      case .raw: .bytes(reader.line)
      case let name: reader.transaction.map { Self.cell(name, $0) } ?? .null
      }
    }

    private static func cell(_ column: ColumnName, _ transaction: AuditTransaction) -> Cell {
      switch column {
      case .id: Cell(transaction.transaction("transaction_id")?.text)
      case .client: Cell(transaction.client)
      case .client_port: Cell(transaction.transaction("remote_port")?.integer)
      case .host: Cell(transaction.header("host"))
      case .method: Cell(transaction.part { parts, _ in parts.method })
      case .path: Cell(transaction.part { parts, bytes in RequestTarget(bytes, parts.target).path })
      case .query: Cell(transaction.part { parts, bytes in RequestTarget(bytes, parts.target).query })
      case .protocol: Cell(transaction.part { parts, _ in parts.protocolName })
      case .request: Cell(transaction.requestLine)
      case .status: Cell(transaction.status)
      case .agent: Cell(transaction.header("user-agent"))
      case .stopped: Cell(transaction.isStopped)
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
      case .time: (.timestamp, "when the request was received, to the microsecond")
      case .id: (.string, "the transaction's id, equal to UNIQUE_ID in an access log")
      case .client: (.ip, "the client's address, as the web server saw it")
      case .client_port: (.int, "the client's port")
      case .host: (.string, "the Host header")
      case .method: (.string, "GET, POST and so on; null for a request line that is none")
      case .path: (.string, "what was asked for, without the query; not percent-decoded")
      case .query: (.string, "what follows the question mark; not percent-decoded; null without one")
      case .protocol: (.string, "such as HTTP/1.1")
      case .request: (.string, "the request line")
      case .status: (.int, "the status that was sent: 403 for most that were stopped")
      case .agent: (.string, "the program that the client says it is")
      case .stopped: (.bool, "whether the firewall stopped the request; false for one that it only wrote down")
      case .phase: (.int, "the phase in which it was stopped, 1 to 5")
      case .engine_mode: (.string, "ENABLED, or DETECTION_ONLY where nothing is stopped")
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
      case .line: (.int, "the line's number in its file, from 1")
      case .problem: (.string, "why the line could not be understood; null where it was")
      case .raw: (.string, "the line itself")
      }
    return ColumnSchema(column.rawValue, type, about)
  }
}

/// The rules that matched: a row for each message of each request.
struct MatchedRuleTable: RecordTable {
  enum ColumnName: String, CaseIterable {
    case time, id, client, rule, `class`, message, data, severity, text, tags, version, rule_file, rule_line
  }

  let limits: FileLimits

  let schema = TableSchema(
    name: "rules", about: "one row for each rule that matched a request, and each error of the firewall",
    columns: ColumnName.allCases.map(Self.describe))

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    Cursor(AuditTransactionReader(LineReader(files, ledger, limits: limits), request, ledger))
  }

  private final class Cursor: RecordCursor {
    private let reader: AuditTransactionReader
    private var index = -1

    init(_ reader: AuditTransactionReader) { self.reader = reader }

    func advance() throws(ScanFailure) -> Bool {
      index += 1
      while index >= reader.transaction?.rules.count ?? 0 {
        guard try reader.advance() else { return false }
        index = 0
      }
      return true
    }

    func cell(_ column: Int) -> Cell {
      guard let transaction = reader.transaction else { return .null }
      let rule = transaction.rules[index]
      switch ColumnName.allCases[column] {
      case .time: return Cell(reader.time)
      case .id: return Cell(transaction.transaction("transaction_id")?.text)
      case .client: return Cell(transaction.client)
      case .rule: return Cell(rule.rule)
      case .class: return .text(AttackClass.of(rule: rule.rule, tags: rule.tags) ?? "")
      case .message: return Cell(rule.message)
      case .data: return Cell(rule.data)
      case .severity: return Cell(rule.severity)
      case .text: return .text(rule.text)
      case .tags: return .text(JSON.array(rule.tags.map(JSON.string)).compactText)
      case .version: return Cell(rule.version)
      case .rule_file: return Cell(rule.file)
      case .rule_line: return Cell(rule.line)
      }
    }
  }

  private static func describe(_ column: ColumnName) -> ColumnSchema {
    let (type, about): (ColumnType, String) =
      switch column {
      case .time: (.timestamp, "when the request was received")
      case .id: (.string, "the transaction's id")
      case .client: (.ip, "the client's address")
      case .rule: (.int, "the rule's number; null for an error of the firewall itself")
      case .class: (.string, "the class of attack that the rule is about; empty for rules that only sum up scores")
      case .message: (.string, "what the rule says it found")
      case .data: (.string, "what in the request matched; written by the client")
      case .severity: (.string, "EMERGENCY, ALERT, CRITICAL, ERROR, WARNING, NOTICE, INFO, DEBUG")
      case .text: (.string, "what was done and compared: Warning. Pattern match …")
      case .tags: (.list(.string), "the rule's tags")
      case .version: (.string, "the rule set's version")
      case .rule_file: (.path, "the file that the rule stands in")
      case .rule_line: (.int, "its line there")
      }
    return ColumnSchema(column.rawValue, type, about)
  }
}
