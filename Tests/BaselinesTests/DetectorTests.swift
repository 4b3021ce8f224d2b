import Foundation
import SeriesSamples
import Testing
import Values

@testable import Baselines

/// What holds of every detector.
@Suite struct DetectorTests {
  static let kinds: [[BaselineKind]] =
    BaselineKind.allCases.filter { $0 != .newValues }.map { [$0] } + [BaselineKind.defaults, [.jump, .seasonal]]

  static func judge(
    _ points: [(seconds: Double, value: Double)], by kinds: [BaselineKind],
    _ settings: DetectorSettings = DetectorSettings()
  ) -> [PointJudgement] {
    var detector = CombinedDetector(kinds, settings)
    return points.map { detector.observe($0.seconds, $0.value) }
  }

  static func ordinary(_ count: Int, seed: UInt64 = 1) -> [(seconds: Double, value: Double)] {
    var numbers = SeededNumbers(seed: seed)
    return (0..<count).map { (1.7e9 + 300 * Double($0), (100 + 5 * numbers.normal()).rounded()) }
  }

  @Test(arguments: kinds) func `a row is judged by the rows before it alone`(_ kinds: [BaselineKind]) {
    let points = Array(GeneratedSeries(.bursty, seed: 3, incident: .spike, rows: 900).points)
    let whole = Self.judge(points, by: kinds)
    for end in stride(from: 1, to: points.count, by: 97) {
      #expect(Self.judge(Array(points[..<end]), by: kinds) == Array(whole[..<end]))
    }
  }

  @Test(arguments: kinds) func `what is no point of the series is not judged and teaches nothing`(
    _ kinds: [BaselineKind]
  ) {
    let points = Self.ordinary(400) + [(1.7e9 + 300 * 401, 900)]
    var dirty: [(seconds: Double, value: Double)] = []
    for (place, point) in points.enumerated() {
      dirty.append(point)
      let noise: (Double, Double) =
        switch place % 6 {
        case 0: (point.seconds + 1, .nan)
        case 1: (point.seconds + 1, .infinity)
        case 2: (point.seconds, 1e6)
        case 3: (point.seconds - 4_000, 1e6)
        case 4: (point.seconds + 1, -1e200)
        default: (.nan, 5)
        }
      dirty.append(noise)
    }
    let judged = Self.judge(dirty, by: kinds)
    let clean = Self.judge(points, by: kinds)
    for place in points.indices {
      #expect(judged[2 * place] == clean[place])
      #expect(judged[2 * place + 1].score == nil && judged[2 * place + 1].omission != nil)
      #expect(!judged[2 * place + 1].isBreach(at: 0))
    }
  }

  /// Points that are no series of finite values at one step, and how many of them are to be judged.
  struct Irregular {
    let name: String
    let points: [(seconds: Double, value: Double)]
    let judged: Int

    init(_ name: String, _ judged: Int, _ points: [(seconds: Double, value: Double)]) {
      self.name = name
      self.points = points
      self.judged = judged
    }

    /// Each of some ordinary points, with others beside it.
    init(_ name: String, _ judged: Int, beside: (_ seconds: Double, _ value: Double) -> [(Double, Double)]) {
      var points: [(seconds: Double, value: Double)] = []
      for point in ordinary(300) {
        points.append(point)
        for (seconds, value) in beside(point.seconds, point.value) { points.append((seconds, value)) }
      }
      self.init(name, judged, points)
    }

    /// Points a minute apart.
    init(_ name: String, _ judged: Int, values: (Int) -> Double) {
      var points: [(seconds: Double, value: Double)] = []
      for row in 0..<600 { points.append((1.7e9 + 60 * Double(row), values(row))) }
      self.init(name, judged, points)
    }
  }

  static let irregular: [Irregular] = [
    Irregular("no point", 0, []), Irregular("one point", 1, ordinary(1)), Irregular("two points", 2, ordinary(2)),
    Irregular("missing points", 342, ordinary(600).enumerated().filter { $0.offset % 7 > 2 }.map(\.element)),
    Irregular("duplicates", 300) { [($0, $1)] },
    Irregular("out of order", 300) { [($0 - 1_000, $1)] },
    Irregular("a changing step", 600, ordinary(600).enumerated().map { ($1.seconds + Double($0 * $0), $1.value) }),
    Irregular("not a number", 300) { seconds, _ in [(seconds + 1, .nan)] },
    Irregular("infinities", 300) { seconds, _ in [(seconds + 1, .infinity), (seconds + 2, -.infinity)] },
    Irregular("instants that are none", 300) { _, _ in [(.nan, 5), (.infinity, 5), (-.infinity, 5)] },
    Irregular("a counter that begins again", 600) { Double($0 % 97 * 40) },
    Irregular("negative zero", 600) { $0 % 2 == 0 ? -0.0 : 0 },
    Irregular("a constant", 600) { _ in 5 },
    Irregular("the greatest and the least values", 600) { $0 % 2 == 0 ? 1e150 : -1e150 },
    Irregular("values beyond them", 300) { $0 % 2 == 0 ? 1e200 : 1 },
    Irregular("next to nothing", 600) { Double($0 % 5) * Double.leastNonzeroMagnitude },
  ]

