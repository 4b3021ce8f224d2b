/// Turns the readings of a counter into its increase a second.
///
/// A reading below the one before means that the counter began again at 0, so it has grown by at least the reading. Units:
/// those of the counter, by second. The first reading has no rate, nor has one that is no number or not later.
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
    let grown = reading >= last.reading ? reading - last.reading : reading
    return grown / (seconds - last.seconds)
  }
}
