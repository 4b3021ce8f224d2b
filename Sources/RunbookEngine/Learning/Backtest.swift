package import Baselines
import Investigation
package import RunbookLanguage
package import RunbookPorts
package import Values

/// A threshold over windows of the past: how often it would have fired, at which surprise.
package struct Backtest: Sendable {
  /// What one window came to.
  package struct Judged: Sendable {
    package let window: TimeWindow
    /// By setting, in their order. Those that ask for more breach in no more windows.
    package let breaches: [Bool]
    /// At the least setting; `nil`: it cannot be judged.
    package let finding: Finding?
    package let reason: String?
  }

  /// Surprises, ascending; of a threshold that asks for none a single one.
  package let settings: [Double]
  package let judged: [Judged]

  /// - Parameter points: Of one series, in order of time.
  /// - Parameter length: Of each window; they follow one another.
  package init(
    _ points: [Series.Point], by rule: Threshold.Monitored, settings: [Double], from: Timestamp, to: Timestamp,
    length: Duration
  ) {
    var asked = settings.sorted()
    if case .normal(let normal) = rule.judgement, normal.rule.surprise != nil {} else { asked = [0] }
    self.settings = asked
    var judged: [Judged] = []
    var start = from
    while let end = start.adding(length), end <= to, let window = TimeWindow(from: start, to: end) {
      judged.append(Self.judge(points, window, by: rule, asked))
      start = end
    }
    self.judged = judged
  }

  private static func judge(
    _ points: [Series.Point], _ window: TimeWindow, by rule: Threshold.Monitored, _ settings: [Double]
  ) -> Judged {
    let reach: Duration =
      if case .normal(let normal) = rule.judgement { normal.history } else { rule.modifiers.cooldown ?? .zero }
    let first = window.from.adding(.zero - reach) ?? window.from
    let seen = Array(points[points.firstPlace { $0.time >= first }..<points.firstPlace { $0.time > window.to }])
    var breaches: [Bool] = []
    var least: Finding?
    for setting in settings {
      // Who is not surprised at less is not at more.
      if breaches.last == false {
        breaches.append(false)
        continue
      }
      switch judgement(of: seen, window, by: rule, setting) {
      case .insufficient(let reason):
        return Judged(window: window, breaches: settings.map { _ in false }, finding: nil, reason: reason)
      case .judged(let finding):
        breaches.append(finding.breached)
        if least == nil { least = finding }
      }
    }
    return Judged(window: window, breaches: breaches, finding: least, reason: nil)
  }

  private static func judgement(
    of points: [Series.Point], _ window: TimeWindow, by rule: Threshold.Monitored, _ setting: Double
  ) -> Baselines.Judgement {
    switch rule.judgement {
    case .normal(let normal):
      var asked = normal.rule
      if asked.surprise != nil { asked.surprise = setting }
      return Baselines.judge(points, window: (window.from, window.to), by: asked)
    case .limit(let limit):
      let modifiers = rule.modifiers
      return judgeLimit(
        points, window: (window.from, window.to), by: limit, persistence: modifiers.persistence,
        cooldown: modifiers.cooldown, recover: modifiers.recover)
    }
  }
}

extension [Series.Point] {
  /// The first place whose point fulfils a condition that, once true, stays true.
  fileprivate func firstPlace(where holds: (Series.Point) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
