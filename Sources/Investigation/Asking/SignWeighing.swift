import CEL
import Values

/// Signs judged together (language, 2.4).
enum SignAnswer: Hashable, Sendable {
  case yes, no, unknown

  /// What an expression sees of a sign.
  init(_ value: Evaluation) {
    guard case .value(.bool(let holds)) = value else {
      self = .unknown
      return
    }
    self = holds ? .yes : .no
  }
}

enum SignWeighing {
  /// The least and the most that the weights can come to.
  struct Bounds {
    // 128 bits cannot overflow: that would take 2^64 signs.
    private(set) var least: Int128 = 0
    private(set) var most: Int128 = 0

    mutating func add(_ weight: Int, _ answer: SignAnswer) {
      let weight = Int128(weight)
      if answer == .yes || (answer == .unknown && weight < 0) { least += weight }
      if answer == .yes || (answer == .unknown && weight > 0) { most += weight }
    }

    func judge(atLeast limit: Int) -> SignAnswer {
      if least >= limit { return .yes }
      return most < limit ? .no : .unknown
    }
  }

  /// `yes` when the signs answered so reach the limit whatever the unknown ones are, `no` when they cannot reach it any
  /// more, `unknown` otherwise. Weights may be negative.
  static func judge(_ signs: some Sequence<(weight: Int, answer: SignAnswer)>, atLeast limit: Int) -> SignAnswer {
    bounds(of: signs).judge(atLeast: limit)
  }

  static func bounds(of signs: some Sequence<(weight: Int, answer: SignAnswer)>) -> Bounds {
    signs.reduce(into: Bounds()) { $0.add($1.weight, $1.answer) }
  }
}
