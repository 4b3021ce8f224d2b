#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// How surprising a number is among those before it, as −log10 p: calibration by rank and tail.
///
/// With m numbers known, k = min(max(10, ⌊m/20⌋), m−1) and u the number below the k highest:
///
/// - above u, T = log10((m+1)/(k+1)) + (a − u) / (e·ln 10), where e is the mean excess of the k highest over u: an
///   exponential tail above a high quantile ("peaks over threshold", J. Pickands, Ann. Statist. 3, 1975);
/// - else T = −log10((m − |{x < a}| + 1)/(m+1)), the conformal rank (V. Vovk et al., "Algorithmic Learning in a Random
///   World", 2005).
///
/// T is at most 15, and 0 before 30 numbers are known. What surprised is learnt too, so that it surprises less again.
/// Cost: two searches and the sum of k numbers by blocks. Memory: 16 bytes for each number remembered, and slack.
struct CalibratedTail: Sendable {
  /// Beyond it no history supports a figure.
  static let limit = 15.0
  static let fewest = 30
  private static let fewestExcesses = 10
  private static let excessShare = 20

  private var known: RememberedBag

  init(memory: Int) { known = RememberedBag(memory: memory) }

  /// What the known numbers say about the high ones; `nil` before there are enough.
  private struct Upper {
    let rankOfBase: Double
    let base: Double
    let excess: Double
    let greatest: Double
  }

  private mutating func upper() -> Upper? {
    let count = known.count
    guard count >= Self.fewest else { return nil }
    let excesses = Self.excesses(of: count)
    let tail = known.upperTail(excesses)
    let greatest = known.bag.greatest
    return Upper(
      rankOfBase: log10(Double(count + 1) / Double(excesses + 1)), base: tail.base,
      excess: max(tail.mean - tail.base, 1e-12 + 1e-6 * abs(greatest)), greatest: greatest)
  }

  private static func excesses(of count: Int) -> Int { min(max(fewestExcesses, count / excessShare), count - 1) }

  /// T of a number, and the lowest number whose T would reach `surprise` (`nil` before enough are known).
  mutating func judge(_ value: Double, reaching surprise: Double) -> (surprise: Double, level: Double?) {
    guard let upper = upper() else { return (0, nil) }
    let level: Double
    if surprise >= upper.rankOfBase {
      level = upper.base + (surprise - upper.rankOfBase) * upper.excess * Self.ln10
    } else {
      // The conformal rank: as many as may be at least as high.
      let allowed = Int(pow(10, -surprise) * Double(known.count + 1) - 1)
      level = known.bag.number(at: known.count - 1 - max(0, allowed)).nextUp
    }
    guard value <= upper.base else {
      let beyond = (value - upper.base) / (upper.excess * Self.ln10)
      return (min(upper.rankOfBase + beyond, Self.limit), level)
    }
    let rank = Double(known.count - known.bag.count(below: value) + 1) / Double(known.count + 1)
    return (min(-log10(rank), Self.limit), level)
  }

  mutating func learn(_ value: Double) { known.insert(value) }

  private static let ln10 = 2.302585092994045684
}
