import Values

/// How far out each point of a timeline is by one kind of baseline, learned from the history alone.
struct Measure {
  /// One direction. Larger scores are farther out; points of the window are scored with what the history taught.
  struct Side {
    /// What turns a value into the direction's; 0: both directions at once.
    let sign: Double
    let scores: [Double]
  }

  let kind: BaselineKind
  let sides: [Side]
  /// By place: what was expected there.
  let expected: [Double]
  /// By place, for what has a band of its own; else the band follows from the scores.
  let bands: [(low: Double, high: Double)?]?
  /// By place, for what also looks at the values before a point: how far out the point is by itself.
  let alone: [Double]?
  /// How large the values of the history are, where scores are distances: the magnitude of their median; else 0.
  let size: Double
  /// Places of the history whose scores are ordinary ones: the first rows know too little.
  let learned: Range<Int>
  /// A stretch is compared with the point before it, not with a score.
  let isDifference: Bool

  init(
    _ kind: BaselineKind, of timeline: Timeline, history: Range<Int>, judged: Range<Int>, season: Season,
    rule: BaselineRule, surprise: Double
  ) {
    self.kind = kind
    let end = judged.upperBound
    let usual = history.isEmpty ? 0 : median(ofOrdered: timeline.values[history].sorted())
    size = kind == .seasonal || kind == .jump ? abs(usual) : 0
    switch kind {
    case .seasonal:
      let clock = SeasonClock(season, zone: rule.timeZone) ?? SeasonClock(.none)
      let foretold = Self.expectations(clock, timeline, history: history, end: end)
      expected = foretold
      sides = Self.twoSides(rule.direction, (0..<end).map { timeline.values[$0] - foretold[$0] })
      (bands, alone) = (nil, nil)
      isDifference = false
      learned = Self.afterFirstPeriod(of: season, timeline, history)
    case .novelty:
      var settings = DetectorSettings()
      settings.memory = max(30, history.count)
      settings.direction = rule.direction
      settings.season = season
      settings.timeZone = rule.timeZone
      settings.surprise = surprise
      let novelty = Novelty(timeline, history: history, end: end, settings)
      expected = novelty.expected
      sides = [Side(sign: 0, scores: novelty.scores)]
      bands = novelty.bands
      alone = novelty.alone
      isDifference = false
      learned = min(history.lowerBound + CalibratedTail.fewest, history.upperBound)..<history.upperBound
    case .jump:
      expected = (0..<end).map { timeline.values[max(0, $0 - 1)] }
      sides = Self.twoSides(rule.direction, Array(timeline.values[..<end]))
      (bands, alone) = (nil, nil)
      isDifference = true
      learned = history
    case .level, .silence, .newValues:
      expected = Array(repeating: usual, count: end)
      sides = Self.twoSides(rule.direction, Array(timeline.values[..<end]))
      (bands, alone) = (nil, nil)
      isDifference = false
      learned = history
    }
  }

  /// A population's: values of others, judged by their level.
  init(levelsOf timeline: Timeline, end: Int, usual: Double, direction: Direction) {
    kind = .level
    size = 0
    expected = Array(repeating: usual, count: end)
    sides = Self.twoSides(direction, Array(timeline.values[..<end]))
    (bands, alone) = (nil, nil)
    isDifference = false
    learned = 0..<0
  }

  /// What the detector says of a timeline. After a flat line the detector finds everything new; here, as for every other
  /// kind, only what is far from the line by its own size.
  private struct Novelty {
    private(set) var expected: [Double] = []
    private(set) var scores: [Double] = []
    private(set) var alone: [Double] = []
    private(set) var bands: [(low: Double, high: Double)?] = []

    init(_ timeline: Timeline, history: Range<Int>, end: Int, _ settings: DetectorSettings) {
      var detector = NoveltyDetector(settings)
      let line = FlatLine(timeline.values[history])
      for place in 0..<end {
        var parts = NoveltyDetector.Parts()
        let value = timeline.values[place]
        let judgement = detector.judge(
          timeline.instants[place].secondsSinceEpoch, value, isLearning: place < history.upperBound, parts: &parts)
        let most = line?.surprise(of: value) ?? .infinity
        expected.append(judgement.expected ?? value)
        scores.append(min(judgement.surprise, most))
        alone.append(judgement.surprise == 0 ? 0 : min(parts.alone, most))
        bands.append(
          judgement.low.flatMap { low in
            judgement.high.map { high in
              let band = line?.band(surprise: settings.surprise)
              return (min(low, band?.low ?? low), max(high, band?.high ?? high))
            }
          })
      }
    }
  }

  private static func twoSides(_ direction: Direction, _ scores: [Double]) -> [Side] {
    var sides: [Side] = []
    if direction != .down { sides.append(Side(sign: 1, scores: scores)) }
    if direction != .up { sides.append(Side(sign: -1, scores: scores.map { -$0 })) }
    return sides
  }

  private static func expectations(
    _ clock: SeasonClock, _ timeline: Timeline, history: Range<Int>, end: Int
  ) -> [Double] {
    var expectation = SeasonalExpectation(clock)
    return (0..<end).map { place in
      let seconds = timeline.instants[place].secondsSinceEpoch
      let expected = expectation.expected(at: seconds) ?? timeline.values[place]
      if place < history.upperBound { expectation.learn(timeline.values[place], at: seconds) }
      return expected
    }
  }

  /// In the first period every hour is new, and the errors are larger than they will be.
  private static func afterFirstPeriod(
    of season: Season, _ timeline: Timeline, _ history: Range<Int>
  ) -> Range<Int> {
    guard season != .none, let first = history.first, let last = history.last else { return history }
    let period = Double(season.hours) * 3_600
    guard timeline.seconds[last] - timeline.seconds[first] >= 2 * period else { return history }
    let start = history.first { timeline.seconds[$0] - timeline.seconds[first] >= period } ?? first
    return start..<history.upperBound
  }

  /// The stretches of some places, each holding what the kind compares.
  func stretches(
    of timeline: Timeline, _ places: Range<Int>, _ side: Side, step: Double, persistence: Persistence?
  ) -> Stretches {
    let all = Stretches(of: timeline, places, scores: side.scores, step: step, persistence: persistence)
    guard isDifference else { return all }
    return all.lessThePointBefore(scores: side.scores, timeline, step: step)
  }
}
