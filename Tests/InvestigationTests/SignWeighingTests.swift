import Testing

@testable import Investigation

@Suite struct SignWeighingTests {
  private static let weights = [-2, -1, 1, 2, 3, 5]
  private static let limits = [-1, 1, 2, 3, 4]
  private static let answers: [SignAnswer] = [.yes, .no, .unknown]

  @Test(arguments: limits)
  func `weighing four signs agrees with every completion of the unknown ones`(limit: Int) {
    var cases = 0
    var wrong = 0
    var weights = [0, 0, 0, 0]
    for choice in 0..<1_296 {
      for (place, power) in [1, 6, 36, 216].enumerated() { weights[place] = Self.weights[choice / power % 6] }
      for combination in 0..<81 {
        let signs = [1, 3, 9, 27].enumerated().map { (weights[$0], Self.answers[combination / $1 % 3]) }
        if SignWeighing.judge(signs, atLeast: limit) != Self.byCompletions(signs, limit) { wrong += 1 }
        cases += 1
      }
    }
    #expect(wrong == 0)
    // 524,880 in all.
    #expect(cases == 524_880 / Self.limits.count)
  }

  /// What all ways of answering the unknown signs agree on.
  private static func byCompletions(_ signs: [(Int, SignAnswer)], _ limit: Int) -> SignAnswer {
    var isReached = false
    var isMissed = false
    for bits in 0..<16 {
      let sum = signs.enumerated().reduce(0) { sum, sign in
        let holds = sign.element.1 == .yes || (sign.element.1 == .unknown && bits >> sign.offset & 1 == 1)
        return sum + (holds ? sign.element.0 : 0)
      }
      if sum >= limit { isReached = true } else { isMissed = true }
    }
    return isReached && isMissed ? .unknown : isReached ? .yes : .no
  }

  @Test func `of the cases with something unknown, weights 2 2 2 1 and limit 4 decide 26`() {
    var decided = 0
    var withUnknown = 0
    for combination in 0..<81 {
      let signs = [1, 3, 9, 27].enumerated().map { ([2, 2, 2, 1][$0], Self.answers[combination / $1 % 3]) }
      guard signs.contains(where: { $0.1 == .unknown }) else { continue }
      withUnknown += 1
      if SignWeighing.judge(signs, atLeast: 4) != .unknown { decided += 1 }
    }
    #expect((decided, withUnknown) == (26, 65))
  }

  @Test func `the greatest weights do not overflow`() {
    let signs = Array(repeating: (Int.max, SignAnswer.unknown), count: 8)
    #expect(SignWeighing.judge(signs, atLeast: Int.max) == .unknown)
    #expect(SignWeighing.judge([(Int.min, .yes), (Int.min, .unknown)], atLeast: 0) == .no)
  }
}
