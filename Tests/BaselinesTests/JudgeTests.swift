import Baselines
import Foundation
import SeriesSamples
import Testing
import Values

@Suite struct JudgeTests {
  /// Ordinary values, and those of a window that begins after them.
  static func ordinary(_ count: Int, seed: UInt64) -> [Double] {
    var numbers = SeededNumbers(seed: seed)
    return (0..<count).map { _ in 10 + numbers.normal() }
  }

  static let rules: [BaselineRule] = Direction.allCases.flatMap { direction in
    [nil, Persistence.points(2, of: 3), .lasting(.seconds(15))].map {
      BaselineRule([.level], direction: direction, persistence: $0)
    }
  }

  @Test(arguments: rules) func `surprise and verdict never fall as a value goes farther`(_ rule: BaselineRule) throws {
    let history = Self.ordinary(120, seed: 1)
    let signs: [Double] = rule.direction == .up ? [1] : rule.direction == .down ? [-1] : [1, -1]
    for sign in signs {
      var before: Finding?
      for distance in stride(from: 0.0, through: 40, by: 0.25) {
        let values = history + Array(repeating: 10 + sign * distance, count: 12)
        let found = try finding(judge(series(values), window: window(120...131), by: rule))
        if let before {
          #expect((found.surprise ?? -1) >= (before.surprise ?? 0))
          #expect(found.breached || !before.breached)
        }
        before = found
      }
      #expect(before?.breached == true)
    }
  }

