import RunbookLanguage
import Testing

@testable import Investigation

@Suite struct StandingTests {
  private static let order = [
    Standing(verdict: 3, severity: .critical, isProven: false),
    Standing(verdict: 5, severity: .high, isProven: true),
    Standing(verdict: 6, severity: .high, isProven: true),
    Standing(verdict: 1, severity: .high, isProven: false),
    Standing(verdict: 9, severity: .high, isProven: false),
    Standing(verdict: 0, severity: .low, isProven: true),
    Standing(verdict: 2, severity: .info, isProven: true),
  ]

  @Test func `severity, then proof, then the file's order decide`() {
    for (place, standing) in Self.order.enumerated() {
      for other in Self.order[(place + 1)...] {
        #expect(standing.precedes(other))
        #expect(!other.precedes(standing))
      }
    }
    #expect(Self.order.reversed().reduce(nil, Standing.first) == Self.order.first)
  }
}
