package import Values

/// What became of a threshold over a window.
package enum Judgement: Hashable, Sendable {
  case judged(Finding)
  /// Nothing can be said, neither yes nor no; the reason is a sentence part for people.
  case insufficient(String)
}

/// The evidence behind a yes or a no.
package struct Finding: Hashable, Sendable {
  package var breached: Bool
  /// First moment of the breach, `nil` without one: of the episode that holds the strongest stretch.
  package var from: Timestamp?
  /// Last moment of the same episode.
  package var to: Timestamp?
  /// What would be a breach is none: at this moment, within the cool-down before, something as great ended.
  package var cooled: Timestamp?
  /// What would be a breach is none: it does not come to this.
  package var shortfall: Shortfall?
  /// The level that the strongest stretch of the window held: for `2 of 3` the second highest of those three points,
  /// for a duration the lowest point within it, without persistence simply the most extreme point. Of `silence` the
  /// seconds without a point, or how many points stood still; of `new_values` how many were new.
  package var value: Double
  /// What was expected in its place; `nil` for a plain limit.
  package var expected: Double?
  /// A stretch that holds a level below `low` or above `high` breaches, where nothing as great was there within the
  /// cool-down; `nil` where nothing breaches that way. Of a plain limit the limit.
  package var low: Double?
  package var high: Double?
  /// −log10 of the probability that an ordinary window of as many points holds such a level anywhere; 0 to
  /// `BaselineRule.surpriseLimit`; `nil` for a plain limit.
  package var surprise: Double?
  /// Place of the stretch among those of the history, from 1: no stretch was as far out. Of `novelty` and `level` by the
  /// value that they held, of `seasonal` by how far it was from what was expected, of `jump` by how far from the point before,
  /// of `silence` by how long nothing came.
  package var rank: Int?
  /// How many stretches `rank` counts among, this one included; `nil` for a plain limit.
  package var ranked: Int?
  /// What it was that found it.
  package var kind: BaselineKind?
  /// What was learned from.
  package var history: HistoryUsed?
  /// Of `new_values`: those that were new, the first of them, each with its parts joined by commas.
  package var newValues: [String] = []
  static let newValuesLimit = 5

  package init(
    breached: Bool, value: Double, expected: Double? = nil, low: Double? = nil, high: Double? = nil,
    surprise: Double? = nil, rank: Int? = nil, ranked: Int? = nil, kind: BaselineKind? = nil
  ) {
    self.breached = breached
    self.value = value
    self.expected = expected
    self.low = low
    self.high = high
    self.surprise = surprise
    self.rank = rank
    self.ranked = ranked
    self.kind = kind
  }
}

/// From the lowest to the highest value that is ordinary by itself; without an end where nothing breaches that way.
package struct Band: Hashable, Sendable {
  package let low: Double?
  package let high: Double?

  package init(low: Double?, high: Double?) {
    self.low = low
    self.high = high
  }

  package func contains(_ value: Double) -> Bool { value > low ?? -.infinity && value < high ?? .infinity }
}

extension Finding {
  /// Of values beyond a plain limit only those matter that are at least so much.
  package mutating func require(atLeast least: Double) {
    if let limit = low, limit <= least { low = nil }
    high = high.map { max($0, least) }
    guard value < least else { return }
    if breached { shortfall = .atLeast(least) }
    (breached, from, to) = (false, nil, nil)
  }
}

/// What something out of the ordinary must come to, and does not.
package enum Shortfall: Hashable, Sendable {
  case atLeast(Double)
  case ratio(Double)

  /// `at_least 201`: the key that asks for it, and how much it asks for.
  package var text: String {
    switch self {
    case .atLeast(let least): "at_least \(MeasuredNumber.text(of: least))"
    case .ratio(let ratio): "ratio \(MeasuredNumber.text(of: ratio))"
    }
  }
}

/// What a judgement rests on.
package struct HistoryUsed: Hashable, Sendable {
  package var points: Int
  /// `nil` where there was none.
  package var from: Timestamp?
  package var to: Timestamp?
  /// The history of others: the series had too little of its own.
  package var isOfPopulation = false

  package init(points: Int, from: Timestamp?, to: Timestamp?, isOfPopulation: Bool = false) {
    self.points = points
    self.from = from
    self.to = to
    self.isOfPopulation = isOfPopulation
  }
}
