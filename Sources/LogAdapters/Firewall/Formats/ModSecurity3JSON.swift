import Values

/// A transaction of ModSecurity 3's audit log in JSON.
struct ModSecurity3JSON: FirewallTransaction {
  private let transaction: JSON
  let time: Timestamp?
  let rules: [MatchedRule]

  /// - Parameter zone: In which the times are, which name none.
  /// - Returns: `nil` if the object is no such transaction.
  init?(_ json: JSON, zone: LocalZone) {
    guard let transaction = json["transaction"], let text = transaction["time_stamp"]?.text else { return nil }
    self.transaction = transaction
    time = LogTime.read(text) { LogTime.asctime($0, zone) }
    rules = (transaction["messages"]?.elements ?? []).map(Self.rule)
  }

  private static func rule(_ json: JSON) -> MatchedRule {
    let details = json["details"]
    func text(_ name: String) -> String? { details?[name]?.text.flatMap { $0.isEmpty ? nil : $0 } }
    return MatchedRule(
      text: text("match") ?? "", rule: details?["ruleId"]?.wholeNumber, message: json["message"]?.text,
      data: text("data"), severity: details?["severity"]?.wholeNumber.flatMap(MatchedRule.severity),
      file: text("file"), line: details?["lineNumber"]?.wholeNumber, version: text("ver"),
      tags: (details?["tags"]?.elements ?? []).compactMap(\.text))
  }

  private func header(_ name: String) -> String? { transaction["request"]?["headers"]?.header(name) }

  var id: String? { transaction["unique_id"]?.text }
  var clientField: String? { transaction["client_ip"]?.text }
  var clientPort: Int64? { transaction["client_port"]?.wholeNumber }
  var host: String? { header("host") }
  var agent: String? { header("user-agent") }
  var status: Int64? { transaction["response"]?["http_code"]?.wholeNumber }
  var engineMode: String? { transaction["producer"]?["secrules_engine"]?.text }

  var request: HTTPRequest {
    let request = transaction["request"]
    let version = request?["http_version"].map { "HTTP/\($0.text ?? $0.compactText)" }
    return HTTPRequest(
      method: request?["method"]?.text, target: request?["uri"]?.text, protocolName: version)
  }

  /// The log does not say it. Where only detection is on, and where the request was answered with success, it was not
  /// stopped; with 403, and a score that the core rule set calls exceeded, it was.
  var isStopped: Bool? {
    if let engineMode, engineMode != "Enabled" { return false }
    guard let status else { return nil }
    if (200..<300).contains(status) { return false }
    return status == 403 && rules.contains { AttackClass.isScoring($0.rule) } ? true : nil
  }
}
