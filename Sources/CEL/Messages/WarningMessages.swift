// What the checker says of expressions that work, but hardly as meant.

extension CELProblem {
  static func constantCondition(_ answer: Bool, at place: Place) -> CELProblem {
    CELProblem(answer ? .constantCondition : .neverHolds, "this condition is always \(answer)", at: place)
  }

  static func constantComparison(_ answer: Bool, why: String?, at place: Place) -> CELProblem {
    CELProblem(
      answer ? .constantCondition : .neverHolds,
      "this comparison \(answer ? "always" : "never") holds" + (why.map { ": \($0)" } ?? ""), at: place)
  }

  static func contradiction(_ subject: String, at place: Place) -> CELProblem {
    CELProblem(.neverHolds, "what stands before it leaves no '\(subject.prefix(40))' for which this holds", at: place)
  }

  static func tautology(_ subject: String, at place: Place) -> CELProblem {
    CELProblem(
      .constantCondition, "every '\(subject.prefix(40))' for which this does not hold makes what stands before it true",
      at: place)
  }

  static func unusedVariable(_ name: String, at place: Place) -> CELProblem {
    CELProblem(.unusedVariable, "'\(name)' is bound here and not used", at: place)
  }
}
