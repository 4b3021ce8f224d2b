/// Evaluates a condition about many things in one go: a part of it about all of them, then the next part about those that
/// need it.
///
/// What it says of a thing is what an evaluation about the thing alone comes to. It says nothing where that fails or might
/// exceed the budget, and it asks for the value of a name that is not shared only where such an evaluation does.
package final class ColumnEvaluation {
  private let expression: CheckedExpression
  private let names: any ColumnBindings
  private let memory: ColumnMemory
  private let condition: ColumnCondition
  private let rows: ColumnRows?
  // Apart from the object, whose properties would be guarded at every step of an evaluation.
  private let run: UnsafeMutablePointer<Run>
  private var isUnderWay = false

  /// - Parameters:
  ///   - memory: Shared by all that look at the same tables.
  ///   - budget: Most steps about one thing.
  package init(
    _ expression: CheckedExpression, names: any ColumnBindings, memory: ColumnMemory, budget: Int = CELLimits.budget
  ) {
    self.expression = expression
    self.names = names
    self.memory = memory
    condition = ColumnCondition(expression.root)
    rows = ColumnRows(expression.root)
    run = .allocate(capacity: 1)
    run.initialize(to: Run(indexed: names, layout: expression.layout, budget: budget))
  }

  deinit {
    run.deinitialize(count: 1)
    run.deallocate()
  }

  /// Whether the condition holds about each of some things.
  package func answers(about things: [Int]) -> [ColumnAnswer] {
    walk { $0.answers(condition, things) } ?? Array(repeating: .open, count: things.count)
  }

  /// The rows that the expression gives, at least those of some things; `nil` if it gives none.
  package func rows(of things: [Int]) -> GroupedRows? {
    guard let rows else { return nil }
    return walk { $0.rows(rows, of: things) } ?? nil
  }

  /// - Returns: `nil` where the expression has come to itself again by way of its names, or has taken too much.
  private func walk<Found>(_ find: (inout ColumnWalk) -> Found) -> Found? {
    guard !isUnderWay else { return nil }
    isUnderWay = true
    defer { isUnderWay = false }
    var walk = ColumnWalk(names, memory, run, expression.layout)
    let found = find(&walk)
    return walk.isExhausted ? nil : found
  }
}
