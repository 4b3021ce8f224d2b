/// What kind of attack a rule of the OWASP core rule set is about: by the rule's number, in thousands, or else by its
/// tags (CRS 3.3.4 and 4.x).
enum AttackClass {
  /// Classes from the gravest to the mildest.
  private static let gravity = [
    "web-shell", "rce", "sqli", "rfi", "lfi", "php", "java", "generic", "xss", "session-fixation", "protocol-attack",
    "multipart", "data-leak", "scanner", "dos", "reputation", "method", "protocol",
  ]

  /// - Returns: `nil` for a rule that names no attack, such as those that only sum up scores.
  static func of(rule: Int64?, tags: [String]) -> String? {
    guard let rule, let name = byThousands(rule / 1_000) else { return byTags(tags, rule) }
    return name
  }

  /// Whether the rule only sums up what others found.
  static func isScoring(_ rule: Int64?) -> Bool {
    guard let rule else { return false }
    return [949, 959, 980].contains(rule / 1_000)
  }

  private static func byThousands(_ thousands: Int64) -> String? {
    switch thousands {
    case 910: "reputation"
    case 911: "method"
    case 912: "dos"
    case 913: "scanner"
    case 920: "protocol"
    case 921: "protocol-attack"
    case 922: "multipart"
    case 930: "lfi"
    case 931: "rfi"
    case 932: "rce"
    case 933: "php"
    case 934: "generic"
    case 941: "xss"
    case 942: "sqli"
    case 943: "session-fixation"
    case 944: "java"
    case 950...954, 956: "data-leak"
    case 955: "web-shell"
    default: nil
    }
  }

  private static func byTags(_ tags: [String], _ rule: Int64?) -> String? {
    guard !isScoring(rule) else { return nil }
    let classes = [
      "attack-sqli": "sqli", "attack-xss": "xss", "attack-lfi": "lfi", "attack-rfi": "rfi", "attack-rce": "rce",
      "attack-injection-php": "php", "attack-injection-java": "java", "attack-injection-generic": "generic",
      "attack-ssrf": "generic", "attack-protocol": "protocol", "attack-reputation-scanner": "scanner",
      "attack-disclosure": "data-leak", "attack-fixation": "session-fixation", "attack-dos": "dos",
    ]
    return tags.lazy.compactMap { classes[$0] }.first
  }

  /// The class of the gravest rule: by severity, then by class.
  static func gravest(of rules: [RuleMessage]) -> String? {
    rules.compactMap { rule in of(rule: rule.rule, tags: rule.tags).map { (rank(rule.severity), rank(of: $0), $0) } }
      .min { ($0.0, $0.1) < ($1.0, $1.1) }?.2
  }

  private static func rank(of name: String) -> Int { gravity.firstIndex(of: name) ?? gravity.count }

  private static func rank(_ severity: String?) -> Int {
    let names = ["EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG"]
    return severity.flatMap(names.firstIndex) ?? names.count
  }
}
