import RunbookPorts
import Values

/// The rules that matched: a row for each message of each request.
struct FirewallRuleTable: RecordTable {
  enum ColumnName: String, CaseIterable {
    case time, id, client, rule, name, `class`, message, data, severity, text, tags, version, rule_file, rule_line
  }

  let format: FirewallFormat
  let limits: FileLimits

  let schema = TableSchema(
    name: "rules", about: "one row for each rule that matched a request, and each error of the firewall",
    columns: ColumnName.allCases.map(Self.describe))

  func cursor(over files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger) -> any RecordCursor {
    Cursor(FirewallReader(LineReader(files, ledger, limits: limits, request), format, request, ledger))
  }

  private final class Cursor: RecordCursor {
    private let reader: FirewallReader
    private var index = -1

    init(_ reader: FirewallReader) { self.reader = reader }

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
      case .id: return Cell(transaction.id)
      case .client: return Cell(transaction.client)
      case .rule: return Cell(rule.rule)
      case .name: return Cell(rule.name ?? rule.rule.map { String($0) })
      case .class: return .text(AttackClass.of(rule) ?? "")
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
      case .rule: (.int, "the rule's number; null for an error of the firewall itself, and where rules have names")
      case .name: (.string, "the rule's name, or its number as text; null for an error of the firewall itself")
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
