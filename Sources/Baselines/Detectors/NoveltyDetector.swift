/// Whether a value is one that was never seen before, by itself or for its hour, or the last values lie as they never did.
///
/// Three surprises, each calibrated by `CalibratedTail`:
///
/// - a, of the gap between the value and the nearest one remembered;
/// - b, of the same gap of its difference from what `SeasonalExpectation` expects;
/// - c, of `ShapeChange`, which counts from the 208th row on.
///
/// The surprise is max((a + b)/2, c/2); `ScoreFilter` makes the score of it. Trust nothing before 30 rows. What it misses:
/// a flat line, silence (`SilenceDetector`), and a usual value at an unusual moment (`JumpDetector`).
///
/// Units: seconds, and any unit of values. Memory: for each row remembered (20,000) some 100 bytes. Cost: one to two
/// microseconds a row. Source: the project's specification, whose vectors the tests hold it to.
package struct NoveltyDetector: SeriesDetector {
  private static let shapeWarmUp = 4 * ShapeChange.window

  private let settings: DetectorSettings
  private var gate = SeriesGate()
  private var values: RememberedBag
  private var residuals: RememberedBag
  private var expectation: SeasonalExpectation
  private var shape: ShapeChange
  private var tails: (value: CalibratedTail, residual: CalibratedTail, shape: CalibratedTail)
  private var filter: ScoreFilter
  private var row = 0

  package init(_ settings: DetectorSettings = DetectorSettings()) {
    self.settings = settings
    values = RememberedBag(memory: settings.memory)
    residuals = RememberedBag(memory: settings.memory)
    expectation = SeasonalExpectation(settings.clock)
    shape = ShapeChange(memory: settings.memory)
    let tail = CalibratedTail(memory: settings.memory, levelAt: settings.surprise)
    tails = (tail, tail, tail)
    filter = ScoreFilter(cooldownRows: settings.cooldownRows, memory: settings.memory)
  }

  var rememberedRows: Int { values.count }

  /// The three surprises and what they come to.
  struct Parts: Hashable {
    var value = 0.0
    var residual = 0.0
    var shape = 0.0
    /// Of the point by itself, without those before it.
    var alone: Double { (value + residual) / 2 }
    var combined: Double { max(alone, 0.5 * shape) }
  }

  package mutating func observe(_ seconds: Double, _ value: Double) -> PointJudgement {
    var parts = Parts()
    return observe(seconds, value, parts: &parts)
  }

  mutating func observe(_ seconds: Double, _ value: Double, parts: inout Parts) -> PointJudgement {
    if let omission = gate.admit(seconds, value) { return PointJudgement(score: nil, omission: omission) }
    var judgement = judge(seconds, value + 0, isLearning: true, parts: &parts)
    judgement.score = filter.score(judgement.surprise)
    return judgement
  }

  /// Judges a point, and remembers it only where it is to learn: but for the shape of the last values.
  ///
  /// - Precondition: the value is finite.
  mutating func judge(_ seconds: Double, _ value: Double, isLearning: Bool, parts: inout Parts) -> PointJudgement {
    let level = expectation.level
    let expected = expectation.expected(at: seconds)
    let residual = expected.map { value - $0 } ?? 0
    let (valuePlace, residualPlace) = (values.bag.place(notBelow: value), residuals.bag.place(notBelow: residual))
    let (valueGap, residualGap) = (Self.gap(value, values, valuePlace), Self.gap(residual, residuals, residualPlace))
    let places = (value: tails.value.place(of: valueGap), residual: tails.residual.place(of: residualGap))
    let valueTail = tails.value.judge(valueGap, at: places.value)
    let residualTail = tails.residual.judge(residualGap, at: places.residual)
    let least = values.bag.isEmpty ? value : min(value, values.bag.least)
    let greatest = values.bag.isEmpty ? value : max(value, values.bag.greatest)
    let distance = shape.observe(value, in: least...greatest, isLearning: isLearning)
    let shapePlace = tails.shape.place(of: distance)
    let shapeTail = tails.shape.judge(distance, at: shapePlace)
    parts = Parts(
      value: valueTail.surprise, residual: residualTail.surprise, shape: row < Self.shapeWarmUp ? 0 : shapeTail.surprise
    )
    var judgement = PointJudgement(score: nil, surprise: parts.combined, expected: expected)
    if let expected, let valueGap = valueTail.level, let residualGap = residualTail.level {
      judgement.low = min(values.bag.least - valueGap, expected + residuals.bag.least - residualGap)
      judgement.high = max(values.bag.greatest + valueGap, expected + residuals.bag.greatest + residualGap)
    }
    if isOutOfDirection(value, level) { judgement.surprise = 0 }
    guard isLearning else { return judgement }
    row += 1
    values.insert(value, at: valuePlace)
    residuals.insert(residual, at: residualPlace)
    expectation.learn(value, at: seconds)
    tails.value.learn(valueGap, at: places.value)
    tails.residual.learn(residualGap, at: places.residual)
    tails.shape.learn(distance, at: shapePlace)
    return judgement
  }

  private func isOutOfDirection(_ value: Double, _ level: Double?) -> Bool {
    guard let level else { return false }
    return switch settings.direction {
    case .both: false
    case .up: value < level
    case .down: value > level
    }
  }

  /// How far a number is from the nearest known one; 0 while fewer than two are known.
  private static func gap(_ value: Double, _ known: RememberedBag, _ place: SortedBag.Place) -> Double {
    guard known.count >= 2 else { return 0 }
    let (below, notBelow) = known.bag.neighbours(of: place)
    return min(below.map { value - $0 } ?? .infinity, notBelow.map { $0 - value } ?? .infinity)
  }
}
