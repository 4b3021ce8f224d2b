import Baselines
import Foundation
import Testing
import Values

/// A generator of numbers that look random and are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func exponential() -> Double { -log(Double.random(in: 1e-12..<1, using: &self)) }

  mutating func normal() -> Double {
    (2 * exponential()).squareRoot() * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
  }
}

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
