import CEL
import Diagnostics
import RunbookEngine
import Values

/// What became of an expression, for machines.
extension ExpressionTrial.Answer {
  /// The value in the notation of CEL's suite, `{"deduced":TYPE}`, or `{"error":{…}}`.
  var json: JSON {
    switch self {
    case .value(let value, _): SuiteNotation.json(of: value)
    case .deduced(let expression): .object(["deduced": SuiteNotation.json(of: expression.type)])
    case .rejected(let problems): Self.error(problems)
    case .failed(let failure, let expression):
      Self.error([ExpressionTrial.diagnostic(failure, in: expression.source)])
    }
  }

  /// The expression, unless it was rejected.
  var expression: CheckedExpression? {
    switch self {
    case .value(_, let expression), .deduced(let expression), .failed(_, let expression): expression
    case .rejected: nil
    }
  }

  var ending: Int32 {
    switch self {
    case .value, .deduced: Ending.done
    case .rejected: Ending.found
    case .failed: Ending.incomplete
    }
  }

  /// The first problem, and the others beside it.
  static func error(_ problems: [Diagnostic]) -> JSON {
    guard let first = problems.first, case .object(var members) = members(of: first) else { return .object([]) }
    if problems.count > 1 {
      members.append(.init("further", .array(problems.dropFirst().map { Self.members(of: $0) })))
    }
    return .object([.init("error", .object(members))])
  }

  private static func members(of problem: Diagnostic) -> JSON {
    .object([
      "code": .string(problem.code.id), "name": .string(problem.code.slug),
      "message": .string(([problem.message] + problem.fixIts.map(\.message)).joined(separator: "; ")),
      "line": .integer(Int64(problem.location?.start.line ?? 1)),
      "column": .integer(Int64(problem.location?.start.column ?? 1)),
      "endLine": .integer(Int64(problem.location?.end.line ?? 1)),
      "endColumn": .integer(Int64(problem.location?.end.column ?? 1)),
      "replacement": problem.fixIts.first.map { .string($0.replacement) },
      "notes": problem.notes.isEmpty ? nil : .array(problem.notes.map { .string($0.message) }),
    ])
  }
}
