extension UnsafeBufferPointer<Double> {
  /// Most numbers that are all compared.
  private static let few = 48

  /// Of ascending numbers, how many are below a value: the first place that is not.
  ///
  /// Each step compares eight numbers that stand evenly apart, and goes on in an eighth; the last few dozen are compared all.
  /// How many steps that takes hangs on how many numbers there are, and on nothing else, so that the processor guesses the
  /// way right: a wrong guess costs more than the comparisons.
  @inline(__always)
  func count(below value: Double) -> Int {
    guard let first = baseAddress else { return 0 }
    var (start, rest) = (first, count)
    while rest > Self.few {
      let smaller = Self.eighth(of: rest)
      start = Swift.min(Self.skipped(start, rest, below: value), first + (count &- smaller))
      rest = smaller
    }
    return (start - first) &+ Self.compared(start, rest, below: value)
  }

  /// The same of two values side by side.
  @inline(__always)
  func counts(below one: Double, _ other: Double) -> (Int, Int) {
    guard let first = baseAddress else { return (0, 0) }
    var (start, otherStart, rest) = (first, first, count)
    while rest > Self.few {
      let smaller = Self.eighth(of: rest)
      let last = first + (count &- smaller)
      start = Swift.min(Self.skipped(start, rest, below: one), last)
      otherStart = Swift.min(Self.skipped(otherStart, rest, below: other), last)
      rest = smaller
    }
    return (
      (start - first) &+ Self.compared(start, rest, below: one),
      (otherStart - first) &+ Self.compared(otherStart, rest, below: other)
    )
  }

  /// How many to go on with. Behind the last of the eight there may be fewer, and fours are to be full: then numbers that are
  /// known to be below are looked at again.
  @inline(__always)
  private static func eighth(of rest: Int) -> Int { (Swift.max(rest &>> 3, rest & 7) &+ 3) & ~3 }

  /// The start of the eighth in which numbers begin not to be below.
  @inline(__always)
  private static func skipped(
    _ start: UnsafePointer<Double>, _ rest: Int, below value: Double
  ) -> UnsafePointer<Double> {
    let limit = SIMD4(repeating: value)
    let apart = rest &>> 3
    let ends = start + (apart &- 1)
    let lower = SIMD4(ends[0], ends[apart], ends[2 &* apart], ends[3 &* apart])
    let upper = SIMD4(ends[4 &* apart], ends[5 &* apart], ends[6 &* apart], ends[7 &* apart])
    return start + Int((ones(lower, below: limit) &+ ones(upper, below: limit)).wrappedSum()) &* apart
  }

  @inline(__always)
  private static func compared(_ start: UnsafePointer<Double>, _ rest: Int, below value: Double) -> Int {
    let limit = SIMD4(repeating: value)
    let bytes = UnsafeRawPointer(start)
    var (below, belowToo) = (SIMD4<Int64>.zero, SIMD4<Int64>.zero)
    var place = 0
    while place < rest & ~7 {
      below &+= ones((bytes + 8 &* place).loadUnaligned(as: SIMD4<Double>.self), below: limit)
      belowToo &+= ones((bytes + 8 &* place + 32).loadUnaligned(as: SIMD4<Double>.self), below: limit)
      place &+= 8
    }
    if rest & 4 != 0 {
      below &+= ones((bytes + 8 &* place).loadUnaligned(as: SIMD4<Double>.self), below: limit)
      place &+= 4
    }
    var counted = Int((below &+ belowToo).wrappedSum())
    while place < rest {
      counted &+= start[place] < value ? 1 : 0
      place &+= 1
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
  /// - Returns: Where the old one was.
  @inline(__always)
  @discardableResult
  func replace(_ old: Double, with new: Double, ofAscending count: Int) -> Int {
    let (from, to) = UnsafeBufferPointer<Double>(start: self, count: count).counts(below: old, new)
    exchange(at: from, new, goingTo: to)
    return from
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
    withUnsafeMutableBufferPointer { _ = $0.baseAddress?.replace(old, with: new, ofAscending: $0.count) }
  }
}
