/// The type that a runbook, a list or a source declares for a column or a field.
///
/// Several of them are strings that say what they hold; to expressions they are strings.
public indirect enum ColumnType: Hashable, Sendable, CustomStringConvertible {
  case bool, int, double, string, timestamp, duration
  case ip, cidr
  case domain, url, hash, path, contact
  case calendar
  case list(ColumnType)

  /// The types by the names that runbooks write.
  public static let named: [(name: String, type: ColumnType)] = [
    ("bool", .bool), ("int", .int), ("double", .double), ("string", .string), ("timestamp", .timestamp),
    ("duration", .duration), ("ip", .ip), ("cidr", .cidr), ("domain", .domain), ("url", .url), ("hash", .hash),
    ("path", .path), ("contact", .contact), ("calendar", .calendar),
  ]

  public init?(name: String) {
    guard let found = Self.named.first(where: { $0.name == name }) else { return nil }
    self = found.type
  }

  public var description: String {
    if case .list(let element) = self { return "[\(element)]" }
    return Self.named.first { $0.type == self }?.name ?? "unnamed"
  }

  /// What an expression sees.
  public var valueType: ValueType {
    switch self {
    case .bool: .bool
    case .int: .int
    case .double: .double
    case .string, .domain, .url, .hash, .path, .contact: .string
    case .timestamp: .timestamp
    case .duration: .duration
    case .ip: .address
    case .cidr: .network
    case .calendar: .calendar
    case .list(let element): .list(element.valueType)
    }
  }

  /// The value as this type, if it is one: text is read by the type's own notation, whole numbers become doubles where
  /// a double is wanted, and 0 and 1 booleans, because SQL has no other. `null` stays null.
  ///
  /// - Returns: `nil` when the value cannot be of this type.
  public func admit(_ value: Value) -> Value? {
    switch (self, value) {
    case (_, .null): .null
    case (.bool, .bool), (.int, .int), (.double, .double), (.timestamp, .timestamp), (.duration, .duration),
      (.ip, .address), (.cidr, .network), (.calendar, .calendar):
      value
    case (.string, .string), (.domain, .string), (.url, .string), (.hash, .string), (.path, .string),
      (.contact, .string):
      value
    case (.bool, .int(let number)) where number == 0 || number == 1: .bool(number == 1)
    case (.bool, .string("true")): .bool(true)
    case (.bool, .string("false")): .bool(false)
    case (.int, .uint(let number)): Int64(exactly: number).map(Value.int)
    case (.int, .double(let number)): Int64(exactly: number).map(Value.int)
    case (.int, .string(let text)): Int64(text).map(Value.int)
    case (.double, .int(let number)): .double(Double(number))
    case (.double, .uint(let number)): .double(Double(number))
    case (.double, .string(let text)): Double(text).map(Value.double)
    case (.timestamp, .string(let text)): Timestamp(rfc3339: text).map(Value.timestamp)
    case (.ip, .string(let text)): NetworkAddress(text).map { .address($0) }
    case (.cidr, .string(let text)): NetworkBlock(text).map { .network($0) }
    case (.cidr, .address(let box)): NetworkBlock(box.address.description).map { .network($0) }
    case (.duration, .string(let text)): Duration(shorthand: text).map(Value.duration)
    case (.list(let element), .list(let values)):
      values.reduce([Value]?.some([])) { result, value in
        guard let result, let admitted = element.admit(value) else { return nil }
        return result + [admitted]
      }.map(Value.list)
    default: nil
    }
  }
}

extension Duration {
  /// Reads `90s`, `15m`, `2h`, `7d`, with a sign if need be (`-30m`, `+10m`); `nil` for anything else.
  public init?(shorthand text: some StringProtocol) {
    var digits = Substring(text)
    let isNegative = digits.hasPrefix("-")
    if isNegative || digits.hasPrefix("+") { digits = digits.dropFirst() }
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    guard let last = digits.last, let unit = units[last] else { return nil }
    digits = digits.dropLast()
    guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
      let number = Int64(digits)
    else { return nil }
    self = .seconds((isNegative ? -1 : 1) * number * unit)
  }

  /// `90s`, `15m`, `2h`, `7d`: the largest unit that loses nothing; with a fraction of seconds where there is one.
  public var shorthand: String {
    let (seconds, attoseconds) = components
    guard attoseconds == 0 else {
      var digits = String(attoseconds.magnitude)
      digits = String(repeating: "0", count: Self.attosecondDigits - digits.utf8.count) + digits
      while digits.hasSuffix("0") { digits.removeLast() }
      return "\(self < .zero ? "-" : "")\(seconds.magnitude).\(digits)s"
    }
    for (unit, name) in [(86_400, "d"), (3_600, "h"), (60, "m")] as [(Int64, String)]
    where seconds != 0 && seconds % unit == 0 {
      return "\(seconds / unit)\(name)"
    }
    return "\(seconds)s"
  }

  private static let attosecondDigits = 18

  /// Reads everything that `shorthand` writes, fractions too; `nil` for anything else.
  public init?(exactly text: String) {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    let unit: Int64
    switch text.utf8.last {
    case UInt8(ascii: "s"): unit = 1
    case UInt8(ascii: "m"): unit = 60
    case UInt8(ascii: "h"): unit = 3_600
    case UInt8(ascii: "d"): unit = 86_400
    default: return nil
    }
    let parts = text.utf8.dropFirst(isNegative ? 1 : 0).dropLast().split(
      separator: UInt8(ascii: "."), omittingEmptySubsequences: false
    ).map(Substring.init)
    func number(_ digits: Substring) -> Int64? {
      digits.utf8.allSatisfy { (48...57).contains($0) } ? Int64((isNegative ? "-" : "") + digits) : nil
    }
    guard (1...2).contains(parts.count), let whole = number(parts[0]) else { return nil }
    let (seconds, isTooMuch) = whole.multipliedReportingOverflow(by: unit)
    guard !isTooMuch else { return nil }
    guard parts.count == 2 else {
      self = .seconds(seconds)
      return
    }
    guard unit == 1, (1...Self.attosecondDigits).contains(parts[1].utf8.count),
      let attoseconds = number(parts[1] + String(repeating: "0", count: Self.attosecondDigits - parts[1].utf8.count))
    else { return nil }
    self = Duration(secondsComponent: seconds, attosecondsComponent: attoseconds)
  }

  /// The duration in seconds, as a floating-point number.
  public var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
