import CEL
import Values

/// The suite's measure of values.
enum ConformanceFormat {
  /// Whether values are the same by the suite's measure: of one kind, NaN equal to NaN, maps without order.
  static func same(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.int(let left), .int(let right)): left == right
    case (.uint(let left), .uint(let right)): left == right
    case (.double(let left), .double(let right)): left == right || (left.isNaN && right.isNaN)
    case (.string(let left), .string(let right)): ExactString(left) == ExactString(right)
    case (.bytes(let left), .bytes(let right)): left == right
    case (.timestamp(let left), .timestamp(let right)): left == right
    case (.duration(let left), .duration(let right)): left == right
    case (.type(let left), .type(let right)): left.type == right.type
    case (.list(let left), .list(let right)): left.count == right.count && zip(left, right).allSatisfy(same)
    case (.map(let left), .map(let right)):
      left.count == right.count
        && left.entries.allSatisfy { entry in
          right.entries.contains { same($0.key, entry.key) && same($0.value, entry.value) }
        }
    default: false
    }
  }
}

/// Bindings from a table.
struct TableBindings: Bindings {
  var values: [String: Value] = [:]

  func value(of name: String) -> Evaluation {
    values[name].map { .value($0) } ?? .failure(EvaluationFailure(.unknown, "'\(name)' is not bound"))
  }
}
