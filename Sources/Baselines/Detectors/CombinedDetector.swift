#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What a detector looks for.
package enum BaselineKind: String, Hashable, Sendable, CaseIterable {
  /// A value never seen before, by itself or for its hour; or values that lie as they never did.
  case novelty
  /// A change from one moment to the next.
  case jump
  /// A value unlike those of its hour.
  case seasonal
  /// A value unlike those of late.
  case level
  /// A first appearance of a value, or of a combination of up to three. Judges rows, not series.
  case newValues = "new_values"
  /// No points, or points that stand still.
  case silence
}

extension BaselineKind {
  /// The combination for which nothing need be said, chosen on generated series (`Benchmarks/baselines`): of those
  /// compared it finds the most incidents in windows at no false alarm, and most point by point at less than two a week.
  package static let defaults: [BaselineKind] = [.novelty, .seasonal, .silence]

  /// Silence is less, so nobody who asks for more is told of it.
  static func defaults(for direction: Direction) -> [BaselineKind] {
    direction == .up ? defaults.filter { $0 != .silence } : defaults
  }
}

/// Several detectors side by side: the greatest surprise counts, less log10 of their number.
///
/// Each keeps its own score filter, so that what one of them tells all the time does not hide another. `expected` and
/// the band are those of the detector that is most surprised (in doubt the first): outside of the band that one is sure.
package struct CombinedDetector: SeriesDetector {
  private var detectors: [any SeriesDetector]
  private let looks: Double

  /// - Parameter kinds: Not `newValues`, which looks at rows.
  package init(_ kinds: [BaselineKind], _ settings: DetectorSettings = DetectorSettings()) {
    looks = log10(Double(max(1, kinds.count)))
    var settings = settings
    settings.surprise += looks
    detectors = kinds.compactMap { kind -> (any SeriesDetector)? in
      switch kind {
      case .novelty: NoveltyDetector(settings)
      case .jump: ResidualDetector(.previous, settings)
      case .seasonal: ResidualDetector(.season, settings)
      case .level: ResidualDetector(.level, settings)
      case .silence: SilenceDetector(settings)
      case .newValues: nil
      }
    }
  }

  package mutating func observe(_ seconds: Double, _ value: Double) -> PointJudgement {
    guard !detectors.isEmpty else { return PointJudgement(score: nil) }
    var most = judge(seconds, value, by: 0)
    for place in detectors.indices.dropFirst() {
      let judged = judge(seconds, value, by: place)
      if (judged.score ?? 0, judged.surprise) > (most.score ?? 0, most.surprise) { most = judged }
    }
    return most
  }

  private mutating func judge(_ seconds: Double, _ value: Double, by place: Int) -> PointJudgement {
    var judged = detectors[place].observe(seconds, value)
    if let score = judged.score { judged.score = max(0, score - looks) }
    judged.surprise = max(0, judged.surprise - looks)
    return judged
  }
}
