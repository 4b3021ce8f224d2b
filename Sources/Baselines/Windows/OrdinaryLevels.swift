#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// How high the stretches of a history reached, and how surprising another level is in that light.
///
/// Surprise is −log10 of an upper bound of the probability of a level at least as high, for one ordinary stretch; it is
/// the lesser of two estimates, so that a level must be out of the ordinary by both:
///
/// 1. *Rank and tail.* With m levels of which c are at least as high: p = (c + 1) / (m + 1), the conformal rank. Above
///    the highest, M: p = 1 / (m + 1) · (1 + (x − M) / (k·e))^−k, the predictive tail of an exponential distribution
///    whose mean e is estimated from k excesses: the k = max(10, m/20) highest levels, over the level that follows
///    them. Fewer excesses give a heavier tail, so that little history claims little.
/// 2. *Distance.* z = (x − median) / scale and p = ½·exp(−z²/2), Chernoff's bound for a normal tail, where scale is the
///    largest of 1.4826·MAD, 1.2533·mean absolute deviation (for data more than half of which is one value) and the
///    floor for flat lines. It keeps a long, quiet history from making every new maximum a surprise.
///
/// A history is flat when both spreads are within a millionth of its median, or of the values whose distances from what
/// was expected its levels are. If only its stretches are flat and its points are not (single ones among zeros), scale and
/// e are those of the points. If the points are flat too, the scale is a tenth of that median, so that 5.0001 after a line
/// of 5 is no surprise. A line of zeros has no scale: whatever comes after it is new, and `BaselineRule.atLeast` says
/// whether it matters. But for flat points, adding a constant to
/// everything changes nothing.
struct OrdinaryLevels {
  /// Ascending.
  private let levels: [Double]
  private let median: Double
  private let scale: Double
  private let tail: (excesses: Double, mean: Double)

  static let fewestLevels = 10
  private static let fewestExcesses = 10
  private static let excessShare = 20
  private static let flatness = 1e-6
  fileprivate static let flatScale = 0.1
  /// Least mean excess, in scales. A normal distribution has about 0.45 in its highest tenth; short histories look
  /// tamer than they are. 0.6 was picked among 0.25 to 0.75 by looking at the recorded cases, which the tests repeat
  /// (so they are no independent proof), and at generated bursty load. The tests bound the share of generated ordinary
  /// windows that breach at surprise 2: at most 3.5 in a hundred, of five kinds.
  private static let leastExcess = 0.6

  /// - Parameter unordered: What the stretches held.
  /// - Parameter points: The scores of the history's points.
  /// - Parameter size: How large the values are, where these are distances: the magnitude of their median.
  /// - Precondition: at least `fewestLevels` stretches; all numbers finite.
  init(_ unordered: [Double], points: some Collection<Double>, size: Double = 0) {
    precondition(unordered.count >= Self.fewestLevels, "the caller has counted the levels")
    let ordered = unordered.sorted()
    let own = Spread(ofOrdered: ordered, size: size)
    let used = own.isFlat ? Spread(ofOrdered: points.sorted(), size: size) : own
    levels = ordered
    median = own.median
    scale = used.isFlat ? Self.flatScale * max(abs(own.median), size) : used.scale
    tail = (Double(used.excesses), max(used.meanExcess, Self.leastExcess * scale))
  }

  /// What some values are like: their middle, how far they lie apart, and how far the highest stand out.
  fileprivate struct Spread {
    let median: Double
    let scale: Double
    let excesses: Int
    let meanExcess: Double

    let isFlat: Bool

    /// - Precondition: at least two values.
    init(ofOrdered values: [Double], size: Double = 0) {
      let middle = Baselines.median(ofOrdered: values)
      let deviations = values.map { abs($0 - middle) }
      let meanDeviation = deviations.reduce(0, +) / Double(values.count)
      median = middle
      scale = max(1.4826 * Baselines.median(ofOrdered: deviations.sorted()), 1.2533 * meanDeviation)
      excesses = min(max(OrdinaryLevels.fewestExcesses, values.count / OrdinaryLevels.excessShare), values.count - 1)
      isFlat = scale <= OrdinaryLevels.flatness * max(abs(middle), size)
      let base = values[values.count - 1 - excesses]
      meanExcess = values.suffix(excesses).reduce(0) { $0 + ($1 - base) } / Double(excesses)
    }
  }

