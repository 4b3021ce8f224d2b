/// What a value should be: the median of the same hour in earlier periods, drawn to the median of late.
///
/// For each hour of the season the last 40 values are kept; the pool of an hour is its own and its neighbours'. With c
/// values in the pool, their median q and the median G of the last 1,000 values, w·q + (1−w)·G is expected, w = c/(c+10).
/// Without a season G alone is. Units: those of the values. Cost: two medians kept, some 120 ns a row; memory:
/// 80 values for an hour, and 2,000 for G.
struct SeasonalExpectation: Sendable {
  private static let lately = 1_000

  private var clock: SeasonClock
  private var recent = SortedWindow(capacity: lately)
  private var hours: HourMedians

  init(_ clock: SeasonClock) {
    self.clock = clock
    hours = HourMedians(hours: clock.season.hours)
  }

  /// The median of the last 1,000 values; `nil` before the first.
  var level: Double? { recent.isEmpty ? nil : recent.median }

  /// - Returns: `nil` before the first value.
  mutating func expected(at seconds: Double) -> Double? {
    guard let level else { return nil }
    guard let hour = clock.hour(at: seconds), let pool = hours.median(around: hour) else { return level }
    let weight = Double(pool.count) / Double(pool.count + 10)
    return level + weight * (pool.median - level)
  }

  mutating func learn(_ value: Double, at seconds: Double) {
    recent.insert(value)
    if let hour = clock.hour(at: seconds) { hours.learn(value, in: hour) }
  }
}
