import SeriesSamples
import Testing

@testable import Baselines

/// The blocked bag against a sorted array.
@Suite struct SortedBagTests {
  static let ranges: [Int] = [1, 7, 100, 1_000_000]

  @Test(arguments: ranges) func `a bag says what a sorted array says`(distinct: Int) {
    var numbers = SeededNumbers(seed: UInt64(distinct))
    var bag = SortedBag()
    var plain: [Double] = []
    for turn in 0..<6_000 {
      // It grows, shrinks to nothing, and grows again.
      let grows = turn < 2_000 || turn > 5_000 || Int.random(in: 0..<4, using: &numbers) == 0
      if grows || plain.isEmpty {
        let value = Double(Int.random(in: -distinct...distinct, using: &numbers))
        bag.insert(value)
        plain.insert(value, at: plain.firstPlace(notBelow: value))
      } else {
        let place = Int.random(in: 0..<plain.count, using: &numbers)
        bag.remove(plain.remove(at: place))
      }
      #expect(bag.count == plain.count)
      guard turn % 7 == 0, plain.count > 1 else { continue }
      let probe = Double(Int.random(in: -distinct...distinct, using: &numbers))
      let place = plain.firstPlace(notBelow: probe)
      #expect(bag.count(below: probe) == place)
      let (below, notBelow) = bag.neighbours(of: bag.place(notBelow: probe))
      #expect(below == (place > 0 ? plain[place - 1] : nil) && notBelow == (place < plain.count ? plain[place] : nil))
      #expect(
        bag.least == plain.first && bag.greatest == plain.last
          && bag.number(at: plain.count / 2) == plain[plain.count / 2])
      let excesses = Int.random(in: 1..<plain.count, using: &numbers)
      let tail = bag.upperTail(excesses)
      #expect(tail.base == plain[plain.count - 1 - excesses])
      #expect(abs(tail.mean - plain.suffix(excesses).reduce(0, +) / Double(excesses)) < 1e-6)
      let lower = bag.lowerTail(excesses)
      #expect(lower.base == plain[excesses])
      #expect(abs(lower.mean - plain.prefix(excesses).reduce(0, +) / Double(excesses)) < 1e-6)
    }
  }

  @Test(arguments: [[0.0], Array(stride(from: 0.0, to: 1, by: 1e-4)), Array(repeating: 3.0, count: 9_999)])
  func `a bag of the last numbers forgets the oldest`(pattern: [Double]) {
    var remembered = RememberedBag(memory: 500)
    var values: [Double] = []
    for turn in 0..<1_500 {
      let value = pattern[turn % pattern.count] + Double(turn / 500)
      remembered.insert(value)
      values.append(value)
      let last = values.suffix(500).sorted()
      #expect(
        remembered.count == last.count && remembered.bag.least == last.first && remembered.bag.greatest == last.last)
      let middle = last.count / 2
      #expect(remembered.bag.number(at: middle) == last[middle])
      #expect(remembered.bag.count(below: last[middle]) == last.firstPlace(notBelow: last[middle]))
    }
  }

  /// Every size that a block or a pool can have, with few and with many equal numbers.
  @Test(arguments: [1, 8, 1_000_000]) func `so many numbers are below a value as a plain loop counts`(distinct: Int) {
    var numbers = SeededNumbers(seed: UInt64(distinct))
    for size in Array(0...200) + [511, 512, 513, 1_000, 4_097] {
      let ascending = (0..<size).map { _ in Double(Int.random(in: -distinct...distinct, using: &numbers)) }.sorted()
      let probes =
        [-.infinity, .infinity, 0, -0.0] + (ascending.first.map { [$0, $0.nextDown] } ?? [])
        + (ascending.last.map { [$0, $0.nextUp] } ?? [])
        + (0..<8).map { _ in Double(Int.random(in: -distinct...distinct, using: &numbers)) }
      for probe in probes {
        var below = 0
        for number in ascending where number < probe { below += 1 }
        #expect(ascending.firstPlace(notBelow: probe) == below, "\(size) numbers, \(probe)")
      }
    }
  }

  @Test(arguments: [3, 1_000_000]) func `the median of an hour and its neighbours is that of their last forty each`(
    distinct: Int
  ) {
    var numbers = SeededNumbers(seed: UInt64(distinct))
    var medians = HourMedians(hours: 24)
    var kept = Array(repeating: [Double](), count: 24)
    var hour = 0
    for turn in 0..<8_000 {
      // Hours follow one another, stay, and now and then leap.
      let step = Int.random(in: 0..<40, using: &numbers)
      hour = (hour + (step == 0 ? 7 : step < 6 ? 1 : 0)) % 24
      let value = Double(Int.random(in: -distinct...distinct, using: &numbers)) + Double(turn / 2_000 * distinct)
      medians.learn(value, in: hour)
      kept[hour] = (kept[hour] + [value]).suffix(40)
      let asked = turn % 5 == 0 ? Int.random(in: 0..<24, using: &numbers) : hour
      let pool = [(asked + 23) % 24, asked, (asked + 1) % 24].flatMap { kept[$0] }.sorted()
      let told = medians.median(around: asked)
      #expect(told?.count ?? 0 == pool.count && told?.median == (pool.isEmpty ? nil : median(ofOrdered: pool)))
    }
  }

  @Test func `a running median is that of the last numbers`() {
    var numbers = SeededNumbers(seed: 1)
    var window = SortedWindow(capacity: 40)
    var values: [Double] = []
    for _ in 0..<500 {
      values.append(Double(Int.random(in: 0..<20, using: &numbers)))
      window.insert(values[values.count - 1])
      #expect(window.median == median(ofOrdered: values.suffix(40).sorted()))
    }
  }
}
