import Values

/// What comparisons with constants say of one thing.
struct Claims {
  /// Values that are remembered for being excluded.
  private static let mostUnequal = 100

  private var equal: Value?
  private var least: (value: Value, isExcluded: Bool)?
  private var most: (value: Value, isExcluded: Bool)?
  private var unequal: [Value] = []

  /// Adds a claim. Returns whether it cannot hold beside those before.
  mutating func contradict(_ sign: BinaryOperator, _ value: Value) -> Bool {
    switch sign {
    case .equal:
      if let equal, order(equal, value) != .equal, order(equal, value) != nil { return true }
      if unequal.contains(where: { order($0, value) == .equal }) { return true }
      equal = equal ?? value
    case .notEqual:
      if let equal { return order(equal, value) == .equal }
      if unequal.count < Self.mostUnequal { unequal.append(value) }
      return false
    case .less, .lessEqual:
      if most == nil || order(value, most?.value ?? value) == .less { most = (value, sign == .less) }
    case .greater, .greaterEqual:
      if least == nil || order(value, least?.value ?? value) == .greater { least = (value, sign == .greater) }
    default: return false
    }
    return isContradictory
  }

  private var isContradictory: Bool {
    if let equal {
      if let least, let found = order(equal, least.value), found == .less || found == .equal && least.isExcluded {
        return true
      }
      if let most, let found = order(equal, most.value), found == .greater || found == .equal && most.isExcluded {
        return true
      }
    }
    guard let least, let most, let found = order(least.value, most.value) else { return false }
    return found == .greater || found == .equal && (least.isExcluded || most.isExcluded)
  }
}
