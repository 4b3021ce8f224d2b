#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

import Values

/// The stretches of a window against those of the history, in one direction.
struct Comparison {
  let measure: Measure
  let side: Measure.Side
  let timeline: Timeline
  let step: Double
  let rule: BaselineRule
  /// log10 of how many kinds are asked.
  let kindLooks: Double
  let present: Stretches
  /// The history as stretches show it; `nil` if there are too few.
  private let ordinary: OrdinaryLevels?
  /// How many those are.
  private let pastCount: Int
  /// The history's own stretches, for the cool-down.
  private let earlier: [Stretches.Stretch]

  /// - Parameter points: The history's scores point by point.
  init(
    measure: Measure, side: Measure.Side, timeline: Timeline, step: Double, rule: BaselineRule, kindLooks: Double,
    past: Stretches, present: Stretches, points: ArraySlice<Double>, isOfPopulation: Bool = false
  ) {
    self.measure = measure
    self.side = side
    self.timeline = timeline
    self.step = step
    self.rule = rule
    self.kindLooks = kindLooks
    self.present = present
    pastCount = past.all.count
    earlier = isOfPopulation ? [] : past.all
    let isEnough = past.all.count >= OrdinaryLevels.fewestLevels && !points.isEmpty
    ordinary = isEnough ? OrdinaryLevels(past.all.map(\.held), points: points, size: measure.size) : nil
  }

  /// log10 of how many ways a stretch may go.
  private var ways: Double { (rule.direction == .both && side.sign != 0 ? log10(2.0) : 0) + kindLooks }
  /// log10 of how many stretches are looked at besides.
  private var looks: Double { ways + log10(Double(max(1, present.all.count))) }

  /// What is said, and at which place the stretch begins that it is said of, if that is a breach.
  var told: (judgement: Judgement, breach: Int?) {
    guard let ordinary else {
      let least = OrdinaryLevels.fewestLevels
      let lack = "the history has \(pastCount) stretches as long as a breach must be; \(least) are needed"
      return (.insufficient(lack), nil)
    }
    guard let strongest = present.strongest else { return (.insufficient(present.lack(rule.persistence)), nil) }
    let material = present.filtered(isMaterial)
    let needed = level(in: ordinary, surprise: rule.surprise.map { $0 + looks })
    if let most = material.strongest, most.held >= needed {
      var found = finding(most, ordinary)
      found.cooled = cooled(most, beyond: needed)
      guard found.cooled == nil else { return (.judged(found), nil) }
      found.breached = true
      let level = level(in: ordinary, surprise: rule.surprise.map { $0 + ways })
      let episode = episode(around: most, among: material, reaching: level)
      found.from = timeline.instants[episode.lowerBound]
      found.to = timeline.instants[episode.upperBound]
      return (.judged(found), most.places.lowerBound)
    }
    var found = finding(strongest, ordinary)
    if strongest.held >= needed { found.shortfall = shortfall(strongest) }
    return (.judged(found), nil)
  }

  /// - Parameter level: From which on a stretch is surprising by itself.
  private func episode(
    around core: Stretches.Stretch, among material: Stretches, reaching level: Double
  ) -> ClosedRange<Int> {
    // What stands out by itself ends where it is over, however long the last values together look strange.
    let alone = measure.alone.flatMap { $0[place(of: core)] >= level ? $0 : nil }
    let bridged = rule.recover.map { max($0.inSeconds, step) } ?? Timeline.bridge(step: step)
    return material.episode(around: core, reaching: min(level, core.held), in: timeline, bridged: bridged) { place in
      measure.isDifference
        || ((alone ?? side.scores)[place] >= level && isMaterial(timeline.values[place], measure.expected[place]))
    }
  }

  /// The lowest level that fulfils everything that is asked of a level.
  private func level(in ordinary: OrdinaryLevels, surprise: Double?) -> Double {
    var level = -Double.infinity
    if let surprise { level = max(level, ordinary.level(ofSurprise: surprise)) }
    if let z = rule.z { level = max(level, ordinary.level(ofZ: z)) }
    if let percentile = rule.percentile { level = max(level, ordinary.level(ofPercentile: percentile)) }
    if measure.kind == .novelty, let asked = rule.surprise { level = max(level, asked) }
    return level
  }

  private func finding(_ stretch: Stretches.Stretch, _ ordinary: OrdinaryLevels) -> Finding {
    var surprise = ordinary.surprise(of: stretch.held) - looks
    // A novelty's score is a surprise already, and must reach what is asked too.
    if measure.kind == .novelty { surprise = min(surprise, stretch.held) }
    let place = place(of: stretch)
    let expected = expected(stretch, place)
    var finding = Finding(
      breached: false, value: timeline.values[place], expected: expected,
      surprise: min(max(surprise, 0), BaselineRule.surpriseLimit), rank: ordinary.count(reaching: stretch.held) + 1,
      ranked: ordinary.count + 1, kind: measure.kind)
    if measure.kind == .novelty { (finding.rank, finding.ranked) = rank(of: finding.value, expected: expected) }
    if let bands = measure.bands {
      if rule.direction != .up { finding.low = bands[place].flatMap { low(expected: expected, $0.low) } }
      if rule.direction != .down { finding.high = bands[place].flatMap { high(expected: expected, $0.high) } }
    } else if side.sign > 0 {
      finding.high = end(expected: expected)
    } else {
      finding.low = end(expected: expected)
    }
    return finding
  }

