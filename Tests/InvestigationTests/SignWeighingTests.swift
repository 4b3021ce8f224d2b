import Testing

@testable import Investigation

@Suite struct SignWeighingTests {
  private static let weights = [-2, -1, 1, 2, 3, 5]
  private static let limits = [-1, 1, 2, 3, 4]
  private static let answers: [SignAnswer] = [.yes, .no, .unknown]

  @Test func `weighing four signs agrees with every completion of the unknown ones`() {
    var cases = 0
    var wrong = 0
    for choice in 0..<1_296 {
      let weights = [1, 6, 36, 216].map { Self.weights[choice / $0 % 6] }
      for combination in 0..<81 {
        let signs = [1, 3, 9, 27].enumerated().map { (weights[$0], Self.answers[combination / $1 % 3]) }
        let sums = Self.sums(of: signs)
        for limit in Self.limits {
          let expected: SignAnswer =
            sums.allSatisfy { $0 >= limit } ? .yes : sums.allSatisfy { $0 < limit } ? .no : .unknown
          if SignWeighing.judge(signs, atLeast: limit) != expected { wrong += 1 }
          cases += 1
        }
      }
    }
    #expect(wrong == 0)
    #expect(cases == 524_880)
  }

  /// What the weights come to for each way of answering the unknown signs.
  private static func sums(of signs: [(Int, SignAnswer)]) -> [Int] {
    signs.reduce([0]) { sums, sign in
      switch sign.1 {
      case .yes: sums.map { $0 + sign.0 }
      case .no: sums
      case .unknown: sums + sums.map { $0 + sign.0 }
      }
    }
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
