import CEL
import Testing
import Values

/// The Swift of the module's page, in functions that print into an array.
struct UsageExamples {
  @Test func `A condition is checked once and evaluated`() {
    var printed: [String] = []
    func print(_ items: Any...) { printed.append(items.map { "\($0)" }.joined(separator: " ")) }
    func show() {
      var environment = CELEnvironment()
      environment.declare("status", .int)
      environment.declare("path", .string)

      let result = environment.check(#"status >= 500 && path.startsWith("/app/")"#)
      guard let expression = result.expression else {
        for problem in result.problems { print(problem.message, problem.range) }
        return
      }
      print(expression.type)  // bool

      let slots: [Evaluation] = expression.references.map { name in
        name.name == "status" ? .value(.int(503)) : .value(.string("/app/login"))
      }
      switch expression.evaluate(slots: slots) {
      case .value(let value): print(value.displayText)  // true
      case .failure(let failure): print(failure.kind, failure.reason, failure.range)
      }
    }
    show()
    #expect(printed == ["bool", "true"])
  }

  @Test func `Rows are read where they lie, and a result can be explained`() throws {
    var printed: [String] = []
    func print(_ items: Any...) { printed.append(items.map { "\($0)" }.joined(separator: " ")) }
    let (columns, table) = try #require(Self.tableOfThePage())
    var environment = CELEnvironment()
    environment.declare("requests", .list(.record(Table.rowType(of: columns, named: "request"))))
    print(environment.check("requests.exists(r, r.staus == 403)").problems[0].message)
    // 'request' has no field 'staus'; it has 'client', 'path', 'status', 'bytes' and 'agent'

    let expression = environment.check("requests.filter(r, r.status == 403).size()").expression
    print(expression?.evaluate(slots: [.value(.table(table))]) as Any)  // 1

    let nested = environment.check("requests.exists(r, requests.exists(o, o.path == r.path))").expression
    if let worst = nested?.worstCaseCost(rowLimits: ["requests": 10_000]) {
      print(worst.cost > 1_000_000_000, worst.range)  // true 19..<55
    }

    let asked = environment.check("requests.size() > 9 || requests.exists(r, r.status == 403)").expression
    if let why = asked?.explain(slots: [.value(.table(table))]), let part = why.reasons.first {
      print(part.text)  // requests.exists(r, r.status == 403)
      print(part.elements?.matched.first?.index as Any, part.elements?.rejectedCount as Any)  // 2, 2
    }
    #expect(printed.count == 5)
    #expect(printed[0] == "'request' has no field 'staus'; it has 'client', 'path', 'status', 'bytes' and 'agent'")
    #expect(printed[1].contains("int(1)"))
    #expect(printed[2] == "true 19..<55")
    #expect(printed[3] == "requests.exists(r, r.status == 403)")
    #expect(printed[4] == "Optional(2) Optional(2)")
  }

  static func tableOfThePage() -> (columns: [Column], table: Table)? {
    let columns = [
      Column("client", .ip), Column("path", .path), Column("status", .int), Column("bytes", .int),
      Column("agent", .string),
    ]
    var builder = TableBuilder(columns: columns)
    let rows: [[Value]] = [
      [.string("192.0.2.7"), .string("/"), .int(200), .int(5_120), .string("Mozilla/5.0 (X11) Firefox/128.0")],
      [.string("203.0.113.9"), .string("/up/cat.php"), .int(200), .int(90), .string("curl/8.4.0")],
      [.string("203.0.113.9"), .string("/up/%2e%2e/.env"), .int(403), .int(0), .string("curl/8.5.0")],
    ]
    for row in rows {
      if let column = builder.append(row) { print("this is no \(column.type):", column.name) }
    }
    let table = builder.build()
    return table.count == rows.count ? (columns, table) : nil
  }

  /// The names that the page's expressions know, and their values.
  static func namesOfThePage() throws -> (CELEnvironment, [String: Value]) {
    let (columns, table) = try #require(tableOfThePage())
    var environment = CELEnvironment()
    environment.declare("requests", .list(.record(Table.rowType(of: columns, named: "request"))))
    environment.declare("known", .list(.network))
    environment.declare("url", .string)
    let block = try #require(NetworkBlock("192.0.2.0/24"))
    let url = Value.string("https://Shop.example/find?q=a+b&q=c")
    return (environment, ["requests": .table(table), "known": .list([.network(block)]), "url": url])
  }
}
