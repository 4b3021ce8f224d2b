import CEL
import RunbookLanguage
import RunbookPorts
import Values

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
    var origin = start.at
    if let around = rule.around {
      switch instant(of: around) {
      case .success(let instant): origin = instant
      case .failure(let failure): return .failure(failure)
      }
    }
    let from: Timestamp
    let to: Timestamp
    switch (bound(rule.from, origin), bound(rule.to, origin)) {
    case (.success(let first), .success(let last)): (from, to) = (first, last)
    case (.failure(let failure), _), (_, .failure(let failure)): return .failure(failure)
    }
    guard let window = TimeWindow(from: from, to: to) else {
      return .failure(EvaluationFailure(.error, "the window ends before it begins"))
    }
    return .success(window)
  }

  private func bound(_ bound: WindowRule.Bound, _ origin: Timestamp) -> Result<Timestamp, EvaluationFailure> {
    switch bound {
    case .instant(let expression): return instant(of: expression)
    case .offset(let offset):
      guard let instant = origin.adding(offset) else {
        return .failure(EvaluationFailure(.error, "the window reaches beyond the calendar"))
      }
      return .success(instant)
    }
  }

  private func instant(of expression: Expression) -> Result<Timestamp, EvaluationFailure> {
    switch evaluate(expression, in: runScope) {
    case .failure(let failure): return .failure(failure)
    case .value(let value):
      guard let instant = Self.instant(value) else {
        return .failure(.unknown("'\(expression.source)' has no instant"))
      }
      return .success(instant)
    }
  }

  private static func instant(_ value: Value?) -> Timestamp? {
    if case .timestamp(let instant)? = value { instant } else { nil }
  }
}
