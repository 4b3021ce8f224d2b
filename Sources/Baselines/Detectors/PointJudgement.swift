/// What a detector says of one point.
package struct PointJudgement: Hashable, Sendable {
  /// −log10 p, after cool-down and fatigue; 0 for what is ordinary. `nil`: the point was not judged.
  package var score: Double?
  /// −log10 p of the point by itself.
  package var surprise: Double
  /// In the unit of the values; `nil` while too little is known, or where the detector has no such figure.
  package var expected: Double?
  /// A value below `low` or above `high` is out of the ordinary by the detector's surprise. Inside of the two a value
  /// may be so too: one that lies where none ever lay, or the last of many that lie strangely.
  package var low: Double?
  package var high: Double?
  /// Why it was not judged.
  package var omission: Omission?

  /// A point that is no part of a series in order.
  package enum Omission: String, Hashable, Sendable {
    case notANumber = "not a number"
    case outOfOrder = "out of order"
    case repeated = "a second value for one instant"
  }

  package init(
    score: Double?, surprise: Double = 0, expected: Double? = nil, low: Double? = nil, high: Double? = nil,
    omission: Omission? = nil
  ) {
    self.score = score
    self.surprise = surprise
    self.expected = expected
    self.low = low
    self.high = high
    self.omission = omission
  }

  package func isBreach(at surprise: Double) -> Bool { score.map { $0 >= surprise } ?? false }
}

/// Judges a series point by point, by what came before each.
///
/// What row n is told depends on rows 0 to n alone. Points that are no finite number below 10^150, that are earlier than
/// one before, or that are a second value for one instant, are not judged and teach nothing; −0 is 0. Steps may change
/// and be missing; only `SilenceDetector` looks at them.
package protocol SeriesDetector: Sendable {
  /// - Parameter seconds: Since 1970.
  mutating func observe(_ seconds: Double, _ value: Double) -> PointJudgement
}

/// What all detectors are set to.
package struct DetectorSettings: Hashable, Sendable {
  /// How many rows are remembered; the oldest leaves as a new one enters.
  package var memory = 20_000
  /// So many rows after a surprise no lesser one scores.
  package var cooldownRows = 50
  package var direction = Direction.both
  package var season = Season.hourOfDay
  /// A name of the time zone database.
  package var timeZone = "UTC"
  /// The surprise that `low` and `high` are drawn for.
  package var surprise = 2.0

  package init() {}

  var clock: SeasonClock { SeasonClock(season, zone: timeZone) ?? SeasonClock(season) }
}

/// Lets pass what belongs to a series in order.
struct SeriesGate: Sendable {
  private var last = -Double.infinity

  mutating func admit(_ seconds: Double, _ value: Double) -> PointJudgement.Omission? {
    guard seconds.isFinite, abs(value) <= Timeline.magnitudeLimit else { return .notANumber }
    guard seconds > last else { return seconds == last ? .repeated : .outOfOrder }
    last = seconds
    return nil
  }
}
