import Values

@testable import CEL

/// Things with rows of their own, and names about them: some known, some not.
struct ColumnThings {
  static let requestColumns = [
    Column("method", .string), Column("path", .string), Column("status", .int), Column("bytes", .int),
    Column("agent", .string),
  ]
  static let loginColumns = [Column("refused", .int), Column("ok", .bool)]

  static let environment: CELEnvironment = {
    var environment = CELEnvironment()
    let requests = ValueType.list(.record(Table.rowType(of: requestColumns, named: "requests")))
    environment.declare("requests", requests)
    environment.declare("missing", requests)
    environment.declare("logins", .list(.record(Table.rowType(of: loginColumns, named: "logins"))))
    for name in ["heavy", "odd", "shared", "wrong"] { environment.declare(name, .bool) }
    environment.declare("limit", .int)
    environment.declare("count", .int)
    environment.declare("source", .string)
    environment.declare("known", .list(.string))
    return environment
  }()

  let count: Int
  var all: [Int] { Array(0..<count) }
  /// Tables by name, and what names are about each thing.
  private let rows: [String: GroupedRows]
  private let values: [String: [Evaluation]]
  private let memory = ColumnMemory()

  private static let unknown = Evaluation.failure(EvaluationFailure(.unknown, "nobody knows"))
  static let shared: [String: Evaluation] = [
    "shared": .value(.bool(true)), "limit": .value(.int(2)), "wrong": unknown,
    "known": .value(.list((0..<12).map { .string("s\($0 * 2)") } + [.string("/a"), .string("GET")])),
  ]

  /// - Parameter isWhole: Whether all is known.
  init(_ dice: inout ConditionDice, count: Int, isWhole: Bool = false) {
    self.count = count
    let requests = Self.rows(&dice, count, Self.requestColumns, isWhole) { dice in
      [
        .string(dice.pick(["GET", "HEAD", "POST"])), .string(dice.pick(["/a", "/b", "curl", "/é"])),
        .int(dice.pick([200, 404, 2])), isWhole ? .int(9) : dice.pick([.int(3), .int(700), .null]),
        .string(dice.pick(["curl/8", "Mozilla", "curl", "("])),
      ]
    }
    let logins = Self.rows(&dice, count, Self.loginColumns, isWhole) { dice in
      [.int(Int64(dice.roll(4))), .bool(dice.roll(2) == 0)]
    }
    let chosen = (0..<requests.table.count).map { requests.table[2, $0].displayText == "404" }
    rows = ["requests": requests, "logins": logins, "missing": requests.choosing(chosen.map { ColumnAnswer($0) })]
    func column(_ known: (inout ConditionDice) -> Value) -> [Evaluation] {
      (0..<count).map { _ in isWhole || dice.roll(5) > 0 ? .value(known(&dice)) : Self.unknown }
    }
    values = [
      "heavy": column { .bool($0.roll(2) == 0) }, "odd": column { .bool($0.roll(3) == 0) },
      "count": column {
        let number = Value.int(Int64($0.roll(4)))
        return $0.roll(4) == 0 ? .partial(PartialValue(number, because: "cut")) : number
      },
      "source": column { .string("s\($0.roll(20))") },
    ]
  }

  private static func rows(
    _ dice: inout ConditionDice, _ count: Int, _ columns: [Column], _ isWhole: Bool,
    _ row: (inout ConditionDice) -> [Value]
  ) -> GroupedRows {
    var builder = TableBuilder(columns: columns)
    var ends: [Int] = []
    for _ in 0..<count {
      for _ in 0..<dice.roll(4) { _ = builder.append(row(&dice)) }
      ends.append(builder.count)
    }
    return GroupedRows(builder.build(), ends: ends, isKnown: (0..<count).map { _ in isWhole || dice.roll(8) > 0 })
  }

  // MARK: Evaluating

  /// In one go.
  func many(
    _ expression: CheckedExpression, _ things: [Int], _ budget: Int
  ) -> (answers: [ColumnAnswer], asked: Set<String>) {
    let names = Names(self, expression)
    let evaluation = ColumnEvaluation(expression, names: names, memory: memory, budget: budget)
    return (evaluation.answers(about: things), names.asked)
  }

  /// One after the other.
  func each(
    _ expression: CheckedExpression, _ things: [Int], _ budget: Int
  ) -> (outcomes: [String], asked: Set<String>) {
    let names = Names(self, expression)
    let evaluation = RepeatedEvaluation(expression, names: names, budget: budget)
    let outcomes = things.map { thing in
      names.move(to: thing)
      return switch evaluation.evaluate() {
      case .value(let value): value.displayText
      case .failure(let failure): "\(failure.kind): \(failure)"
      }
    }
    return (outcomes, names.asked)
  }

