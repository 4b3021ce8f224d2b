import Baselines
import Foundation
import Testing
import Values

/// An instant that many seconds after a fixed one.
func at(_ seconds: Double) -> Timestamp { Timestamp(secondsSinceEpoch: 1_800_000_000 + seconds) ?? .init(seconds: 0) }

/// Values five seconds apart, from second 0.
func series(_ values: [Double]) -> [Series.Point] {
  values.enumerated().map { Series.Point(at(5 * Double($0)), $1) }
}

/// The window from one place of such a series to another, both included.
func window(_ places: ClosedRange<Int>) -> (from: Timestamp, to: Timestamp) {
  (at(5 * Double(places.lowerBound)), at(5 * Double(places.upperBound)))
}

/// The finding of a judgement that must have one.
func finding(_ judgement: Judgement) throws -> Finding {
  guard case .judged(let finding) = judgement else {
    Issue.record("not judged: \(judgement)")
    throw NotJudged()
  }
  return finding
}

struct NotJudged: Error {}

func reason(_ judgement: Judgement) -> String? {
  if case .insufficient(let reason) = judgement { reason } else { nil }
}
