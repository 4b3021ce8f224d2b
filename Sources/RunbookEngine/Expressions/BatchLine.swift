internal import Diagnostics
internal import Values

/// One line of a file of expressions: a JSON string, which is the expression, or an object.
///
/// - `expr`: the expression.
/// - `data`, `types`: names for this line alone, beside those that all lines have.
/// - `now`: the instant that this line takes for the present.
/// - `check_only`: answer with the deduced type; `disable_check`: leave mistakes of type to evaluation.
/// - `type_env`, `bindings`, `container`: names in the notation of CEL's public suite. A test of the suite is a line.
package struct BatchLine: Sendable {
  /// Most bytes of a line.
  package static let byteLimit = 16 << 20

  package let expression: String
  /// Members that say nothing here.
  package let ignored: [String]
  private let json: JSON

  /// - Throws: why the line is none.
  package init(_ bytes: [UInt8]) throws(TrialProblem) {
    guard bytes.count <= Self.byteLimit else {
      throw TrialProblem(.line, "the line is longer than \(Self.byteLimit) bytes")
    }
    do throws(JSONError) { json = try JSON(parsing: bytes) } catch {
      throw TrialProblem(.line, "the line is not JSON: \(error.problem)", offset: error.offset)
    }
    switch json {
    case .string(let text):
      expression = text
      ignored = []
    case .object(let members):
      guard let text = json["expr"]?.text else {
        throw TrialProblem(.line, "the line has no text 'expr', which is the expression")
      }
      expression = text
      ignored = members.map(\.name).filter { !Self.members.contains($0) && !Self.labels.contains($0) }
    default: throw TrialProblem(.line, "the line is an expression as a JSON string, or an object with 'expr'")
    }
  }

  private static let members: Set<String> = [
    "expr", "data", "types", "now", "check_only", "disable_check", "type_env", "bindings", "container",
  ]
  /// What tests of the suite have beside, and what people number their lines with.
  private static let labels: Set<String> = [
    "id", "file", "section", "name", "description", "expect", "flags", "needs_protobuf", "extensions", "skipped_by",
    "locale", "disable_macros",
  ]

  /// What becomes of the expression among the names of `trial` and its own.
  package func answer(in trial: ExpressionTrial) throws(TrialProblem) -> ExpressionTrial.Answer {
    var trial = trial
    if let types = json["types"] { try trial.declare(types: types) }
    if let data = json["data"] { try trial.bind(data: data) }
    if let now = json["now"] {
      guard let instant = now.text.flatMap({ Timestamp(rfc3339: $0) }) else {
        throw TrialProblem(.line, "'now' is an instant such as \"2026-03-02T10:00:00Z\"")
      }
      trial.set(now: instant)
    }
    let declarations = json["type_env"]?.elements ?? []
    let bindings = json["bindings"]?.members ?? []
    let container = json["container"]?.text ?? ""
    if !declarations.isEmpty || !bindings.isEmpty || !container.isEmpty {
      try trial.add(declarations: declarations, bindings: bindings, container: container)
    }
    return trial.answer(expression, unchecked: says("disable_check"), checkOnly: says("check_only"))
  }

  private func says(_ name: String) -> Bool {
    if case .bool(true)? = json[name] { true } else { false }
  }
}
