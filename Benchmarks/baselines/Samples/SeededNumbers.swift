#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A generator of numbers that look random and are the same in every run (SplitMix64).
package struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  package mutating func uniform(_ range: Range<Double>) -> Double { Double.random(in: range, using: &self) }

  package mutating func exponential() -> Double { -log(Double.random(in: 1e-12..<1, using: &self)) }

  package mutating func normal() -> Double {
    (2 * exponential()).squareRoot() * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
  }

  /// How many events fall into a span in which so many are expected.
  package mutating func poisson(_ mean: Double) -> Double {
    guard mean < 50 else { return max(0, (mean + mean.squareRoot() * normal()).rounded()) }
    var (count, time) = (0.0, exponential())
    while time < mean {
      count += 1
      time += exponential()
    }
    return count
  }
}
