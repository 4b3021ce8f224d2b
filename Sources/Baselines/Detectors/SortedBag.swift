/// Numbers in ascending order, equal ones as often as they were put in.
///
/// The order is cut into blocks, each somewhere in one array. Finding a place searches the blocks' lowest numbers and then
/// one block; what is found serves for looking around and for putting in. Putting in and taking out move the numbers of one
/// block; ranks are summed by groups of blocks, the highest k by whole blocks, whose sums are kept until the block changes
/// (so no error piles up). With 20,000 numbers each costs some tens of nanoseconds. A block that is full is halved; one
/// that is a quarter full is joined with a neighbour if both fit into half a block.
///
/// Memory: 8 bytes a number, one and a half times that with the blocks' slack. All numbers are finite.
struct SortedBag: Sendable {
  private static let groupSize = 16

  private let blockSize: Int
  private(set) var count = 0
  /// The blocks' numbers, each block with room for `blockSize`; what is not filled is infinite, so that a search need
  /// not know how much is.
  private var numbers: [Double] = []
  private var freeStarts: [Int] = []
  // Of the blocks in ascending order:
  /// Where they begin in `numbers`.
  private var starts: [Int] = []
  private var sizes: [Int] = []
  private var lowest: [Double] = []
  /// Not a number: the block has changed since it was summed.
  private var sums: [Double] = []
  /// How many numbers each `groupSize` neighbouring blocks hold.
  private var groups: [Int] = []

  /// - Parameter expected: About how many numbers there will be; blocks are about as long as there are many.
  init(expecting expected: Int = 20_000) {
    var size = 32
    while size < 512, 8 * size * size < expected { size *= 2 }
    blockSize = size
  }

  var isEmpty: Bool { count == 0 }

  /// - Precondition: the bag is not empty.
  var least: Double { lowest[0] }
  /// - Precondition: the bag is not empty.
  var greatest: Double { numbers[starts[starts.count - 1] + sizes[sizes.count - 1] - 1] }

  // MARK: Looking

  /// Where a number is or would be put in. Holds until the bag changes.
  struct Place {
    fileprivate let block: Int
    fileprivate let index: Int
  }

  /// The place of the first number that is not below a value; past the last number of a block rather than before the first
  /// of the next.
  func place(notBelow value: Double) -> Place {
    guard !starts.isEmpty else { return Place(block: 0, index: 0) }
    let block = max(0, lowest.firstPlace(notBelow: value) - 1)
    let start = starts[block]
    return numbers.withUnsafeBufferPointer { numbers in
      Place(block: block, index: UnsafeBufferPointer(rebasing: numbers[start..<start + blockSize]).count(below: value))
    }
  }

  /// The numbers next to a place: the greatest below its value and the least that is not, where there are such.
  func neighbours(of place: Place) -> (below: Double?, notBelow: Double?) {
    guard place.block < sizes.count else { return (nil, nil) }
    let start = starts[place.block]
    let below = place.index > 0 ? numbers[start + place.index - 1] : nil
    if place.index < sizes[place.block] { return (below, numbers[start + place.index]) }
    return (below, place.block + 1 < lowest.count ? lowest[place.block + 1] : nil)
  }

  /// How many numbers are below the value of a place.
  func count(before place: Place) -> Int {
    let group = place.block / Self.groupSize
    var before = place.index
    groups.withUnsafeBufferPointer { groups in
      for place in 0..<min(group, groups.count) { before &+= groups[place] }
    }
    sizes.withUnsafeBufferPointer { sizes in
      for place in group * Self.groupSize..<min(place.block, sizes.count) { before &+= sizes[place] }
    }
    return before
  }

  func count(below value: Double) -> Int { count(before: place(notBelow: value)) }

  /// - Precondition: `index` lies in `0..<count`.
  func number(at index: Int) -> Double {
    var rest = index
    var group = 0
    while rest >= groups[group] {
      rest -= groups[group]
      group += 1
    }
    var block = group * Self.groupSize
    while rest >= sizes[block] {
      rest -= sizes[block]
      block += 1
    }
    return numbers[starts[block] + rest]
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
    let end = starts[block] + sizes[block]
    sum += sumOfNumbers(end - rest..<end)
    return (numbers[end - rest - 1], sum / Double(excesses))
  }

  /// Of the `excesses` lowest numbers the mean, and the number that follows them upwards.
  ///
  /// - Precondition: `0 < excesses < count`.
  mutating func lowerTail(_ excesses: Int) -> (base: Double, mean: Double) {
    var rest = excesses
    var sum = 0.0
    var block = 0
    while sizes[block] <= rest {
      rest -= sizes[block]
      sum += self.sum(of: block)
      block += 1
    }
    let start = starts[block]
    sum += sumOfNumbers(start..<start + rest)
    return (numbers[start + rest], sum / Double(excesses))
  }

