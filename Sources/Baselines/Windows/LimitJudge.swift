package import Values

/// A plain limit for values.
package enum Limit: Hashable, Sendable {
  case above(Double)
  case below(Double)
  case outside(low: Double, high: Double)

  /// How far a value is beyond the limit; 0 or less when it is not.
  func excess(of value: Double) -> Double {
    switch self {
    case .above(let limit): value - limit
    case .below(let limit): limit - value
    case .outside(let low, let high): max(low - value, value - high)
    }
  }

  /// Whether a value is beyond the limit; the limit itself is not. What is no number is beyond nothing.
  package func isExceeded(by value: Double) -> Bool { excess(of: value) > 0 }

  var defect: String? {
    switch self {
    case .above(let limit), .below(let limit): limit.isFinite ? nil : "a limit of \(limit) is no number"
    case .outside(let low, let high):
      low.isFinite && high.isFinite && low <= high ? nil : "\(low) to \(high) is no range of numbers"
    }
  }

  var ends: (low: Double?, high: Double?) {
    switch self {
    case .above(let limit): (nil, limit)
    case .below(let limit): (limit, nil)
    case .outside(let low, let high): (low, high)
    }
  }
}

/// Whether a series stays beyond a plain limit within a window. Points outside the window count for nothing, but for the
/// cool-down. A window of whose points less than half was measured, or in which a value beyond the limit is infinite, may
/// breach, but is not ordinary.
///
/// - Parameter step: The time from one point to the next; `nil`: the shortest that there is.
/// - Parameter points: In any order.
/// - Parameter window: Both ends belong to it.
/// - Parameter persistence: `nil`: a single point is enough.
/// - Parameter cooldown: A breach counts only if it goes beyond everything within this time before it began.
/// - Parameter recover: A breach is over once this much time is within the limit; `nil`: three steps.
package func judgeLimit(
  _ points: [Series.Point], window: (from: Timestamp, to: Timestamp), by limit: Limit, step expected: Duration? = nil,
  persistence: Persistence? = nil, cooldown: Duration? = nil, recover: Duration? = nil
) -> Judgement {
  if let defect = limit.defect ?? persistence?.defect { return .insufficient(defect) }
  let start = cooldown.flatMap { window.from.adding(.zero - $0) } ?? window.from
  let timeline = Timeline(points.filter { start <= $0.time && $0.time <= window.to })
  let places = timeline.places(from: window.from, to: window.to)
  guard !places.isEmpty else { return .insufficient("no point was measured in the window") }
  let step = timeline.step(of: places)
  let scores = timeline.values.map(limit.excess(of:))
  let stretches = Stretches(of: timeline, places, scores: scores, step: step, persistence: persistence)
  guard let strongest = stretches.strongest else {
    return .insufficient(stretches.lack(persistence))
  }
  let held = strongest.places.first { scores[$0] == strongest.held } ?? strongest.places.lowerBound
  let ends = limit.ends
  var finding = Finding(
    breached: strongest.held > 0, value: timeline.values[held], low: ends.low, high: ends.high)
  if !finding.breached {
    let due = expected?.inSeconds ?? timeline.shortestStep
    if let gap = Timeline.gap(places.count, of: window, step: due) { return .insufficient(gap) }
    if let infinity = Timeline.infinity(among: points, in: window, counts: limit.isExceeded(by:)) {
      return .insufficient(infinity)
    }
  }
  if finding.breached, let cooldown {
    let past = Stretches(
      of: timeline, 0..<places.lowerBound, scores: scores, step: step, persistence: persistence)
    let since = timeline.seconds[strongest.places.lowerBound] - cooldown.inSeconds
    finding.cooled = past.all.last {
      $0.held >= strongest.held && timeline.seconds[$0.places.upperBound] >= since
    }.map { timeline.instants[$0.places.upperBound] }
    finding.breached = finding.cooled == nil
  }
  if finding.breached {
    let bridged = recover.map { max($0.inSeconds, step) } ?? Timeline.bridge(step: step)
    let level = Double.leastNonzeroMagnitude
    let episode = stretches.episode(around: strongest, reaching: level, in: timeline, bridged: bridged) {
      scores[$0] >= level
    }
    finding.from = timeline.instants[episode.lowerBound]
    finding.to = timeline.instants[episode.upperBound]
  }
  return .judged(finding)
}
