/// Turns the readings of a counter into its increase a second.
///
/// A reading below the one before means that the counter began again at 0: what it had counted before that is lost, so the
/// reading has no rate. Nor has the first one, nor one that is no number or not later. Units: those of the counter, by
/// second.
package struct CounterRate: Sendable {
  private var last: (seconds: Double, reading: Double)?

  package init() {}

  /// - Parameter seconds: Since 1970.
  package mutating func rate(_ seconds: Double, _ reading: Double) -> Double? {
    guard seconds.isFinite, reading.isFinite, reading >= 0 else { return nil }
    guard let last else {
      last = (seconds, reading)
      return nil
    }
    guard seconds > last.seconds else { return nil }
    self.last = (seconds, reading)
    guard reading >= last.reading else { return nil }
    return (reading - last.reading) / (seconds - last.seconds)
  }
}
