import CEL
import Testing
import Values

struct ConformanceTests {
  /// Tests of the core that do not pass, and why. One that begins to pass must leave the table.
  static let knownFailures: [String: String] = [:]

  @Test(.enabled(if: ConformanceSuite.isPresent, "the conformance suite is not there"))
  func `The core of the public suite passes but for the known failures`() throws {
    let tests = try ConformanceSuite.coreTests()
    #expect(tests.count == 1_114)
    for test in tests {
      let problem = try Self.problem(of: test)
      if Self.knownFailures[test.id] != nil {
        #expect(problem != nil, "\(test.id) passes now")
      } else {
        #expect(problem == nil, "\(test.id): \(test.expression)")
      }
    }
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
      let expected = try ConformanceFormat.type(type)
      guard expression.type == expected else { return "is of type \(expression.type), not \(expected)" }
    }
    if test.flag("check_only") { return nil }
    var bindings = TableBindings()
    for member in test.json["bindings"]?.members ?? [] {
      bindings.values[member.name] = try ConformanceFormat.value(member.value["value"] ?? .null)
    }
    switch (expression.evaluate(bindings), test.json["expect"]?["value"]) {
    case (.failure(let failure), _): return expectsError ? nil : "failed: \(failure.reason)"
    case (.value(let value), let expected):
      if expectsError { return "gave \(value.json.compactText), not an error" }
      // The suite leaves out a value of true.
      let wanted = try expected.map(ConformanceFormat.value) ?? .bool(true)
      return ConformanceFormat.same(value, wanted) ? nil : "gave \(value.json.compactText)"
    }
  }

  private static func environment(of test: ConformanceTest) throws -> CELEnvironment {
    var environment = CELEnvironment()
    environment.container = test.json["container"]?.text ?? ""
    for declaration in test.json["type_env"]?.elements ?? [] {
      let name = declaration["name"]?.text ?? ""
      if let type = declaration["type"] { environment.declare(name, try ConformanceFormat.type(type)) }
      for overload in declaration["overloads"]?.elements ?? [] {
        environment.declareSignature(
          name, parameters: try (overload["params"]?.elements ?? []).map(ConformanceFormat.type),
          result: try ConformanceFormat.type(overload["result"] ?? .null),
          isMember: overload["member"].map { if case .bool(true) = $0 { true } else { false } } ?? false)
      }
    }
    return environment
  }
}
