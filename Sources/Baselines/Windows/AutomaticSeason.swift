import Values

/// Which season a history has.
///
/// Each candidate foretells the second half of the history, point by point, from what came before; the one with the
/// smallest median error wins, if it is at least a tenth better than every simpler one. Three days are needed for the
/// hour of the day, three weeks for the hour of the week.
enum AutomaticSeason {
  private static let daysForDay = 3.0
  private static let daysForWeek = 21.0
  private static let gain = 0.9

  static func season(of timeline: Timeline, _ history: Range<Int>, zone: String) -> Season {
    guard history.count >= 2 else { return .none }
    let days = (timeline.seconds[history.upperBound - 1] - timeline.seconds[history.lowerBound]) / 86_400
    var best = Season.none
    guard days >= daysForDay else { return best }
    var least = error(.none, timeline, history, zone)
    for (season, needed) in [(Season.hourOfDay, daysForDay), (.hourOfWeek, daysForWeek)] where days >= needed {
      let error = error(season, timeline, history, zone)
      if error < gain * least { (best, least) = (season, error) }
    }
    return best
  }

  private static func error(_ season: Season, _ timeline: Timeline, _ history: Range<Int>, _ zone: String) -> Double {
    guard let clock = SeasonClock(season, zone: zone) else { return .infinity }
    var expectation = SeasonalExpectation(clock)
    var errors: [Double] = []
    for place in history {
      let (seconds, value) = (timeline.instants[place].secondsSinceEpoch, timeline.values[place])
      if place - history.lowerBound >= history.count / 2, let expected = expectation.expected(at: seconds) {
        errors.append(abs(value - expected))
      }
      expectation.learn(value, at: seconds)
    }
    return errors.isEmpty ? .infinity : median(ofOrdered: errors.sorted())
  }
}
