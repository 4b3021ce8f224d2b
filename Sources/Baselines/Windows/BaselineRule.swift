/// Which way a value must leave the ordinary to be a breach.
package enum Direction: String, Hashable, Sendable, CaseIterable { case up, down, both }

/// How long values must stay beyond a limit before that is a breach.
package enum Persistence: Hashable, Sendable {
  /// From one point to a later one at least this much time, and every point between them beyond the limit.
  case lasting(Duration)
  /// Of so many neighbouring points at least `Int` beyond the limit.
  case points(Int, of: Int)

  /// Most points that `points(_:of:)` looks back on: each step costs up to that many moves.
  package static let pointsLimit = 10_000

  /// Why nothing can be judged with this persistence; `nil` when all is well.
  var defect: String? {
    switch self {
    case .lasting(let duration):
      duration < .zero ? "a breach cannot last less than no time" : nil
    case .points(let needed, let span):
      if needed < 1 || needed > span {
        "\(needed) of \(span) points cannot be asked for"
      } else if span > Self.pointsLimit {
        "at most \(Self.pointsLimit) points are looked back on, not \(span)"
      } else {
        nil
      }
    }
  }
}

/// How much must be known from before the window; with less there is no judgement.
package enum MinimumHistory: Hashable, Sendable {
  /// From the first point of the history to one step after its last.
  case duration(Duration)
  case points(Int)
}

/// Which season values are compared within.
package enum SeasonChoice: Hashable, Sendable {
  case fixed(Season)
  /// The one that leaves least unexplained in the history; see `AutomaticSeason`.
  case automatic
}

/// When a stretch of a series is out of the ordinary. What is given must hold all together.
package struct BaselineRule: Hashable, Sendable {
  /// What is looked for; one of them is enough. Empty: `BaselineKind.defaults(for:)`.
  package var kinds: [BaselineKind]
  package var season = SeasonChoice.automatic
  /// A name of the time zone database, whose clocks the season goes by.
  package var timeZone = "UTC"
  package var direction: Direction
  /// −log10 of the probability from which a window surprises: `quiet` 2.5, `normal` 2.0, `sensitive` 1.5. Above 0, at
  /// most `surpriseLimit`. `nil`: surprise is not asked for.
  package var surprise: Double?
  /// So many robust standard deviations (1.4826·MAD and the like, see `OrdinaryLevels`) from the median.
  package var z: Double?
  /// Beyond so many hundredths of the history's stretches; above 0, below 100.
  package var percentile: Double?
  /// The greater of value and expected value must be at least this much, whatever is normal.
  package var atLeast: Double?
  /// The greater of value and expected value must be at least this many times the smaller.
  package var ratio: Double?
  /// `nil`: a single point is enough.
  package var persistence: Persistence?
  package var minimumHistory: MinimumHistory
  /// A breach counts only if it goes beyond everything within this time before it began.
  package var cooldown: Duration?
  /// A breach is over once this much time is ordinary; `nil`: three steps.
  package var recover: Duration?

  /// The largest surprise that is told apart: beyond it, no history can support a figure.
  package static let surpriseLimit = 15.0

  package init(
    _ kinds: [BaselineKind] = [], direction: Direction = .up, surprise: Double? = 2, atLeast: Double? = nil,
    ratio: Double? = nil, persistence: Persistence? = nil, minimumHistory: MinimumHistory = .points(30)
  ) {
    self.kinds = kinds
    self.direction = direction
    self.surprise = surprise
    self.atLeast = atLeast
    self.ratio = ratio
    self.persistence = persistence
    self.minimumHistory = minimumHistory
  }

  /// The kinds that are judged.
  package var judgedKinds: [BaselineKind] { kinds.isEmpty ? BaselineKind.defaults(for: direction) : kinds }

  /// Why nothing can be judged by this rule; `nil` when all is well.
  var defect: String? {
    if let surprise, !(surprise > 0 && surprise <= Self.surpriseLimit) {
      return "a surprise of \(surprise) is not between 0 and \(Self.surpriseLimit)"
    }
    if let z, !(z.isFinite && z > 0) { return "a z of \(z) is not above 0" }
    if let percentile, !(percentile > 0 && percentile < 100) {
      return "a percentile of \(percentile) is not between 0 and 100"
    }
    if let atLeast, !atLeast.isFinite { return "a least value of \(atLeast) is no number" }
    if let ratio, !(ratio.isFinite && ratio > 0) { return "a ratio of \(ratio) is not above 0" }
    if SeasonClock(.none, zone: timeZone) == nil { return "there is no time zone '\(timeZone)'" }
    return persistence?.defect
  }
}
