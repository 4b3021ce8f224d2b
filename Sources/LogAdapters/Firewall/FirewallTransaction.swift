import Values

/// A request that a web application firewall wrote down, whatever firewall it was.
protocol FirewallTransaction {
  var time: Timestamp? { get }
  var id: String? { get }
  /// The client's address as it was logged.
  var clientField: String? { get }
  var clientPort: Int64? { get }
  var host: String? { get }
  var request: HTTPRequest { get }
  var agent: String? { get }
  var status: Int64? { get }
  /// Whether the firewall stopped the request; `nil` where the log does not tell.
  var isStopped: Bool? { get }
  /// What the firewall did, in its own word.
  var action: String? { get }
  var phase: Int64? { get }
  var engineMode: String? { get }
  var rules: [MatchedRule] { get }
}

extension FirewallTransaction {
  var client: String? { clientField.flatMap { NetworkAddress($0)?.description } }
  var action: String? { nil }
  var phase: Int64? { nil }
  var engineMode: String? { nil }

  var attack: String { AttackClass.gravest(of: rules) ?? "" }
  var ruleCount: Int { rules.count { ($0.rule != nil || $0.name != nil) && !AttackClass.isScoring($0.rule) } }

  /// The score that the core rule set adds up, from the message of the rule that compares it.
  var anomalyScore: Int64? {
    for rule in rules where AttackClass.isScoring(rule.rule) {
      for mark in ["Total Score: ", "Total Inbound Score: ", "Total Outbound Score: "] {
        guard let message = rule.message, let start = message.firstRange(of: mark) else { continue }
        if let score = Int64(message[start.upperBound...].prefix { $0.isASCII && $0.isNumber }) { return score }
      }
    }
    return nil
  }
}

extension JSON {
  /// A header of an object of headers, whose names differ in case; of several of one name the first.
  func header(_ name: String) -> String? {
    guard let value = members?.first(where: { $0.name.lowercased() == name })?.value else { return nil }
    return value.text ?? value.elements?.first?.text
  }

  /// A whole number, also one that was written as text.
  var wholeNumber: Int64? { integer ?? text.flatMap { Int64($0) } }

  var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
}
