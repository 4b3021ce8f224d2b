#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif
package import Values

/// Whether a window of a series is out of the ordinary, judged by the points before it alone.
///
/// The window teaches nothing: whatever is in it, what was expected stays the same. Its stretches are compared with
/// those of the history (`Stretches`, `OrdinaryLevels`) in what the kind looks at (`Measure`). The question is about the
/// window as a whole, and the highest of seventy stretches is higher than one: so the strongest stretch must have the
/// rule's surprise after log10 of the number of stretches in the window is taken off (of twice that number when both
/// directions are judged, and of as many more as there are kinds). Whatever is asked, surprise 2 aims at one ordinary
/// window in a hundred, long or short (heavy tails: up to three). Once a window breaches, the episode reaches as far as its stretches
/// are surprising each by itself.
///
/// Cost: O(n log n) time and O(n) memory for n points; O(n·m) for `n of m` with a large m.
///
/// - Parameter points: In any order; those after the window are left out.
/// - Parameter window: Both ends belong to it.
/// - Parameter excluded: Spans that teach nothing either; the window is judged whatever they are.
/// - Parameter population: The points of others like it, to be judged by where there is too little history: by their
///   level then, whatever the kinds.
package func judge(
  _ points: [Series.Point], window: (from: Timestamp, to: Timestamp), by rule: BaselineRule,
  excluding excluded: [(from: Timestamp, to: Timestamp)] = [], population: [[Series.Point]] = []
) -> Judgement {
  if let defect = rule.defect { return .insufficient(defect) }
  func teaches(_ point: Series.Point) -> Bool {
    point.time >= window.from || !excluded.contains { $0.from <= point.time && point.time <= $0.to }
  }
  let timeline = Timeline(excluded.isEmpty ? points : points.filter(teaches))
  let judged = timeline.places(from: window.from, to: window.to)
  guard timeline.values[..<judged.upperBound].allSatisfy({ abs($0) <= Timeline.magnitudeLimit }) else {
    return .insufficient("a value is beyond \(Timeline.magnitudeLimit)")
  }
  let hearing = WindowHearing(timeline: timeline, judged: judged, window: window, rule: rule)
  let judgement =
    hearing.lack.map { lack in
      hearing.judgement(byPopulation: population.map { Timeline($0.filter(teaches)) }) ?? .insufficient(lack)
    } ?? hearing.judgement
  guard case .judged(let finding) = judgement, !finding.breached else { return judgement }
  return Timeline.infinity(among: points, in: window).map(Judgement.insufficient) ?? judgement
}

/// A window, its history and a rule.
struct WindowHearing {
  let timeline: Timeline
  let judged: Range<Int>
  let window: (from: Timestamp, to: Timestamp)
  let rule: BaselineRule
  let step: Double

  init(timeline: Timeline, judged: Range<Int>, window: (from: Timestamp, to: Timestamp), rule: BaselineRule) {
    self.timeline = timeline
    self.judged = judged
    self.window = window
    self.rule = rule
    step = timeline.step(of: 0..<judged.lowerBound)
  }

  var history: Range<Int> { 0..<judged.lowerBound }

  /// Why the history is too little; `nil` if it is not.
  var lack: String? {
    let fewest = OrdinaryLevels.fewestLevels
    let asked = if case .points(let points) = rule.minimumHistory { points } else { 0 }
    guard history.count >= max(fewest, asked) else {
      if history.count < fewest, judged.isEmpty, !rule.judgedKinds.contains(.silence) { return Self.noPoint }
      let needed = asked > fewest ? "\(asked)" : "at least \(fewest)"
      return "the history has \(history.count) points before the window; \(needed) are needed"
    }
    guard case .duration(let needed) = rule.minimumHistory else { return nil }
    let reached = timeline.seconds[history.upperBound - 1] - timeline.seconds[history.lowerBound] + step
    guard reached < needed.inSeconds else { return nil }
    return "the history is \(Duration.seconds(min(reached, 1e15)).asMeasured) long; \(needed.shorthand) are needed"
  }

  static let noPoint = "no point was measured in the window"

  var used: HistoryUsed {
    HistoryUsed(
      points: history.count, from: history.isEmpty ? nil : timeline.instants[history.lowerBound],
      to: history.isEmpty ? nil : timeline.instants[history.upperBound - 1])
  }

  // MARK: All kinds

  var judgement: Judgement {
    let kinds = rule.judgedKinds
    var season = Season.none
    if kinds.contains(.seasonal) || kinds.contains(.novelty) {
      switch rule.season {
      case .fixed(let fixed): season = fixed
      case .automatic: season = AutomaticSeason.season(of: timeline, history, zone: rule.timeZone)
      }
    }
    let looks = log10(Double(kinds.count))
    let told = Judgement.mostTelling(
      kinds.map { kind in
        switch kind {
        case .silence: silence(looks: looks)
        case .newValues: .insufficient("new values are looked for in rows, not in a series")
        case .novelty, .jump, .seasonal, .level: judge(kind, season, looks: looks)
        }
      })
    guard case .judged(var finding) = told else { return told }
    if !finding.breached, !kinds.contains(.silence), let gap { return .insufficient(gap) }
    finding.history = used
    return .judged(finding)
  }

  private func judge(_ kind: BaselineKind, _ season: Season, looks: Double) -> Judgement {
    guard !judged.isEmpty else { return .insufficient(Self.noPoint) }
    let measure = Measure(
      kind, of: timeline, history: history, judged: judged, season: season, rule: rule,
      surprise: (rule.surprise ?? 2) + looks)
    let comparisons = measure.sides.map { side in
      Comparison(
        measure: measure, side: side, timeline: timeline, step: step, rule: rule, kindLooks: looks,
        past: measure.stretches(of: timeline, measure.learned, side, step: step, persistence: rule.persistence),
        present: measure.stretches(of: timeline, judged, side, step: step, persistence: rule.persistence),
        points: side.scores[measure.learned])
    }
    let told = comparisons.map(\.told)
    let there = measure.isDifference ? Judgement.thereAndBack(told) : nil
    return (there ?? Judgement.mostTelling(told.map(\.judgement))).withBand(of: comparisons)
  }

  /// Why the window cannot be called ordinary, where much of it was not measured.
  private var gap: String? {
    guard history.count > 1 else { return nil }
    let span = timeline.seconds[history.upperBound - 1] - timeline.seconds[history.lowerBound]
    let usual = min(1, Double(history.count - 1) * step / max(span, step))
    return Timeline.gap(judged.count, of: window, step: step, usual: usual)
  }
}
