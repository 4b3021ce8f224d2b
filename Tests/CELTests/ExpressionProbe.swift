import CEL
import Values

/// What must be so of any text whatever, given as an expression: nothing breaks, limits hold, the same input gives the
/// same outcome. The fuzzer asks this of what it makes up, the tests of what it found.
enum ExpressionProbe {
  /// Steps that evaluations may take here, so that a hang is a failure that does not depend on the machine.
  static let budget = 100_000

  /// What is wrong with how a text is treated; `nil` if nothing is.
  static func problem(of source: String) -> String? {
    let checked = environment.check(source)
    if let problem = problem(of: checked, source) { return problem }
    if let expression = checked.expression, let problem = problem(of: expression, isChecked: true) { return problem }
    let lenient = environment.parse(source)
    if checked.expression != nil, lenient.expression == nil { return "what is checked cannot be parsed" }
    return lenient.expression.flatMap { problem(of: $0, isChecked: false) }
  }

  private static func problem(of result: CheckResult, _ source: String) -> String? {
    if (result.expression == nil) != !result.problems.isEmpty { return "neither an expression nor a problem" }
    let found = result.problems + result.warnings
    if found.count > 2 * CELLimits.problems { return "\(found.count) problems" }
    let count = source.utf8.count
    for problem in found {
      if problem.range.upperBound > count {
        return "the place \(problem.range) of '\(problem.message)' is beyond the end"
      }
      for offset in [problem.range.lowerBound, problem.range.upperBound] where !isBoundary(offset, in: source) {
        return "the place \(problem.range) of '\(problem.message)' cuts a character"
      }
      if problem.message.isEmpty { return "a problem without a message" }
    }
    return nil
  }

  private static func isBoundary(_ offset: Int, in source: String) -> Bool {
    offset == source.utf8.count || source.utf8[source.utf8.index(source.startIndex, offsetBy: offset)] & 0xC0 != 0x80
  }

  private static func problem(of expression: CheckedExpression, isChecked: Bool) -> String? {
    let outcome = expression.evaluate(bindings, budget: budget)
    let again = expression.evaluate(slots: expression.references.map { bindings.value(of: $0.name) }, budget: budget)
    let text = text(of: outcome)
    if text != Self.text(of: again) { return "two evaluations differ: \(text); \(Self.text(of: again))" }
    let explained = expression.explain(bindings, budget: budget).outcome
    if Self.text(of: explained) != text { return "explained otherwise: \(text); \(Self.text(of: explained))" }
    guard isChecked else { return nil }
    if case .value(let value) = outcome, !isOf(expression.type, value) { return "\(text) is no \(expression.type)" }
    return worstCaseProblem(of: expression)
  }

  private static func worstCaseProblem(of expression: CheckedExpression) -> String? {
    let worst = expression.worstCaseCost(rowLimits: rowLimits)
    guard worst.cost <= budget else { return nil }
    guard case .failure(let failure) = expression.evaluate(bindings, budget: worst.cost), failure.isLimit else {
      return nil
    }
    return "takes more steps than its worst case, \(worst.cost): \(failure)"
  }

  private static func text(of evaluation: Evaluation) -> String {
    switch evaluation {
    case .value(let value): SuiteNotation.json(of: value).compactText
    case .failure(let failure): "\(failure.kind.rawValue) at \(failure.range): \(failure)"
    }
  }

  /// Whether a value is of a type. Null is of every type: cells and optional fields may lack a value.
  private static func isOf(_ type: ValueType, _ value: Value) -> Bool {
    switch (type, value) {
    case (.dyn, _), (.parameter, _), (_, .null): true
    case (_, .partial(let partial)): isOf(type, partial.known)
    case (.bool, .bool), (.int, .int), (.uint, .uint), (.double, .double), (.string, .string), (.bytes, .bytes): true
    case (.timestamp, .timestamp), (.duration, .duration), (.address, .address), (.network, .network): true
    case (.choice, .string), (.type, .type), (.calendar, .calendar), (.null, _): type != .null
    case (.list(let element), .list(let values)): values.allSatisfy { isOf(element, $0) }
    case (.list(.record), .table), (.record, .row), (.record, .record): true
    case (.list(let element), .table(let table)): table.rows.allSatisfy { isOf(element, .row($0)) }
    case (.map(let key, let element), .map(let map)):
      map.entries.allSatisfy { isOf(key, $0.key) && isOf(element, $0.value) }
    case (.optional(let wrapped), .optional(let box)): box.map { isOf(wrapped, $0.value) } ?? true
    default: false
    }
  }

  // MARK: Names

  private struct ProbeBindings: Bindings {
    let values: [String: Value]

    func value(of name: String) -> Evaluation {
      values[name].map { .value($0) } ?? .failure(EvaluationFailure(.unknown, "\(name) was not asked"))
    }
  }

  private static let asset = RecordType("asset", [.init("critical", .bool), .init("owner", .string)])

  private static let table: Table = {
    var builder = TableBuilder(columns: [
      Column("source", .ip), Column("path", .path), Column("hits", .int), Column("share", .double),
      Column("at", .timestamp),
    ])
    let at = Value.timestamp(Timestamp(seconds: 1_772_445_600))
    _ = builder.append([.string("203.0.113.9"), .string("/login"), .int(5_200), .double(0.8), at])
    _ = builder.append([.string("192.0.2.7"), .string("/"), .int(40), .double(0.1), at])
    _ = builder.append([.string("192.0.2.8"), .null, .null, .double(0.1), at])
    return builder.build(name: "rows")
  }()

  private static let names: [(name: String, type: ValueType, value: Value)] = {
    let block = NetworkBlock("192.0.2.0/24").map { Value.network($0) } ?? .null
    let address = NetworkAddress("192.0.2.77").map { Value.address($0) } ?? .null
    let map = ValueMap([(.string("a"), .int(1)), (.string("b"), .int(2))]).map(Value.map) ?? .null
    let assets = ValueMap([(.string("web"), .record(Record(asset, [.bool(true), nil])))]).map(Value.map) ?? .null
    let partial = Value.partial(PartialValue(.list([.int(1), .int(2)]), because: "cut"))
    return [
      ("rows", .list(.record(table.rowType)), .table(table)), ("n", .int, .int(7)), ("u", .uint, .uint(7)),
      ("x", .double, .double(2.5)), ("s", .string, .string("text é")), ("ok", .bool, .bool(true)),
      ("raw", .bytes, .bytes([0, 255, 65])), ("at", .timestamp, .timestamp(Timestamp(seconds: 1_772_445_600))),
      ("span", .duration, .duration(.seconds(90))), ("words", .list(.string), .list([.string("a"), .string("b")])),
      ("numbers", .list(.int), .list([.int(1), .int(2), .int(2)])), ("m", .map(.string, .int), map),
      ("assets", .map(.string, .record(asset)), assets), ("home", .network, block), ("source", .address, address),
      ("verdict", .choice(["stacked", "none"]), .string("none")), ("opt", .optional(.int), .optional(Boxed(.int(3)))),
      ("any", .dyn, map), ("some", .list(.int), partial),
    ]
  }()

  private static let rowLimits: [String: Int] = ["rows": 3, "words": 2, "numbers": 3, "m": 2, "assets": 1, "some": 2]
  private static let bindings = ProbeBindings(
    values: Dictionary(uniqueKeysWithValues: names.map { ($0.name, $0.value) }))

  private static let environment: CELEnvironment = {
    var environment = CELEnvironment()
    for name in names { environment.declare(name.name, name.type) }
    environment.declare("unasked", .bool)
    return environment
  }()
}
