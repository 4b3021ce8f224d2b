/// What a value should be: the median of the same hour in earlier periods, drawn to the median of late.
///
/// For each hour of the season the last 40 values are kept; the pool of an hour is its own and its neighbours'. With c
/// values in the pool, their median q and the median G of the last 1,000 values, w·q + (1−w)·G is expected, w = c/(c+10).
/// Without a season G alone is. Units: those of the values. Cost: two medians kept, some 120 ns a row; memory:
/// 80 values for an hour, and 2,000 for G.
struct SeasonalExpectation: Sendable {
  private static let kept = 40
  private static let lately = 1_000

  private var clock: SeasonClock
  private var recent = SortedWindow(capacity: lately)
  private var rows: HourRows
  /// By hour, with room for `kept`: the values as they came.
  private var arrivals: [Double]
  /// Where the oldest of an hour is, once there are `kept`.
  private var oldest: [Int]
  /// Of the hour that was asked for last, while nothing else has changed.
  private var pool: HourPool?

  init(_ clock: SeasonClock) {
    self.clock = clock
    let hours = clock.season.hours
    rows = HourRows(hours: hours, room: Self.kept)
    arrivals = Array(repeating: 0, count: hours * Self.kept)
    oldest = Array(repeating: 0, count: hours)
  }

  /// The median of the last 1,000 values; `nil` before the first.
  var level: Double? { recent.isEmpty ? nil : recent.median }

  /// - Returns: `nil` before the first value.
  mutating func expected(at seconds: Double) -> Double? {
    guard let level else { return nil }
    guard let hour = clock.hour(at: seconds) else { return level }
    let pool = self.pool(of: hour)
    guard pool.count > 0 else { return level }
    let weight = Double(pool.count) / Double(pool.count + 10)
    return level + weight * (pool.median(rows) - level)
  }

  private mutating func pool(of hour: Int) -> HourPool {
    if let pool, pool.hour == hour { return pool }
    let made = HourPool(of: hour, rows)
    pool = made
    return made
  }

  mutating func learn(_ value: Double, at seconds: Double) {
    recent.insert(value)
    guard let hour = clock.hour(at: seconds) else { return }
    let start = hour * Self.kept
    let count = rows.counts[hour]
    guard count == Self.kept else {
      arrivals[start + count] = value
      rows.insert(value, in: hour)
      pool = nil
      return
    }
    let place = oldest[hour]
    let old = arrivals[start + place]
    arrivals[start + place] = value
    oldest[hour] = place + 1 == Self.kept ? 0 : place + 1
    if pool?.hour == hour {
      pool?.exchange(old, for: value, in: &rows)
    } else {
      _ = rows.exchange(old, for: value, in: hour)
      pool = nil
    }
  }
}
