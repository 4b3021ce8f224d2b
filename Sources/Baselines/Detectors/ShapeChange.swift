#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// How far the spread of the last 52 values is from every spread seen before: relative entropy.
///
/// The range from the least to the greatest value remembered is cut into five bins; p is the share of the last W = 52
/// values in each, (n + 0.1)/(W + 0.5). The answer is 2·W·min Σ p·ln(p/r) over the references r, which are kept from every
/// W-th row (after C. Wang et al., "Statistical techniques for online anomaly detection in data centers", IM 2011); it has
/// no unit. References keep the range of their day; at most 400, and none that is older than the rows remembered.
/// Cost: a look into a table of what the same five counts came to before; 5 multiplications for each reference where they
/// are not in it, and W more where the range has changed. Memory: 125 kB.
struct ShapeChange: Sendable {
  static let window = 52
  private static let bins = 5
  private static let referenceLimit = 400

  private let references: Int
  private var row = 0
  private var recent: [Double] = []
  private var binOfRecent: [UInt8] = []
  private var filled = SIMD8<Int32>.zero
  private var range: ClosedRange<Double> = 0...0
  /// ln r of each reference by bin; the n-th one stored is at n modulo `references`.
  private var logs: [SIMD8<Double>] = []
  private var stored = 0
  private var known: Double?
  /// By a hash of the five counts, what they came to last.
  private var answers: [Answer] = []

  private struct Answer {
    /// The five counts.
    var key = UInt32.max
    /// How many references had been stored when it was found.
    var seen = 0
    var nearest = -1
    var sum = -Double.infinity
  }

  private static let answerBits: UInt32 = 12

  /// n ↦ p·ln p and p.
  private static let shares = (0...window).map { (Double($0) + 0.1) / (Double(window) + 0.5) }
  private static let entropies = shares.map { $0 * log($0) }
  private static let logShares = shares.map { log($0) }

  init(memory: Int) { references = min(Self.referenceLimit, max(1, memory / Self.window)) }

  /// - Parameter range: Of all values remembered, this one included.
  /// - Parameter isLearning: Whether it may become a reference.
  mutating func observe(_ value: Double, in range: ClosedRange<Double>, isLearning: Bool) -> Double {
    enter(value, range)
    let place = row
    row += 1
    guard place >= Self.window else { return 0 }
    let distance = self.distance()
    if isLearning, (place - Self.window) % Self.window == 0 { store() }
    return distance
  }

  private mutating func enter(_ value: Double, _ range: ClosedRange<Double>) {
    let isRangeNew = range != self.range
    self.range = range
    let place = row % Self.window
    if recent.count < Self.window {
      recent.append(value)
      binOfRecent.append(0)
    } else {
      filled[Int(binOfRecent[place])] &-= 1
      recent[place] = value
    }
    let width = max(range.upperBound - range.lowerBound, 1e-12)
    if isRangeNew {
      filled = .zero
      known = nil
      for index in recent.indices { fill(index, width) }
    } else {
      let before = binOfRecent[place]
      fill(place, width)
      if row < Self.window || before != binOfRecent[place] { known = nil }
    }
  }

  private mutating func fill(_ index: Int, _ width: Double) {
    let bin = min(Self.bins - 1, Int(Double(Self.bins) * (recent[index] - range.lowerBound) / width))
    binOfRecent[index] = UInt8(max(0, bin))
    filled[max(0, bin)] &+= 1
  }

  private mutating func distance() -> Double {
    if let known { return known }
    guard stored > 0 else { return 0 }
    var own = 0.0
    for bin in 0..<Self.bins { own += Self.entropies[Int(filled[bin])] }
    // Ten decimals: equal distances must be equal, whatever the order in which they were summed.
    let distance = (2 * Double(Self.window) * (own - nearest()) * 1e10).rounded() / 1e10
    known = distance
    return distance
  }

  /// The greatest Σ p·ln r of all references. What was found for the same five counts before holds for the references of
  /// then, if the nearest is still there.
  private mutating func nearest() -> Double {
    var key: UInt32 = 0
    for bin in 0..<Self.bins { key = key &<< 6 | UInt32(filled[bin]) }
    if answers.isEmpty { answers = Array(repeating: Answer(), count: 1 << Int(Self.answerBits)) }
    let place = Int((key &* 2_654_435_769) &>> (32 - Self.answerBits))
    var answer = answers[place]
    let kept = stored - logs.count
    if answer.key != key || answer.nearest < kept { answer = Answer(key: key, seen: kept) }
    if answer.seen < stored {
      take(answer.seen..<stored, into: &answer)
      answers[place] = answer
    }
    return answer.sum
  }

  /// Compares with some references, by the number that each has had since the first.
  private func take(_ numbers: Range<Int>, into answer: inout Answer) {
    var shares = SIMD8<Double>.zero
    for bin in 0..<Self.bins { shares[bin] = Self.shares[Int(filled[bin])] }
    var place = numbers.lowerBound % references
    for number in numbers {
      let sum = (shares * logs[place]).sum()
      if sum > answer.sum { (answer.sum, answer.nearest) = (sum, number) }
      place = place + 1 == references ? 0 : place + 1
    }
    answer.seen = stored
  }

  private mutating func store() {
    let isFull = logs.count == references
    // Up to the limit references only leave with the rows that they come from.
    if isFull, references == Self.referenceLimit { return }
    known = nil
    var reference = SIMD8<Double>.zero
    for bin in 0..<Self.bins { reference[bin] = Self.logShares[Int(filled[bin])] }
    if isFull { logs[stored % references] = reference } else { logs.append(reference) }
    stored += 1
  }
}