  @Test(arguments: rules) func `a breach is a surprise that reaches the rule's`(_ rule: BaselineRule) throws {
    for peak in stride(from: -10.0, through: 30, by: 0.1) {
      let values = Self.ordinary(200, seed: 2) + Array(repeating: peak, count: 10)
      let found = try finding(judge(series(values), window: window(200...209), by: rule))
      let surprise = try #require(found.surprise)
      let asked = try #require(rule.surprise)
      if abs(surprise - asked) > 1e-9 { #expect(found.breached == (surprise >= asked)) }
      #expect((found.from != nil) == found.breached && (found.to != nil) == found.breached)
    }
  }

  @Test(arguments: rules, [-1_000.0, 64, 12_345]) func `a constant added to everything changes no verdict`(
    _ rule: BaselineRule, constant: Double
  ) throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      var values = Self.ordinary(150, seed: seed)
      if seed % 2 == 0 { for place in 130..<136 { values[place] += seed % 4 == 0 ? 9 : -9 } }
      let plain = try finding(judge(series(values), window: window(120...149), by: rule))
      let shifted = try finding(judge(series(values.map { $0 + constant }), window: window(120...149), by: rule))
      #expect(shifted.breached == plain.breached && shifted.from == plain.from && shifted.to == plain.to)
      #expect(abs(shifted.value - plain.value - constant) < 1e-6)
      #expect(abs((shifted.expected ?? 0) - (plain.expected ?? 0) - constant) < 1e-6)
      #expect(abs((shifted.surprise ?? 0) - (plain.surprise ?? -1)) < 1e-6)
    }
  }

  @Test(arguments: rules) func `the order of points does not matter, nor do points that are no number`(
    _ rule: BaselineRule
  ) throws {
    var numbers = SeededNumbers(seed: 7)
    var values = Self.ordinary(150, seed: 3)
    for place in 130..<136 { values[place] += 9 }
    var points = series(values)
    points += [Series.Point(at(12), 3), Series.Point(at(10), 8), Series.Point(at(10), 99)]
    let expected = judge(points, window: window(120...149), by: rule)
    #expect(try finding(expected).breached == (rule.direction != .down))
    for _ in 0..<20 {
      points.shuffle(using: &numbers)
      let noise = [(645, .nan), (45, .infinity), (50, -.infinity)].map { Series.Point(at($0), $1) }
      #expect(judge(noise + points, window: window(120...149), by: rule) == expected)
    }
  }

  @Test func `the window teaches nothing`() throws {
    let history = Self.ordinary(100, seed: 4)
    let rule = BaselineRule([.level], direction: .both)
    let calm = try finding(judge(series(history + Self.ordinary(20, seed: 5)), window: window(100...119), by: rule))
    let wild = try finding(
      judge(series(history + (0..<20).map { Double($0) * 1e6 }), window: window(100...119), by: rule))
    #expect(calm.expected == wild.expected && calm.low == wild.low && calm.high == wild.high)
    #expect(!calm.breached && wild.breached)
  }

  @Test func `points after the window count for nothing`() throws {
    let values = Self.ordinary(130, seed: 6)
    let rule = BaselineRule([.level])
    let alone = judge(series(values), window: window(100...129), by: rule)
    #expect(judge(series(values + [900, .nan, 1e300]), window: window(100...129), by: rule) == alone)
  }

  @Test func `ordinary windows of many kinds breach about as rarely as the rule says`() throws {
    let kinds: [@Sendable (inout SeededNumbers) -> Double] = [
      { $0.normal() }, { $0.exponential() }, { ($0.exponential() * 2).rounded(.down) },
      { exp(0.5 * $0.normal()) }, { $0.exponential() > 3 ? 1 : 0 },
    ]
    for (kind, draw) in kinds.enumerated() {
      for rule in [BaselineRule([.level]), BaselineRule([.level], persistence: .points(2, of: 3))] {
        var numbers = SeededNumbers(seed: UInt64(kind))
        var breaches = 0
        for _ in 0..<400 {
          let values = (0..<172).map { _ in draw(&numbers) }
          if try finding(judge(series(values), window: window(100...171), by: rule)).breached { breaches += 1 }
        }
        #expect(breaches <= 14, "kind \(kind), \(String(describing: rule.persistence)): \(breaches) of 400")
      }
    }
  }

  @Test func `a flat line makes no trifle a surprise, and a jump from it one`() throws {
    for level in [5.0, -5, 1e6, 0.1] {
      let line = Array(repeating: level, count: 500)
      func breached(_ value: Double) throws -> Bool {
        let points = series(line + Array(repeating: value, count: 10))
        return try finding(judge(points, window: window(500...509), by: BaselineRule([.level], direction: .both)))
          .breached
      }
      #expect(try !breached(level))
      #expect(try !breached(level * 1.0001))
      #expect(try breached(level * 3))
    }
    let fromNothing = series(Array(repeating: 0, count: 100) + [3, 0])
    #expect(try finding(judge(fromNothing, window: window(100...101), by: BaselineRule([.level]))).breached)
    #expect(
      try !finding(judge(fromNothing, window: window(100...101), by: BaselineRule([.level], atLeast: 50))).breached)
  }

  @Test func `materiality asks for a size and a ratio, in both directions`() throws {
    let up = series(Self.ordinary(100, seed: 8) + [20, 20, 20])
    let down = series(Self.ordinary(100, seed: 8) + [2, 2, 2])
    func breached(_ points: [Series.Point], _ rule: BaselineRule) throws -> Bool {
      try finding(judge(points, window: window(100...102), by: rule)).breached
    }
    #expect(try breached(up, BaselineRule([.level], atLeast: 20, ratio: 1.5)))
    #expect(try !breached(up, BaselineRule([.level], atLeast: 20.5)))
    #expect(try !breached(up, BaselineRule([.level], ratio: 3)))
    #expect(try breached(down, BaselineRule([.level], direction: .down, atLeast: 5, ratio: 3)))
    #expect(try !breached(down, BaselineRule([.level], direction: .down, atLeast: 50)))
    #expect(try !breached(down, BaselineRule([.level], direction: .down, ratio: 8)))
    #expect(try !breached(down, BaselineRule([.level], direction: .up)))
    #expect(try breached(down, BaselineRule([.level], direction: .both)))
  }

  @Test func `an episode bridges short dips and ends at long ones`() throws {
    var values = Self.ordinary(200, seed: 9)
    for place in 105...150 { values[place] = 10 }
    for place in [110, 111, 115, 116, 121, 122] { values[place] = 40 }
    for place in 140...145 { values[place] = 30 }
    let rule = BaselineRule([.level], persistence: .points(2, of: 3))
    let found = try finding(judge(series(values), window: window(100...180), by: rule))
    // Three ordinary points lie between 111 and 115, four between 116 and 121.
    #expect(found.from == at(5 * 110) && found.to == at(5 * 116))
    #expect(found.value == 40 && found.rank == 1 && found.ranked == 99)
  }

  @Test func `a persistence that a peak does not fulfil is no breach`() throws {
    var values = Self.ordinary(160, seed: 10)
    values[120] = 90
    for place in 130..<136 { values[place] = 60 }
    func breached(_ persistence: Persistence?, _ places: ClosedRange<Int>) throws -> Bool {
      let rule = BaselineRule([.level], persistence: persistence)
      return try finding(judge(series(values), window: window(places), by: rule)).breached
    }
    #expect(try breached(nil, 110...125))
    #expect(try !breached(.points(2, of: 3), 110...125))
    #expect(try breached(.lasting(.seconds(25)), 110...159))
    #expect(try !breached(.lasting(.seconds(26)), 110...159))
    #expect(try breached(.points(6, of: 8), 110...159))
    #expect(try !breached(.points(7, of: 8), 110...159))
  }

  @Test func `what cannot be judged says why`() {
    let points = series(Self.ordinary(100, seed: 11))
    func why(
      _ rule: BaselineRule, _ places: ClosedRange<Int> = 60...99, _ given: [Series.Point]? = nil
    ) -> String? {
      reason(judge(given ?? points, window: window(places), by: rule))
    }
    #expect(
      why(BaselineRule([.level], minimumHistory: .points(61)))
        == "the history has 60 points before the window; 61 are needed")
    #expect(
      why(BaselineRule([.level], minimumHistory: .duration(.seconds(301)))) == "the history is 5m long; 301s are needed"
    )
    #expect(why(BaselineRule([.level], minimumHistory: .duration(.seconds(300)))) == nil)
    #expect(why(BaselineRule([.level], minimumHistory: .points(0)), 5...99)?.contains("at least 10") == true)
    #expect(why(BaselineRule([.level]), 200...210) == "no point was measured in the window")
    #expect(why(BaselineRule([.level]), 60...60, []) == "no point was measured in the window")
    #expect(
      why(BaselineRule([.level], persistence: .points(2, of: 3)), 60...61)
        == "the window has 2 points, and `for` looks at 3")
    #expect(why(BaselineRule([.level], persistence: .lasting(.seconds(280))))?.contains("stretches") == true)
    #expect(why(BaselineRule([.level], persistence: .points(4, of: 3))) == "4 of 3 points cannot be asked for")
    #expect(why(BaselineRule([.level], persistence: .points(1, of: .max)))?.contains("at most") == true)
    #expect(why(BaselineRule([.level], persistence: .lasting(.seconds(-1)))) != nil)
    #expect(why(BaselineRule([.level], surprise: .nan)) != nil)
    #expect(why(BaselineRule([.level], surprise: 99)) != nil)
    #expect(why(BaselineRule([.level], atLeast: .nan)) != nil)
    #expect(why(BaselineRule([.level], ratio: 0)) != nil)
    #expect(
      why(BaselineRule([.level]), 60...99, points.map { .init($0.time, $0.value * 1e200) })?.contains("beyond") == true)
    #expect(reason(judge(points, window: (at(400), at(300)), by: BaselineRule([.level]))) != nil)
  }

  @Test func `a gap in the window breaks a stretch`() throws {
    let history = series(Self.ordinary(100, seed: 12))
    func spike(_ seconds: [Double]) throws -> Bool {
      let points = history + seconds.map { Series.Point(at($0), 90) }
      let rule = BaselineRule([.level], persistence: .lasting(.seconds(30)))
      let end = (0...29).map { Series.Point(at(600 + 5 * Double($0)), 10) }
      return try finding(judge(points + end, window: (at(500), at(745)), by: rule)).breached
    }
    #expect(try spike([505, 510, 515, 520, 525, 530, 535]))
    #expect(try spike([505, 510, 530, 535]))
    #expect(try !spike([505, 510, 590, 595]))
  }

  @Test func `a window of which most is missing is not ordinary`() throws {
    let history = Self.ordinary(100, seed: 12)
    let few = series(history) + (100..<110).map { Series.Point(at(5 * Double($0)), 10) }
    func judged(_ value: Double) -> Judgement {
      judge(few + [Series.Point(at(552), value)], window: window(100...139), by: BaselineRule([.level]))
    }
    #expect(reason(judged(10)) == "of the window only 11 of some 39 points were measured")
    #expect(try finding(judged(100)).breached)
  }

  @Test func `a hundred thousand points are judged quickly`() throws {
    var numbers = SeededNumbers(seed: 13)
    var values = (0..<100_000).map { _ in 10 + numbers.normal() }
    for place in 99_500..<99_520 { values[place] += 30 }
    let points = series(values)
    for rule in Self.rules where rule.direction != .down {
      var found: Finding?
      let time = try ContinuousClock().measure {
        found = try finding(judge(points, window: window(90_000...99_999), by: rule))
      }
      #expect(found?.breached == true && found?.from == at(5 * 99_500))
      #expect(time < .seconds(10))
    }
  }
}