  private func value(of name: String, about thing: Int) -> Evaluation {
    if let shared = Self.shared[name] { return shared }
    if let values = values[name] { return values[thing] }
    guard let rows = rows[name] else { return Self.unknown }
    let stretch = Array(rows.range(of: thing))
    guard rows.isKnown[thing] else {
      return .value(.partial(PartialValue(.table(rows.table.selecting(stretch)), because: "cut")))
    }
    let left = stretch.filter { rows.isLeft($0) == .yes }
    // What a macro leaves of a table is a list.
    return .value(name == "missing" ? .list(left.map { .row(rows.table.row($0)) }) : .table(rows.table.selecting(left)))
  }

  private final class Names: ColumnBindings {
    private let things: ColumnThings
    private let names: [String]
    private var thing = 0
    /// What was asked for that is not shared and no table: the name and about whom.
    private(set) var asked: Set<String> = []

    init(_ things: ColumnThings, _ expression: CheckedExpression) {
      self.things = things
      names = expression.references.map(\.name)
    }

    func move(to thing: Int) { self.thing = thing }
    func isShared(_ reference: Int) -> Bool { ColumnThings.shared[names[reference]] != nil }

    func value(at reference: Int) -> Evaluation {
      let name = names[reference]
      if things.values[name] != nil { asked.insert("\(name) of \(thing)") }
      return things.value(of: name, about: thing)
    }

    func answers(at reference: Int, about places: [Int]) -> [ColumnAnswer]? {
      // One name is asked about in one go, the other has to be asked about one after the other.
      guard names[reference] == "heavy" else { return nil }
      return places.map { place in
        thing = place
        guard case .value(.bool(let holds)) = value(at: reference) else { return .open }
        return ColumnAnswer(holds)
      }
    }

    func rows(at reference: Int, of things: [Int]) -> GroupedRows? { self.things.rows[names[reference]] }
  }
}

/// Conditions that look random and are the same every time.
struct ConditionDice {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 77 &+ 1 }

  mutating func roll(_ sides: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(sides))
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[roll(elements.count)] }

  mutating func condition(depth: Int) -> String {
    guard depth > 0 else { return part() }
    return switch roll(7) {
    case 0, 1: "(\(condition(depth: depth - 1)) && \(condition(depth: depth - 1)))"
    case 2, 3: "(\(condition(depth: depth - 1)) || \(condition(depth: depth - 1)) || \(part()))"
    case 4: "!(\(condition(depth: depth - 1)))"
    case 5: "(\(part()) ? \(condition(depth: depth - 1)) : \(condition(depth: depth - 1)))"
    default: part()
    }
  }

  private mutating func part() -> String {
    switch roll(10) {
    case 0: pick(["heavy", "odd", "shared", "wrong", "true", "false"])
    case 1...3: "\(rows()).\(pick(["exists", "all", "exists_one"]))(r, \(test(depth: 2)))"
    case 4, 5: "\(number()) \(pick(["<", "<=", ">", ">=", "==", "!="])) \(number())"
    case 6:
      pick(["logins.exists(l, l.refused > 2 && l.ok)", "logins.all(l, l.ok)", "logins.exists(l, l.refused == count)"])
    case 7: pick(["source in known", "source.startsWith('s1')", "source == 's3'", "requests[0].status == 404"])
    case 8: "cel.bind(t, requests.size(), t > \(roll(3)) || requests.exists(r, r.status == t))"
    default: "missing.\(pick(["exists", "all"]))(r, \(test(depth: 1)))"
    }
  }

  private mutating func rows() -> String {
    pick(["requests", "requests", "missing", "requests.filter(q, \(test(depth: 1, of: "q")))"])
  }

  private mutating func number() -> String {
    pick([
      "\(roll(4))", "limit", "count", "\(rows()).size()", "size(requests)", "\(rows()).status.sum()",
      "requests.bytes.sum()", "(requests.size() + count)", "requests.size() / (logins.size() - 1)",
      "missing.size() * 9223372036854775807", "(\(rows()).size() * 2 - limit)",
    ])
  }

  private mutating func test(depth: Int, of row: String = "r") -> String {
    guard depth > 0, roll(2) == 0 else { return plainTest(of: row) }
    return switch roll(3) {
    case 0: "(\(test(depth: depth - 1, of: row)) && \(test(depth: depth - 1, of: row)))"
    case 1: "(\(test(depth: depth - 1, of: row)) || \(test(depth: depth - 1, of: row)))"
    default: "!(\(test(depth: depth - 1, of: row)))"
    }
  }

  private mutating func plainTest(of row: String) -> String {
    pick([
      "r.status == 404", "r.method in ['GET', 'HEAD']", "r.agent.startsWith('curl')", "r.path.matches('a|é')",
      "r.path == r.agent", "r.bytes > 100", "r.status / (r.bytes - 3) > 1", "heavy", "shared", "wrong", "true",
      "r.status > limit", "r.path in known", "known.exists(k, k == r.method)", "r.path.matches(r.agent)",
      "logins.exists(l, l.refused == r.status)", "has(r.bytes)", "r.bytes == null", "(r.path + 'x').size() > 3",
      "known.filter(k, k.startsWith('s')).size() > r.status",
    ]).replacing("r.", with: "\(row).")
  }
}
