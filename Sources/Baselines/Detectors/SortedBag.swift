/// Numbers in ascending order, equal ones as often as they were put in.
///
/// The order is cut into blocks of at most 256 numbers, each in a slot of one array. Finding a place searches the
/// blocks' lowest numbers and then one block; putting in and taking out move the numbers of one block; the
/// highest k are summed by whole blocks, whose sums are kept until the block changes (so no error piles up). With
/// 20,000 numbers that is some 100 ns each. A block that is full is halved; one that is a quarter full is joined with a
/// neighbour if both fit into half a block.
///
/// Memory: 8 bytes a number, one and a half times that with the blocks' slack. All numbers are finite.
struct SortedBag: Sendable {
  private static let blockSize = 256

  private(set) var count = 0
  /// The blocks' numbers, each block at its slot times `blockSize`.
  private var numbers: [Double] = []
  private var freeSlots: [Int] = []
  // Of the blocks in ascending order:
  private var slots: [Int] = []
  private var sizes: [Int] = []
  private var lowest: [Double] = []
  /// Not a number: the block has changed since it was summed.
  private var sums: [Double] = []

  var isEmpty: Bool { count == 0 }

  /// - Precondition: the bag is not empty.
  var least: Double { lowest[0] }
  /// - Precondition: the bag is not empty.
  var greatest: Double { numbers[slots[slots.count - 1] * Self.blockSize + sizes[sizes.count - 1] - 1] }

  // MARK: Looking

  /// The greatest number below `value` and the least that is not, where there are such.
  func neighbours(of value: Double) -> (below: Double?, notBelow: Double?) {
    let block = blockCount(below: value) - 1
    guard block >= 0 else { return (nil, lowest.first) }
    let start = slots[block] * Self.blockSize
    let place = firstPlace(notBelow: value, in: block)
    let next = place < sizes[block] ? numbers[start + place] : block + 1 < lowest.count ? lowest[block + 1] : nil
    return (numbers[start + place - 1], next)
  }

  /// How many numbers are below a value.
  func count(below value: Double) -> Int {
    let block = blockCount(below: value) - 1
    guard block >= 0 else { return 0 }
    var before = 0
    sizes.withUnsafeBufferPointer { sizes in
      for place in 0..<block { before &+= sizes[place] }
    }
    return before + firstPlace(notBelow: value, in: block)
  }

  /// - Precondition: `index` lies in `0..<count`.
  func number(at index: Int) -> Double {
    var rest = index
    var block = 0
    while rest >= sizes[block] {
      rest -= sizes[block]
      block += 1
    }
    return numbers[slots[block] * Self.blockSize + rest]
  }

  /// Of the `excesses` highest numbers the mean, and the number that follows them downwards.
  ///
  /// - Precondition: `0 < excesses < count`.
  mutating func upperTail(_ excesses: Int) -> (base: Double, mean: Double) {
    var rest = excesses
    var sum = 0.0
    var block = sizes.count - 1
    while sizes[block] <= rest {
      rest -= sizes[block]
      sum += self.sum(of: block)
      block -= 1
    }
    let end = slots[block] * Self.blockSize + sizes[block]
    sum += sumOfNumbers(end - rest..<end)
    return (numbers[end - rest - 1], sum / Double(excesses))
  }

  private mutating func sum(of block: Int) -> Double {
    if sums[block].isNaN {
      let start = slots[block] * Self.blockSize
      sums[block] = sumOfNumbers(start..<start + sizes[block])
    }
    return sums[block]
  }

  private func sumOfNumbers(_ places: Range<Int>) -> Double {
    numbers.withUnsafeBufferPointer { numbers in
      // Four sums side by side: one alone would wait for each addition.
      var four = SIMD4<Double>.zero
      var place = places.lowerBound
      while place + 4 <= places.upperBound {
        four += SIMD4(numbers[place], numbers[place + 1], numbers[place + 2], numbers[place + 3])
        place += 4
      }
      var sum = four.sum()
      while place < places.upperBound {
        sum += numbers[place]
        place += 1
      }
      return sum
    }
  }

  /// How many blocks begin below a value.
  private func blockCount(below value: Double) -> Int {
    lowest.withUnsafeBufferPointer { Self.count(below: value, in: $0) }
  }

  /// The first place in a block whose number is not below a value.
  private func firstPlace(notBelow value: Double, in block: Int) -> Int {
    let start = slots[block] * Self.blockSize
    return numbers.withUnsafeBufferPointer { numbers in
      Self.count(below: value, in: UnsafeBufferPointer(rebasing: numbers[start..<start + sizes[block]]))
    }
  }

