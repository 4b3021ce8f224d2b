import Values

extension SeriesPicture {
  /// The picture for a terminal: `│` from least to greatest value, `░` the band, `●` a breach.
  ///
  /// - Parameter width: Columns of the terminal, at least 20.
  package func text(title: String, width: Int = 80, height: Int = 12) -> String {
    let labels = 9
    let condensed = self.condensed(to: max(8, width - labels - 1))
    guard let span, let first = condensed.first, let last = condensed.last else { return "\(title): no points\n" }
    func row(_ value: Double) -> Int {
      let share =
        (min(max(value, span.lowerBound), span.upperBound) - span.lowerBound) / (span.upperBound - span.lowerBound)
      return Int((share * Double(height - 1)).rounded())
    }
    var lines = "\(title)\n"
    for line in stride(from: height - 1, through: 0, by: -1) {
      let mark: String =
        line == height - 1 ? Self.label(span.upperBound) : line == 0 ? Self.label(span.lowerBound) : ""
      lines += String(repeating: " ", count: max(0, labels - 1 - mark.count)) + mark + " "
      for column in condensed {
        if let breach = column.breach, row(breach) == line {
          lines += "●"
        } else if row(column.least) <= line, line <= row(column.greatest) {
          lines += "│"
        } else if let low = column.low ?? column.high.map({ _ in -Double.infinity }), row(low) <= line,
          line <= row(column.high ?? .infinity)
        {
          lines += "░"
        } else {
          lines += " "
        }
      }
      while lines.last == " " { lines.removeLast() }
      lines += "\n"
    }
    let (from, to) = (Self.instant(first.from), Self.instant(last.to))
    let gap = max(1, condensed.count - from.count - to.count)
    return lines + String(repeating: " ", count: labels) + from + String(repeating: " ", count: gap) + to + "\n"
  }

  static func label(_ value: Double) -> String {
    let magnitude = abs(value)
    let (scaled, suffix) =
      magnitude >= 1e9
      ? (value / 1e9, "G") : magnitude >= 1e6 ? (value / 1e6, "M") : magnitude >= 1e4 ? (value / 1e3, "k") : (value, "")
    var bytes: [UInt8] = []
    ScoredRow.append(magnitude < 0.1 ? scaled : (scaled * 100).rounded() / 100, to: &bytes)
    return String(decoding: bytes, as: UTF8.self) + suffix
  }

  private static func instant(_ seconds: Double) -> String {
    Timestamp(secondsSinceEpoch: seconds.rounded(.down)).map { String($0.shortDescription.prefix(16)) } ?? "\(seconds)"
  }
}
