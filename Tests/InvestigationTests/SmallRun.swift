import RunbookLanguage
import RunbookPorts
import Testing

@testable import Investigation

/// A run over small data, event by event.
struct SmallRun {
  private(set) var driver: RunDriver
  private let data: SmallData
  /// What is under way, in the order in which it was asked for.
  private(set) var pending: [Effect]

  init(_ checked: CheckedRunbook, _ data: SmallData) throws {
    self.data = data
    driver = try RunDriver(checked, [:])
    pending = []
    pending = driver.begin()
  }

  /// - Returns: The effects of the event that answers one of those pending; empty if nothing answers it.
  mutating func answer(_ place: Int) -> [Effect] {
    let effect = pending.remove(at: place)
    let event: RunEvent?
    if case .fetch(let request) = effect {
      event = .fetched(request.id, data.answer(to: request))
    } else {
      event = driver.answer(to: effect)
    }
    guard let event else { return [] }
    let more = driver.apply(event)
    pending += more
    return more
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
