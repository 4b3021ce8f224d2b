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
  /// Each once, in the order in which they were named.
  private let kinds: [BaselineKind]
  // Each under its own name and type: so a point costs no look at types.
  private var novelty: NoveltyDetector?
  private var jump: ResidualDetector?
  private var seasonal: ResidualDetector?
  private var level: ResidualDetector?
  private var silence: SilenceDetector?
  private let looks: Double

  /// - Parameter kinds: Not `newValues`, which looks at rows.
  package init(_ kinds: [BaselineKind], _ settings: DetectorSettings = DetectorSettings()) {
    looks = log10(Double(max(1, kinds.count)))
    var settings = settings
    settings.surprise += looks
    var different: [BaselineKind] = []
    for kind in kinds where kind != .newValues && !different.contains(kind) {
      different.append(kind)
      switch kind {
      case .novelty: novelty = NoveltyDetector(settings)
      case .jump: jump = ResidualDetector(.previous, settings)
      case .seasonal: seasonal = ResidualDetector(.season, settings)
      case .level: level = ResidualDetector(.level, settings)
      case .silence: silence = SilenceDetector(settings)
      case .newValues: break
      }
    }
    self.kinds = different
  }

  package mutating func observe(_ seconds: Double, _ value: Double) -> PointJudgement {
    guard let first = kinds.first else { return PointJudgement(score: nil) }
    var most = judge(seconds, value, by: first)
    for kind in kinds.dropFirst() {
      let judged = judge(seconds, value, by: kind)
      if (judged.score ?? 0, judged.surprise) > (most.score ?? 0, most.surprise) { most = judged }
    }
    return most
  }

  @inline(__always)
  private mutating func judge(_ seconds: Double, _ value: Double, by kind: BaselineKind) -> PointJudgement {
    let found =
      switch kind {
      case .novelty: novelty?.observe(seconds, value)
      case .jump: jump?.observe(seconds, value)
      case .seasonal: seasonal?.observe(seconds, value)
      case .level: level?.observe(seconds, value)
      case .silence: silence?.observe(seconds, value)
      case .newValues: nil as PointJudgement?
      }
    guard var judged = found else { return PointJudgement(score: nil) }
    if let score = judged.score { judged.score = max(0, score - looks) }
    judged.surprise = max(0, judged.surprise - looks)
    return judged
  }
}
