import Values

/// A transaction in ModSecurity's own form, of version 2 or 3, as its parts come in: A the header, B the request, F the
/// answer, H what the rules found. The others hold bodies, and K the text of rules.
struct NativeTransaction: FirewallTransaction {
  let boundary: NativeBoundary
  private(set) var header: NativeHeader?
  private(set) var request = HTTPRequest.none
  private(set) var host: String?
  private(set) var agent: String?
  private(set) var status: Int64?
  private(set) var rules: [MatchedRule] = []
  private(set) var action: String?
  private(set) var phase: Int64?
  private(set) var engineMode: String?
  private var part = UInt8(ascii: "A")
  private var linesOfPart = 0
  private var isIntercepted = false

  init(_ boundary: NativeBoundary) { self.boundary = boundary }

  var time: Timestamp? { header?.time }
  var id: String? { header?.id }
  var clientField: String? { header?.client }
  var clientPort: Int64? { header?.port }
  var isStopped: Bool? { isIntercepted || rules.contains(where: \.isDenial) }

  mutating func begin(_ part: UInt8) { (self.part, linesOfPart) = (part, 0) }

  mutating func add(_ line: UnsafeRawBufferPointer) {
    linesOfPart += 1
    switch part {
    case UInt8(ascii: "A") where linesOfPart == 1: header = NativeHeader(line)
    case UInt8(ascii: "B") where linesOfPart == 1: request = HTTPRequest(line: Self.text(line[...]))
    case UInt8(ascii: "B"): readHeader(line)
    case UInt8(ascii: "F") where linesOfPart == 1:
      status = line.split(separator: 0x20, maxSplits: 2).dropFirst().first.flatMap { Int64(Self.text($0)) }
    case UInt8(ascii: "H"): readTrailer(line)
    default: break
    }
  }

  private static func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func value(_ name: String, _ line: UnsafeRawBufferPointer) -> String? {
    guard line.count > name.utf8.count, line[name.utf8.count] == UInt8(ascii: ":"),
      zip(name.utf8, line).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
    else { return nil }
    return text(line[(name.utf8.count + 1)...].drop { $0 == 0x20 })
  }

  /// Of several headers of one name the first counts.
  private mutating func readHeader(_ line: UnsafeRawBufferPointer) {
    if host == nil, let value = Self.value("host", line) { host = value }
    if agent == nil, let value = Self.value("user-agent", line) { agent = value }
  }

  private mutating func readTrailer(_ line: UnsafeRawBufferPointer) {
    if let text = Self.value("Message", line) {
      rules.append(MatchedRule(message: text))
    } else if let text = Self.value("ModSecurity", line) {
      rules.append(MatchedRule(message: text, of: id))
    } else if let text = Self.value("Action", line) {
      isIntercepted = isIntercepted || text.hasPrefix("Intercepted")
      action = text
      phase = text.firstRange(of: "(phase ").flatMap { Int64(text[$0.upperBound...].prefix { $0.isNumber }) }
    } else if let text = Self.value("Engine-Mode", line) {
      engineMode = text.filter { $0 != "\"" }
    }
  }
}
