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
/// those of the history (`Stretches`, `OrdinaryLevels`). The question is about the window as a whole, and the highest
/// of seventy stretches is higher than one: so the strongest stretch must have the rule's surprise after log10 of the
/// number of stretches in the window (twice that number when both directions are judged) is taken off. Whatever is
/// asked, surprise 2 aims at one ordinary window in a hundred, long or short (heavy tails: up to three). Once a window breaches, the
/// episode reaches as far as its stretches are surprising each by itself.
///
/// Cost: O(n log n) time and O(n) memory for n points; O(n·m) for `n of m` with a large m.
///
/// - Parameter points: In any order; those after the window are left out.
/// - Parameter window: Both ends belong to it.
package func judge(
  _ points: [Series.Point], window: (from: Timestamp, to: Timestamp), by rule: BaselineRule
) -> Judgement {
  if let defect = rule.defect { return .insufficient(defect) }
  switch BaselineJudge.prepare(points, window: window, by: rule) {
  case .failure(let reason): return .insufficient(reason.text)
  case .success(let judge): return .judged(judge.finding)
  }
}

/// Why nothing can be judged.
struct Insufficiency: Error {
  let text: String
}

/// A window, its history and a rule, after everything that is needed has been found.
private struct BaselineJudge {
  private let rule: BaselineRule
  private let timeline: Timeline
  private let step: Double
  private let expected: Double
  private let up: Side
  private let down: Side

  /// One direction; scores are values, for `down` with their sign turned.
  private struct Side {
    let sign: Double
    let scores: [Double]
    let ordinary: OrdinaryLevels
    let judged: Stretches
    let strongest: Stretches.Stretch
  }

  static func prepare(
    _ points: [Series.Point], window: (from: Timestamp, to: Timestamp), by rule: BaselineRule
  ) -> Result<BaselineJudge, Insufficiency> {
    let timeline = Timeline(points)
    let judged = timeline.places(from: window.from, to: window.to)
    guard !judged.isEmpty else { return .failure(.init(text: "no point was measured in the window")) }
    let history = 0..<judged.lowerBound
    guard timeline.values[..<judged.upperBound].allSatisfy({ abs($0) <= Timeline.magnitudeLimit }) else {
      return .failure(.init(text: "a value is beyond \(Timeline.magnitudeLimit)"))
    }
    let step = timeline.step(of: history)
    if let lack = lack(of: history, in: timeline, step: step, minimum: rule.minimumHistory) { return .failure(lack) }
    func side(_ sign: Double) -> Result<Side, Insufficiency> {
      let scores = timeline.values.map { sign * $0 }
      let past = Stretches(of: timeline, history, scores: scores, step: step, persistence: rule.persistence)
      let present = Stretches(of: timeline, judged, scores: scores, step: step, persistence: rule.persistence)
      guard past.all.count >= OrdinaryLevels.fewestLevels else {
        let least = OrdinaryLevels.fewestLevels
        return .failure(
          .init(text: "the history has \(past.all.count) stretches as long as a breach must be; \(least) are needed"))
      }
      guard let strongest = present.strongest else {
        return .failure(.init(text: "the window has no unbroken stretch as long as a breach must be"))
      }
      return .success(
        Side(
          sign: sign, scores: scores, ordinary: OrdinaryLevels(past.all.map(\.held), points: scores[history]),
          judged: present, strongest: strongest))
    }
    return side(1).flatMap { up in
      side(-1).map { down in
        BaselineJudge(
          rule: rule, timeline: timeline, step: step, expected: median(ofOrdered: timeline.values[history].sorted()),
          up: up, down: down)
      }
    }
  }

  private static func lack(
    of history: Range<Int>, in timeline: Timeline, step: Double, minimum: MinimumHistory
  ) -> Insufficiency? {
    guard history.count >= OrdinaryLevels.fewestLevels else {
      let least = OrdinaryLevels.fewestLevels
      return .init(text: "the history has \(history.count) points before the window; at least \(least) are needed")
    }
    switch minimum {
    case .points(let needed):
      guard history.count < needed else { return nil }
      return .init(text: "the history has \(history.count) points before the window; \(needed) are needed")
    case .duration(let needed):
      let reached = timeline.seconds[history.upperBound - 1] - timeline.seconds[history.lowerBound] + step
      guard reached < needed.inSeconds else { return nil }
      let whole = Duration.seconds(Int64(min(reached, 1e15)))
      return .init(text: "the history is \(whole.shorthand) long; \(needed.shorthand) are needed")
    }
  }

  /// log10 of how many stretches are looked at; for a single one, how many ways it may go.
  private var looks: Double { ways + log10(Double(max(1, up.judged.all.count))) }
  private var ways: Double { rule.direction == .both ? log10(2) : 0 }

  var finding: Finding {
    switch rule.direction {
    case .up: return finding(up)
    case .down: return finding(down)
    case .both:
      let (upper, lower) = (finding(up), finding(down))
      if upper.breached != lower.breached { return upper.breached ? upper : lower }
      return (lower.surprise ?? 0) > (upper.surprise ?? 0) ? lower : upper
    }
  }

  private func finding(_ side: Side) -> Finding {
    let held = side.strongest.held
    let surprise = side.ordinary.surprise(of: held) - looks
    let material = materialScore(side)
    var finding = Finding(
      breached: held >= max(side.ordinary.level(ofSurprise: rule.surprise + looks), material),
      value: side.sign * held, expected: expected,
      low: -down.ordinary.level(ofSurprise: rule.surprise + looks),
      high: up.ordinary.level(ofSurprise: rule.surprise + looks),
      surprise: min(max(surprise, 0), BaselineRule.surpriseLimit),
      rank: side.ordinary.count(reaching: held) + 1, ranked: side.ordinary.count + 1)
    guard finding.breached else { return finding }
    let level = max(side.ordinary.level(ofSurprise: rule.surprise + ways), material)
    let episode = side.judged.episode(
      around: side.strongest, reaching: level, in: timeline, scores: side.scores, step: step)
    finding.from = timeline.instants[episode.lowerBound]
    finding.to = timeline.instants[episode.upperBound]
    return finding
  }

  /// The lowest score that matters by `atLeast` and `ratio`; infinite when none does.
  private func materialScore(_ side: Side) -> Double {
    if side.sign > 0 {
      return max(rule.atLeast ?? -.infinity, rule.ratio.map { $0 * expected } ?? -.infinity)
    }
    if let atLeast = rule.atLeast, expected < atLeast { return .infinity }
    return rule.ratio.map { -expected / $0 } ?? -.infinity
  }
}
