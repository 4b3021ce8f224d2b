/// The time that a rate counts per.
enum RateUnit: String {
  case second, minute, hour, day

  /// As units are written behind a `/`, and in NRQL.
  init?(_ word: some StringProtocol) {
    switch word.lowercased() {
    case "s", "sec", "second", "seconds": self = .second
    case "min", "minute", "minutes": self = .minute
    case "h", "hour", "hours": self = .hour
    case "d", "day", "days": self = .day
    default: return nil
    }
  }

  var length: Duration {
    switch self {
    case .second: .seconds(1)
    case .minute: .seconds(60)
    case .hour: .seconds(3_600)
    case .day: .seconds(86_400)
    }
  }

  /// What the values of a query count per: PromQL's `rate(…)` and `sum(rate(…))`, NRQL's `rate(…, 1 minute)`.
  ///
  /// - Returns: `nil` if that is not plain.
  static func given(by text: String, in language: String) -> RateUnit? {
    guard let dialect = QueryDialect.of(language) else { return nil }
    let bytes = Array(text.utf8)
    let read = QueryTokens(bytes, holes: [], in: dialect)
    let words = read.tokens.map { String(decoding: bytes[$0.range], as: UTF8.self).lowercased() }
    switch language {
    case "promql": return isRate(words) ? .second : nil
    case "nrql": return unit(ofRateIn: words)
    default: return nil
    }
  }

  private static func isRate(_ words: [String]) -> Bool {
    // What is done with the rate afterwards may change its unit.
    guard words.last == ")", !words.contains("*"), !words.contains("/") else { return false }
    var rest = words[...]
    if rest.first == "sum" {
      rest = rest.dropFirst()
      if rest.first == "by" || rest.first == "without" { rest = rest.drop { $0 != ")" }.dropFirst() }
      rest = rest.dropFirst()
    }
    return (rest.first == "rate" || rest.first == "irate") && rest.dropFirst().first == "("
  }

  private static func unit(ofRateIn words: [String]) -> RateUnit? {
    guard let rate = words.firstIndex(of: "rate"), rate + 1 < words.count, words[rate + 1] == "(" else { return nil }
    var depth = 0
    for index in words.indices[(rate + 1)...] {
      if words[index] == "(" { depth += 1 }
      if words[index] == ")" { depth -= 1 }
      guard depth == 0 else { continue }
      let isPerOne = index >= rate + 5 && words[index - 3] == "," && words[index - 2] == "1"
      return isPerOne ? RateUnit(words[index - 1]) : nil
    }
    return nil
  }
}