  /// Of a novelty the score says how new a value is, not how high: the place of the value itself is told.
  private func rank(of value: Double, expected: Double) -> (rank: Int, among: Int) {
    let sign = value < expected ? -1.0 : 1
    let past = Stretches(
      of: timeline, measure.learned, scores: timeline.values.map { sign * $0 }, step: step,
      persistence: rule.persistence
    ).all
    return (past.count { $0.held >= sign * value } + 1, past.count + 1)
  }

  // MARK: The band

  /// The end of the band that this direction knows, where it follows from the scores; `nil` where nothing lies beyond it.
  ///
  /// - Parameter expected: What was expected at the place that is told of.
  func end(expected: Double) -> Double? {
    guard measure.bands == nil, let ordinary else { return nil }
    let level = level(in: ordinary, surprise: rule.surprise.map { $0 + looks })
    let origin = measure.isDifference || measure.kind == .seasonal ? expected : 0
    let end = level.isFinite ? origin + side.sign * level : nil
    return side.sign > 0 ? high(expected: expected, end) : low(expected: expected, end)
  }

  private func high(expected: Double, _ end: Double?) -> Double? {
    [end, rule.atLeast, rule.ratio.map { $0 * expected }].compactMap(\.self).max()
  }

  private func low(expected: Double, _ end: Double?) -> Double? {
    if let atLeast = rule.atLeast, expected < atLeast { return nil }
    return [end, rule.ratio.map { expected / $0 }].compactMap(\.self).min()
  }

  /// Where in a stretch the point is that holds its level.
  private func place(of stretch: Stretches.Stretch) -> Int {
    let base = measure.isDifference ? side.scores[stretch.places.lowerBound - 1] : 0
    return stretch.places.first { side.scores[$0] - base == stretch.held } ?? stretch.places.lowerBound
  }

  private func expected(_ stretch: Stretches.Stretch, _ place: Int) -> Double {
    measure.isDifference ? timeline.values[stretch.places.lowerBound - 1] : measure.expected[place]
  }

  // MARK: What matters

  private func isMaterial(_ stretch: Stretches.Stretch) -> Bool { shortfall(stretch) == nil }

  private func isMaterial(_ value: Double, _ expected: Double) -> Bool { shortfall(value, expected) == nil }

  private func shortfall(_ stretch: Stretches.Stretch) -> Shortfall? {
    let place = place(of: stretch)
    return shortfall(timeline.values[place], expected(stretch, place))
  }

  private func shortfall(_ value: Double, _ expected: Double) -> Shortfall? {
    let isUp = side.sign > 0 || (side.sign == 0 && value >= expected)
    if let atLeast = rule.atLeast, (isUp ? value : expected) < atLeast { return .atLeast(atLeast) }
    guard let ratio = rule.ratio else { return nil }
    return (isUp ? value >= ratio * expected : value <= expected / ratio) ? nil : .ratio(ratio)
  }

  /// What falls short of something by this share of how far it stands out is as great: what is expected moves a little
  /// with everything that is learnt.
  private static let sameShare = 0.05

  /// When something as great ended that was there within the cool-down before.
  ///
  /// - Parameter needed: The level from which on a stretch stands out.
  private func cooled(_ stretch: Stretches.Stretch, beyond needed: Double) -> Timestamp? {
    guard let cooldown = rule.cooldown else { return nil }
    let start = timeline.seconds[stretch.places.lowerBound] - cooldown.inSeconds
    let isNovelty = measure.kind == .novelty
    let (held, past) = isNovelty ? deviations(stretch) : (stretch.held, earlier)
    let distance = isNovelty ? abs(held) : held - needed
    let asGreat = distance.isFinite ? held - Self.sameShare * max(0, distance) : held
    return past.last { $0.held >= asGreat && timeline.seconds[$0.places.upperBound] >= start }
      .map { timeline.instants[$0.places.upperBound] }
  }

  /// How far from what was expected a stretch holds, and those of the history do. What is no longer new scores little, while
  /// the window has taught nothing: the scores of a novelty cannot be compared.
  private func deviations(_ stretch: Stretches.Stretch) -> (held: Double, past: [Stretches.Stretch]) {
    let strongest = place(of: stretch)
    let sign = timeline.values[strongest] < measure.expected[strongest] ? -1.0 : 1
    let scores = zip(timeline.values, measure.expected).map { sign * ($0 - $1) }
    func stretches(_ places: Range<Int>) -> Stretches {
      Stretches(of: timeline, places, scores: scores, step: step, persistence: rule.persistence)
    }
    let own = stretches(Range(stretch.places)).strongest?.held ?? scores[strongest]
    return (own, stretches(measure.learned).all)
  }
}
