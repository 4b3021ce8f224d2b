/// What a value should be: the median of the same hour in earlier periods, drawn to the median of late.
///
/// For each hour of the season the last 40 values are kept; the pool of an hour is its own and its neighbours'. With c
/// values in the pool, their median q and the median G of the last 1,000 values, w·q + (1−w)·G is expected, w = c/(c+10).
/// Without a season G alone is. Units: those of the values. Cost: two medians kept in order, some 200 ns a row; memory:
/// at most 40 values for an hour and 120 for its pool, and 2,000 for G.
struct SeasonalExpectation: Sendable {
  private static let kept = 40
  private static let lately = 1_000

  private var clock: SeasonClock
  private var recent = SortedWindow(capacity: lately)
  /// By hour: the last values, and the place of the oldest of them once there are `kept`.
  private var rings: [(values: [Double], oldest: Int)]
  private var pools: [[Double]]

  init(_ clock: SeasonClock) {
    self.clock = clock
    rings = Array(repeating: ([], 0), count: clock.season.hours)
    pools = Array(repeating: [], count: clock.season.hours)
  }

  /// The median of the last 1,000 values; `nil` before the first.
  var level: Double? { recent.isEmpty ? nil : recent.median }

  /// - Returns: `nil` before the first value.
  mutating func expected(at seconds: Double) -> Double? {
    guard let level else { return nil }
    guard let hour = clock.hour(at: seconds), !pools[hour].isEmpty else { return level }
    let weight = Double(pools[hour].count) / Double(pools[hour].count + 10)
    return level + weight * (median(ofOrdered: pools[hour]) - level)
  }

  mutating func learn(_ value: Double, at seconds: Double) {
    recent.insert(value)
    guard let hour = clock.hour(at: seconds) else { return }
    let hours = pools.count
    let old = exchange(value, in: hour)
    for pool in [(hour + hours - 1) % hours, hour, (hour + 1) % hours] {
      if let old {
        pools[pool].replace(old, with: value)
      } else {
        pools[pool].insert(value, at: pools[pool].firstPlace(notBelow: value))
      }
    }
  }

  /// - Returns: The value that leaves.
  private mutating func exchange(_ value: Double, in hour: Int) -> Double? {
    guard rings[hour].values.count == Self.kept else {
      rings[hour].values.append(value)
      return nil
    }
    let place = rings[hour].oldest
    let old = rings[hour].values[place]
    rings[hour].values[place] = value
    rings[hour].oldest = (place + 1) % Self.kept
    return old
  }
}
