/// How text is emphasised: with colours where they are wanted, and not at all elsewhere.
struct Style: Sendable {
  enum Emphasis: Sendable {
    case title, quiet, good, bad, open, name, alarm

    fileprivate var code: String {
      switch self {
      case .title: "1"
      case .quiet: "2"
      case .good: "32"
      case .bad: "31"
      case .open: "33"
      case .name: "36"
      case .alarm: "1;31"
      }
    }
  }

  let coloured: Bool

  /// - Parameter text: It must have no characters that control terminals.
  func callAsFunction(_ text: String, _ emphasis: Emphasis) -> String {
    coloured && !text.isEmpty ? "\u{1B}[\(emphasis.code)m\(text)\u{1B}[0m" : text
  }
}

extension String {
  /// The text filled up with spaces to a width in code points.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - unicodeScalars.count))
  }

  /// The text, or its beginning and an ellipsis.
  ///
  /// - Parameter limit: Most code points.
  func shortened(to limit: Int) -> String {
    guard unicodeScalars.count > limit else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.prefix(limit - 1))) + "…"
  }
}
