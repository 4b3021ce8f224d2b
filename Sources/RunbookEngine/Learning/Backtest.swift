import CEL
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
  /// - Parameter others: The series of others, in order of time: a rule with `by` turns to them where this one has too little
  ///   history.
  /// - Parameter exclusions: What teaches nothing, each window's end standing for the instant of an alert.
  /// - Parameter length: Of each window; they follow one another, and only the last holds its end.
  package init(
    _ points: [Series.Point], others: [[Series.Point]] = [], by rule: Threshold.Monitored,
    excluding exclusions: Exclusions,
    settings: [Double], from: Timestamp, to: Timestamp, length: Duration
  ) {
    var asked = settings.sorted()
    if case .normal(let normal) = rule.judgement, normal.rule.surprise != nil {} else { asked = [0] }
    self.settings = asked
    var judged: [Judged] = []
    var start = from
    while let end = start.adding(length), end <= to, let window = TimeWindow(from: start, to: end) {
      judged.append(Self.judge(points, others, window, isLast: end == to, by: rule, exclusions, asked))
      start = end
    }
    self.judged = judged
  }

  private static func judge(
    _ points: [Series.Point], _ others: [[Series.Point]], _ window: TimeWindow, isLast: Bool,
    by rule: Threshold.Monitored, _ exclusions: Exclusions, _ settings: [Double]
  ) -> Judged {
    func unknown(_ reason: String) -> Judged {
      Judged(window: window, breaches: settings.map { _ in false }, finding: nil, reason: reason)
    }
    let excluded: [TimeWindow]
    switch exclusions.windows(at: window.to) {
    case .success(let windows): excluded = windows
    case .failure(let failure): return unknown("what is excluded is not known: \(failure.reason)")
    }
    var reach = rule.modifiers.cooldown ?? .zero
    var population: [[Series.Point]] = []
    if case .normal(let normal) = rule.judgement {
      reach = normal.history
      if normal.by != nil { population = others.map { $0.part(reaching: reach, before: window) } }
    }
    let end = isLast ? window.to : window.to.adding(.nanoseconds(-1)) ?? window.to
    let seen = points.part(reaching: reach, before: window)
    var breaches: [Bool] = []
    var least: Finding?
    for setting in settings {
      // Who is not surprised at less is not at more.
      if breaches.last == false {
        breaches.append(false)
        continue
      }
      let judgement = rule.judge(
        seen, window: (window.from, end), excluding: excluded.map { ($0.from, $0.to) }, population: population,
        surprise: setting)
      switch judgement {
      case .insufficient(let reason): return unknown(reason)
      case .judged(let finding):
        breaches.append(finding.breached)
        if least == nil { least = finding }
      }
    }
    return Judged(window: window, breaches: breaches, finding: least, reason: nil)
  }
}

extension [Series.Point] {
  /// Those of a window and of as much time before it; in order of time.
  fileprivate func part(reaching reach: Duration, before window: TimeWindow) -> [Series.Point] {
    let first = window.from.adding(.zero - reach) ?? window.from
    return Array(self[firstPlace { $0.time >= first }..<firstPlace { $0.time > window.to }])
  }

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
