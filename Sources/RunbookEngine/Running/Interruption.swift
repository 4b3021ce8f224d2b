import Synchronization

/// A wish from outside that runs stop. It is told once, and stays.
package final class Interruption: Sendable {
  private struct State {
    var reason: String?
    var listeners: [Int: @Sendable (String) -> Void] = [:]
    var next = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// Why, as a sentence part; `nil` while nobody wants it.
  package var reason: String? { state.withLock(\.reason) }

  /// - Parameter reason: Such as `the process was told to end (SIGTERM)`.
  package func interrupt(_ reason: String) {
    let listeners = state.withLock { state -> [@Sendable (String) -> Void] in
      guard state.reason == nil else { return [] }
      state.reason = reason
      return state.listeners.sorted { $0.key < $1.key }.map(\.value)
    }
    for listener in listeners { listener(reason) }
  }

  /// Calls the listener when the wish comes; at once if it is there already.
  ///
  /// - Returns: What `remove` takes.
  func listen(_ listener: @escaping @Sendable (String) -> Void) -> Int {
    let (number, reason) = state.withLock { state in
      state.next += 1
      state.listeners[state.next] = listener
      return (state.next, state.reason)
    }
    if let reason { listener(reason) }
    return number
  }

  func remove(_ listener: Int) {
    state.withLock { state in _ = state.listeners.removeValue(forKey: listener) }
  }
}