  var count: Int { levels.count }

  /// How many levels of the history are at least as high.
  func count(reaching level: Double) -> Int { count - levels.firstPlace(notBelow: level) }

  /// The surprise of a level for one stretch; never falls as the level rises, and has no upper bound.
  func surprise(of level: Double) -> Double {
    guard level > median else { return 0 }
    let z = scale > 0 ? (level - median) / scale : .infinity
    return min(Self.surprise(ofZ: z), surpriseByRank(of: level))
  }

  private func surpriseByRank(of level: Double) -> Double {
    let atLeastAsHigh = count(reaching: level)
    let rank = log10(Double(count + 1) / Double(atLeastAsHigh + 1))
    guard atLeastAsHigh == 0, let highest = levels.last else { return rank }
    guard tail.mean > 0 else { return .infinity }
    return rank + tail.excesses * log10(1 + (level - highest) / (tail.excesses * tail.mean))
  }

  /// The lowest level that has at least this surprise: the inverse of `surprise(of:)`, but for rounding.
  func level(ofSurprise surprise: Double) -> Double {
    max(median.nextUp, median + scale * Self.z(ofSurprise: surprise), levelByRank(ofSurprise: surprise))
  }

  /// Chernoff's bound, and its inverse.
  fileprivate static func surprise(ofZ z: Double) -> Double { log10(2) + z * z / (2 * log(10)) }

  fileprivate static func z(ofSurprise surprise: Double) -> Double {
    max(0, (surprise - log10(2)) * 2 * log(10)).squareRoot()
  }

  /// The lowest level that lies so many robust standard deviations above the median.
  func level(ofZ z: Double) -> Double { max(median.nextUp, median + scale * z) }

  /// The lowest level above so many hundredths of the history's.
  func level(ofPercentile percentile: Double) -> Double {
    let place = Int((percentile / 100 * Double(count)).rounded(.up)) - 1
    return levels[min(max(place, 0), count - 1)].nextUp
  }

  private func levelByRank(ofSurprise surprise: Double) -> Double {
    /// How many levels may be as high.
    let allowed = pow(10, -surprise) * Double(count + 1) - 1
    guard allowed < 0, let highest = levels.last else {
      return levels[max(0, count - 1 - Int(allowed))].nextUp
    }
    let missing = surprise - log10(Double(count + 1))
    let excess = tail.excesses * tail.mean * (pow(10, missing / tail.excesses) - 1)
    return max(highest.nextUp, highest + excess)
  }
}

/// A history whose points are all but equal, and not zero: its scale is a tenth of their median, as for `OrdinaryLevels`.
struct FlatLine {
  private let median: Double
  private let scale: Double

  /// - Returns: `nil` if the values are not all but equal, or all but zero.
  init?(_ values: some Collection<Double>) {
    guard values.count > 1 else { return nil }
    let spread = OrdinaryLevels.Spread(ofOrdered: values.sorted())
    guard spread.isFlat, spread.median != 0 else { return nil }
    median = spread.median
    scale = OrdinaryLevels.flatScale * abs(spread.median)
  }

  /// The most that a value can surprise.
  func surprise(of value: Double) -> Double { OrdinaryLevels.surprise(ofZ: (value - median) / scale) }

  /// What surprises less.
  func band(surprise: Double) -> (low: Double, high: Double) {
    let reach = scale * OrdinaryLevels.z(ofSurprise: surprise)
    return (median - reach, median + reach)
  }
}
