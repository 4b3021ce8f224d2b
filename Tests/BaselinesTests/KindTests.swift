import Foundation
import SeriesSamples
import Testing
import Values

@testable import Baselines

/// What each kind of baseline finds in a window, and what it leaves to others.
@Suite struct KindTests {
  /// Three weeks of a point every half hour, high from 8 to 18, and then a window of an hour.
  private static func daily(then last: [Double], seed: UInt64 = 1) -> (
    points: [Series.Point], window: (Timestamp, Timestamp)
  ) {
    var numbers = SeededNumbers(seed: seed)
    let count = 21 * 48 + 4
    let ordinary = (0..<count).map { row -> Double in
      ((8..<18).contains(row / 2 % 24) ? 200 : 20) + 4 * numbers.normal()
    }
    // The window begins at two in the morning.
    let points = (ordinary + last).enumerated().map { Series.Point(instant($0), $1) }
    return (points, (instant(count), instant(count + last.count - 1)))
  }

  private static func instant(_ row: Int) -> Timestamp { Timestamp(seconds: 1_767_571_200 + 1_800 * Int64(row)) }

  private static func found(
    _ last: [Double], _ kinds: [BaselineKind], _ change: (inout BaselineRule) -> Void = { _ in }
  ) throws -> Finding {
    let (points, window) = daily(then: last)
    var rule = BaselineRule(kinds, direction: .both)
    change(&rule)
    return try finding(judge(points, window: window, by: rule))
  }

  @Test(arguments: [
    (BaselineKind.novelty, [20.0, 21, 900, 22], true), (.jump, [20, 21, 900, 22], true),
    (.seasonal, [20, 21, 900, 22], true), (.level, [20, 21, 900, 22], true), (.silence, [20, 21, 900, 22], false),
    // The values of noon at two in the morning: known values, known jumps, the wrong hour.
    (.seasonal, [200, 203, 199, 201], true), (.silence, [200, 203, 199, 201], false),
    (.level, [200, 203, 199, 201], false), (.seasonal, [20, 23, 17, 22], false), (.novelty, [20, 23, 17, 22], false),
    (.jump, [20, 23, 17, 22], false), (.level, [20, 23, 17, 22], false),
  ]) func `a kind finds what it looks for`(kind: BaselineKind, last: [Double], isBreach: Bool) throws {
    let found = try Self.found(last, [kind])
    #expect(found.breached == isBreach, "\(found)")
    #expect((found.from != nil) == isBreach && found.kind == kind && found.history?.points == 21 * 48 + 4)
  }

  @Test func `several kinds breach if one does, and the default finds the wrong hour`() throws {
    #expect(try Self.found([200, 203, 199, 201], [.level, .seasonal]).kind == .seasonal)
    #expect(try Self.found([200, 203, 199, 201], []).breached)
    #expect(try !Self.found([20, 23, 17, 22], []).breached)
    #expect(BaselineKind.defaults(for: .up) == [.novelty, .seasonal])
  }

  @Test func `the season is found in the history`() throws {
    let (points, _) = Self.daily(then: [20])
    let timeline = Timeline(points)
    #expect(AutomaticSeason.season(of: timeline, 0..<timeline.count, zone: "UTC") == .hourOfDay)
    #expect(AutomaticSeason.season(of: timeline, 0..<100, zone: "UTC") == .none)
    let weekly = GeneratedSeries(.weekly, seed: 1).points.compactMap { point in
      Timestamp(secondsSinceEpoch: point.seconds).map { Series.Point($0, point.value) }
    }
    let long = Timeline(weekly)
    #expect(AutomaticSeason.season(of: long, 0..<long.count, zone: "UTC") == .hourOfWeek)
    // No season, no gain by one.
    let flat = Timeline(GeneratedSeries(.bursty, seed: 1).points.map { Series.Point(at($0.seconds - 1.8e9), $0.value) })
    #expect(AutomaticSeason.season(of: flat, 0..<flat.count, zone: "UTC") == .none)
  }

  @Test func `a jump that lasts is compared with the point before it`() throws {
    var numbers = SeededNumbers(seed: 3)
    let climbing = (0..<400).map { 10 + Double($0) + numbers.normal() }
    func breached(_ last: [Double], _ persistence: Persistence?) throws -> Bool {
      let values = climbing + last
      let rule = BaselineRule([.jump], persistence: persistence)
      return try finding(judge(series(values), window: window(400...values.count - 1), by: rule)).breached
    }
    #expect(try breached([411, 450, 413, 414], nil) && breached([450, 451, 452, 453], .points(3, of: 3)))
    #expect(try !breached([411, 450, 413, 414], .points(3, of: 3)))
    #expect(try !breached([411, 412, 413, 414], nil))
  }

