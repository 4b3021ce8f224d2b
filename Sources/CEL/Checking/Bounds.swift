import Values

/// Between which whole numbers a value always lies.
struct Bounds {
  let least: Int64
  /// `nil` if it may be as large as its type allows.
  var most: Int64?

  /// What is known of a function's results, whatever it is given.
  static func ofResult(_ function: String, on receiver: ValueType?) -> Bounds? {
    switch function {
    case "size": return Bounds(least: 0)
    case "indexOf", "lastIndexOf": return Bounds(least: -1)
    case "getMilliseconds": return Bounds(least: -999, most: 999)
    case "family": return Bounds(least: 4, most: 6)
    case "prefixLength": return Bounds(least: 0, most: 128)
    default: break
    }
    // Of a duration some of these count all hours, minutes and seconds.
    guard case .timestamp? = receiver else { return nil }
    switch function {
    case "getHours": return Bounds(least: 0, most: 23)
    case "getMinutes", "getSeconds": return Bounds(least: 0, most: 59)
    case "getMonth": return Bounds(least: 0, most: 11)
    case "getDate": return Bounds(least: 1, most: 31)
    case "getDayOfMonth": return Bounds(least: 0, most: 30)
    case "getDayOfWeek": return Bounds(least: 0, most: 6)
    case "getDayOfYear": return Bounds(least: 0, most: 365)
    case "getFullYear": return Bounds(least: 0, most: 10_000)
    default: return nil
    }
  }

  var text: String { most.map { "from \(least) to \($0)" } ?? "at least \(least)" }

  /// Whether a number within the bounds always, or never, lies so to another; `nil` if it depends.
  func always(_ sign: BinaryOperator, _ other: Value) -> Bool? {
    guard let low = numericOrder(.int(least), other) else { return nil }
    let high = most.flatMap { numericOrder(.int($0), other) }
    switch sign {
    case .less: return high == .less ? true : low == .less || low == .none ? nil : false
    case .lessEqual: return high == .less || high == .equal ? true : low == .greater ? false : nil
    case .greater: return low == .greater ? true : high == .less || high == .equal ? false : nil
    case .greaterEqual: return low == .greater || low == .equal ? true : high == .less ? false : nil
    case .equal: return low == .greater || high == .less || Self.isFraction(other) ? false : nil
    case .notEqual: return always(.equal, other).map { !$0 }
    default: return nil
    }
  }

  private static func isFraction(_ value: Value) -> Bool {
    if case .double(let number) = value { return number.rounded() != number }
    return false
  }
}
