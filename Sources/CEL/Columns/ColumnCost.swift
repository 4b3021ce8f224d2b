import Values

// What is taken at most, where many are looked at in one go.
extension Run.Cost {
  /// Of elements that are made.
  init(elements: Int) {
    self.init(bytes: elements.multipliedReportingOverflow(by: MemoryLayout<Value>.stride).partialValue)
  }

  mutating func add(_ other: Run.Cost) {
    steps = Self.sum(steps, other.steps)
    bytes = Self.sum(bytes, other.bytes)
  }

  /// Takes the greater one.
  ///
  /// - Parameter spent: What the other holds besides.
  mutating func reach(_ other: Run.Cost, above spent: Run.Cost = Run.Cost()) {
    steps = max(steps, other.steps - spent.steps)
    bytes = max(bytes, other.bytes - spent.bytes)
  }

  func times(_ count: Int) -> Run.Cost {
    Run.Cost(steps: Self.product(steps, count), bytes: Self.product(bytes, count))
  }

  private static func sum(_ left: Int, _ right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }

  private static func product(_ cost: Int, _ count: Int) -> Int {
    let (product, overflow) = cost.multipliedReportingOverflow(by: count)
    return overflow ? .max : product
  }
}
