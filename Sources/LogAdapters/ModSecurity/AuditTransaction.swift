import Values

/// A transaction of ModSecurity 2's audit log in JSON: what was asked, what was answered, which rules matched.
struct AuditTransaction {
  let json: JSON
  let time: Timestamp?
  let rules: [RuleMessage]

  init(_ json: JSON) {
    self.json = json
    time = json["transaction"]?["time"]?.text.flatMap(Self.time)
    rules = Self.messages(of: json["audit_data"]).map { RuleMessage($0) }
  }

  static func time(_ text: String) -> Timestamp? {
    var text = text
    return text.withUTF8 { LogTime.commonLog(UnsafeRawBufferPointer($0)) }
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

  func transaction(_ name: String) -> JSON? { json["transaction"]?[name] }
  var requestLine: String? { json["request"]?["request_line"]?.text }

  /// A header of the request; names differ in case.
  func header(_ name: String) -> String? {
    json["request"]?["headers"]?.members?.first { $0.name.lowercased() == name }?.value.text
  }

  var client: String? {
    transaction("remote_address")?.text.flatMap { NetworkAddress($0)?.description }
  }

  var status: Int64? { json["response"]?["status"]?.integer }

  /// Whether the firewall stopped the request. In detection-only mode nothing is stopped, whatever the score.
  var isStopped: Bool {
    if case .bool(true)? = json["audit_data"]?["action"]?["intercepted"] { return true }
    return rules.contains { $0.text.hasPrefix("Access denied with code") }
  }

  var phase: Int64? { json["audit_data"]?["action"]?["phase"]?.integer }
  var engineMode: String? { json["audit_data"]?["engine_mode"]?.text }
  var attack: String { AttackClass.gravest(of: rules) ?? "" }
  var ruleCount: Int { rules.count { $0.rule != nil && !AttackClass.isScoring($0.rule) } }

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

  /// A part of the request line.
  func part(_ part: (RequestParts, UnsafeRawBufferPointer) -> Range<Int>?) -> String? {
    guard var line = requestLine else { return nil }
    return line.withUTF8 { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      guard let parts = RequestParts(bytes), let range = part(parts, bytes) else { return nil }
      return String(decoding: bytes[range], as: UTF8.self)
    }
  }
}
