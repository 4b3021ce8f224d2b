import Values

/// Where a repeated evaluation finds the values of its names.
package protocol IndexedBindings {
  /// The value of a name, by its place among the expression's `references`. Asked whenever the value is needed.
  func value(at reference: Int) -> Evaluation
}

/// Evaluates one expression many times, about one thing after the other. Each evaluation is as any other; only the
/// memory that it needs is used again.
package final class RepeatedEvaluation {
  private let expression: CheckedExpression
  private var run: Run
  private var isUnderWay = false

  package init(_ expression: CheckedExpression) {
    self.expression = expression
    run = Run(names: [], slots: [], layout: expression.layout, budget: CELLimits.budget)
  }

  package func evaluate(_ names: some IndexedBindings) -> Evaluation {
    // An expression that comes to itself again, by way of its names, needs memory of its own.
    guard !isUnderWay else { return RepeatedEvaluation(expression).evaluate(names) }
    isUnderWay = true
    defer { isUnderWay = false }
    run.begin(names)
    defer { run.end() }
    do throws(EvaluationFailure) {
      return .value(try expression.root.evaluate(&run))
    } catch {
      return .failure(error)
    }
  }
}
