import Values

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