  @Test func `z, percentile and ratio judge where surprise is not asked for`() throws {
    let values = (0..<1_000).map { Double($0 % 100) }
    func breached(_ value: Double, _ change: (inout BaselineRule) -> Void) throws -> Bool {
      var rule = BaselineRule([.level], surprise: nil)
      change(&rule)
      return try finding(judge(series(values + [value]), window: window(1_000...1_000), by: rule)).breached
    }
    #expect(try breached(95, { $0.percentile = 95 }) && !breached(94, { $0.percentile = 95 }))
    #expect(try breached(99, { $0.ratio = 2 }) && !breached(98, { $0.ratio = 2 }))
    // The median is 49.5, the robust deviation 1.4826 · 25.
    #expect(try breached(49.5 + 3 * 37.1, { $0.z = 3 }) && !breached(49.5 + 3 * 37, { $0.z = 3 }))
    #expect(try breached(200, { ($0.z, $0.ratio) = (3, 4) }) && !breached(200, { ($0.z, $0.ratio) = (3, 5) }))
  }

  @Test func `what is excluded teaches nothing`() throws {
    var (points, window) = Self.daily(then: [20, 21, 900, 22])
    // The same incident, a week before.
    for row in 600..<620 { points[row] = Series.Point(points[row].time, 900) }
    let rule = BaselineRule([.level], direction: .up, persistence: .points(1, of: 3))
    let taught = try finding(judge(points, window: window, by: rule))
    let spared = try finding(
      judge(points, window: window, by: rule, excluding: [(points[600].time, points[619].time)]))
    #expect(!taught.breached && spared.breached && spared.history?.points == 21 * 48 + 4 - 20)
    // The window is judged, whoever excludes it.
    let all = try finding(judge(points, window: window, by: rule, excluding: [(points[600].time, window.1)]))
    #expect(all.breached && all.history?.points == 600)
  }

  @Test func `a cool-down lets only what goes beyond it count`() throws {
    var values = (0..<500).map { 10 + Double($0 % 7) }
    values[480] = 100
    func breached(_ value: Double, _ cooldown: Duration?) throws -> Bool {
      var rule = BaselineRule([.level], surprise: 1)
      rule.cooldown = cooldown
      return try finding(judge(series(values + [value]), window: window(500...500), by: rule)).breached
    }
    #expect(try breached(100, nil) && breached(100, .seconds(60)) && breached(110, .seconds(600)))
    // What is expected has moved a little meanwhile.
    #expect(try !breached(100, .seconds(600)) && !breached(101, .seconds(600)))
    func limited(_ cooldown: Duration?) throws -> Bool {
      try finding(
        judgeLimit(series(values + [100]), window: window(500...500), by: .above(50), cooldown: cooldown)
      ).breached
    }
    #expect(try limited(nil) && limited(.seconds(60)) && !limited(.seconds(600)))
  }

  @Test(arguments: [.points(3, of: 6), .lasting(.seconds(10))] as [Persistence])
  func `what is no longer new for having been there before still cools down`(_ persistence: Persistence) throws {
    var numbers = SeededNumbers(seed: 7)
    var values = (0..<600).map { _ in 100 + 5 * numbers.normal() }
    for place in 550..<553 { values[place] = 500 }
    func judged(_ level: Double) throws -> Finding {
      var rule = BaselineRule([.novelty], direction: .up, persistence: persistence)
      rule.cooldown = .seconds(600)
      let values = values + [100, 101, 99] + [level, level, level]
      return try finding(judge(series(values), window: window(600...605), by: rule))
    }
    let again = try judged(400)
    #expect(!again.breached && again.cooled.map { $0 >= at(5 * 552) && $0 <= at(5 * 556) } == true)
    let higher = try judged(700)
    #expect(higher.breached && higher.cooled == nil)
  }

  @Test func `an infinite value is no ordinary one`() throws {
    let (points, window) = Self.daily(then: [20, 21, .infinity, 22])
    #expect(reason(judge(points, window: window, by: BaselineRule([.level]))) == "a value in the window is infinite")
  }

