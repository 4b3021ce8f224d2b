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

  /// Rules without numbers are classed by the words in their names, labels and conditions.
  static func of(_ rule: MatchedRule) -> String? {
    if let found = of(rule: rule.rule, tags: rule.tags) { return found }
    guard let name = rule.name else { return nil }
    return byWords(([name, rule.message ?? ""] + rule.tags).joined(separator: " "))
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

  /// Words of AWS's managed rules (AWS WAF developer guide, "AWS Managed Rules rule groups list") and of Cloudflare's
  /// sources and descriptions, without their separators; the first that is found counts.
  private static let words: [(word: String, name: String)] = [
    ("webshell", "web-shell"), ("log4j", "rce"), ("deserialization", "java"), ("commandinjection", "rce"),
    ("remotecodeexecution", "rce"), ("rce", "rce"), ("sqlinjection", "sqli"), ("sqli", "sqli"),
    ("genericrfi", "rfi"), ("remotefile", "rfi"), ("genericlfi", "lfi"), ("localfile", "lfi"), ("lfi", "lfi"),
    ("pathtraversal", "lfi"), ("directorytraversal", "lfi"), ("phphighrisk", "php"), ("phpinjection", "php"),
    ("ssrf", "generic"), ("crosssitescripting", "xss"), ("xss", "xss"), ("ratebased", "dos"), ("ratelimit", "dos"),
    ("l7ddos", "dos"), ("ddos", "dos"), ("reputation", "reputation"), ("anonymousip", "reputation"),
    ("badbots", "scanner"), ("scanner", "scanner"),
  ]

  private static func byWords(_ text: String) -> String? {
    let plain = text.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == " ") }
    return words.first { entry in
      // Three letters are a word only where the name says them apart.
      entry.word.utf8.count > 3 ? plain.contains(entry.word) : isWord(entry.word, in: text)
    }?.name
  }

  private static func isWord(_ word: String, in text: String) -> Bool {
    var spaced = ""
    for character in text {
      if character.isASCII, character.isLetter { spaced.append(character) } else { spaced.append(" ") }
    }
    return spaced.split(separator: " ").contains { part in
      part.lowercased() == word || part.hasSuffix(word.uppercased()) || part.hasPrefix(word.uppercased())
    }
  }

  /// The class of the gravest rule: by severity, then by class.
  static func gravest(of rules: [MatchedRule]) -> String? {
    rules.compactMap { rule in of(rule).map { (rank(rule.severity), rank(of: $0), $0) } }
      .min { ($0.0, $0.1) < ($1.0, $1.1) }?.2
  }

  private static func rank(of name: String) -> Int { gravity.firstIndex(of: name) ?? gravity.count }

  private static func rank(_ severity: String?) -> Int {
    severity.flatMap(MatchedRule.severities.firstIndex) ?? MatchedRule.severities.count
  }
}
