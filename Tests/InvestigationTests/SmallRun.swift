import RunbookLanguage
import RunbookPorts
import Testing

@testable import Investigation

/// A run over small data, event by event.
struct SmallRun {
  private(set) var driver: RunDriver
  private let data: SmallData
  /// The events that answer what is under way, in the order in which it was asked for.
  private(set) var pending: [RunEvent]

  init(_ checked: CheckedRunbook, _ data: SmallData) throws {
    self.data = data
    driver = try RunDriver(checked, [:])
    pending = []
    pending = driver.begin().compactMap(event)
  }

  /// - Returns: The effects of one of the events that are to come.
  mutating func answer(_ place: Int) -> [Effect] {
    let more = driver.apply(pending.remove(at: place))
    pending += more.compactMap(event)
    return more
  }

  private func event(answering effect: Effect) -> RunEvent? {
    guard case .fetch(let request) = effect else { return driver.answer(to: effect) }
    return .fetched(request.id, data.answer(to: request))
  }

  var outcome: RunOutcome? {
    for case .close(let outcome) in driver.effects { return outcome }
    return nil
  }

  /// - Parameter lastFirst: Whether the latest request is answered before the earlier ones.
  func end(lastFirst: Bool = false) throws -> RunOutcome {
    var copy = self
    while !copy.pending.isEmpty { _ = copy.answer(lastFirst ? copy.pending.count - 1 : 0) }
    return try #require(copy.outcome, "the run did not end")
  }
}
