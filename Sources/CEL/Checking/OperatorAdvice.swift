import Values

/// What to write instead of an operator or a function that does not work between two types.
struct OperatorAdvice {
  /// A sentence part, and what may stand in the place of the whole.
  let found: (text: String?, suggestion: String?)

  /// - Parameter joinsComparisons: Whether the left side is a comparison itself.
  init(_ sign: BinaryOperator, _ left: ValueType, _ right: ValueType, joinsComparisons: Bool) {
    if joinsComparisons, left == .bool, Self.isOrder(sign) {
      found = ("two comparisons are joined: a < x && x < b", nil)
    } else {
      found = Self.ofLiterals(sign, left, right) ?? (Self.ofTypes(sign, left, right), nil)
    }
  }

  private static func ofTypes(_ sign: BinaryOperator, _ left: ValueType, _ right: ValueType) -> String? {
    switch (left, right) {
    case (.int, .double), (.uint, .double), (.double, .int), (.double, .uint): "make both of one type with double(x)"
    case (.int, .uint), (.uint, .int): "make both of one type with int(x)"
    case (.string, .string) where sign == .isIn: "use text.contains(part)"
    case (.string, _) where sign == .remainder: "values are put into a text with text.format([…])"
    case (.string, let other) where sign == .add && isNumber(other),
      (let other, .string) where sign == .add && isNumber(other):
      "make a text of the number with string(x)"
    case (.string, let other) where isNumber(other), (let other, .string) where isNumber(other):
      "a number stands without quotation marks, and int(text) reads one"
    case (.bool, let other) where isOrder(sign) && isNumber(other),
      (let other, .bool) where isOrder(sign) && isNumber(other):
      "true and false are no numbers"
    case (_, .list(.record(let type))) where sign == .isIn: "name a column, as in x in \(type.name).column"
    case (.list(let element), let other) where isComparison(sign) && isAlike(element, other):
      "that is a whole list; ask about its elements with list.exists(x, x \(sign.rawValue) …)"
    default: nil
    }
  }

  /// Where one side is a text that stands for something else.
  private static func ofLiterals(
    _ sign: BinaryOperator, _ left: ValueType, _ right: ValueType
  ) -> (text: String?, suggestion: String?)? {
    let network = "a block of addresses is written cidr(\"192.0.2.0/24\")"
    let duration = "a duration is written duration(\"90s\")"
    switch (left, right) {
    case (.address, .string) where sign == .isIn: return (network, "cidr(…)")
    case (.address, .list(.string)): return ("a list of blocks is written [cidr(\"192.0.2.0/24\"), …]", "cidr(…)")
    case (.address, .string), (.string, .address), (.string, .list(.address)):
      return ("an address is written ip(\"192.0.2.1\")", "ip(…)")
    case (.network, .string), (.string, .network), (.string, .list(.network)):
      return (network, sign == .isIn ? "ip(…)" : "cidr(…)")
    case (.timestamp, .string), (.string, .timestamp):
      return ("an instant is written timestamp(\"2026-01-31T12:00:00Z\")", "timestamp(…)")
    case (.duration, .string), (.string, .duration): return (duration, "duration(…)")
    case (.duration, let other) where isNumber(other), (let other, .duration) where isNumber(other),
      (.timestamp, let other) where isNumber(other) && !isComparison(sign):
      return (duration, "duration(…)")
    default: return nil
    }
  }

  /// What to write instead of a function with these arguments.
  static func advice(for function: Function, isMember: Bool, _ arguments: [ValueType]) -> String? {
    switch (function.name, arguments.first) {
    case ("contains", .list?) where isMember, ("contains", .map?) where isMember: return "write x in list"
    case ("contains", .network?) where isMember: return "write address in network"
    case ("sum", .list(.record)?), ("avg", .list(.record)?), ("min", .list(.record)?), ("max", .list(.record)?),
      ("percentile", .list(.record)?), ("countBy", .list(.record)?), ("top", .list(.record)?):
      return "name the column, as in rows.bytes.\(function.name)(…)"
    case ("min", let first?) where !isMember && isNumber(first): return "of several numbers it is math.least(…)"
    case ("max", let first?) where !isMember && isNumber(first): return "of several numbers it is math.greatest(…)"
    default: return nil
    }
  }

  private static func isNumber(_ type: ValueType) -> Bool { Checker.isNumber(type) }

  private static func isOrder(_ sign: BinaryOperator) -> Bool {
    switch sign {
    case .less, .lessEqual, .greater, .greaterEqual: true
    default: false
    }
  }

  private static func isComparison(_ sign: BinaryOperator) -> Bool {
    isOrder(sign) || sign == .equal || sign == .notEqual
  }

  private static func isAlike(_ left: ValueType, _ right: ValueType) -> Bool {
    left == right || isNumber(left) && isNumber(right)
  }
}
