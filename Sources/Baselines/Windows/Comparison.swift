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
    ordinary = isEnough ? OrdinaryLevels(past.all.map(\.held), points: points) : nil
  }

  /// log10 of how many ways a stretch may go.
  private var ways: Double { (rule.direction == .both && side.sign != 0 ? log10(2.0) : 0) + kindLooks }
  /// log10 of how many stretches are looked at besides.
  private var looks: Double { ways + log10(Double(max(1, present.all.count))) }

  var judgement: Judgement {
    guard let ordinary else {
      let least = OrdinaryLevels.fewestLevels
      return .insufficient(
        "the history has \(pastCount) stretches as long as a breach must be; \(least) are needed")
    }
    guard let strongest = present.strongest else {
      return .insufficient(present.lack(rule.persistence))
    }
    let material = present.filtered(isMaterial)
    let needed = level(in: ordinary, surprise: rule.surprise.map { $0 + looks })
    if let most = material.strongest, most.held >= needed {
      var found = finding(most, ordinary)
      found.cooled = cooled(most, beyond: needed)
      guard found.cooled == nil else { return .judged(found) }
      found.breached = true
      let level = level(in: ordinary, surprise: rule.surprise.map { $0 + ways })
      let bridged = rule.recover.map { max($0.inSeconds, step) } ?? Timeline.bridge(step: step)
      let episode = material.episode(around: most, reaching: min(level, most.held), in: timeline, bridged: bridged) {
        measure.isDifference || (side.scores[$0] >= level && isMaterial(timeline.values[$0], measure.expected[$0]))
      }
      found.from = timeline.instants[episode.lowerBound]
      found.to = timeline.instants[episode.upperBound]
      return .judged(found)
    }
    return .judged(finding(strongest, ordinary))
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
    var finding = Finding(
      breached: false, value: timeline.values[place], expected: expected(stretch, place),
      surprise: min(max(surprise, 0), BaselineRule.surpriseLimit), rank: ordinary.count(reaching: stretch.held) + 1,
      ranked: ordinary.count + 1, kind: measure.kind)
    if let bands = measure.bands {
      finding.low = bands[place]?.low
      finding.high = bands[place]?.high
    } else {
      let level = level(in: ordinary, surprise: rule.surprise.map { $0 + looks })
      let origin = measure.isDifference || measure.kind == .seasonal ? expected(stretch, place) : 0
      // Without a surprise that is asked for there is no level; what matters is the band's end then.
      if side.sign > 0 {
        finding.high =
          level.isFinite ? origin + level : rule.atLeast ?? rule.ratio.map { $0 * expected(stretch, place) }
      } else {
        finding.low = level.isFinite ? origin - level : rule.ratio.map { expected(stretch, place) / $0 }
      }
    }
    return finding
  }

  /// The end of the band that this direction knows, where it is one for the whole window.
  func end(below: Bool) -> Double? {
    guard measure.bands == nil, (side.sign < 0) == below, let ordinary, let strongest = present.strongest else {
      return nil
    }
    let found = finding(strongest, ordinary)
    return below ? found.low : found.high
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

  private func isMaterial(_ stretch: Stretches.Stretch) -> Bool {
    let place = place(of: stretch)
    return isMaterial(timeline.values[place], expected(stretch, place))
  }

  private func isMaterial(_ value: Double, _ expected: Double) -> Bool {
    let isUp = side.sign > 0 || (side.sign == 0 && value >= expected)
    if let atLeast = rule.atLeast, (isUp ? value : expected) < atLeast { return false }
    guard let ratio = rule.ratio else { return true }
    return isUp ? value >= ratio * expected : value <= expected / ratio
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
