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
  /// The level that the strongest stretch of the window held: for `2 of 3` the second highest of those three points,
  /// for a duration the lowest point within it, without persistence simply the most extreme point.
  package var value: Double
  /// Median of the history's points; `nil` for a plain limit.
  package var expected: Double?
  /// A stretch that holds a level below `low` or above `high` breaches, materiality aside. Of a plain limit the limit.
  package var low: Double?
  package var high: Double?
  /// −log10 of the probability that an ordinary window of as many points holds such a level anywhere; 0 to
  /// `BaselineRule.surpriseLimit`; `nil` for a plain limit.
  package var surprise: Double?
  /// Place of `value` among the stretches of the history, from 1: no stretch held as much.
  package var rank: Int?
  /// How many stretches `rank` counts among, this one included; `nil` for a plain limit.
  package var ranked: Int?
}
