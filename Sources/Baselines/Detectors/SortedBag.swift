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
  /// In ascending order.
  private var blocks: [Block] = []
  /// The lowest number of each block, and infinities up to the next multiple of eight: so that none is compared alone.
  private var lowest: [Double] = []
  /// How many numbers each `groupSize` neighbouring blocks hold.
  private var groups: [Int] = []

  private struct Block {
    /// Where it begins in `numbers`.
    let start: Int
    var size: Int
    /// Not a number: it has changed since it was summed.
    var sum = Double.nan
  }

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
  var greatest: Double {
    let last = blocks[blocks.count - 1]
    return numbers[last.start + last.size - 1]
  }

  // MARK: Looking

  /// Where a number is or would be put in. Holds until the bag changes.
  struct Place {
    fileprivate let block: Int
    fileprivate let index: Int
  }

  /// The place of the first number that is not below a value; past the last number of a block rather than before the first
  /// of the next.
  func place(notBelow value: Double) -> Place {
    guard count > 0 else { return Place(block: 0, index: 0) }
    // No more of `lowest` are below than there are blocks, and each block begins with room for `blockSize`.
    let block = max(0, lowest.withUnsafeBufferPointer { $0.count(below: value) } &- 1)
    let start = blocks.withUnsafeBufferPointer { $0[block].start }
    return numbers.withUnsafeBufferPointer { numbers in
      let own = UnsafeBufferPointer(start: numbers.baseAddress.map { $0 + start }, count: blockSize)
      return Place(block: block, index: own.count(below: value))
    }
  }

  /// The numbers next to a place: the greatest below its value and the least that is not, where there are such.
  func neighbours(of place: Place) -> (below: Double?, notBelow: Double?) {
    guard place.block < blocks.count else { return (nil, nil) }
    let block = blocks[place.block]
    let below = place.index > 0 ? numbers[block.start + place.index - 1] : nil
    if place.index < block.size { return (below, numbers[block.start + place.index]) }
    return (below, place.block + 1 < blocks.count ? lowest[place.block + 1] : nil)
  }

  /// How many numbers are below the value of a place.
  @inline(__always)
  func count(before place: Place) -> Int {
    let group = place.block / Self.groupSize
    var before = place.index
    groups.withUnsafeBufferPointer { groups in
      for place in 0..<min(group, groups.count) { before &+= groups[place] }
    }
    blocks.withUnsafeBufferPointer { blocks in
      for place in group * Self.groupSize..<min(place.block, blocks.count) { before &+= blocks[place].size }
    }
    return before
  }

  func count(below value: Double) -> Int { count(before: place(notBelow: value)) }

  /// - Precondition: `index` lies in `0..<count`.
  func number(at index: Int) -> Double {
    groups.withUnsafeBufferPointer { groups in
      blocks.withUnsafeBufferPointer { blocks in
        var (rest, group) = (index, 0)
        while rest >= groups[group] {
          rest &-= groups[group]
          group &+= 1
        }
        var place = group * Self.groupSize
        while rest >= blocks[place].size {
          rest &-= blocks[place].size
          place &+= 1
        }
        return numbers[blocks[place].start + rest]
      }
    }
  }

  /// Of the `excesses` highest numbers the mean, and the number that follows them downwards.
  ///
  /// - Precondition: `0 < excesses < count`.
  mutating func upperTail(_ excesses: Int) -> (base: Double, mean: Double) {
    let (whole, rest, sum) = wholeBlocks(within: excesses, from: blocks.count - 1, by: -1)
    let end = blocks[whole].start + blocks[whole].size
    return (numbers[end - rest - 1], (sum + Self.sum(of: numbers, end - rest..<end)) / Double(excesses))
  }

  /// Of the `excesses` lowest numbers the mean, and the number that follows them upwards.
  ///
  /// - Precondition: `0 < excesses < count`.
  mutating func lowerTail(_ excesses: Int) -> (base: Double, mean: Double) {
    let (whole, rest, sum) = wholeBlocks(within: excesses, from: 0, by: 1)
    let start = blocks[whole].start
    return (numbers[start + rest], (sum + Self.sum(of: numbers, start..<start + rest)) / Double(excesses))
  }

  /// Goes by whole blocks as far as they hold no more than so many numbers.
  ///
  /// - Returns: The block after them, how many numbers of it belong to them, and the sum of those before it.
  private mutating func wholeBlocks(
    within excesses: Int, from first: Int, by step: Int
  ) -> (place: Int, rest: Int, sum: Double) {
    let numbers = numbers
    return blocks.withUnsafeMutableBufferPointer { blocks in
      var (place, rest, sum) = (first, excesses, 0.0)
      while blocks[place].size <= rest {
        let block = blocks[place]
        if block.sum.isNaN { blocks[place].sum = Self.sum(of: numbers, block.start..<block.start + block.size) }
        sum += blocks[place].sum
        rest &-= block.size
        place &+= step
      }
      return (place, rest, sum)
    }
  }

  private static func sum(of numbers: [Double], _ places: Range<Int>) -> Double {
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
    guard !blocks.isEmpty else {
      let start = freshStart()
      numbers[start] = value
      return addBlock(at: 0, start: start, size: 1)
    }
    let (start, size) = (blocks[place.block].start, blocks[place.block].size)
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      (base + start).insert(value, at: place.index, of: size)
    }
    blocks[place.block] = Block(start: start, size: size + 1)
    groups[place.block / Self.groupSize] += 1
    if place.index == 0 { lowest[place.block] = value }
    if size + 1 == blockSize { halve(place.block) }
  }

  /// Takes one number out that equals `value`.
  ///
  /// - Precondition: there is one.
  mutating func remove(_ value: Double) {
    let place = filled(place(notBelow: value))
    let (start, size) = (blocks[place.block].start, blocks[place.block].size - 1)
    precondition(numbers[start + place.index] == value, "what is taken out of a bag was put in")
    count -= 1
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      (base + start).remove(at: place.index, of: size + 1)
    }
    blocks[place.block] = Block(start: start, size: size)
    groups[place.block / Self.groupSize] -= 1
    if size == 0 { return dropBlock(place.block) }
    if place.index == 0 { lowest[place.block] = numbers[start] }
    if size < blockSize / 4 { join(place.block) }
  }

  /// The same place, at the beginning of the next block instead of past the last number of one.
  private func filled(_ place: Place) -> Place {
    place.index == blocks[place.block].size ? Place(block: place.block + 1, index: 0) : place
  }

  /// Puts a number in and takes one out that equals `old`.
  ///
  /// Both are looked for before anything moves, so that the processor waits once for what is far in memory, not twice.
  ///
  /// - Parameter place: Of `value`, in the bag as it is.
  /// - Precondition: `old` is there.
  @inline(__always)
  mutating func insert(_ value: Double, at place: Place, removing old: Double) {
    // An equal number goes where the other leaves, which may be past the last of a block.
    let oldPlace = value == old ? place : filled(self.place(notBelow: old))
    let (block, oldBlock) = (blocks[place.block], blocks[oldPlace.block])
    let isSameBlock = oldPlace.block == place.block
    guard block.size + 1 < blockSize, oldBlock.size - (isSameBlock ? 0 : 1) >= blockSize / 4 else {
      insert(value, at: place)
      return remove(old)
    }
    if value == old { return }
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      let (own, others) = (base + block.start, base + oldBlock.start)
      precondition(others[oldPlace.index] == old, "what is taken out of a bag was put in")
      if isSameBlock {
        own.exchange(at: oldPlace.index, value, goingTo: place.index)
      } else {
        own.insert(value, at: place.index, of: block.size)
        others.remove(at: oldPlace.index, of: oldBlock.size)
      }
      if place.index == 0 { lowest[place.block] = own[0] }
      if oldPlace.index == 0 { lowest[oldPlace.block] = others[0] }
    }
    let moved = isSameBlock ? 0 : 1
    blocks.withUnsafeMutableBufferPointer { blocks in
      blocks[place.block] = Block(start: block.start, size: block.size + moved)
      blocks[oldPlace.block] = Block(start: oldBlock.start, size: oldBlock.size - moved)
    }
    let (group, oldGroup) = (place.block / Self.groupSize, oldPlace.block / Self.groupSize)
    if group != oldGroup {
      groups[group] += 1
      groups[oldGroup] -= 1
    }
  }

  // MARK: Blocks

  private mutating func freshStart() -> Int {
    if let start = freeStarts.popLast() { return start }
    numbers.append(contentsOf: repeatElement(.infinity, count: blockSize))
    return numbers.count - blockSize
  }

  private mutating func addBlock(at place: Int, start: Int, size: Int) {
    blocks.insert(Block(start: start, size: size), at: place)
    lowest.insert(numbers[start], at: place)
    padLowest()
    regroup(from: max(0, place - 1))
  }

  private mutating func dropBlock(_ place: Int) {
    freeStarts.append(blocks.remove(at: place).start)
    lowest.remove(at: place)
    padLowest()
    regroup(from: max(0, place - 1))
  }

  private mutating func padLowest() {
    lowest.removeLast(lowest.count - blocks.count)
    lowest.append(contentsOf: repeatElement(.infinity, count: (8 - blocks.count % 8) % 8))
  }

  private mutating func regroup(from place: Int) {
    groups.removeLast(groups.count - min(place / Self.groupSize, groups.count))
    for start in stride(from: groups.count * Self.groupSize, to: blocks.count, by: Self.groupSize) {
      groups.append(blocks[start..<min(start + Self.groupSize, blocks.count)].reduce(0) { $0 + $1.size })
    }
  }

  private mutating func halve(_ place: Int) {
    let start = freshStart()
    let half = blockSize / 2
    move(half, from: blocks[place].start + half, to: start)
    blocks[place] = Block(start: blocks[place].start, size: half)
    addBlock(at: place + 1, start: start, size: half)
  }

  private mutating func join(_ place: Int) {
    let left = place > 0 ? place - 1 : place
    let right = left + 1
    guard right < blocks.count, blocks[left].size + blocks[right].size <= blockSize / 2 else { return }
    let (first, second) = (blocks[left], blocks[right])
    move(second.size, from: second.start, to: first.start + first.size)
    blocks[left] = Block(start: first.start, size: first.size + second.size)
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
