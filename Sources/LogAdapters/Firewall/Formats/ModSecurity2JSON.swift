import Values

/// A transaction of ModSecurity 2's audit log in JSON, and of Coraza's `JSONLegacy`, which imitates it.
struct ModSecurity2JSON: FirewallTransaction {
  let json: JSON
  let time: Timestamp?
  let rules: [MatchedRule]

  /// - Returns: `nil` if the object is no such transaction.
  init?(_ json: JSON) {
    guard let text = json["transaction"]?["time"]?.text else { return nil }
    self.json = json
    time = LogTime.read(text, LogTime.commonLog)
    rules = Self.messages(of: json["audit_data"]).map { MatchedRule(message: $0) }
  }

  /// Where there are none, those for Apache's error log hold the same text behind a prefix.
  private static func messages(of data: JSON?) -> [String] {
    if let messages = data?["messages"]?.elements { return messages.compactMap(\.text) }
    let mark = "ModSecurity: "
    return (data?["error_messages"]?.elements ?? []).compactMap { element in
      guard let text = element.text, let start = text.firstRange(of: mark) else { return nil }
      return String(text[start.upperBound...])
    }
  }

  private func transaction(_ name: String) -> JSON? { json["transaction"]?[name] }
  private func header(_ name: String) -> String? { json["request"]?["headers"]?.header(name) }

  var id: String? { transaction("transaction_id")?.text }
  var clientField: String? { transaction("remote_address")?.text }
  var clientPort: Int64? { transaction("remote_port")?.wholeNumber }
  var host: String? { header("host") }
  var agent: String? { header("user-agent") }
  var request: HTTPRequest { json["request"]?["request_line"]?.text.map(HTTPRequest.init(line:)) ?? .none }
  var status: Int64? { json["response"]?["status"]?.wholeNumber }
  var isStopped: Bool? {
    json["audit_data"]?["action"]?["intercepted"]?.flag == true || rules.contains(where: \.isDenial)
  }
  var action: String? { json["audit_data"]?["action"]?["message"]?.text }
  var phase: Int64? { json["audit_data"]?["action"]?["phase"]?.wholeNumber }
  var engineMode: String? { json["audit_data"]?["engine_mode"]?.text }
}
