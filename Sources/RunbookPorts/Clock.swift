package import Values

/// Time and chance, as the run's surroundings give them.
package protocol RunClock: Sendable {
  /// The wall clock.
  func now() -> Timestamp
  /// Nanoseconds on a clock that never goes back, from an arbitrary start.
  func monotonicNanoseconds() -> UInt64
  /// Waits until the wall clock shows the instant.
  func wait(until instant: Timestamp) async throws(CancellationError)
}

/// Finds the texts of secrets that a deployment names.
package protocol SecretStore: Sendable {
  /// - Returns: `nil` for a secret that is not there.
  func secret(named name: String) -> Secret?
}
