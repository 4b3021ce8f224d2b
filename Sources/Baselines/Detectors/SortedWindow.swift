/// The last so many numbers in ascending order, for a running median. Cost: two searches and one move of at most
/// `capacity` numbers; meant for up to some thousand.
struct SortedWindow: Sendable {
  let capacity: Int
  private var ordered: [Double] = []
  private var arrivals: [Double] = []
  private var oldest = 0

  init(capacity: Int) {
    self.capacity = capacity
    ordered.reserveCapacity(capacity)
  }

  var isEmpty: Bool { ordered.isEmpty }

  /// - Precondition: not empty.
  var median: Double { Baselines.median(ofOrdered: ordered) }

  mutating func insert(_ value: Double) {
    guard arrivals.count == capacity else {
      arrivals.append(value)
      ordered.insert(value, at: ordered.firstPlace(notBelow: value))
      return
    }
    ordered.replace(arrivals[oldest], with: value)
    arrivals[oldest] = value
    oldest = oldest + 1 == capacity ? 0 : oldest + 1
  }
}

extension [Double] {
  /// In an ascending array, takes one number out and puts another in.
  ///
  /// - Precondition: `old` is there.
  mutating func replace(_ old: Double, with new: Double) {
    let from = firstPlace(notBelow: old)
    let to = firstPlace(notBelow: new)
    withUnsafeMutableBufferPointer { numbers in
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
