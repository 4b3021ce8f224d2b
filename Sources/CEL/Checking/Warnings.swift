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

extension BinaryOperator {
  /// The comparison with its sides changed.
  var mirrored: BinaryOperator {
    switch self {
    case .less: .greater
    case .lessEqual: .greaterEqual
    case .greater: .less
    case .greaterEqual: .lessEqual
    default: self
    }
  }

  /// The comparison that holds when this one does not; `nil` if this is none.
  var negated: BinaryOperator? {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .less: .greaterEqual
    case .lessEqual: .greater
    case .greater: .lessEqual
    case .greaterEqual: .less
    default: nil
    }
  }
}

// What can be evaluated, but hardly is as meant.
extension Checker {
  /// A condition that is written out.
  mutating func warnOfConstant(_ syntax: Syntax) {
    guard case .literal(.bool(let answer)) = syntax.kind else { return }
    warn(.constantCondition(answer, at: syntax.place))
  }

  /// A comparison whose answer does not depend on any value.
  mutating func warnOfComparison(
    _ sign: BinaryOperator, _ first: Typed, _ second: Typed, _ node: any Node, at place: Place
  ) {
    switch (first.constant, second.constant) {
    case (_?, _?):
      var run = Run(names: [], slots: [], layout: Run.Layout(), budget: CELLimits.budget)
      if let answer = try? node.condition(&run) { warn(.constantComparison(answer, why: nil, at: place)) }
    case (nil, let constant?): warnOfBounds(sign, first, constant, at: place)
    case (let constant?, nil): warnOfBounds(sign.mirrored, second, constant, at: place)
    case (nil, nil):
      guard isExact(first.type), isSameText(first.node.place, second.node.place) else { return }
      let answer = sign == .equal || sign == .lessEqual || sign == .greaterEqual
      warn(.constantComparison(answer, why: "both sides are the same", at: place))
    }
  }

  private mutating func warnOfBounds(_ sign: BinaryOperator, _ typed: Typed, _ constant: Value, at place: Place) {
    let bounds: Bounds
    switch (typed.bounds, inference.known(typed.type)) {
    case (let known?, _): bounds = known
    case (nil, .int): bounds = Bounds(least: .min, most: .max)
    case (nil, .uint): bounds = Bounds(least: 0)
    default: return
    }
    guard let answer = bounds.always(sign, constant) else { return }
    let isLimited = bounds.least > .min
    warn(
      .constantComparison(
        answer, why: "the number is a whole one\(isLimited ? ", " + bounds.text : "")", at: place))
  }

  /// Numbers that may be no numbers differ from themselves.
  private func isExact(_ type: ValueType) -> Bool {
    switch inference.known(type) {
    case .int, .uint, .bool, .string, .choice, .bytes, .timestamp, .duration, .address, .network: true
    default: false
    }
  }

  /// Operands of `&&` that contradict each other, and those of `||` of which one always holds.
  mutating func warnOfContradiction(_ operands: [Syntax], isAnd: Bool) {
    var claims: [String: Claims] = [:]
    for operand in operands {
      guard case .binary(let written, let left, let right) = operand.kind else { continue }
      // Of alternatives, one always holds when their opposites contradict each other.
      guard let sign = isAnd ? written : written.negated else { continue }
      let contradicted: Bool
      let subject: Syntax
      switch (left.kind, right.kind) {
      case (.literal, .literal): continue
      case (_, .literal(let value)):
        subject = left
        contradicted = claims[text(left.place), default: Claims()].contradict(sign, value)
      case (.literal(let value), _):
        subject = right
        contradicted = claims[text(right.place), default: Claims()].contradict(sign.mirrored, value)
      default: continue
      }
      guard contradicted else { continue }
      warn(
        isAnd
          ? .contradiction(text(subject.place), at: operand.place) : .tautology(text(subject.place), at: operand.place))
      return
    }
  }
}

/// What comparisons with constants say of one thing.
private struct Claims {
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
