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
/// A jump's tail is calibrated by `rank`: among jumps there are those of noise and those of the beginning of work, and one
/// exponential tail over both would call the second impossible.
///
/// Units: seconds, and any unit of values. Memory: for each row remembered (20,000) some 20 bytes. Cost: a fifth of a
/// microsecond a row, a third of one with a season.
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
  private var residuals: CalibratedTail
  /// log10 of how many ways a value may go.
  private let ways: Double
  private var filter: ScoreFilter

  package init(_ kind: Expectation, _ settings: DetectorSettings = DetectorSettings()) {
    self.kind = kind
    self.settings = settings
    expectation = SeasonalExpectation(kind == .season ? settings.clock : SeasonClock(.none))
    ways = settings.direction == .both ? log10(2.0) : 0
    residuals = CalibratedTail(
      memory: settings.memory, by: kind == .previous ? .rank : .peaksOverThreshold, levelAt: settings.surprise + ways)
    filter = ScoreFilter(cooldownRows: settings.cooldownRows, memory: settings.memory)
  }

  package mutating func observe(_ seconds: Double, _ value: Double) -> PointJudgement {
    if let omission = gate.admit(seconds, value) { return PointJudgement(score: nil, omission: omission) }
    var judgement = judge(seconds, value + 0)
    judgement.score = filter.score(judgement.surprise)
    return judgement
  }

  @inline(__always)
  private mutating func judge(_ seconds: Double, _ value: Double) -> PointJudgement {
    let expected = kind == .previous ? previous : expectation.expected(at: seconds)
    var judgement = PointJudgement(score: nil, expected: expected)
    if let expected {
      let residual = value - expected
      let place = residuals.place(of: residual)
      let judged: (surprise: Double, low: Double?, high: Double?)
      switch settings.direction {
      case .both: judged = residuals.judgeBoth(residual, at: place)
      case .up:
        let up = residuals.judge(residual, .high, at: place)
        judged = (up.surprise, nil, up.level)
      case .down:
        let down = residuals.judge(residual, .low, at: place)
        judged = (down.surprise, down.level, nil)
      }
      judgement.surprise = max(0, judged.surprise - ways)
      judgement.low = judged.low.map { expected + $0 }
      judgement.high = judged.high.map { expected + $0 }
      residuals.learn(residual, at: place)
    }
    if kind == .previous { previous = value } else { expectation.learn(value, at: seconds) }
    return judgement
  }
}
