/// What a browser or a tool calls itself, without versions: two releases of one browser are one.
enum AgentText {
  /// In lower case, words parted by one space. Versions are dropped (`/1.2`, `rv:109.0`, `10_15_7`), and the signs
  /// between words. An agent written `-`, as logs write none, is empty.
  static func normal(_ text: String) -> String {
    guard text != "-" else { return "" }
    let words = text.utf8.split { separators.contains($0) }.compactMap(word)
    return words.joined(separator: " ")
  }

  private static let separators = Array(" \t;,()[]{}\"'".utf8)

  /// A word without its version; `nil` if it is nothing else.
  private static func word(_ bytes: Substring.UTF8View) -> String? {
    var kept = Substring(bytes)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let next = bytes.index(after: index)
      if bytes[index] == UInt8(ascii: "/") || bytes[index] == UInt8(ascii: ":"), isVersion(bytes[next...]) {
        kept = Substring(bytes[..<index])
        break
      }
      index = next
    }
    guard !kept.utf8.allSatisfy({ isDigit($0) || "._-".utf8.contains($0) }) else { return nil }
    return lowerASCII(String(kept))
  }

  private static func isVersion(_ bytes: Substring.UTF8View) -> Bool {
    let digits = bytes.first.map { $0 | 0x20 == UInt8(ascii: "v") } == true ? bytes.dropFirst() : bytes
    return digits.first.map(isDigit) == true
  }
}