  private mutating func sum(of block: Int) -> Double {
    if sums[block].isNaN {
      let start = starts[block]
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

  // MARK: Putting in and taking out

  mutating func insert(_ value: Double) { insert(value, at: place(notBelow: value)) }

  /// - Parameter place: Of this very value, in the bag as it is.
  mutating func insert(_ value: Double, at place: Place) {
    count += 1
    guard !starts.isEmpty else {
      let start = freshStart()
      numbers[start] = value
      return addBlock(at: 0, start: start, size: 1)
    }
    let (block, index) = (place.block, place.index)
    let start = starts[block]
    let size = sizes[block]
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      (base + start).insert(value, at: index, of: size)
    }
    sizes[block] = size + 1
    groups[block / Self.groupSize] += 1
    sums[block] = .nan
    if index == 0 { lowest[block] = value }
    if size + 1 == blockSize { halve(block) }
  }

  /// Takes one number out that equals `value`.
  ///
  /// - Precondition: there is one.
  mutating func remove(_ value: Double) { remove(value, at: place(notBelow: value)) }

  private mutating func remove(_ value: Double, at place: Place) {
    let place = filled(place)
    let (block, index) = (place.block, place.index)
    let start = starts[block]
    let size = sizes[block] - 1
    precondition(numbers[start + index] == value, "what is taken out of a bag was put in")
    count -= 1
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      (base + start).remove(at: index, of: size + 1)
    }
    sizes[block] = size
    groups[block / Self.groupSize] -= 1
    sums[block] = .nan
    if size == 0 { return dropBlock(block) }
    if index == 0 { lowest[block] = numbers[start] }
    if size < blockSize / 4 { join(block) }
  }

  /// Puts a number in and takes one out that equals `old`.
  ///
  /// Both are looked for before anything moves, so that the processor waits once for what is far in memory, not twice.
  ///
  /// - Parameter place: Of `value`, in the bag as it is.
  /// - Precondition: `old` is there.
  mutating func insert(_ value: Double, at place: Place, removing old: Double) {
    // An equal number goes where the other leaves, which may be past the last of a block.
    let oldPlace = value == old ? place : filled(self.place(notBelow: old))
    let (size, oldSize) = (sizes[place.block], sizes[oldPlace.block])
    let isSameBlock = oldPlace.block == place.block
    guard size + 1 < blockSize, oldSize - (isSameBlock ? 0 : 1) >= blockSize / 4 else {
      insert(value, at: place)
      return remove(old)
    }
    if value == old { return }
    let (start, oldStart) = (starts[place.block], starts[oldPlace.block])
    precondition(numbers[oldStart + oldPlace.index] == old, "what is taken out of a bag was put in")
    if isSameBlock {
      numbers.withUnsafeMutableBufferPointer { numbers in
        guard let base = numbers.baseAddress else { return }
        (base + start).exchange(at: oldPlace.index, value, goingTo: place.index)
      }
      lowest[place.block] = numbers[start]
    } else {
      numbers.withUnsafeMutableBufferPointer { numbers in
        guard let base = numbers.baseAddress else { return }
        (base + start).insert(value, at: place.index, of: size)
        (base + oldStart).remove(at: oldPlace.index, of: oldSize)
      }
      sizes[place.block] = size + 1
      sizes[oldPlace.block] = oldSize - 1
      let (group, oldGroup) = (place.block / Self.groupSize, oldPlace.block / Self.groupSize)
      if group != oldGroup {
        groups[group] += 1
        groups[oldGroup] -= 1
      }
      sums[oldPlace.block] = .nan
      if place.index == 0 { lowest[place.block] = value }
      if oldPlace.index == 0 { lowest[oldPlace.block] = numbers[oldStart] }
    }
    sums[place.block] = .nan
  }

  /// The same place, at the beginning of the next block instead of past the last number of one.
  private func filled(_ place: Place) -> Place {
    place.index == sizes[place.block] ? Place(block: place.block + 1, index: 0) : place
  }

  // MARK: Blocks

  private mutating func freshStart() -> Int {
    if let start = freeStarts.popLast() { return start }
    numbers.append(contentsOf: repeatElement(.infinity, count: blockSize))
    return numbers.count - blockSize
  }

  private mutating func addBlock(at block: Int, start: Int, size: Int) {
    starts.insert(start, at: block)
    sizes.insert(size, at: block)
    lowest.insert(numbers[start], at: block)
    sums.insert(.nan, at: block)
    regroup(from: max(0, block - 1))
  }

  private mutating func dropBlock(_ block: Int) {
    freeStarts.append(starts.remove(at: block))
    sizes.remove(at: block)
    lowest.remove(at: block)
    sums.remove(at: block)
    regroup(from: max(0, block - 1))
  }

  private mutating func regroup(from block: Int) {
    groups.removeLast(groups.count - min(block / Self.groupSize, groups.count))
    for start in stride(from: groups.count * Self.groupSize, to: sizes.count, by: Self.groupSize) {
      groups.append(sizes[start..<min(start + Self.groupSize, sizes.count)].reduce(0, +))
    }
  }

  private mutating func halve(_ block: Int) {
    let start = freshStart()
    let half = blockSize / 2
    move(half, from: starts[block] + half, to: start)
    sizes[block] = half
    addBlock(at: block + 1, start: start, size: half)
  }

  private mutating func join(_ block: Int) {
    let left = block > 0 ? block - 1 : block
    let right = left + 1
    guard right < sizes.count, sizes[left] + sizes[right] <= blockSize / 2 else { return }
    move(sizes[right], from: starts[right], to: starts[left] + sizes[left])
    sizes[left] += sizes[right]
    sums[left] = .nan
    dropBlock(right)
  }

  private mutating func move(_ count: Int, from source: Int, to target: Int) {
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      (base + target).update(from: base + source, count: count)
      (base + source).update(repeating: .infinity, count: count)
    }
  }
}
