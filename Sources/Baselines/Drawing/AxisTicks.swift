#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif
import Values

/// Round places on an axis.
enum AxisTicks {
  /// About four steps of 1, 2 or 5 times a power of ten that hold all of the values between them.
  ///
  /// Zero is among them where it lies no farther off than half of what the values lie apart.
  static func values(_ span: ClosedRange<Double>) -> [Double] {
    var (low, high) = (span.lowerBound, span.upperBound)
    if low > 0, 2 * low <= high - low { low = 0 }
    if high < 0, -2 * high <= high - low { high = 0 }
    let rough = (high - low) / 4
    let power = pow(10, log10(rough).rounded(.down))
    guard rough.isFinite, power > 0, power.isFinite else { return [span.lowerBound, span.upperBound] }
    let step = power * (rough <= 1.5 * power ? 1 : rough <= 3.5 * power ? 2 : rough <= 7.5 * power ? 5 : 10)
    let (first, last) = ((low / step).rounded(.down), (high / step).rounded(.up))
    let ticks = stride(from: first, through: last, by: 1).prefix(12).map { $0 * step }
    // Very large numbers that lie close together leave no room for steps.
    return ticks.count >= 2 && Set(ticks).count == ticks.count ? ticks : [span.lowerBound, span.upperBound]
  }

  private static let steps: [Double] = [
    1, 5, 15, 60, 300, 900, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600, 86_400, 2 * 86_400, 7 * 86_400, 14 * 86_400,
    28 * 86_400, 91 * 86_400, 364 * 86_400, 3_640 * 86_400,
  ]

  /// Round instants of UTC, in seconds since 1970, with what they are called: the first in full, others the day, or within
  /// a day the time.
  ///
  /// - Parameter most: How many steps from one to the next there may be.
  static func instants(_ from: Double, _ to: Double, most: Int) -> [(seconds: Double, label: String)] {
    guard from.isFinite, to.isFinite, let step = steps.first(where: { (to - from) / $0 <= Double(most) }) else {
      return []
    }
    let first = (from / step).rounded(.up)
    return (0...most).compactMap { place in
      let seconds = (first + Double(place)) * step
      guard seconds <= to, let text = Timestamp(secondsSinceEpoch: seconds)?.shortDescription, text.utf8.count >= 19
      else { return nil }
      let (day, time) = (text.prefix(10), text.dropFirst(11).prefix(step < 60 ? 8 : 5))
      let isMidnight = seconds.truncatingRemainder(dividingBy: 86_400) == 0
      if place == 0 { return (seconds, isMidnight ? String(day) : "\(day) \(time)") }
      return (seconds, isMidnight ? String(day.suffix(5)) : String(time))
    }
  }
}
