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
/// That is `peaksOverThreshold`. It takes what comes seldom but every week, such as the beginning of work, for rarer than it
/// is: the many small excesses make the few great ones look impossible. `rank` trusts the rank as far as it goes: up to the
/// highest number M it is T, and above it T = log10(m+1) + (a − M) / (e·ln 10).
///
/// Of a low number the same is said of −a among the −x. T is at most 15, and 0 before 30 numbers are known. What surprised
/// is learnt too, so that it surprises less again.
///
/// Cost: two searches, and the sum of k numbers by blocks where the highest have changed. Memory: 16 bytes for each number
/// remembered, and slack.
struct CalibratedTail: Sendable {
  /// Beyond it no history supports a figure.
  static let limit = 15.0
  static let fewest = 30
  private static let fewestExcesses = 10
  private static let excessShare = 20
  /// So many fit beside the rest into what is near to the processor.
  private static let mostRanks = 2_048

  /// Which numbers surprise.
  enum End: Sendable { case high, low }

  /// From where on the exponential tail counts.
  enum Calibration: Sendable { case peaksOverThreshold, rank }

  private var known: RememberedBag
  private var high: Edge
  private var low: Edge
  /// T by how many are as far out, once there are as many as are remembered and those are at most `mostRanks`.
  private var ranks: [Double] = []
  private let surprise: Double
  /// 10^−surprise.
  private let share: Double

  /// - Parameter surprise: For which levels are given.
  init(memory: Int, by calibration: Calibration = .peaksOverThreshold, levelAt surprise: Double) {
    known = RememberedBag(memory: memory)
    high = Edge(.high, calibration)
    low = Edge(.low, calibration)
    self.surprise = surprise
    share = pow(10, -surprise)
  }

  private var isEnough: Bool { known.count >= Self.fewest }

  func place(of value: Double) -> SortedBag.Place { known.bag.place(notBelow: value) }

  /// T of a number, and the first number, going outwards, whose T reaches the surprise (`nil` before enough are known).
  ///
  /// - Parameter place: Of this very number.
  mutating func judge(
    _ value: Double, _ end: End = .high, at place: SortedBag.Place
  ) -> (surprise: Double, level: Double?) {
    guard isEnough else { return (0, nil) }
    let below = known.bag.count(before: place)
    return end == .high ? judgeHigh(value, below) : judgeLow(value, place, below)
  }

  /// The greater T of the two ends, and the levels of both.
  mutating func judgeBoth(
    _ value: Double, at place: SortedBag.Place
  ) -> (surprise: Double, low: Double?, high: Double?) {
    guard isEnough else { return (0, nil, nil) }
    // In the upper half the high end is the more surprised.
    let below = known.bag.count(before: place)
    if 2 * below >= known.count {
      let (surprise, high) = judgeHigh(value, below)
      return (surprise, lowLevel(), high)
    }
    let (surprise, low) = judgeLow(value, place, below)
    return (surprise, low, highLevel())
  }

  mutating func learn(_ value: Double, at place: SortedBag.Place) {
    let left = known.insert(value, at: place)
    high.learn(value, left)
    low.learn(value, left)
  }

  // MARK: The two ends

  /// - Parameter below: How many are below the value.
  private mutating func judgeHigh(_ value: Double, _ below: Int) -> (surprise: Double, level: Double?) {
    let level = highLevel()
    if value > high.start { return (high.surprise(beyond: value - high.start), level) }
    return (surprise(ofRank: known.count - below), level)
  }

  private mutating func judgeLow(
    _ value: Double, _ place: SortedBag.Place, _ below: Int
  ) -> (surprise: Double, level: Double?) {
    let level = lowLevel()
    if value < low.start { return (low.surprise(beyond: low.start - value), level) }
    let isKnown = known.bag.neighbours(of: place).notBelow == value
    return (surprise(ofRank: isKnown ? known.bag.count(below: value.nextUp) : below), level)
  }

