import Values

/// A line of the kernel's table of connections: what `conntrack -L` (also with `-o extended`) and
/// `/proc/net/nf_conntrack` list, and `conntrack -E` tells as it happens.
struct ConntrackFlow {
  /// One direction of a connection.
  struct Direction {
    var values: [String: String] = [:]
    func address(_ name: String) -> String? { values[name].flatMap { NetworkAddress($0)?.description } }
    func number(_ name: String) -> Int64? { values[name].flatMap { Int64($0) } }
  }

  private(set) var time: Timestamp?
  /// `NEW`, `UPDATE`, `DESTROY`.
  private(set) var event: String?
  private(set) var family: String?
  private(set) var protocolName: String?
  private(set) var protocolNumber: Int64?
  private(set) var timeout: Int64?
  private(set) var state: String?
  private(set) var original = Direction()
  private(set) var reply = Direction()
  private(set) var isAssured = false
  private(set) var isUnreplied = false
  /// What belongs to no direction: `mark`, `zone`, `use`, `id`.
  private(set) var rest = Direction()

  private static let events: Set<String> = ["NEW", "UPDATE", "DESTROY"]
  private static let families: Set<String> = ["ipv4", "ipv6"]
  private static let ofConnection: Set<String> = ["mark", "zone", "use", "id", "secctx", "delta-time", "labels"]

  /// - Returns: `nil` if the line is none.
  init?(_ line: UnsafeRawBufferPointer) {
    var words = line.split { $0 == 0x20 || $0 == 0x09 }[...]
    func text(_ word: Slice<UnsafeRawBufferPointer>) -> String { String(decoding: word, as: UTF8.self) }
    while let word = words.first, word.first == UInt8(ascii: "["), word.last == UInt8(ascii: "]") {
      let inner = word.dropFirst().dropLast()
      if Self.events.contains(text(inner)) {
        event = text(inner)
      } else if let instant = LogTime.epochSeconds(UnsafeRawBufferPointer(rebasing: inner)) {
        time = instant
      } else {
        return nil
      }
      words.removeFirst()
    }
    if let word = words.first.map(text), Self.families.contains(word) {
      family = word
      words = words.dropFirst(2)
    }
    guard let name = words.first, words.count > 4 else { return nil }
    protocolName = text(name)
    words.removeFirst()
    var numbers: [Int64] = []
    while let number = words.first.flatMap({ Int64(text($0)) }) {
      numbers.append(number)
      words.removeFirst()
    }
    guard let first = numbers.first else { return nil }
    protocolNumber = first
    timeout = numbers.dropFirst().first
    for word in words { read(text(word)) }
    guard original.address("src") != nil, original.address("dst") != nil else { return nil }
  }

  private mutating func read(_ word: String) {
    guard let equals = word.firstIndex(of: "=") else {
      switch word {
      case "[ASSURED]": isAssured = true
      case "[UNREPLIED]": isUnreplied = true
      case _ where !word.hasPrefix("[") && original.values.isEmpty: state = word
      default: break
      }
      return
    }
    let name = String(word[..<equals])
    let value = String(word[word.index(after: equals)...])
    if Self.ofConnection.contains(name) {
      rest.values[name] = value
    } else if original.values[name] == nil, reply.values.isEmpty {
      original.values[name] = value
    } else {
      reply.values[name] = value
    }
  }
}