  /// Counts four at a time instead of halving: which way a halving goes cannot be foreseen, and waiting for that costs
  /// more than looking at so few numbers.
  @inline(__always)
  private static func count(below value: Double, in ascending: UnsafeBufferPointer<Double>) -> Int {
    guard let base = ascending.baseAddress else { return 0 }
    let limit = SIMD4<Double>(repeating: value)
    var below = SIMD4<Int64>.zero
    var place = 0
    while place &+ 4 <= ascending.count {
      let four = UnsafeRawPointer(base + place).loadUnaligned(as: SIMD4<Double>.self)
      below &-= unsafeBitCast(four .< limit, to: SIMD4<Int64>.self)
      place &+= 4
    }
    var count = Int(below.wrappedSum())
    while place < ascending.count {
      if base[place] < value { count &+= 1 }
      place &+= 1
    }
    return count
  }

  // MARK: Putting in and taking out

  mutating func insert(_ value: Double) {
    count += 1
    guard !slots.isEmpty else {
      let slot = freshSlot()
      numbers[slot * Self.blockSize] = value
      addBlock(at: 0, slot: slot, size: 1)
      return
    }
    let block = max(0, blockCount(below: value) - 1)
    let place = firstPlace(notBelow: value, in: block)
    let start = slots[block] * Self.blockSize
    let size = sizes[block]
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      (base + start + place + 1).update(from: base + start + place, count: size - place)
      base[start + place] = value
    }
    sizes[block] = size + 1
    sums[block] = .nan
    if place == 0 { lowest[block] = value }
    if size + 1 == Self.blockSize { halve(block) }
  }

  /// Takes one number out that equals `value`.
  ///
  /// - Precondition: there is one.
  mutating func remove(_ value: Double) {
    var block = max(0, blockCount(below: value) - 1)
    var place = firstPlace(notBelow: value, in: block)
    if place == sizes[block] { (block, place) = (block + 1, 0) }
    let start = slots[block] * Self.blockSize
    let size = sizes[block] - 1
    precondition(numbers[start + place] == value, "what is taken out of a bag was put in")
    count -= 1
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      (base + start + place).update(from: base + start + place + 1, count: size - place)
    }
    sizes[block] = size
    sums[block] = .nan
    if size == 0 { return dropBlock(block) }
    if place == 0 { lowest[block] = numbers[start] }
    if size < Self.blockSize / 4 { join(block) }
  }

  private mutating func freshSlot() -> Int {
    if let slot = freeSlots.popLast() { return slot }
    numbers.append(contentsOf: repeatElement(0, count: Self.blockSize))
    return numbers.count / Self.blockSize - 1
  }

  private mutating func addBlock(at block: Int, slot: Int, size: Int) {
    slots.insert(slot, at: block)
    sizes.insert(size, at: block)
    lowest.insert(numbers[slot * Self.blockSize], at: block)
    sums.insert(.nan, at: block)
  }

  private mutating func dropBlock(_ block: Int) {
    freeSlots.append(slots.remove(at: block))
    sizes.remove(at: block)
    lowest.remove(at: block)
    sums.remove(at: block)
  }

  private mutating func halve(_ block: Int) {
    let slot = freshSlot()
    let half = Self.blockSize / 2
    move(half, from: slots[block] * Self.blockSize + half, to: slot * Self.blockSize)
    sizes[block] = half
    addBlock(at: block + 1, slot: slot, size: half)
  }

  private mutating func join(_ block: Int) {
    let left = block > 0 ? block - 1 : block
    let right = left + 1
    guard right < sizes.count, sizes[left] + sizes[right] <= Self.blockSize / 2 else { return }
    move(sizes[right], from: slots[right] * Self.blockSize, to: slots[left] * Self.blockSize + sizes[left])
    sizes[left] += sizes[right]
    sums[left] = .nan
    dropBlock(right)
  }

  private mutating func move(_ count: Int, from source: Int, to target: Int) {
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      (base + target).update(from: base + source, count: count)
    }
  }
}

/// A bag of the last so many numbers: as a new one enters, the oldest leaves.
struct RememberedBag: Sendable {
  private(set) var bag = SortedBag()
  private var arrivals: [Double] = []
  private var oldest = 0
  let memory: Int

  /// - Precondition: `memory` is at least 1.
  init(memory: Int) { self.memory = memory }

  var count: Int { bag.count }

  mutating func insert(_ value: Double) {
    bag.insert(value)
    guard arrivals.count == memory else { return arrivals.append(value) }
    bag.remove(arrivals[oldest])
    arrivals[oldest] = value
    oldest = oldest + 1 == memory ? 0 : oldest + 1
  }

  mutating func upperTail(_ excesses: Int) -> (base: Double, mean: Double) { bag.upperTail(excesses) }
}
