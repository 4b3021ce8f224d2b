/// How far apart the points of a series stand.
enum SeriesStep {
  private static let days = 86_400

  /// As a query itself says it: NRQL's `TIMESERIES 5 minutes`.
  ///
  /// - Returns: `nil` where the text leaves it to the source.
  static func given(by text: String, in language: String) -> Duration? {
    guard language == "nrql", let dialect = QueryDialect.of(language) else { return nil }
    let bytes = Array(text.utf8)
    let read = QueryTokens(bytes, holes: [], in: dialect)
    let words = read.tokens.map { String(decoding: bytes[$0.range], as: UTF8.self).lowercased() }
    guard let place = words.lastIndex(of: "timeseries"), place + 2 < words.count, let count = Int(words[place + 1]),
      (1...days).contains(count), let unit = RateUnit(words[place + 2])
    else { return nil }
    return unit.length * count
  }
}
