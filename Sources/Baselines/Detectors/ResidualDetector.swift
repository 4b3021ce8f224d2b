#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// How far a value is from what it should be, calibrated by `CalibratedTail` on each side.
///
/// With r = v − expected, up is T of r among the earlier r, down T of −r among the earlier −r; for both directions the
/// surprise is the greater of the two less log10 2. `ScoreFilter` makes the score of it.
///
/// Units: seconds, and any unit of values. Memory: for each row remembered (20,000) some 50 bytes a direction. Cost: less
/// than a microsecond a row.
package struct ResidualDetector: SeriesDetector {
  /// What a value should be.
  package enum Expectation: Hashable, Sendable {
    /// The value before: a change from one moment to the next.
    case previous
    /// `SeasonalExpectation` by the season of the settings.
    case season
    /// The median of the last 1,000 values.
    case level
  }

  private let settings: DetectorSettings
  private let kind: Expectation
  private var gate = SeriesGate()
  private var expectation: SeasonalExpectation
  private var previous: Double?
  private var up: CalibratedTail
  private var down: CalibratedTail
  private var filter: ScoreFilter

  package init(_ kind: Expectation, _ settings: DetectorSettings = DetectorSettings()) {
    self.kind = kind
    self.settings = settings
    expectation = SeasonalExpectation(kind == .season ? settings.clock : SeasonClock(.none))
    up = CalibratedTail(memory: settings.memory)
    down = up
    filter = ScoreFilter(cooldownRows: settings.cooldownRows, memory: settings.memory)
  }

  package mutating func observe(_ seconds: Double, _ value: Double) -> PointJudgement {
    if let omission = gate.admit(seconds, value) { return PointJudgement(score: nil, omission: omission) }
    var judgement = judge(seconds, value + 0)
    judgement.score = filter.score(judgement.surprise)
    return judgement
  }

  private mutating func judge(_ seconds: Double, _ value: Double) -> PointJudgement {
    let expected = kind == .previous ? previous : expectation.expected(at: seconds)
    var judgement = PointJudgement(score: nil, expected: expected)
    if let expected {
      let residual = value - expected
      let ways = settings.direction == .both ? log10(2.0) : 0
      if settings.direction != .down {
        let judged = up.judge(residual, reaching: settings.surprise + ways)
        judgement.surprise = max(0, judged.surprise - ways)
        judgement.high = judged.level.map { expected + $0 }
        up.learn(residual)
      }
      if settings.direction != .up {
        let judged = down.judge(-residual, reaching: settings.surprise + ways)
        judgement.surprise = max(judgement.surprise, judged.surprise - ways)
        judgement.low = judged.level.map { expected - $0 }
        down.learn(-residual)
      }
    }
    if kind == .previous { previous = value } else { expectation.learn(value, at: seconds) }
    return judgement
  }
}
