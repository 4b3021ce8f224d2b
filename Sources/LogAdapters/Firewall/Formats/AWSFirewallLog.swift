import Values

/// A line of the AWS WAF log (AWS WAF developer guide, "Log fields for protection pack traffic"). Any member may be
/// null or absent.
struct AWSFirewallLog: FirewallTransaction {
  private let json: JSON
  private let http: JSON
  let time: Timestamp?
  let rules: [MatchedRule]

  /// - Returns: `nil` if the object is no such line.
  init?(_ json: JSON) {
    guard let http = json["httpRequest"], json["webaclId"] != nil || json["terminatingRuleId"] != nil else {
      return nil
    }
    self.json = json
    self.http = http
    time = json["timestamp"].flatMap(LogTime.any)
    rules = Self.rules(of: json)
  }

  private static func rules(of json: JSON) -> [MatchedRule] {
    let labels = (json["labels"]?.elements ?? []).compactMap { $0["name"]?.text }
    var rules: [MatchedRule] = []
    if let name = json["terminatingRuleId"]?.text, name != "Default_Action" {
      rules.append(
        rule(name, action: json["action"]?.text, details: json["terminatingRuleMatchDetails"], labels: labels))
    }
    for group in json["ruleGroupList"]?.elements ?? [] {
      let inner = [group["terminatingRule"]].compactMap { $0 } + (group["nonTerminatingMatchingRules"]?.elements ?? [])
      rules += inner.compactMap { rule($0, group: group["ruleGroupId"]?.text, labels: labels) }
    }
    rules += (json["nonTerminatingMatchingRules"]?.elements ?? []).compactMap { rule($0, group: nil, labels: labels) }
    rules += (json["rateBasedRuleList"]?.elements ?? []).compactMap { element in
      (element["rateBasedRuleName"]?.text ?? element["rateBasedRuleId"]?.text).map { name in
        MatchedRule(text: "RATE_BASED", name: name, message: element["limitKey"]?.text)
      }
    }
    return rules
  }

  private static func rule(_ json: JSON, group: String?, labels: [String]) -> MatchedRule? {
    json["ruleId"]?.text.map { name in
      rule(
        group.map { "\($0) \(name)" } ?? name, action: json["action"]?.text, details: json["ruleMatchDetails"],
        labels: labels)
    }
  }

  private static func rule(_ name: String, action: String?, details: JSON?, labels: [String]) -> MatchedRule {
    let details = details?.elements ?? []
    let conditions = details.compactMap { $0["conditionType"]?.text }
    let matched = details.flatMap { $0["matchedData"]?.elements ?? [] }.compactMap(\.text)
    return MatchedRule(
      text: action ?? "", name: name, message: conditions.isEmpty ? nil : conditions.joined(separator: ", "),
      data: matched.isEmpty ? nil : matched.joined(separator: " "), tags: labels)
  }

  /// Headers are a list of names and values here.
  private func header(_ name: String) -> String? {
    http["headers"]?.elements?.first { $0["name"]?.text?.lowercased() == name }?["value"]?.text
  }

  var id: String? { http["requestId"]?.text }
  var clientField: String? { http["clientIp"]?.text }
  var clientPort: Int64? { nil }
  var host: String? { header("host") ?? http["host"]?.text }
  var agent: String? { header("user-agent") }
  var status: Int64? { json["responseCodeSent"]?.wholeNumber }
  var action: String? { json["action"]?.text }

  var request: HTTPRequest {
    HTTPRequest(
      method: http["httpMethod"]?.text, target: http["uri"]?.text, query: http["args"]?.text ?? "",
      protocolName: http["httpVersion"]?.text)
  }

  /// A puzzle that ends the handling of a request has stopped it.
  var isStopped: Bool? {
    switch action {
    case "BLOCK", "CAPTCHA", "CHALLENGE": true
    case "ALLOW", "COUNT": false
    default: nil
    }
  }
}
