/// Signs judged together (language, 2.4).
enum SignAnswer: Hashable, Sendable { case yes, no, unknown }

enum SignWeighing {
  /// `yes` when the signs answered so reach the limit whatever the unknown ones are, `no` when they cannot reach it any
  /// more, `unknown` otherwise. Weights may be negative.
  static func judge(_ signs: some Sequence<(weight: Int, answer: SignAnswer)>, atLeast limit: Int) -> SignAnswer {
    let bounds = bounds(of: signs)
    if bounds.least >= limit { return .yes }
    return bounds.most < limit ? .no : .unknown
  }

  /// The least and the most that the weights can come to.
  static func bounds(
    of signs: some Sequence<(weight: Int, answer: SignAnswer)>
  ) -> (least: Int128, most: Int128) {
    // 128 bits cannot overflow: that would take 2^64 signs.
    signs.reduce(into: (least: 0, most: 0)) { bounds, sign in
      let weight = Int128(sign.weight)
      if sign.answer == .yes || (sign.answer == .unknown && weight < 0) { bounds.least += weight }
      if sign.answer == .yes || (sign.answer == .unknown && weight > 0) { bounds.most += weight }
    }
  }
}
