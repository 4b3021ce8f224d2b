import SeriesSamples
import Testing
import Values

@testable import Baselines

/// What a finding says beside yes and no: the band, the rank, the episode, and what it falls short of.
@Suite struct FindingTests {
  /// Ordinary values around a hundred, and then those of a window of sixty.
  private static func judged(
    _ kinds: [BaselineKind], ordinary: [Double]? = nil, then last: [Double],
    _ change: (inout BaselineRule) -> Void = { _ in }
  ) throws -> Finding {
    var numbers = SeededNumbers(seed: 11)
    let past = ordinary ?? (0..<800).map { _ in 100 + 5 * numbers.normal() }
    let values = past + last + (0..<max(0, 60 - last.count)).map { past[$0] }
    var rule = BaselineRule(kinds, direction: .up)
    change(&rule)
    return try finding(judge(series(values), window: window(past.count...values.count - 1), by: rule))
  }

  /// Values around a hundred, and a high one for a while before.
  private static func past(_ level: Double) -> [Double] {
    var numbers = SeededNumbers(seed: 12)
    var values = (0..<800).map { _ in 100 + 5 * numbers.normal() }
    for place in 600..<615 { values[place] = level }
    return values
  }

  // MARK: The rank

  @Test(arguments: [nil, .points(3, of: 4)] as [Persistence?])
  func `the rank of what is new is that of its value`(_ persistence: Persistence?) throws {
    func judged(_ before: Double, _ now: Double) throws -> Finding {
      try Self.judged([.novelty], ordinary: Self.past(before), then: Array(repeating: now, count: 5)) {
        $0.persistence = persistence
      }
    }
    let second = try judged(500, 400)
    let before = persistence == nil ? 15 : 14
    #expect(second.value == 400 && second.rank == before + 1, "\(second)")
    let first = try judged(400, 500)
    #expect(first.value == 500 && first.rank == 1 && second.ranked == first.ranked)
  }

  // MARK: The band

  @Test(arguments: [BaselineKind.jump, .seasonal, .level])
  func `low lies below high, and what is told between or outside of both`(_ kind: BaselineKind) throws {
    let day = (0..<2_000).map { row -> Double in
      let usual: Double = (row / 144) % 2 == 0 ? 100 : 20
      return usual + Double(row % 7)
    }
    let cases: [(past: [Double]?, last: [Double])] = [
      (nil, [5, 5, 5]), (nil, [300, 300]), (day, [1, 300]), (day, [300, 1]),
    ]
    for (past, last) in cases {
      let found = try Self.judged([kind], ordinary: past, then: last) { $0.direction = .both }
      let low = try #require(found.low)
      let high = try #require(found.high)
      #expect(low < high, "\(found)")
      #expect(found.breached != (low...high).contains(found.value), "\(found)")
    }
  }

  @Test func `a jump is told where it began, not where it came back`() throws {
    let fall = try Self.judged([.jump], then: [99, 101, 5, 5, 5, 105, 101]) { $0.direction = .both }
    #expect(fall.breached && fall.value == 5 && fall.from == at(5 * 802))
    let rise = try Self.judged([.jump], then: [99, 101, 400, 400, 101]) { $0.direction = .both }
    #expect(rise.value == 400 && rise.from == at(5 * 802))
    // The second goes on to where nothing was before.
    let farther = try Self.judged([.jump], then: [99, 101, 180, 180, -900, -900]) { $0.direction = .both }
    #expect(farther.value == -900)
  }

  @Test(arguments: [BaselineKind.novelty, .jump, .seasonal, .level])
  func `a band has ends only where something beyond them would breach`(_ kind: BaselineKind) throws {
    func ends(_ direction: Direction) throws -> [Bool] {
      let found = try Self.judged([kind], then: [100]) { $0.direction = direction }
      return [found.low != nil, found.high != nil]
    }
    #expect(try ends(.up) == [false, true] && ends(.down) == [true, false] && ends(.both) == [true, true])
  }

  // MARK: What matters

  @Test(arguments: [BaselineKind.novelty, .jump, .seasonal, .level])
  func `what does not matter enough says so, and the band reaches as far as it must`(_ kind: BaselineKind) throws {
    let little = try Self.judged([kind], then: [200, 200]) { $0.atLeast = 201 }
    #expect(!little.breached && little.shortfall == .atLeast(201) && little.high == 201 && little.surprise ?? 0 > 3)
    let relative = try Self.judged([kind], then: [200, 200]) { $0.ratio = 3 }
    #expect(relative.shortfall == .ratio(3) && relative.high == relative.expected.map { 3 * $0 })
    #expect(Shortfall.ratio(2.5).text == "ratio 2.5" && Shortfall.atLeast(201).text == "at_least 201")
    let enough = try Self.judged([kind], then: [200, 200]) { ($0.atLeast, $0.ratio) = (200, 1.5) }
    #expect(enough.breached && enough.shortfall == nil)
    // What is ordinary falls short of nothing.
    #expect(try Self.judged([kind], then: [100]) { $0.atLeast = 1_000 }.shortfall == nil)
  }

