import Values

/// How two values lie to each other.
enum Order {
  case less, equal, greater
  /// Neither: one is not a number.
  case none

  init<T: Comparable>(_ left: T, _ right: T) {
    self = left < right ? .less : left == right ? .equal : left > right ? .greater : .none
  }

  var reversed: Order {
    switch self {
    case .less: .greater
    case .greater: .less
    default: self
    }
  }
}

enum Comparison: String {
  case less = "<"
  case lessEqual = "<="
  case greater = ">"
  case greaterEqual = ">="

  init(_ sign: BinaryOperator) { self = Comparison(rawValue: sign.rawValue) ?? .less }

  @inline(__always)
  func holds(_ order: Order) -> Bool {
    switch self {
    case .less: order == .less
    case .lessEqual: order == .less || order == .equal
    case .greater: order == .greater
    case .greaterEqual: order == .greater || order == .equal
    }
  }

  /// The comparison with its sides changed.
  var mirrored: Comparison {
    switch self {
    case .less: .greater
    case .lessEqual: .greaterEqual
    case .greater: .less
    case .greaterEqual: .lessEqual
    }
  }
}

/// The order of two values; `nil` if their kinds have none.
func order(_ left: Value, _ right: Value) -> Order? {
  switch (left, right) {
  case (.string(let left), .string(let right)): byteOrder(left, right)
  case (.bool(let left), .bool(let right)): Order(left ? 1 : 0, right ? 1 : 0)
  case (.timestamp(let left), .timestamp(let right)): Order(left, right)
  case (.duration(let left), .duration(let right)): Order(left, right)
  case (.bytes(let left), .bytes(let right)):
    left == right ? .equal : left.lexicographicallyPrecedes(right) ? .less : .greater
  default: numericOrder(left, right)
  }
}

/// The order of two numbers, whatever their types; `nil` if one is no number.
///
/// A whole number is compared with a double as the double nearest to it, as the conformance suite demands.
func numericOrder(_ left: Value, _ right: Value) -> Order? {
  switch (left, right) {
  case (.int(let left), .int(let right)): Order(left, right)
  case (.uint(let left), .uint(let right)): Order(left, right)
  case (.double(let left), .double(let right)): Order(left, right)
  case (.int(let left), .uint(let right)): left < 0 ? .less : Order(UInt64(left), right)
  case (.uint, .int): numericOrder(right, left)?.reversed
  case (.int(let left), .double(let right)): Order(Double(left), right)
  case (.uint(let left), .double(let right)): Order(Double(left), right)
  case (.double, .int), (.double, .uint): numericOrder(right, left)?.reversed
  default: nil
  }
}
