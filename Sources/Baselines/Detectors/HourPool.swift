/// The numbers of each hour in ascending order, at most so many of each.
struct HourRows: Sendable {
  private let room: Int
  /// Of each hour: −∞, its numbers, and ∞ from there on, so that who looks next to a number need not ask whether there is one.
  private var numbers: [Double]
  private(set) var counts: [Int]

  init(hours: Int, room: Int) {
    self.room = room
    counts = Array(repeating: 0, count: hours)
    numbers = Array(repeating: .infinity, count: hours * (room + 2))
    for hour in 0..<hours { numbers[hour * (room + 2)] = -.infinity }
  }

  /// - Precondition: there is room for one more.
  mutating func insert(_ value: Double, in hour: Int) {
    precondition(counts[hour] < room, "who puts a number in has looked for room")
    let count = counts[hour]
    counts[hour] = count + 1
    let start = hour * (room + 2) + 1
    numbers.withUnsafeMutableBufferPointer { $0.baseAddress.map { ($0 + start).insert(value, toAscending: count) } }
  }

  /// Puts a number in and takes one out that equals `old`.
  ///
  /// - Precondition: `old` is there.
  /// - Returns: Where in the order of before the old one was.
  mutating func exchange(_ old: Double, for value: Double, in hour: Int) -> Int {
    let count = counts[hour]
    let start = hour * (room + 2) + 1
    return numbers.withUnsafeMutableBufferPointer { numbers in
      let own = UnsafeMutableBufferPointer(rebasing: numbers[start..<start + count])
      let place = UnsafeBufferPointer(own).count(below: old)
      own.baseAddress?.exchange(at: place, value, goingTo: UnsafeBufferPointer(own).count(below: value))
      return place
    }
  }

  /// How many numbers of an hour are below a value.
  fileprivate func count(below value: Double, in hour: Int) -> Int {
    let start = hour * (room + 2) + 1
    return numbers.withUnsafeBufferPointer {
      UnsafeBufferPointer(rebasing: $0[start..<start + counts[hour]]).count(below: value)
    }
  }

  /// - Parameter place: From −1 to the count; beyond the numbers, where it is infinite.
  fileprivate func number(_ place: Int, in hour: Int) -> Double { numbers[hour * (room + 2) + 1 + place] }
}

/// The median of the numbers of an hour and of its two neighbours.
///
/// How many numbers of each of the three lie in the lower half is remembered. While the hour is the same and its own numbers
/// change one at a time, the halves change by one or two.
struct HourPool: Sendable {
  let hour: Int
  private let before: Int
  private let after: Int
  let count: Int
  private var lower = (before: 0, own: 0, after: 0)

  init(of hour: Int, _ rows: HourRows) {
    let hours = rows.counts.count
    self.hour = hour
    before = hour == 0 ? hours - 1 : hour - 1
    after = hour + 1 == hours ? 0 : hour + 1
    count = rows.counts[before] + rows.counts[hour] + rows.counts[after]
    // Halves about the middle of the hour's own numbers are in order, and nearly as large.
    let middle = rows.number(rows.counts[hour] / 2, in: hour)
    lower = (
      rows.count(below: middle, in: before), rows.count(below: middle, in: hour), rows.count(below: middle, in: after)
    )
    balance(rows)
  }
  /// - Precondition: there is a number in one of the three, and `rows` are as they were told.
  func median(_ rows: HourRows) -> Double {
    let upper = leastOfUpper(rows)
    if count % 2 == 1 { return upper }
    let lower = greatestOfLower(rows)
    return lower + (upper - lower) / 2
  }

  /// Puts a number among the hour's own, in the place of another.
  mutating func exchange(_ old: Double, for value: Double, in rows: inout HourRows) {
    // What is below the upper half may lie in the lower, and the other way round.
    let goesLower = value < leastOfUpper(rows)
    let place = rows.exchange(old, for: value, in: hour)
    lower.own += (goesLower ? 1 : 0) - (place < lower.own ? 1 : 0)
    balance(rows)
  }

  /// Makes the lower half as large as it should be: smaller by one than the upper where they cannot be equal.
  private mutating func balance(_ rows: HourRows) {
    let wanted = count / 2
    while lower.before + lower.own + lower.after < wanted {
      let (a, b, c) = (
        rows.number(lower.before, in: before), rows.number(lower.own, in: hour), rows.number(lower.after, in: after)
      )
      let isOwn = b <= a && b <= c
      let isBefore = !isOwn && a <= c
      lower.own += isOwn ? 1 : 0
      lower.before += isBefore ? 1 : 0
      lower.after += isOwn || isBefore ? 0 : 1
    }
    while lower.before + lower.own + lower.after > wanted {
      let (a, b, c) = (
        rows.number(lower.before - 1, in: before), rows.number(lower.own - 1, in: hour),
        rows.number(lower.after - 1, in: after)
      )
      let isOwn = b >= a && b >= c
      let isBefore = !isOwn && a >= c
      lower.own -= isOwn ? 1 : 0
      lower.before -= isBefore ? 1 : 0
      lower.after -= isOwn || isBefore ? 0 : 1
    }
  }

  private func leastOfUpper(_ rows: HourRows) -> Double {
    min(
      rows.number(lower.before, in: before), rows.number(lower.own, in: hour), rows.number(lower.after, in: after))
  }

  private func greatestOfLower(_ rows: HourRows) -> Double {
    max(
      rows.number(lower.before - 1, in: before), rows.number(lower.own - 1, in: hour),
      rows.number(lower.after - 1, in: after))
  }
}
