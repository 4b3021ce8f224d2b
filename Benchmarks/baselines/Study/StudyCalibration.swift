import Baselines
import Foundation
import SeriesSamples

/// What a surprise comes to where nothing happens: which share of points reaches it, and how many are told in a week.
struct StudyCalibration {
  private static let seeds: ClosedRange<UInt64> = 1...5
  private static let surprises = [1.5, 2, 2.5, 3]

  func show() {
    let series = GeneratedSeries.Character.allCases.flatMap { character in
      Self.seeds.map { GeneratedSeries(character, seed: $0) }
    }
    let warm = GeneratedSeries.start + 7 * 86_400
    print("Of points of ordinary series those that reach a surprise, and those told in a week of 2,016 points.\n")
    print("| kinds | \(Self.surprises.map { "\($0)" }.joined(separator: " | ")) |")
    print("| --- |\(String(repeating: " --- |", count: Self.surprises.count))")
    let kinds: [[BaselineKind]] = [[.novelty], [.jump], [.seasonal], [.level], BaselineKind.defaults]
    for kinds in kinds {
      var reached = Self.surprises.map { _ in 0 }
      var told = reached
      var rows = 0
      for series in series {
        var detector = CombinedDetector(kinds)
        for (seconds, value) in series.points {
          let judged = detector.observe(seconds, value)
          guard seconds >= warm else { continue }
          rows += 1
          for (place, surprise) in Self.surprises.enumerated() {
            if judged.surprise >= surprise { reached[place] += 1 }
            if judged.isBreach(at: surprise) { told[place] += 1 }
          }
        }
      }
      let cells = zip(reached, told).map { reached, told in
        String(
          format: "%.2f %%, %.1f", 100 * Double(reached) / Double(rows), 2_016 * Double(told) / Double(rows))
      }
      print("| \(kinds.map(\.rawValue).joined(separator: " + ")) | \(cells.joined(separator: " | ")) |")
    }
  }
}