  @Test func `an episode is over once the time to recover has passed`() throws {
    var values = (0..<300).map { 10 + Double($0 % 7) }
    for place in [250, 251, 262, 263] { values[place] = 90 }
    func end(_ recover: Duration?) throws -> Timestamp? {
      var rule = BaselineRule([.level])
      rule.recover = recover
      return try finding(judge(series(values), window: window(240...280), by: rule)).to
    }
    #expect(try end(nil) == at(5 * 251) && end(.seconds(30)) == at(5 * 251) && end(.seconds(60)) == at(5 * 263))
  }

  @Test func `who has too little history is compared with the others`() throws {
    let others = (1...5 as ClosedRange<UInt64>).map { seed in
      var numbers = SeededNumbers(seed: seed)
      return series((0..<60).map { _ in 10 + numbers.normal() })
    }
    func judged(_ value: Double) -> Judgement {
      judge(
        [Series.Point(at(295), 11), Series.Point(at(300), value)], window: window(60...60),
        by: BaselineRule([.seasonal]),
        population: others)
    }
    let high = try finding(judged(90))
    #expect(high.breached && high.history?.isOfPopulation == true && high.history?.points == 300)
    #expect(try !finding(judged(11)).breached)
    #expect(
      reason(judge([Series.Point(at(300), 1)], window: window(60...60), by: BaselineRule(), population: [others[0]]))
        == nil)
    #expect(
      reason(
        judge(
          [Series.Point(at(300), 1)], window: window(60...60), by: BaselineRule(minimumHistory: .points(70)),
          population: [others[0]])) != nil)
  }

  @Test func `silence and standing still are found, and are no news where they are usual`() throws {
    var numbers = SeededNumbers(seed: 8)
    let lively = (0..<2_000).map { _ in (10 + 3 * numbers.normal()).rounded() }
    let rule = BaselineRule([.silence], direction: .both)
    func judged(_ points: [Series.Point], _ places: ClosedRange<Int>) throws -> Finding {
      try finding(judge(points, window: window(places), by: rule))
    }
    let silent = try judged(series(lively), 2_000...2_020)
    #expect(silent.breached && silent.value == 105 && silent.expected == 5)
    #expect(silent.from == at(5 * 1_999) && silent.to == at(5 * 2_020))
    let flat = try judged(series(lively + Array(repeating: 7, count: 20)), 2_000...2_019)
    #expect(flat.breached && flat.value >= 20)
    #expect(try !judged(series(lively + lively.prefix(20)), 2_000...2_019).breached)
    // Always the same.
    #expect(try !judged(series(Array(repeating: 7, count: 500)), 480...499).breached)
    #expect(reason(judge([], window: window(0...9), by: rule)) != nil)
  }

  @Test func `values are new that no earlier row had`() throws {
    let rows: [(Double, String, String)] = [
      (0, "ann", "CH"), (10, "bob", "CH"), (20, "ann", "US"), (100, "bob", "US"), (105, "ann", "CH"),
      (110, "bob", "US"),
      (300, "eve", "KP"),
    ]
    func judged(_ fields: Int, minimum: MinimumHistory = .points(3), atLeast: Double? = nil) -> Judgement {
      judgeNewValues(
        rows.map { (at($0.0), [$0.1, $0.2].prefix(fields).map { ExactString($0) }) }, window: (at(90), at(200)),
        minimumHistory: minimum, atLeast: atLeast)
    }
    let pairs = try finding(judged(2))
    #expect(pairs.breached && pairs.value == 1 && pairs.from == at(100) && pairs.to == at(100))
    #expect(pairs.newValues == ["bob, US"])
    #expect(try !finding(judged(1)).breached && !finding(judged(2, atLeast: 2)).breached)
    #expect(reason(judged(2, minimum: .points(4))) == "the history has 3 rows before the window; 4 are needed")
    #expect(reason(judged(2, minimum: .duration(.seconds(91)))) != nil)
    #expect(reason(judged(2, minimum: .duration(.seconds(90)))) == nil)
  }

  @Test func `a rule that makes no sense says why`() {
    func why(_ change: (inout BaselineRule) -> Void) -> String? {
      var rule = BaselineRule([.level])
      change(&rule)
      return reason(judge(series(Array(repeating: 1, count: 60)), window: window(50...59), by: rule))
    }
    #expect(why { $0.z = 0 } != nil && why { $0.percentile = 100 } != nil && why { $0.timeZone = "Mars/Base" } != nil)
    #expect(why { $0.kinds = [.newValues] }?.contains("rows") == true && why { _ in } == nil)
  }
}
