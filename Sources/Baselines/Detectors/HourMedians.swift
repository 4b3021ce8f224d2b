/// Of each hour the last 40 numbers, and the median of those of an hour and its two neighbours.
///
/// The numbers of each hour are kept in order. Of the hour that was asked for last it is known how many numbers of each of
/// the three lie in the lower half: while its own numbers change one at a time, the halves change by one or two.
struct HourMedians: Sendable {
  private static let kept = 40
  /// Each hour's numbers stand between −∞ and ∞, so that who looks next to one need not ask whether there is one.
  private static let room = kept + 2

  /// The numbers as they came, and where the oldest is once there are `kept`.
  private var arrivals: [Double]
  private var oldest: [Int]
  private var counts: [Int]
  private var ordered: [Double]
  private var halves: Halves?

  init(hours: Int) {
    arrivals = Array(repeating: 0, count: hours * Self.kept)
    oldest = Array(repeating: 0, count: hours)
    counts = Array(repeating: 0, count: hours)
    ordered = Array(repeating: .infinity, count: hours * Self.room)
    for hour in 0..<hours { ordered[hour * Self.room] = -.infinity }
  }

  /// The median of the numbers of an hour and its neighbours, and how many they are; `nil` where there are none.
  mutating func median(around hour: Int) -> (median: Double, count: Int)? {
    if halves?.own.hour != hour { findHalves(around: hour) }
    guard let halves, halves.count > 0 else { return nil }
    return ordered.withUnsafeBufferPointer { ordered in
      ordered.baseAddress.map { (halves.median($0), halves.count) }
    }
  }

  mutating func learn(_ value: Double, in hour: Int) {
    let count = counts[hour]
    let start = hour * Self.room + 1
    guard count == Self.kept else {
      arrivals[hour * Self.kept + count] = value
      counts[hour] = count + 1
      halves = nil
      return ordered.withUnsafeMutableBufferPointer { ordered in
        guard let base = ordered.baseAddress else { return }
        (base + start).insert(value, toAscending: count)
      }
    }
    let place = hour * Self.kept + oldest[hour]
    let old = arrivals[place]
    arrivals[place] = value
    oldest[hour] = oldest[hour] + 1 == Self.kept ? 0 : oldest[hour] + 1
    let isAround = halves?.own.hour == hour
    ordered.withUnsafeMutableBufferPointer { ordered in
      guard let base = ordered.baseAddress else { return }
      // What is below the upper half may lie in the lower, and the other way round.
      let goesLower = isAround && halves.map { value < $0.leastOfUpper(base) } ?? false
      let from = (base + start).replace(old, with: value, ofAscending: Self.kept)
      if isAround { halves?.exchange(from, goesLower: goesLower, base) }
    }
    if !isAround { halves = nil }
  }

  private mutating func findHalves(around hour: Int) {
    let hours = counts.count
    let before = hour == 0 ? hours - 1 : hour - 1
    let after = hour + 1 == hours ? 0 : hour + 1
    let count = counts[before] + counts[hour] + counts[after]
    // Halves about the middle of the hour's own numbers are in order, and nearly as large.
    let middle = ordered[hour * Self.room + 1 + counts[hour] / 2]
    halves = ordered.withUnsafeBufferPointer { ordered in
      func part(_ hour: Int) -> Halves.Part {
        let start = hour * Self.room + 1
        let numbers = UnsafeBufferPointer(rebasing: ordered[start..<start + counts[hour]])
        return Halves.Part(hour: hour, start: start, lower: numbers.count(below: middle))
      }
      var halves = Halves(before: part(before), own: part(hour), after: part(after), count: count)
      if let base = ordered.baseAddress { halves.balance(base) }
      return halves
    }
  }

  /// How the numbers of three hours lie in two halves, of which the lower is not the larger.
  private struct Halves {
    struct Part {
      let hour: Int
      /// Of its first number in `ordered`.
      let start: Int
      /// How many of its numbers lie in the lower half.
      var lower: Int

      func next(_ ordered: UnsafePointer<Double>) -> Double { ordered[start &+ lower] }
      func last(_ ordered: UnsafePointer<Double>) -> Double { ordered[start &+ lower &- 1] }
    }

    var before: Part
    var own: Part
    var after: Part
    let count: Int

    func median(_ ordered: UnsafePointer<Double>) -> Double {
      let upper = leastOfUpper(ordered)
      if count % 2 == 1 { return upper }
      let lower = max(before.last(ordered), own.last(ordered), after.last(ordered))
      return lower + (upper - lower) / 2
    }

    func leastOfUpper(_ ordered: UnsafePointer<Double>) -> Double {
      min(before.next(ordered), own.next(ordered), after.next(ordered))
    }

    /// Takes note that one of the hour's own numbers has been exchanged.
    ///
    /// - Parameter place: Where it was in the order of before.
    mutating func exchange(_ place: Int, goesLower: Bool, _ ordered: UnsafePointer<Double>) {
      own.lower &+= (goesLower ? 1 : 0) &- (place < own.lower ? 1 : 0)
      balance(ordered)
    }

    mutating func balance(_ ordered: UnsafePointer<Double>) {
      let wanted = count / 2
      var missing = wanted &- before.lower &- own.lower &- after.lower
      while missing > 0 {
        let least = leastOfUpper(ordered)
        if own.next(ordered) == least {
          own.lower &+= 1
        } else if before.next(ordered) == least {
          before.lower &+= 1
        } else {
          after.lower &+= 1
        }
        missing &-= 1
      }
      while missing < 0 {
        let (first, second, third) = (before.last(ordered), own.last(ordered), after.last(ordered))
        let greatest = max(first, second, third)
        if second == greatest {
          own.lower &-= 1
        } else if first == greatest {
          before.lower &-= 1
        } else {
          after.lower &-= 1
        }
        missing &+= 1
      }
    }
  }
}
