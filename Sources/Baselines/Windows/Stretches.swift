import Values

/// The stretches of a series over which a persistence is measured, and the level that each of them holds.
///
/// "At least n of m points reach a limit" says the same as "the n-th highest of the m points reaches it", and "every
/// point for 30 s reaches it" the same as "the lowest of 30 s does". So a stretch is one number, its held level, and
/// what is normal is learned about that number: single high points of the history, which would not have breached,
/// do not hide a run of points that does.
struct Stretches {
  /// A stretch: places of its points, and the score that it holds.
  struct Stretch {
    let places: ClosedRange<Int>
    let held: Double
  }

  private(set) var all: [Stretch] = []
  /// How many points they were looked for among.
  private let pointCount: Int

  /// The stretches that lie within `places` and in which no step is missing for long.
  ///
  /// - Parameter scores: How far out each point of the timeline is; larger is farther.
  init(
    of timeline: Timeline, _ places: Range<Int>, scores: [Double], step: Double, persistence: Persistence?
  ) {
    pointCount = places.count
    all.reserveCapacity(places.count)
    var start = places.lowerBound
    while start < places.upperBound {
      var end = start + 1
      while end < places.upperBound, timeline.areNear(end - 1, end, step: step) { end += 1 }
      switch persistence {
      case nil:
        for place in start..<end { all.append(.init(places: place...place, held: scores[place])) }
      case .points(let needed, let span): addRanked(start..<end, scores, needed: needed, span: span)
      case .lasting(let duration): addLowest(start..<end, scores, timeline.seconds, lasting: duration.inSeconds)
      }
      start = end
    }
  }

  /// The `needed`-th highest of every `span` neighbours.
  private mutating func addRanked(_ segment: Range<Int>, _ scores: [Double], needed: Int, span: Int) {
    guard segment.count >= span else { return }
    var ordered: [Double] = []
    ordered.reserveCapacity(span + 1)
    for place in segment {
      ordered.insert(scores[place], at: ordered.firstPlace(notBelow: scores[place]))
      if ordered.count > span {
        ordered.remove(at: ordered.firstPlace(notBelow: scores[place - span]))
      }
      if ordered.count == span {
        all.append(.init(places: place - span + 1...place, held: ordered[span - needed]))
      }
    }
  }

  /// The lowest of the points from `duration` seconds before each point up to it.
  private mutating func addLowest(
    _ segment: Range<Int>, _ scores: [Double], _ seconds: [Double], lasting duration: Double
  ) {
    /// Clocks and fractions of seconds are not exact to the nanosecond.
    let forgiven = 1e-6
    var start = segment.lowerBound
    /// Places whose scores ascend; the first is the lowest of the stretch.
    var candidates: [Int] = []
    var head = 0
    for place in segment {
      while candidates.count > head, let last = candidates.last, scores[last] >= scores[place] {
        candidates.removeLast()
      }
      candidates.append(place)
      while start < place, seconds[start + 1] <= seconds[place] - duration + forgiven { start += 1 }
      guard seconds[start] <= seconds[place] - duration + forgiven else { continue }
      while candidates[head] < start { head += 1 }
      all.append(.init(places: start...place, held: scores[candidates[head]]))
    }
  }

  /// The same stretches, each holding by how much more it holds than the point before it has; those after a long gap
  /// are left out.
  func lessThePointBefore(scores: [Double], _ timeline: Timeline, step: Double) -> Stretches {
    var differences = self
    differences.all = all.compactMap { stretch in
      let before = stretch.places.lowerBound - 1
      guard before >= 0, timeline.areNear(before, before + 1, step: step) else { return nil }
      return Stretch(places: stretch.places, held: stretch.held - scores[before])
    }
    return differences
  }

  /// These stretches and those of another series.
  func joined(_ others: Stretches) -> Stretches {
    var joined = self
    joined.all += others.all
    return joined
  }

  /// The stretches of which something holds.
  func filtered(_ holds: (Stretch) -> Bool) -> Stretches {
    var rest = self
    rest.all = all.filter(holds)
    return rest
  }

  /// The stretch that holds the most, the first of equals.
  var strongest: Stretch? {
    guard var best = all.first else { return nil }
    for stretch in all where stretch.held > best.held { best = stretch }
    return best
  }

  /// Why a window has none.
  func lack(_ persistence: Persistence?) -> String {
    if case .points(_, let span) = persistence, pointCount < span {
      return "the window has \(pointCount) point\(pointCount == 1 ? "" : "s"), and `for` looks at \(span)"
    }
    return "the window has no unbroken stretch as long as a breach must be"
  }

  /// First and last place of the episode around a stretch: those of other stretches that reach a level belong to it, as
  /// long as not more than `bridged` seconds lie between two of them.
  ///
  /// - Parameter belongs: Which points of such stretches are a part of the episode.
  func episode(
    around core: Stretch, reaching level: Double, in timeline: Timeline, bridged: Double, belongs: (Int) -> Bool
  ) -> ClosedRange<Int> {
    var members: [Int] = []
    for stretch in all where stretch.held >= level {
      for place in max(stretch.places.lowerBound, (members.last ?? -1) + 1)...stretch.places.upperBound
      where belongs(place) {
        members.append(place)
      }
    }
    guard let seed = members.firstIndex(where: { core.places.contains($0) }) else { return core.places }
    func areJoined(_ earlier: Int, _ later: Int) -> Bool {
      timeline.seconds[members[later]] - timeline.seconds[members[earlier]] <= bridged
    }
    var (first, last) = (seed, seed)
    while first > 0, areJoined(first - 1, first) { first -= 1 }
    while last + 1 < members.count, areJoined(last, last + 1) { last += 1 }
    return members[first]...members[last]
  }
}
