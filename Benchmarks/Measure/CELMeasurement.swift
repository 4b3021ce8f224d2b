import CEL
import Values

/// Expressions as runbooks have them: (a) to (f) evaluated and checked, with the budget on, and rows by the million.
enum CELMeasurement: Measurement {
  static let name = "cel"
  static let usage = "[ROWS TIMES]     (with these, only evaluates (b) and (c): for counting what that allocates)"

  private static let sources = [
    ("a", #"request.path.startsWith("/admin") && request.status >= 500"#), ("b", "rows.exists(r, r.bytes > 1000000)"),
    ("c", "rows.filter(r, r.status == 403).size() > 10"), ("d", #"a + b * 2 > 10 || c in ["x","y","z"]"#),
    ("e", #"path.matches("^/wp-(admin|login)")"#), ("f", #"{"name": name, "tags": [name, "x", c], "n": a + b}"#),
  ]

  /// Every row is a hit.
  private static let transforms = [
    ("filter", "rows.filter(r, r.status > 0).size()"), ("map", "rows.map(r, r.status).size()"),
  ]

  static func run(_ arguments: [String]) throws {
    let counts = arguments.compactMap(Int.init)
    if counts.count == 2 { return try evaluate(rows: counts[0], times: counts[1]) }
    for (name, source) in sources { try evaluate(name, source, rows: 1_000) }
    for (name, source) in sources {
      Timing { keep(environment.check(source).expression != nil) }.report("(\(name)) read and checked")
    }
    for (name, source) in sources where ["b", "c"].contains(name) { try evaluate(name, source, rows: 1_000_000) }
    for rows in [4_000, 40_000] {
      for (name, source) in transforms { try evaluate(name, source, rows: rows) }
    }
  }

  private static func evaluate(rows: Int, times: Int) throws {
    let slots = [Evaluation.value(.table(try table(rows)))]
    for source in [sources[1].1, sources[2].1] {
      let expression = try expression(source)
      for _ in 0..<times { keep(expression.evaluate(slots: slots)) }
    }
  }

  private static func evaluate(_ name: String, _ source: String, rows: Int) throws {
    let expression = try expression(source)
    let values = try values(rows: rows)
    let slots = expression.references.map { values[$0.name] ?? .value(.null) }
    if case .failure(let failure) = expression.evaluate(slots: slots) {
      throw MeasurementError("\(source): \(failure)")
    }
    let over = expression.references.contains { $0.name == "rows" } ? ", \(rows) rows" : ""
    Timing(batches: rows > 100_000 ? 7 : 15) { keep(expression.evaluate(slots: slots)) }
      .report("(\(name))\(over)")
  }

  private static func expression(_ source: String) throws -> CheckedExpression {
    let result = environment.check(source)
    guard let expression = result.expression else {
      throw MeasurementError("\(source): \(result.problems.map(\.message).joined(separator: "; "))")
    }
    return expression
  }

  // MARK: Names and values

  private static let columns = [
    Column("source", .ip), Column("path", .path), Column("status", .int), Column("bytes", .int),
    Column("agent", .string),
  ]
  private static let request = RecordType("request", [.init("path", .string), .init("status", .int)])

  private static let environment: CELEnvironment = {
    var environment = CELEnvironment()
    environment.declare("request", .record(request))
    environment.declare("rows", .list(.record(Table.rowType(of: columns, named: "rows"))))
    for name in ["a", "b"] { environment.declare(name, .int) }
    for name in ["c", "path", "name"] { environment.declare(name, .string) }
    return environment
  }()

  private static func values(rows: Int) throws -> [String: Evaluation] {
    let asked = Record(request, [.string("/admin/users/list"), .int(503)])
    let values: [String: Value] = [
      "request": .record(asked), "rows": .table(try table(rows)), "a": .int(1), "b": .int(2), "c": .string("zz"),
      "path": .string("/wp-content/uploads/x.php"), "name": .string("somebody"),
    ]
    return values.mapValues { .value($0) }
  }

  /// One status in fifty is 403; no row is large.
  private static func table(_ count: Int) throws -> Table {
    var builder = TableBuilder(columns: columns)
    for index in 0..<count {
      let row: [Value] = [
        .string("192.0.2.\(index % 256)"), .string("/some/path/\(index)"), .int(index % 50 == 7 ? 403 : 200),
        .int(Int64(index % 900_000)), .string("Mozilla/5.0 (X11; Linux x86_64)"),
      ]
      if let wrong = builder.append(row) { throw MeasurementError("a wrong '\(wrong.name)'") }
    }
    return builder.build(name: "rows")
  }
}
