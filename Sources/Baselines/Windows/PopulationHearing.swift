import Values

/// A window whose own history is too little, compared with the histories of others like it.
extension WindowHearing {
  /// - Returns: `nil` if the others' history is too little too.
  func judgement(byPopulation others: [Timeline]) -> Judgement? {
    guard !judged.isEmpty else { return nil }
    let histories = others.map { other in
      (other, other.places(from: .distantPast, to: window.from).dropped(window.from, other))
    }
    .filter { !$0.1.isEmpty }
    let count = histories.reduce(0) { $0 + $1.1.count }
    switch rule.minimumHistory {
    case .points(let needed): guard count >= needed else { return nil }
    case .duration(let needed):
      let longest = histories.map { $0.0.seconds[$0.1.upperBound - 1] - $0.0.seconds[$0.1.lowerBound] }.max() ?? 0
      guard longest >= needed.inSeconds else { return nil }
    }
    let values = histories.flatMap { Array($0.0.values[$0.1]) }
    guard values.count >= OrdinaryLevels.fewestLevels, values.allSatisfy({ abs($0) <= Timeline.magnitudeLimit }) else {
      return nil
    }
    let usual = median(ofOrdered: values.sorted())
    let own = Measure(levelsOf: timeline, end: judged.upperBound, usual: usual, direction: rule.direction)
    let comparisons = own.sides.map { side in
      var past: Stretches?
      for (other, places) in histories {
        let scores = other.values.map { side.sign * $0 }
        let more = Stretches(
          of: other, places, scores: scores, step: other.step(of: places), persistence: rule.persistence)
        past = past?.joined(more) ?? more
      }
      let ownStep = histories.first.map { $0.0.step(of: $0.1) } ?? step
      return Comparison(
        measure: own, side: side, timeline: timeline, step: ownStep, rule: rule, kindLooks: 0,
        past: past ?? Stretches(of: timeline, 0..<0, scores: [], step: step, persistence: nil),
        present: own.stretches(of: timeline, judged, side, step: ownStep, persistence: rule.persistence),
        points: values.map { side.sign * $0 }[...], isOfPopulation: true)
    }
    guard case .judged(var finding) = Judgement.mostTelling(comparisons.map(\.told.judgement)).withBand(of: comparisons)
    else { return nil }
    let first = histories.map { $0.0.instants[$0.1.lowerBound] }.min()
    let last = histories.map { $0.0.instants[$0.1.upperBound - 1] }.max()
    finding.history = HistoryUsed(points: count, from: first, to: last, isOfPopulation: true)
    return .judged(finding)
  }
}

extension Timestamp {
  fileprivate static let distantPast = Timestamp(seconds: validSeconds.lowerBound)
}

extension Range<Int> {
  /// Without the place of an instant, which belongs to the window.
  fileprivate func dropped(_ instant: Timestamp, _ timeline: Timeline) -> Range<Int> {
    guard let last, timeline.instants[last] == instant else { return self }
    return lowerBound..<last
  }
}
