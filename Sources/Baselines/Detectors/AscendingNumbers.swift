extension UnsafeBufferPointer<Double> {
  /// Of ascending numbers, how many are below a value: the first place that is not.
  ///
  /// Each step compares eight numbers that stand evenly apart, and goes on in an eighth; the last few dozen are compared all.
  /// How many steps that takes hangs on how many numbers there are, and on nothing else, so that the processor guesses the
  /// way right: a wrong guess costs more than the comparisons.
  @inline(__always)
  func count(below value: Double) -> Int {
    guard let first = baseAddress else { return 0 }
    let limit = SIMD4<Double>(repeating: value)
    var start = first
    var rest = count
    while rest > 64 {
      let apart = rest &>> 3
      let ends = start + (apart &- 1)
      let lower = SIMD4(ends[0], ends[apart], ends[2 &* apart], ends[3 &* apart])
      let upper = SIMD4(ends[4 &* apart], ends[5 &* apart], ends[6 &* apart], ends[7 &* apart])
      let below = Self.ones(lower, below: limit) &+ Self.ones(upper, below: limit)
      // Behind the last of the eight there may be fewer. Numbers that are known to be below may be looked at again: so fours
      // are full.
      rest = (Swift.max(apart, rest & 7) &+ 3) & ~3
      start = Swift.min(start + Int(below.wrappedSum()) &* apart, first + (count &- rest))
    }
    var below = SIMD4<Int64>.zero
    let end = start + rest
    var next = start
    while next + 4 <= end {
      let four = UnsafeRawPointer(next).loadUnaligned(as: SIMD4<Double>.self)
      below &+= Self.ones(four, below: limit)
      next += 4
    }
    var counted = (start - first) &+ Int(below.wrappedSum())
    while next < end {
      counted &+= next.pointee < value ? 1 : 0
      next += 1
    }
    return counted
  }

  /// 1 for each number that is below, else 0.
  @inline(__always)
  private static func ones(_ four: SIMD4<Double>, below limit: SIMD4<Double>) -> SIMD4<Int64> {
    .zero &- unsafeBitCast(four .< limit, to: SIMD4<Int64>.self)
  }
}

extension UnsafeBufferPointer<Double> {
  /// - Precondition: not empty.
  var medianOfAscending: Double {
    let middle = count / 2
    return count % 2 == 1 ? self[middle] : self[middle - 1] + (self[middle] - self[middle - 1]) / 2
  }
}

/// Moves among ascending numbers, from the first of them on.
extension UnsafeMutablePointer<Double> {
  /// Puts a number at a place; what stood there and after it moves up.
  ///
  /// - Parameter count: How many there are; there is room for one more.
  @inline(__always)
  func insert(_ number: Double, at place: Int, of count: Int) {
    (self + place + 1).update(from: self + place, count: count - place)
    self[place] = number
  }

  /// Takes the number at a place out; what stood after it moves down, and infinity comes last.
  @inline(__always)
  func remove(at place: Int, of count: Int) {
    (self + place).update(from: self + place + 1, count: count - 1 - place)
    self[count - 1] = .infinity
  }

  /// Takes the number at one place out, and puts another in where it belongs.
  ///
  /// - Parameter target: The first place, of before, that is not below the new number.
  @inline(__always)
  func exchange(at place: Int, _ number: Double, goingTo target: Int) {
    if target > place {
      (self + place).update(from: self + place + 1, count: target - 1 - place)
      self[target - 1] = number
    } else {
      (self + target + 1).update(from: self + target, count: place - target)
      self[target] = number
    }
  }

  /// Of the first so many, which ascend, takes one out and puts another in.
  ///
  /// - Precondition: `old` is there.
  @inline(__always)
  func replace(_ old: Double, with new: Double, ofAscending count: Int) {
    let ascending = UnsafeBufferPointer<Double>(start: self, count: count)
    exchange(at: ascending.count(below: old), new, goingTo: ascending.count(below: new))
  }

  /// Puts a number among the first so many, which ascend.
  func insert(_ new: Double, toAscending count: Int) {
    insert(new, at: UnsafeBufferPointer<Double>(start: self, count: count).count(below: new), of: count)
  }
}

extension [Double] {
  /// In an ascending array, the first place that is not below a value.
  func firstPlace(notBelow value: Double) -> Int { withUnsafeBufferPointer { $0.count(below: value) } }

  /// In an ascending array, takes one number out and puts another in.
  ///
  /// - Precondition: `old` is there.
  mutating func replace(_ old: Double, with new: Double) {
    withUnsafeMutableBufferPointer { $0.baseAddress?.replace(old, with: new, ofAscending: $0.count) }
  }
}