  @Test func `a fall from too little has no end of the band`() throws {
    let found = try Self.judged([.level], then: [0, 0]) { ($0.direction, $0.atLeast) = (.down, 150) }
    #expect(!found.breached && found.shortfall == .atLeast(150) && found.low == nil)
    let halved = try Self.judged([.level], then: [60, 60]) { ($0.direction, $0.ratio) = (.down, 2) }
    #expect(!halved.breached && halved.shortfall == .ratio(2) && halved.low == halved.expected.map { $0 / 2 })
  }

  @Test func `beyond a limit and below what matters is no breach, and says so`() {
    var finding = Finding(breached: true, value: 150, low: 20, high: 100)
    finding.require(atLeast: 200)
    #expect(!finding.breached && finding.shortfall == .atLeast(200) && finding.high == 200 && finding.low == nil)
    var ordinary = Finding(breached: false, value: 50, high: 100)
    ordinary.require(atLeast: 20)
    #expect(ordinary.shortfall == nil && ordinary.high == 100)
  }

  // MARK: Flat lines

  @Test(arguments: [[], [.novelty], [.seasonal], [.jump], [.level]] as [[BaselineKind]])
  func `the last digit of a flat line is nothing new, and something far from it is`(_ kinds: [BaselineKind]) throws {
    func judged(_ line: [Double], _ value: Double) throws -> Finding {
      try Self.judged(kinds, ordinary: line, then: [value]) { $0.direction = .both }
    }
    func flat(_ value: Double) -> [Double] { Array(repeating: value, count: 800) }
    let trifle = try judged(flat(5), 5.0001)
    #expect(!trifle.breached && trifle.surprise ?? 15 < 1, "\(trifle)")
    #expect(try judged(flat(5), 10).breached && judged(flat(5), 0).breached && judged(flat(-5), 5).breached)
    // A line of zeros has no size of its own: `at_least` says what matters.
    #expect(try judged(flat(0), 1e-9).breached)
    // A line that trembles in its last digits is as flat.
    #expect(try !judged((0..<800).map { 5 + 1e-9 * Double($0 % 3) }, 5.001).breached)
    if let high = trifle.high { #expect(high > 6) }
  }

  @Test(arguments: [
    (5.0001, 5.0, ["5.0001", "5"]), (5.00049, 5, ["5.0005", "5"]), (1e-9, 0, ["1e-09", "0"]),
    (1.23456, 9, ["1.235", "9"]), (7, 7, ["7", "7"]), (2e12, 1, ["2000000000000", "1"]),
  ])
  func `numbers have as many digits as tell them apart`(value: Double, other: Double, texts: [String]) {
    let decimals = MeasuredNumber.decimals(telling: value, from: [other])
    let found = [value, other].map { MeasuredNumber.text(of: $0, decimals: decimals) }
    #expect(found == texts.map { Double($0).map { Value.double($0).displayText } ?? $0 })
  }

  // MARK: The episode

  @Test func `an episode of one point ends with it, though the last values together look strange for long`() throws {
    for kinds in [[.novelty], []] as [[BaselineKind]] {
      let found = try Self.judged(kinds, ordinary: Array(repeating: 0, count: 800), then: [0, 0, 0, 50])
      #expect(found.breached && found.from == at(5 * 803) && found.to == at(5 * 803), "\(found)")
    }
    let lasting = try Self.judged([.novelty], then: [101, 99] + Array(repeating: 400, count: 20) + [100, 101])
    #expect(lasting.from == at(5 * 802) && lasting.to == at(5 * 821))
  }

  @Test func `what only lies strangely is an episode of all that does`() throws {
    var numbers = SeededNumbers(seed: 13)
    let past = (0..<3_000).map { _ in 100 + 5 * numbers.normal() }
    // Usual values, and always the same two.
    let last = (0..<150).map { $0 % 2 == 0 ? 92.0 : 108 }
    let found = try Self.judged([.novelty], ordinary: past, then: last)
    #expect(found.breached && found.to.flatMap { to in found.from.map { to.since($0) } } ?? .zero > .seconds(200))
  }
}
