/// Which of several judgements of one window is told.
extension Judgement {
  /// A breach before everything, then what cannot be judged, then the most surprising.
  ///
  /// - Precondition: not empty.
  static func mostTelling(_ judgements: [Judgement]) -> Judgement {
    var most: Finding?
    var reason: Judgement?
    for judgement in judgements {
      switch judgement {
      case .insufficient: reason = reason ?? judgement
      case .judged(let finding): if most.map({ finding.outweighs($0) }) ?? true { most = finding }
      }
    }
    if let most, most.breached || reason == nil { return .judged(most) }
    return reason ?? .insufficient(WindowHearing.noPoint)
  }

  /// The first of two breaches, where the second comes back to where the first had come from: it tells nothing new, however
  /// far it goes. `nil` where it does not.
  static func thereAndBack(_ told: [(judgement: Judgement, breach: Int?)]) -> Judgement? {
    let breaches = told.compactMap { told -> (place: Int, finding: Finding, origin: Double)? in
      guard let place = told.breach, case .judged(let finding) = told.judgement else { return nil }
      return finding.expected.map { (place, finding, $0) }
    }.sorted { $0.place < $1.place }
    guard breaches.count == 2, let there = breaches.first, let back = breaches.last else { return nil }
    let distance = abs(there.finding.value - there.origin)
    return abs(back.finding.value - there.origin) < distance / 2 ? .judged(there.finding) : nil
  }

  /// The band of all directions about what was expected at the place that is told of: each comparison knows one end.
  func withBand(of comparisons: [Comparison]) -> Judgement {
    guard case .judged(var finding) = self, let expected = finding.expected else { return self }
    for comparison in comparisons {
      if comparison.side.sign > 0 { finding.high = finding.high ?? comparison.end(expected: expected) }
      if comparison.side.sign < 0 { finding.low = finding.low ?? comparison.end(expected: expected) }
    }
    return .judged(finding)
  }
}

extension Finding {
  /// Whether this tells more than another: a breach before none, then the more surprising.
  package func outweighs(_ other: Finding) -> Bool {
    if breached != other.breached { return breached }
    return (surprise ?? 0) > (other.surprise ?? 0)
  }
}
