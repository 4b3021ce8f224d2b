import CEL
import Testing
import Values

struct ConformanceTests {
  /// Tests that are not run, and why.
  static let skipped: [String: String] = [:]

  @Test(.enabled(if: ConformanceSuite.isPresent, "the conformance suite is not there"))
  func `The public suite passes but for what is skipped with a reason`() throws {
    var table = "file                 passed failed skipped\n"
    var total = (passed: 0, failed: 0, skipped: 0)
    func row(_ name: String, _ counts: (passed: Int, failed: Int, skipped: Int)) -> String {
      let columns = [counts.passed, counts.failed, counts.skipped].map { "\($0)" }
      return name.padding(20) + columns.map { String(repeating: " ", count: 7 - $0.utf8.count) + $0 }.joined() + "\n"
    }
    for (file, tests) in try ConformanceSuite.tests() where !tests.isEmpty {
      var counts = (passed: 0, failed: 0, skipped: 0)
      for test in tests {
        if Self.skipped[test.id] != nil {
          counts.skipped += 1
        } else if let problem = try Self.problem(of: test) {
          Issue.record("\(test.id): \(test.expression): \(problem)")
          counts.failed += 1
        } else {
          counts.passed += 1
        }
      }
      table += row(file, counts)
      total = (total.passed + counts.passed, total.failed + counts.failed, total.skipped + counts.skipped)
    }
    print(table + row("total", total))
    #expect(total.passed + total.failed + total.skipped == 1_718)
    #expect(total.skipped <= 12)
  }

  /// What is wrong with a test's outcome; `nil` if it passes.
  static func problem(of test: ConformanceTest) throws -> String? {
    let environment = try environment(of: test)
    let expectsError = test.json["expect"]?["kind"]?.text == "error"
    let result = test.flag("disable_check") ? environment.parse(test.expression) : environment.check(test.expression)
    guard let expression = result.expression else {
      return expectsError ? nil : result.problems.map(\.message).joined(separator: "; ")
    }
    if let type = test.json["expect"]?["type"] {
      let expected = try SuiteNotation.type(type)
      guard expression.type == expected else { return "is of type \(expression.type), not \(expected)" }
    }
    if test.flag("check_only") { return nil }
    var bindings = TableBindings()
    for member in test.json["bindings"]?.members ?? [] {
      bindings.values[member.name] = try SuiteNotation.value(member.value["value"] ?? .null)
    }
    switch (expression.evaluate(bindings), test.json["expect"]?["value"]) {
    case (.failure(let failure), _): return expectsError ? nil : "failed: \(failure.reason)"
    case (.value(let value), let expected):
      if expectsError { return "gave \(value.json.compactText), not an error" }
      // The suite leaves out a value of true.
      let wanted = try expected.map(SuiteNotation.value) ?? .bool(true)
      return ConformanceFormat.same(value, wanted) ? nil : "gave \(value.json.compactText)"
    }
  }

  private static func environment(of test: ConformanceTest) throws -> CELEnvironment {
    var environment = CELEnvironment()
    environment.container = test.json["container"]?.text ?? ""
    try environment.declare(suite: test.json["type_env"]?.elements ?? [])
    return environment
  }
}

extension String {
  fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - utf8.count)) }
}
