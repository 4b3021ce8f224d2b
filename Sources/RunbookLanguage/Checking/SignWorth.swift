/// Which of the signs that a question weighs can change its answer.
struct SignWorth {
  /// Most different sums that are looked at, and most signs; with more, all are taken to matter.
  static let sumLimit = 2_000
  static let signLimit = 64

  let weights: [Int]
  let atLeast: Int

  /// Places of signs such that no answers of the others make their own count: adding the weight never reaches the limit,
  /// nor falls below it. What then follows from an unknown is the same as from a yes or a no.
  var idle: [Int] {
    guard weights.count <= Self.signLimit else { return [] }
    // Signs of one weight are alike.
    var known: [Int: Bool] = [:]
    return weights.indices.filter { place in
      if let answer = known[weights[place]] { return answer }
      let answer = isIdle(place)
      known[weights[place]] = answer
      return answer
    }
  }

  private func isIdle(_ place: Int) -> Bool {
    let weight = weights[place]
    guard weight != 0 else { return true }
    // Sums of the others that are near enough for the weight to count.
    let (low, high) = weight > 0 ? (atLeast - weight, atLeast - 1) : (atLeast, atLeast - weight - 1)
    var sums: Set<Int> = [0]
    for (other, added) in weights.enumerated() where other != place && added != 0 {
      sums.formUnion(sums.map { $0 + added })
      if sums.count > Self.sumLimit { return false }
    }
    return !sums.contains { (low...high).contains($0) }
  }
}
