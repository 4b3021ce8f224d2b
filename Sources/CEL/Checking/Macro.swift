/// A call that is not a function: it names a variable, or asks for a field without reading it.
enum Macro: String, CaseIterable {
  case has, all, exists
  case existsOne = "exists_one"
  case existsOneInWords = "existsOne"
  case filter, map, transformList, transformMap, transformMapEntry, optMap, optFlatMap
  case bind = "cel.bind"

  static let names: [String] = allCases.map(\.rawValue)

  /// How it is written.
  var form: String {
    switch self {
    case .has: "has(record.field)"
    case .map: "list.map(x, value of x) or list.map(x, condition on x, value of x)"
    case .transformList: "list.transformList(i, x, value of x), with a condition before the value if need be"
    case .transformMap: "map.transformMap(k, v, value of v), with a condition before the value if need be"
    case .transformMapEntry: "map.transformMapEntry(k, v, {key: value}), with a condition before it if need be"
    case .optMap: "optional.optMap(x, value of x)"
    case .optFlatMap: "optional.optFlatMap(x, optional of x)"
    case .bind: "cel.bind(x, value, expression with x)"
    case .filter: "list.filter(x, condition on x)"
    case .all, .exists, .existsOne, .existsOneInWords:
      "list.\(rawValue)(x, condition on x) or map.\(rawValue)(k, v, condition on both)"
    }
  }

  /// How many arguments it takes.
  private var counts: ClosedRange<Int> {
    switch self {
    case .has: 1...1
    case .filter, .optMap, .optFlatMap: 2...2
    case .all, .exists, .existsOne, .existsOneInWords, .map: 2...3
    case .transformList, .transformMap, .transformMapEntry: 3...4
    case .bind: 3...3
    }
  }

  /// - Parameter target: What stands before the dot.
  /// - Returns: `nil` if a call of this form is one of a function.
  init?(_ name: String, target: Syntax?, arguments: Int) {
    guard let macro = Macro(name, target: target), macro.counts.contains(arguments) else { return nil }
    self = macro
  }

  /// The macro of this name, however many arguments there are.
  init?(_ name: String, target: Syntax?) {
    if name == "bind" {
      guard case .name("cel", _)? = target?.kind else { return nil }
      self = .bind
      return
    }
    guard let macro = Macro(rawValue: name), macro != .bind, (macro == .has) == (target == nil) else { return nil }
    self = macro
  }
}
