/// A rule of a firewall that matched a request, or an error that the firewall tells.
struct MatchedRule: Equatable {
  /// What stands before the parts.
  private(set) var text: String
  private(set) var rule: Int64?
  /// The rule's name, where rules have no numbers.
  private(set) var name: String?
  private(set) var message: String?
  private(set) var data: String?
  private(set) var severity: String?
  private(set) var file: String?
  private(set) var line: Int64?
  private(set) var version: String?
  private(set) var tags: [String] = []

  init(
    text: String, rule: Int64? = nil, name: String? = nil, message: String? = nil, data: String? = nil,
    severity: String? = nil, file: String? = nil, line: Int64? = nil, version: String? = nil, tags: [String] = []
  ) {
    self.text = text
    self.rule = rule
    self.name = name
    self.message = message
    self.data = data
    self.severity = severity
    self.file = file
    self.line = line
    self.version = version
    self.tags = tags
  }

  /// Whether the engine says that it stopped the request because of this rule.
  var isDenial: Bool { text.hasPrefix("Access denied ") }

  /// The syslog severities by which rules are graded.
  static func severity(_ number: Int64) -> String? {
    severities.indices.contains(Int(clamping: number)) ? severities[Int(number)] : nil
  }

  static let severities = ["EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG"]
}

// MARK: Messages of ModSecurity

extension MatchedRule {
  private static let order = ["rev", "msg", "data", "severity", "ver", "maturity", "accuracy", "tag"]

  /// Reads what ModSecurity writes about a rule:
  /// `Warning. … [file "…"] [line "66"] [id "942100"] [msg "…"] [data "…"] [severity "CRITICAL"] … [tag "…"]`.
  ///
  /// The order of the parts is fixed (ModSecurity 2 data formats; version 3 keeps it, and writes severities as
  /// numbers). Attackers choose what stands in `data`, and it may hold quotes and brackets; so parts are found by their
  /// keys and their order, never by quotes alone.
  ///
  /// - Parameter id: The transaction's id. Version 3 ends its messages with
  ///   `[hostname "…"] [uri "…"] [unique_id "…"]`, of which the client chooses the second but cannot foresee the third.
  init(message text: String, of id: String? = nil) {
    self.init(text: text)
    let text = Self.withoutTail(text, id)
    guard var rest = readHead(of: Array(text.utf8)) else { return }
    var next = 0
    while let (key, valueStart) = Self.key(at: rest) {
      guard let place = Self.order.firstIndex(of: key), place >= next else { break }
      let end = Self.endOfValue(key, rest[valueStart...])
      set(key, String(decoding: rest[valueStart..<end], as: UTF8.self))
      next = place
      rest = rest[min(end + 2, rest.endIndex)...]
    }
  }

  private static func withoutTail(_ text: String, _ id: String?) -> String {
    guard let id, !id.isEmpty else { return text }
    let bytes = Array(text.utf8)
    guard let end = findLast(Array(#"] [unique_id "\#(id)""#.utf8), in: bytes[...]),
      let start = findLast(Array(#" [hostname ""#.utf8), in: bytes[..<end])
    else { return text }
    return String(decoding: bytes[..<start], as: UTF8.self)
  }

  /// Reads `[file "…"] [line "…"] [id "…"]`, which stand together.
  private mutating func readHead(of bytes: [UInt8]) -> ArraySlice<UInt8>? {
    let opening = Array(" [file \"".utf8)
    var position = 0
    while let start = Self.find(opening, in: bytes[position...]) {
      position = start + 1
      guard let (file, afterFile) = Self.quoted(bytes[(start + opening.count)...], before: " [line \""),
        let (line, afterLine) = Self.quoted(afterFile, before: " [id \""), let lineNumber = Int64(line),
        let (id, afterID) = Self.quoted(afterLine, before: ""), let number = Int64(id)
      else { continue }
      self.text = String(decoding: bytes[..<start], as: UTF8.self)
      self.file = file
      self.line = lineNumber
      rule = number
      return afterID
    }
    return nil
  }

  /// Reads up to the next `"]`, behind which the given text must follow.
  private static func quoted(
    _ bytes: ArraySlice<UInt8>, before follower: String
  ) -> (String, ArraySlice<UInt8>)? {
    guard let quote = bytes.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
    let rest = bytes[quote...].dropFirst()
    guard rest.first == UInt8(ascii: "]"), rest.dropFirst().starts(with: follower.utf8) else { return nil }
    return (String(decoding: bytes[..<quote], as: UTF8.self), rest.dropFirst(1 + follower.utf8.count))
  }

  /// ` [key "` at the beginning.
  private static func key(at bytes: ArraySlice<UInt8>) -> (String, Int)? {
    guard bytes.starts(with: " [".utf8) else { return nil }
    let name = bytes.dropFirst(2).prefix { (97...122).contains($0) }
    let rest = bytes.dropFirst(2 + name.count)
    guard rest.starts(with: " \"".utf8) else { return nil }
    return (String(decoding: name, as: UTF8.self), rest.startIndex + 2)
  }

  /// Where a value ends: before the last part that can follow it, or at the end of the text.
  private static func endOfValue(_ key: String, _ bytes: ArraySlice<UInt8>) -> Int {
    let followers: [String]
    switch key {
    case "data": followers = ["severity", "ver", "maturity", "accuracy", "tag"]
    case "msg": followers = ["data", "severity", "ver", "maturity", "accuracy", "tag"]
    default:
      return find(Array("\"]".utf8), in: bytes) ?? bytes.endIndex
    }
    for follower in followers {
      let mark = Array("\"] [\(follower) \"".utf8)
      // What an attacker wrote stands in `data`, so what follows it is found from behind, except for the tags.
      let isLast = key == "data" && follower != "tag"
      if let end = isLast ? findLast(mark, in: bytes) : find(mark, in: bytes) { return end }
    }
    return findLast(Array("\"]".utf8), in: bytes) ?? bytes.endIndex
  }

  private mutating func set(_ key: String, _ value: String) {
    switch key {
    case "msg": message = value
    case "data" where !value.isEmpty: data = value
    case "severity": severity = Int64(value).flatMap(Self.severity) ?? value.uppercased()
    case "ver": version = value
    case "tag": tags.append(value)
    default: break
    }
  }

  private static func find(_ mark: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    var rest = bytes
    while let start = rest.firstIndex(of: mark[0]) {
      if bytes[start...].starts(with: mark) { return start }
      rest = bytes[(start + 1)...]
    }
    return nil
  }

  private static func findLast(_ mark: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    var rest = bytes
    while let start = rest.lastIndex(of: mark[0]) {
      if bytes[start...].starts(with: mark) { return start }
      rest = bytes[..<start]
    }
    return nil
  }
}
