import Values

/// Where a repeated evaluation finds the values of its names.
package protocol IndexedBindings: AnyObject {
  /// The value of a name, by its place among the expression's `references`. Asked whenever the value is needed.
  func value(at reference: Int) -> Evaluation
}

extension CheckedExpression {
  /// Evaluates the expression once, as a repeated evaluation does it.
  package func evaluate(indexed names: any IndexedBindings) -> Evaluation {
    withExtendedLifetime(names) { evaluate(Run(indexed: names, layout: layout, budget: CELLimits.budget)) }
  }

  /// Whether an evaluation can leave something behind that makes the next one cheaper, besides its memory.
  package var gainsByRepetition: Bool { layout.indices > 0 }
}

/// Evaluates one expression many times, about one thing after the other. Each evaluation is as any other; only the
/// memory that it needs is used again.
package final class RepeatedEvaluation {
  private let expression: CheckedExpression
  private let names: any IndexedBindings
  /// Apart from the object, whose properties would be guarded at every step of an evaluation.
  private let run: UnsafeMutablePointer<Run>
  private let budget: Int
  private var isUnderWay = false

  /// - Parameter budget: Most steps of one evaluation.
  package init(_ expression: CheckedExpression, names: any IndexedBindings, budget: Int = CELLimits.budget) {
    self.expression = expression
    self.names = names
    run = .allocate(capacity: 1)
    run.initialize(to: Run(indexed: names, layout: expression.layout, budget: budget))
    self.budget = budget
  }

  deinit {
    run.deinitialize(count: 1)
    run.deallocate()
  }

  package func evaluate() -> Evaluation {
    // An expression that comes to itself again, by way of its names, needs memory of its own.
    guard !isUnderWay else { return RepeatedEvaluation(expression, names: names, budget: budget).evaluate() }
    isUnderWay = true
    defer { isUnderWay = false }
    run.pointee.begin()
    do throws(EvaluationFailure) {
      return .value(try expression.root.evaluate(&run.pointee))
    } catch {
      return .failure(error)
    }
  }
}
