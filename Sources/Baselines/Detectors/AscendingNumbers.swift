extension UnsafeBufferPointer<Double> {
  /// Of ascending numbers, how many are below a value: the first place that is not.
  ///
  /// Each step compares eight numbers that stand evenly apart, and goes on in an eighth. It does so without a branch: which
  /// way it goes cannot be foreseen, and a wrong guess costs more than the comparisons.
  @inline(__always)
  func count(below value: Double) -> Int {
    guard let first = baseAddress else { return 0 }
    let limit = SIMD4<Double>(repeating: value)
    var start = first
    var rest = count
    while rest > 16 {
      let apart = rest &>> 3
      let last = start + (apart &- 1)
      let lower = SIMD4(last[0], last[apart], last[2 &* apart], last[3 &* apart])
      let upper = SIMD4(last[4 &* apart], last[5 &* apart], last[6 &* apart], last[7 &* apart])
      let below = Self.count(lower .< limit) &+ Self.count(upper .< limit)
      start += below &* apart
      rest = Swift.min(Swift.max(apart, rest & 7), rest &- below &* apart)
    }
    var below = SIMD4<Int64>.zero
    let end = start + rest
    while start + 4 <= end {
      let four = UnsafeRawPointer(start).loadUnaligned(as: SIMD4<Double>.self)
      below &-= unsafeBitCast(four .< limit, to: SIMD4<Int64>.self)
      start += 4
    }
    var counted = (end - first) &- rest &+ Int(below.wrappedSum())
    while start < end {
      counted &+= start.pointee < value ? 1 : 0
      start += 1
    }
    return counted
  }

  @inline(__always)
  private static func count(_ mask: SIMDMask<SIMD4<Int64>>) -> Int {
    Int((.zero &- unsafeBitCast(mask, to: SIMD4<Int64>.self)).wrappedSum())
  }
}

extension [Double] {
  /// In an ascending array, the first place that is not below a value.
  func firstPlace(notBelow value: Double) -> Int { withUnsafeBufferPointer { $0.count(below: value) } }

  /// In an ascending array, takes one number out and puts another in.
  ///
  /// - Precondition: `old` is there.
  mutating func replace(_ old: Double, with new: Double) {
    withUnsafeMutableBufferPointer { numbers in
      let ascending = UnsafeBufferPointer(numbers)
      let from = ascending.count(below: old)
      let to = ascending.count(below: new)
      guard let base = numbers.baseAddress else { return }
      if to > from {
        (base + from).update(from: base + from + 1, count: to - 1 - from)
        base[to - 1] = new
      } else {
        (base + to + 1).update(from: base + to, count: from - to)
        base[to] = new
      }
    }
  }
}
