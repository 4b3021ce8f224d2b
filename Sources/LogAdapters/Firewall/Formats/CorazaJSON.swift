import Values

/// A transaction of Coraza's audit log in JSON (corazawaf/coraza, internal/auditlog).
struct CorazaJSON: FirewallTransaction {
  private let transaction: JSON
  let time: Timestamp?
  let rules: [MatchedRule]

  /// - Parameter zone: In which `timestamp` is, which names none; `unix_timestamp` needs none.
  /// - Returns: `nil` if the object is no such transaction.
  init?(_ json: JSON, zone: LocalZone) {
    guard let transaction = json["transaction"],
      transaction["unix_timestamp"] != nil || transaction["timestamp"] != nil
    else { return nil }
    self.transaction = transaction
    if let nanoseconds = transaction["unix_timestamp"]?.integer, nanoseconds > 0 {
      time = LogTime.nanoseconds(UInt64(nanoseconds))
    } else {
      time = transaction["timestamp"]?.text.flatMap { text in LogTime.read(text) { LogTime.slashed($0, zone) } }
    }
    rules = (json["messages"]?.elements ?? []).map(Self.rule)
  }

  /// Without part K of the log a message is text alone, in the form of ModSecurity.
  private static func rule(_ json: JSON) -> MatchedRule {
    guard let data = json["data"], let number = data["id"]?.wholeNumber, number != 0 else {
      return MatchedRule(message: json["error_message"]?.text ?? json["message"]?.text ?? "")
    }
    func text(_ name: String) -> String? { data[name]?.text.flatMap { $0.isEmpty ? nil : $0 } }
    return MatchedRule(
      text: json["error_message"]?.text ?? json["message"]?.text ?? "", rule: number,
      message: text("msg") ?? json["message"]?.text, data: text("data"),
      severity: data["severity"]?.wholeNumber.flatMap(MatchedRule.severity), file: text("file"),
      line: data["line"]?.wholeNumber, version: text("ver"), tags: (data["tags"]?.elements ?? []).compactMap(\.text))
  }

  private func header(_ name: String) -> String? { transaction["request"]?["headers"]?.header(name) }

  var id: String? { transaction["id"]?.text }
  var clientField: String? { transaction["client_ip"]?.text }
  var clientPort: Int64? { transaction["client_port"]?.wholeNumber }
  var host: String? { header("host") }
  var agent: String? { header("user-agent") }
  var status: Int64? { transaction["response"]?["status"]?.wholeNumber.flatMap { $0 == 0 ? nil : $0 } }
  var isStopped: Bool? { transaction["is_interrupted"]?.flag }
  var engineMode: String? { transaction["producer"]?["rule_engine"]?.text }

  var request: HTTPRequest {
    let request = transaction["request"]
    let version = request?["http_version"]?.text ?? request?["protocol"]?.text
    return HTTPRequest(
      method: request?["method"]?.text, target: request?["uri"]?.text,
      protocolName: version.map { $0.hasPrefix("HTTP/") ? $0 : "HTTP/\($0)" })
  }
}
