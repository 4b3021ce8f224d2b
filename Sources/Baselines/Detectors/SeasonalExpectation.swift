/// What a value should be: the median of the same hour in earlier periods, drawn to the median of late.
///
/// For each hour of the season the last 40 values are kept; the pool of an hour is its own and its neighbours'. With c
/// values in the pool, their median q and the median G of the last 1,000 values, w·q + (1−w)·G is expected, w = c/(c+10).
/// Without a season G alone is. Units: those of the values. Cost: two medians kept in order, some 150 ns a row; memory:
/// 40 values for an hour and 120 for its pool, and 2,000 for G.
struct SeasonalExpectation: Sendable {
  private static let kept = 40
  private static let pooled = 3 * kept
  private static let lately = 1_000

  private var clock: SeasonClock
  private var recent = SortedWindow(capacity: lately)
  private var hours: [Hour]
  /// By hour, with room for `kept`: the last values.
  private var rings: [Double]
  /// By hour, with room for `pooled`: those of the hour and its neighbours in ascending order.
  private var pools: [Double]

  private struct Hour {
    var pooled = 0
    var count = 0
    /// In the ring, once there are `kept`.
    var oldest = 0
  }

  init(_ clock: SeasonClock) {
    self.clock = clock
    let count = clock.season.hours
    hours = Array(repeating: Hour(), count: count)
    rings = Array(repeating: 0, count: count * Self.kept)
    pools = Array(repeating: 0, count: count * Self.pooled)
  }

  /// The median of the last 1,000 values; `nil` before the first.
  var level: Double? { recent.isEmpty ? nil : recent.median }

  /// - Returns: `nil` before the first value.
  mutating func expected(at seconds: Double) -> Double? {
    guard let level else { return nil }
    guard let hour = clock.hour(at: seconds) else { return level }
    let count = hours[hour].pooled
    guard count > 0 else { return level }
    let weight = Double(count) / Double(count + 10)
    let ordinary = pools.withUnsafeBufferPointer { pools in
      let start = hour * Self.pooled
      return UnsafeBufferPointer(rebasing: pools[start..<start + count]).medianOfAscending
    }
    return level + weight * (ordinary - level)
  }

  mutating func learn(_ value: Double, at seconds: Double) {
    recent.insert(value)
    guard let hour = clock.hour(at: seconds) else { return }
    let old = exchange(value, in: hour)
    add(value, removing: old, toPoolOf: hour == 0 ? hours.count - 1 : hour - 1)
    add(value, removing: old, toPoolOf: hour)
    add(value, removing: old, toPoolOf: hour + 1 == hours.count ? 0 : hour + 1)
  }

  private mutating func add(_ value: Double, removing old: Double?, toPoolOf hour: Int) {
    let start = hour * Self.pooled
    let count = hours[hour].pooled
    if old == nil { hours[hour].pooled = count + 1 }
    pools.withUnsafeMutableBufferPointer { pools in
      guard let room = UnsafeMutableBufferPointer(rebasing: pools[start..<start + Self.pooled]).baseAddress else {
        return
      }
      if let old { room.replace(old, with: value, ofAscending: count) } else { room.insert(value, toAscending: count) }
    }
  }

  /// - Returns: The value that leaves.
  private mutating func exchange(_ value: Double, in hour: Int) -> Double? {
    let start = hour * Self.kept
    let count = hours[hour].count
    guard count == Self.kept else {
      rings[start + count] = value
      hours[hour].count = count + 1
      return nil
    }
    let place = hours[hour].oldest
    let old = rings[start + place]
    rings[start + place] = value
    hours[hour].oldest = place + 1 == Self.kept ? 0 : place + 1
    return old
  }
}
