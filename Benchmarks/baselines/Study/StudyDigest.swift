import Baselines
import SeriesSamples

/// One line for each kind and memory: a digest of every bit that is told of made series.
///
/// Whoever makes a detector faster compares the lines of before and after.
struct StudyDigest {
  private static let memories = [100, 288, 1_000, 20_000]

  func show() {
    var all = GeneratedSeries.Character.allCases.flatMap { character in
      GeneratedSeries.Incident.allCases.map { GeneratedSeries(character, seed: 3, incident: $0).points }
    }
    all.append(Self.long)
    let kinds = BaselineKind.allCases.filter { $0 != .newValues }.map { [$0] } + [BaselineKind.defaults]
    for kinds in kinds {
      for memory in Self.memories {
        for direction in [Direction.both, .up, .down] {
          var digest: UInt64 = 0xcbf2_9ce4_8422_2325
          for (number, points) in all.enumerated() {
            var settings = DetectorSettings()
            settings.memory = memory
            settings.direction = direction
            settings.season = Season.allCases[number % Season.allCases.count]
            settings.timeZone = number % 2 == 0 ? "UTC" : "Europe/Zurich"
            Self.add(points, kinds, settings, to: &digest)
          }
          let name = kinds.map(\.rawValue).joined(separator: " + ")
          print("\(name), \(memory) rows, \(direction): \(String(digest, radix: 16))")
        }
      }
    }
  }

  /// Longer than any memory: noise whose spread changes, with whole numbers among it.
  private static let long: [(seconds: Double, value: Double)] = {
    var numbers = SeededNumbers(seed: 5)
    return (0..<50_000).map { row in
      let value = 100 + (row % 20_000 < 9_000 ? 5 : 20) * numbers.normal()
      return (1.7e9 + 300 * Double(row), row % 3 == 0 ? value.rounded() : value)
    }
  }()

  private static func add(
    _ points: [(seconds: Double, value: Double)], _ kinds: [BaselineKind], _ settings: DetectorSettings,
    to digest: inout UInt64
  ) {
    var detector = CombinedDetector(kinds, settings)
    for (seconds, value) in points {
      let judged = detector.observe(seconds, value)
      for figure in [judged.score, judged.surprise, judged.expected, judged.low, judged.high] {
        // FNV-1a, by words.
        digest = (digest ^ (figure?.bitPattern ?? .max)) &* 0x100_0000_01b3
        digest ^= digest >> 29
      }
    }
  }
}
