#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

import Values

extension WindowHearing {
  private static let leastSteps = 4.0
  private static let leastRun = 10
  private static let leastRunRatio = 3

  /// No points for long, or points that stand still.
  ///
  /// *Silence*: the longest span without a point that ends in the window, or reaches its end, against the steps of the
  /// history (`OrdinaryLevels`), from 4 usual steps on. *Flat line*: at least 10 equal values in a row, at least 3 times as
  /// many as ever before, in a series that moved in at least half of its steps. Of n + w points the chance that the w of
  /// the window hold what n did not is w/(n + w): the rule of succession.
  func silence(looks: Double) -> Judgement {
    Judgement.mostTelling([quiet(looks: looks), flat(looks: looks)])
  }

  private func quiet(looks: Double) -> Judgement {
    let steps = history.dropFirst().map { timeline.seconds[$0] - timeline.seconds[$0 - 1] }
    guard steps.count >= OrdinaryLevels.fewestLevels, let last = history.last else {
      return .insufficient("the history has too few points to tell a silence")
    }
    let start = timeline.seconds[last]
    let end = start + Timeline.seconds(from: timeline.instants[last], to: window.to)
    var marks = [start] + judged.map { timeline.seconds[$0] } + [end]
    marks.sort()
    var longest = (from: start, to: start)
    for (from, to) in zip(marks, marks.dropFirst()) where to - from > longest.to - longest.from { longest = (from, to) }
    let ordinary = OrdinaryLevels(steps, points: steps)
    let held = longest.to - longest.from
    let all = looks + log10(Double(max(1, judged.count)))
    let needed = max(ordinary.level(ofSurprise: (rule.surprise ?? 2) + all), Self.leastSteps * step)
    var finding = Finding(
      breached: held >= needed, value: held, expected: step, high: needed,
      surprise: min(max(ordinary.surprise(of: held) - all, 0), BaselineRule.surpriseLimit),
      rank: ordinary.count(reaching: held) + 1, ranked: ordinary.count + 1, kind: .silence)
    if finding.breached {
      finding.from = timeline.instants[last].adding(.seconds(longest.from - start))
      finding.to = timeline.instants[last].adding(.seconds(longest.to - start))
    }
    return .judged(finding)
  }

  private func flat(looks: Double) -> Judgement {
    let past = runs(of: history)
    // What began before the window goes on in it.
    let present = runs(of: 0..<judged.upperBound).filter { $0.upperBound > judged.lowerBound }
    let longest = present.max { $0.count < $1.count } ?? judged
    let usual = past.filter { $0.upperBound <= longest.lowerBound }.map(\.count).max() ?? 1
    let moved = past.count
    let surprise = log10(Double(history.count + judged.count) / Double(max(1, judged.count))) - looks
    let isFlat =
      longest.count >= Self.leastRun && longest.count >= Self.leastRunRatio * usual && 2 * moved >= history.count
    var finding = Finding(
      breached: isFlat && surprise >= rule.surprise ?? 0, value: Double(longest.count), expected: Double(usual),
      surprise: isFlat ? max(0, surprise) : 0, kind: .silence)
    if finding.breached {
      finding.from = timeline.instants[longest.lowerBound]
      finding.to = timeline.instants[longest.upperBound - 1]
    }
    return .judged(finding)
  }

  /// Runs of equal values.
  private func runs(of places: Range<Int>) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start = places.lowerBound
    while start < places.upperBound {
      var end = start + 1
      while end < places.upperBound, timeline.values[end] == timeline.values[start] { end += 1 }
      runs.append(start..<end)
      start = end
    }
    return runs
  }
}