  @inline(__always)
  private mutating func surprise(ofRank asFarOut: Int) -> Double {
    guard known.count == known.memory, known.memory <= Self.mostRanks else {
      return Self.surprise(ofRank: asFarOut, among: known.count)
    }
    // From now on there are as many, and a look is cheaper than a logarithm.
    if ranks.isEmpty { ranks = (0...known.count).map { Self.surprise(ofRank: $0, among: known.count) } }
    return ranks[asFarOut]
  }

  private static func surprise(ofRank asFarOut: Int, among count: Int) -> Double {
    min(-log10(Double(asFarOut + 1) / Double(count + 1)), limit)
  }

  @inline(__always)
  private mutating func highLevel() -> Double {
    high.refresh(&known)
    if surprise >= high.rankOfStart { return high.start + high.reach(surprise) }
    if let level = high.level { return level }
    let level = known.bag.number(at: known.count - 1 - allowed).nextUp
    high.keep(level)
    return level
  }

  @inline(__always)
  private mutating func lowLevel() -> Double {
    low.refresh(&known)
    if surprise >= low.rankOfStart { return low.start - low.reach(surprise) }
    if let level = low.level { return level }
    let level = known.bag.number(at: allowed).nextDown
    low.keep(level)
    return level
  }

  /// By the conformal rank so many may be at least as far out.
  private var allowed: Int { max(0, Int(share * Double(known.count + 1) - 1)) }

  /// What the numbers of one end are like, until they change.
  private struct Edge: Sendable {
    private let end: End
    private let calibration: Calibration
    private var isKnown = false
    private var count = 0
    private var excesses = 0
    private var base = 0.0
    private var excess = 0.0
    private(set) var level: Double?
    /// Where the exponential tail begins, and the surprise there.
    private(set) var start = 0.0
    private(set) var rankOfStart = 0.0

    init(_ end: End, _ calibration: Calibration) {
      self.end = end
      self.calibration = calibration
    }

    mutating func refresh(_ known: inout RememberedBag) {
      guard !isKnown || count != known.count else { return }
      let excesses = min(
        max(CalibratedTail.fewestExcesses, known.count / CalibratedTail.excessShare), known.count - 1)
      let farthest = end == .high ? known.bag.greatest : known.bag.least
      if !isKnown || excesses != self.excesses {
        let tail = end == .high ? known.upperTail(excesses) : known.lowerTail(excesses)
        base = tail.base
        excess = max(abs(tail.mean - tail.base), 1e-12 + 1e-6 * abs(farthest)) * CalibratedTail.ln10
      }
      switch calibration {
      case .peaksOverThreshold: start = base
      case .rank: start = farthest
      }
      if count != known.count {
        let ranks = calibration == .rank ? 1 : excesses + 1
        rankOfStart = log10(Double(known.count + 1) / Double(ranks))
      }
      self.excesses = excesses
      count = known.count
      level = nil
      isKnown = true
    }

    /// What enters or leaves among the numbers beyond the base, or moves the base, changes what is known.
    mutating func learn(_ value: Double, _ left: Double?) {
      guard isKnown else { return }
      let isWithin = end == .high ? value <= base : value >= base
      let hasLeftWithin = left.map { $0 == value || (end == .high ? $0 < base : $0 > base) } ?? true
      if !isWithin || !hasLeftWithin { isKnown = false }
    }

    /// T of a number so far beyond the start.
    func surprise(beyond distance: Double) -> Double { min(rankOfStart + distance / excess, CalibratedTail.limit) }

    /// How far beyond the start a surprise begins.
    func reach(_ surprise: Double) -> Double { (surprise - rankOfStart) * excess }

    /// Keeps a level that was found by rank, if it lies beyond the base, where every change is seen.
    mutating func keep(_ level: Double) {
      if end == .high ? level > base : level < base { self.level = level }
    }
  }

  private static let ln10 = 2.302585092994045684
}