  @Test(arguments: irregular.indices, kinds) func `whatever comes is judged in finite numbers or left out`(
    _ place: Int, _ kinds: [BaselineKind]
  ) {
    let name = Self.irregular[place].name
    let points = Self.irregular[place].points
    let judged = Self.judge(points, by: kinds)
    #expect(judged.count { $0.omission == nil } == Self.irregular[place].judged, "\(name)")
    for judgement in judged {
      #expect((judgement.score == nil) == (judgement.omission != nil), "\(name)")
      let numbers = [judgement.score, judgement.expected, judgement.low, judgement.high].compactMap { $0 }
      let isFinite = judgement.surprise.isFinite && numbers.allSatisfy { $0.isFinite }
      #expect(isFinite, "\(name): \(judgement)")
    }
    // What is left out changes nothing of what is said of the rest.
    let clean = zip(points, judged).filter { $1.omission == nil }.map(\.0)
    #expect(Self.judge(clean, by: kinds) == judged.filter { $0.omission == nil }, "\(name)")
  }

  @Test func `mornings that come every day surprise a jump less than a jump that never was`() {
    var numbers = SeededNumbers(seed: 8)
    var detector = ResidualDetector(.previous)
    var told: [Int] = []
    for row in 0..<8_000 {
      let isWork = (96..<216).contains(row % 288)
      let value = (row == 7_900 ? 2_000 : isWork ? 200 : 20) + 5 * numbers.normal()
      if detector.observe(300 * Double(row), value).isBreach(at: 2), row >= 2_016 { told.append(row) }
    }
    // Two of 288 rows are such changes: in three weeks 42, of which few are told.
    #expect(told.contains(7_900) && told.count < 25, "\(told)")
  }

  @Test(arguments: kinds) func `few points and constant ones surprise nobody`(_ kinds: [BaselineKind]) {
    for value in [0.0, -0.0, 5, 1e150, -3e-300] {
      for count in [1, 2, 29, 400] {
        let points = (0..<count).map { (seconds: 1.7e9 + 60 * Double($0), value: value) }
        let judged = Self.judge(points, by: kinds)
        // A line that never was anything else is not one that stands still.
        let isFlatFound = kinds.contains(.silence)
        #expect(judged.count { $0.isBreach(at: 2) } <= (isFlatFound ? 1 : 0), "\(value), \(count)")
      }
    }
    #expect(Self.judge([], by: kinds).isEmpty)
  }

  @Test(arguments: kinds) func `negative zero is zero`(_ kinds: [BaselineKind]) {
    let points = Self.ordinary(300).enumerated().map { ($1.seconds, $0 % 3 == 0 ? 0.0 : $1.value) }
    let negative = points.map { ($0.0, $0.1 == 0 ? -0.0 : $0.1) }
    #expect(Self.judge(points, by: kinds) == Self.judge(negative, by: kinds))
  }

  @Test(arguments: kinds) func `steps that change and are missing hurt no one but silence`(_ kinds: [BaselineKind]) {
    var seconds = 1.7e9
    var numbers = SeededNumbers(seed: 4)
    let points = Self.ordinary(1_500).enumerated().map { place, point in
      seconds += place < 700 ? 300 : numbers.uniform(1..<3_000)
      return (seconds: seconds, value: point.value)
    }
    for judged in Self.judge(points, by: kinds) {
      #expect(judged.score.map { $0.isFinite && $0 >= 0 && $0 <= 15 } ?? false)
      #expect((judged.low ?? 0).isFinite && (judged.high ?? 0).isFinite && (judged.expected ?? 0).isFinite)
    }
  }

  @Test(arguments: kinds.filter { $0 != [.silence] })
  func `values of every size are judged without trouble`(_ kinds: [BaselineKind]) {
    var numbers = SeededNumbers(seed: 5)
    let points = (0..<1_000).map { row in
      (seconds: 60 * Double(row), value: pow(10, numbers.uniform(-300..<150)) * (numbers.uniform(0..<1) < 0.5 ? -1 : 1))
    }
    for judged in Self.judge(points, by: kinds) {
      #expect(judged.score.map { $0.isFinite && $0 >= 0 && $0 <= 15 } ?? false)
    }
  }

