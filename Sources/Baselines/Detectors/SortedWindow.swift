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
