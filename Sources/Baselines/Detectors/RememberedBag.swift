/// A bag of the last so many numbers: as a new one enters, the oldest leaves.
struct RememberedBag: Sendable {
  private(set) var bag: SortedBag
  private var arrivals: [Double] = []
  private var oldest = 0
  let memory: Int

  /// - Precondition: `memory` is at least 1.
  init(memory: Int) {
    self.memory = memory
    bag = SortedBag(expecting: memory)
  }

  var count: Int { bag.count }

  mutating func insert(_ value: Double) { insert(value, at: bag.place(notBelow: value)) }

  /// - Parameter place: Of this very value, in the bag as it is.
  /// - Returns: The number that left.
  @inline(__always)
  @discardableResult
  mutating func insert(_ value: Double, at place: SortedBag.Place) -> Double? {
    guard arrivals.count == memory else {
      bag.insert(value, at: place)
      arrivals.append(value)
      return nil
    }
    let old = arrivals[oldest]
    bag.insert(value, at: place, removing: old)
    arrivals[oldest] = value
    oldest = oldest + 1 == memory ? 0 : oldest + 1
    return old
  }

  mutating func upperTail(_ excesses: Int) -> (base: Double, mean: Double) { bag.upperTail(excesses) }
  mutating func lowerTail(_ excesses: Int) -> (base: Double, mean: Double) { bag.lowerTail(excesses) }
}
