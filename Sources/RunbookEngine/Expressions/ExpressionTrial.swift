package import CEL
package import Diagnostics
import Rules
internal import RunbookLanguage
package import Values

/// Expressions tried out by hand, outside any runbook: names with types and values, and what becomes of an expression.
package struct ExpressionTrial: Sendable {
  package enum Answer: Sendable {
    case value(Value, CheckedExpression)
    /// It was checked, and not to be evaluated.
    case deduced(CheckedExpression)
    /// It has mistakes: one diagnostic for each, at least one, in the order of places.
    case rejected([Diagnostic])
    case failed(EvaluationFailure, CheckedExpression)
  }

  private var environment = CELEnvironment()
  /// Of all names.
  private var declared: [String: ValueType] = [:]
  /// What `declare(types:)` said, which data has to fit.
  private var types: [String: ValueType] = [:]
  /// Data as it was given, so that a type that is declared later can be given to it.
  private var given: [String: JSON] = [:]
  private var values: [String: Value] = [:]

  /// With the name `now` alone.
  package init(now: Timestamp) {
    set(now: now)
  }

  package mutating func set(now: Timestamp) { bind("now", .timestamp(now), as: .timestamp) }

  /// What a name is declared as.
  package func type(of name: String) -> ValueType { declared[name] ?? .dyn }

  private mutating func declare(_ name: String, _ type: ValueType) {
    declared[name] = type
    environment.declare(name, type)
  }

  private mutating func bind(_ name: String, _ value: Value, as type: ValueType) {
    declare(name, type)
    values[name] = value
  }

  /// Declares names: an object with a type for each, in `TypeNotation`.
  package mutating func declare(types json: JSON) throws(TrialProblem) {
    guard let members = json.members else {
      throw TrialProblem(.types, "the types are an object with a type for each name: {\"status\": \"int\"}")
    }
    for member in members {
      let type = try TypeNotation.type(member.value, named: member.name)
      types[member.name] = type
      declare(member.name, type)
      values[member.name] = nil
      if let json = given[member.name] {
        values[member.name] = try DataBinding.value(json, as: type, path: member.name)
      }
    }
  }

  /// Gives names their values: an object with a value for each. What has no declared type has that of its JSON.
  package mutating func bind(data json: JSON) throws(TrialProblem) {
    guard let members = json.members else {
      throw TrialProblem(.data, "the data is an object with a value for each name: {\"status\": 200}")
    }
    for member in members {
      given[member.name] = member.value
      let type = types[member.name] ?? TypeNotation.inferred(from: member.value)
      bind(member.name, try DataBinding.value(member.value, as: type, path: member.name), as: type)
    }
  }

  /// Declares names and gives values in the notation of CEL's public suite: its `type_env`, `bindings` and `container`.
  package mutating func add(
    declarations: [JSON], bindings: [JSON.Member], container: String
  ) throws(TrialProblem) {
    do throws(SuiteNotation.Unreadable) {
      try environment.declare(suite: declarations)
      for binding in bindings {
        values[binding.name] = try SuiteNotation.value(binding.value["value"] ?? binding.value)
      }
    } catch {
      throw TrialProblem(.line, error.description)
    }
    let declared = Set(declarations.compactMap { $0["name"]?.text })
    // The suite declares nothing for tests that are not checked.
    for binding in bindings where !declared.contains(binding.name) { environment.declare(binding.name, .dyn) }
    environment.container = container
  }

  // MARK: Trying

  /// What becomes of an expression.
  ///
  /// - Parameter unchecked: Whether mistakes that the grammar does not show are left to evaluation.
  package func answer(_ source: String, unchecked: Bool = false, checkOnly: Bool = false) -> Answer {
    let result = unchecked ? environment.parse(source) : environment.check(source)
    guard let expression = result.expression else {
      return .rejected(result.problems.map { diagnostic($0, in: source) })
    }
    if checkOnly { return .deduced(expression) }
    switch expression.evaluate(self) {
    case .value(let value): return .value(value, expression)
    case .failure(let failure): return .failed(failure, expression)
    }
  }

  /// What is hardly meant in an expression without mistakes.
  package func warnings(on source: String) -> [Diagnostic] {
    environment.check(source).warnings.map { diagnostic($0, in: source) }
  }

  /// The name that an expression is known by in messages.
  package static let sourceName = "expression"

  private func diagnostic(_ problem: CELProblem, in source: String) -> Diagnostic {
    let text = SourceText(name: Self.sourceName, text: source)
    let location = SourceLocation(text, SourceRange(problem.range.lowerBound, problem.range.upperBound))
    if problem.severity == .warning { return .hardlyMeant(problem, at: location) }
    let plain = Diagnostic.expression(problem.message, suggestion: problem.suggestion, at: location)
    return Diagnostic(
      .init(plain.code.id, problem.kind.rawValue), .error, plain.message, at: location, fixIts: plain.fixIts)
  }

  package static func diagnostic(_ failure: EvaluationFailure, in source: String) -> Diagnostic {
    let rule: Rule =
      switch (failure.kind, failure.isLimit) {
      case (_, true): .limitReached
      case (.error, _): .evaluationFailed
      case (.unknown, _): .evaluationUnknown
      }
    let text = SourceText(name: Self.sourceName, text: source)
    let location = SourceLocation(text, SourceRange(failure.range.lowerBound, failure.range.upperBound))
    return Diagnostic(
      rule, failure.reason, at: location, notes: failure.furtherReasons.map { .init("and: \($0)") })
  }
}

extension ExpressionTrial: Bindings {
  package func value(of name: String) -> Evaluation {
    values[name].map { .value($0) }
      ?? .failure(EvaluationFailure(.unknown, "'\(name)' has no value; give it with --data"))
  }
}