  @Test(arguments: [BaselineKind.novelty, .jump, .seasonal, .level])
  func `a spike scores, and the same again scores less`(_ kind: BaselineKind) throws {
    var points = Self.ordinary(2_000)
    points[1_000].value = 500
    points[1_500].value = 500
    let judged = Self.judge(points, by: [kind])
    let (first, second) = (try #require(judged[1_000].score), try #require(judged[1_500].score))
    #expect(first >= 2 && second < first)
    #expect(try #require(judged[1_000].high) < 500 && (judged[1_000].low ?? 0) < 100)
  }

  @Test(arguments: [BaselineKind.novelty, .jump, .seasonal, .level])
  func `a direction leaves the other out`(_ kind: BaselineKind) {
    var points = Self.ordinary(1_200)
    points[1_000].value = 500
    points[1_100].value = -500
    func breaches(_ direction: Direction) -> [Int] {
      var settings = DetectorSettings()
      settings.direction = direction
      let judged = Self.judge(points, by: [kind], settings)
      return [1_000, 1_100].filter { judged[$0].isBreach(at: 2) }
    }
    #expect(breaches(.up) == [1_000] && breaches(.down) == [1_100] && breaches(.both) == [1_000, 1_100])
  }

  @Test func `the hour of people's clocks is expected, not that of the sun`() throws {
    // Zurich puts its clocks forward on 29 March 2026: work begins at 8 on both sides of it.
    let zone = try #require(TimeZone(identifier: "Europe/Zurich"))
    let points = (0..<24 * 40).map { hour -> (seconds: Double, value: Double) in
      let seconds = 1_772_323_200 + 3_600 * Double(hour)
      let local = seconds + Double(zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds)))
      let ofDay = Int(local / 3_600) % 24
      return (seconds, (8..<18).contains(ofDay) ? 200 + Double(hour % 3) : 10 + Double(hour % 3))
    }
    var clock = try #require(SeasonClock(.hourOfDay, zone: "Europe/Zurich"))
    #expect(clock.hour(at: 1_774_746_000 - 1) == 1 && clock.hour(at: 1_774_746_000) == 3)
    #expect(clock.hour(at: 1_772_323_200) == 1)
    var week = try #require(SeasonClock(.hourOfWeek, zone: "UTC"))
    #expect(week.hour(at: GeneratedSeries.start) == 0 && week.hour(at: GeneratedSeries.start - 1) == 167)
    #expect(SeasonClock(.hourOfDay, zone: "Europe/Nowhere") == nil)
    func told(_ zone: String) -> Int {
      var settings = DetectorSettings()
      settings.timeZone = zone
      settings.cooldownRows = 0
      return Self.judge(points, by: [.seasonal], settings)[500...].count { $0.surprise >= 1.9 }
    }
    #expect(told("Europe/Zurich") < told("UTC"))
  }

  @Test func `silence is told by the point that ends it, and can be asked for`() {
    var detector = SilenceDetector()
    for (seconds, value) in Self.ordinary(300) { _ = detector.observe(seconds, value) }
    let end = 1.7e9 + 300 * 299
    #expect(detector.silence(until: end + 900) == 0 && detector.silence(until: end + 3_600) > 2)
    #expect(detector.observe(end + 3_600, 100).isBreach(at: 2))
    var flat = SilenceDetector()
    for (seconds, value) in Self.ordinary(300) { _ = flat.observe(seconds, value) }
    let told = (300..<340).filter { flat.observe(1.7e9 + 300 * Double($0), 77).isBreach(at: 2) }
    #expect(told.count == 1)
  }

  @Test func `a counter that begins again has not run backwards, and nobody knows how far it had come`() {
    var rate = CounterRate()
    let readings: [(Double, Double)] = [
      (0, 100), (10, 150), (20, 30), (20, 35), (15, 40), (30, .nan), (40, 30), (50, -3), (60, 70),
    ]
    #expect(readings.map { rate.rate($0.0, $0.1) } == [nil, 5, nil, nil, nil, nil, 0, nil, 2])
  }

  @Test func `a combination is new once, and again after it was forgotten`() {
    var known = NewValues(limit: 3)
    func isNew(_ texts: String...) -> Bool { known.observe(texts.map { ExactString($0) }) }
    #expect(isNew("ann", "CH") && !isNew("ann", "CH") && isNew("ann", "US") && isNew("bob", "US"))
    // The least recently seen leaves.
    #expect(!isNew("ann", "CH") && isNew("eve", "KP") && isNew("ann", "US") && !isNew("ann", "CH"))
    #expect(known.count == 3)
    // Alike to the eye is not the same.
    #expect(isNew("caf\u{E9}") && isNew("cafe\u{301}"))
    var many = NewValues(limit: 100)
    #expect((0..<5_000).count { many.observe([ExactString("\($0 % 60)")]) } == 60)
  }

  /// Ten million points with `TOCSIN_LONG_TESTS=1`, else thirty thousand.
  @Test func `a long series takes no more memory than its last rows`() {
    let isLong = ProcessInfo.processInfo.environment["TOCSIN_LONG_TESTS"] == "1"
    var settings = DetectorSettings()
    settings.memory = isLong ? 20_000 : 500
    var detector = NoveltyDetector(settings)
    var numbers = SeededNumbers(seed: 6)
    var told = 0
    for row in 0..<(isLong ? 10_000_000 : 30_000) {
      // It climbs for ever, so that everything is forgotten in order.
      let value = Double(row) / 100 + numbers.normal()
      if detector.observe(60 * Double(row), value).isBreach(at: 2) { told += 1 }
    }
    #expect(told < 2_000 && detector.rememberedRows == settings.memory)
  }
}
