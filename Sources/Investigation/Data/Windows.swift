package import CEL
package import RunbookLanguage
package import RunbookPorts
package import Values

/// Which span of time a query asks about (language, 2.8).
extension Turn {
  /// The runbook's window, which queries have that name none.
  func runbookWindow() -> Result<TimeWindow, EvaluationFailure> {
    guard !isFindingRunbookWindow else {
      return .failure(EvaluationFailure(.error, "the runbook's window rests on itself"))
    }
    isFindingRunbookWindow = true
    defer { isFindingRunbookWindow = false }
    return window(by: plan.runbook.window)
  }

  /// - Returns: `nil` for a query that has no window.
  func window(of place: Int) -> Result<TimeWindow?, EvaluationFailure> {
    let query = plan.query(place)
    switch query.window {
    case .none: return .success(nil)
    case .standard: return runbookWindow().map(Optional.some)
    case .named(let name): return namedWindow(name, of: query).map(Optional.some)
    case .custom(let rule):
      switch window(by: rule) {
      case .success(let window): return .success(window)
      case .failure(let failure):
        decide(.windowReplaced(query: query.id, reason: failure.reason))
        return runbookWindow().map(Optional.some)
      }
    }
  }

  /// A threshold or a row with `from` and `to`; the runbook's window while it has none.
  private func namedWindow(_ name: String, of query: Query) -> Result<TimeWindow, EvaluationFailure> {
    var bounds: [Timestamp] = []
    switch runScope.value(of: name) {
    case .failure(let failure): decide(.windowReplaced(query: query.id, reason: failure.reason))
    case .value(.record(let record)): bounds = ["from", "to"].compactMap { Self.instant(record[$0]) }
    case .value(.row(let row)): bounds = ["from", "to"].compactMap { Self.instant(row[$0]) }
    case .value: break
    }
    guard bounds.count == 2 else { return runbookWindow() }
    guard let window = TimeWindow(from: bounds[0], to: bounds[1]) else {
      decide(.windowReplaced(query: query.id, reason: "'\(name)' ends before it begins"))
      return runbookWindow()
    }
    return .success(window)
  }

  func window(by rule: WindowRule) -> Result<TimeWindow, EvaluationFailure> {
    rule.window(at: start.at) { evaluate($0, in: runScope) }
  }

  private static func instant(_ value: Value?) -> Timestamp? { value?.instant }
}

extension WindowRule {
  /// The span of time that is meant.
  ///
  /// - Parameter at: What durations count from where the rule names nothing else.
  /// - Parameter value: What an expression comes to.
  package func window(
    at: Timestamp, value: (Expression) -> Evaluation
  ) -> Result<TimeWindow, EvaluationFailure> {
    func instant(of expression: Expression) -> Result<Timestamp, EvaluationFailure> {
      switch value(expression) {
      case .failure(let failure): .failure(failure)
      case .value(let value):
        value.instant.map { .success($0) } ?? .failure(.unknown("'\(expression.source)' has no instant"))
      }
    }
    func instant(of bound: Bound, from origin: Timestamp) -> Result<Timestamp, EvaluationFailure> {
      switch bound {
      case .instant(let expression): instant(of: expression)
      case .offset(let offset):
        origin.adding(offset).map { .success($0) }
          ?? .failure(EvaluationFailure(.error, "the window reaches beyond the calendar"))
      }
    }
    let origin: Timestamp
    switch around.map(instant(of:)) ?? .success(at) {
    case .success(let instant): origin = instant
    case .failure(let failure): return .failure(failure)
    }
    switch (instant(of: from, from: origin), instant(of: to, from: origin)) {
    case (.failure(let failure), _), (_, .failure(let failure)): return .failure(failure)
    case (.success(let first), .success(let last)):
      return TimeWindow(from: first, to: last).map { .success($0) }
        ?? .failure(EvaluationFailure(.error, "the window ends before it begins"))
    }
  }
}

extension Value {
  fileprivate var instant: Timestamp? { if case .timestamp(let instant) = self { instant } else { nil } }
}
