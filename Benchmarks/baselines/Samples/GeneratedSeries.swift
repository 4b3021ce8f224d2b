#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A made series with a point every five minutes, for four weeks, and the incident that was put into it.
package struct GeneratedSeries: Sendable {
  /// What its ordinary time is like.
  package enum Character: String, CaseIterable, Sendable {
    /// A day's wave with normal noise: requests a second of a steady service.
    case regular
    /// Lognormal values with clusters: jobs, mails.
    case bursty
    /// Mostly zero, now and then a few: refused sign-ins of one host.
    case sparse
    /// High in the hours of work, low at night and on weekends.
    case weekly
    /// A day's wave over a level that wanders and climbs by half in four weeks.
    case drifting
    /// The rate of a counter that begins again every few days, read as a rate.
    case counter
    /// Regular, with one point in ten missing and some hours without any.
    case gaps
  }

  package enum Incident: String, CaseIterable, Sendable {
    /// Three points far above.
    case spike
    /// Two hours of four times as much.
    case plateau
    /// Two hours of next to nothing.
    case dip
    /// The values of noon in the small hours, for two hours.
    case oddHour = "odd hour"
    /// One value for three hours.
    case flat
    /// No points for three hours.
    case silence
  }

  package struct Planted: Sendable {
    package let incident: Incident
    /// Seconds since 1970; both ends belong to it.
    package let from: Double
    package let to: Double
  }

  package let character: Character
  package let points: [(seconds: Double, value: Double)]
  package let planted: Planted?

  package static let step = 300.0
  /// A Monday, 00:00 UTC.
  package static let start = 1_767_571_200.0
  package static let rows = 8_064

  /// - Parameter incident: What is put into the last three days; `nil`: nothing.
  package init(_ character: Character, seed: UInt64, incident: Incident? = nil, rows: Int = Self.rows) {
    self.character = character
    let kind = Character.allCases.firstIndex(of: character) ?? 0
    let incidentNumber = incident.flatMap { Incident.allCases.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
    var numbers = SeededNumbers(seed: seed &* 1_000 &+ UInt64(kind * 10 + incidentNumber))
    var shape = Shape(character)
    var values = (0..<rows).map { shape.value(at: $0, &numbers) }
    var isMissing = (0..<rows).map { _ in character == .gaps && numbers.uniform(0..<1) < 0.1 }
    if character == .gaps {
      for hole in stride(from: 300, to: rows - 20, by: 1_400) { for row in hole..<hole + 12 { isMissing[row] = true } }
    }
    planted = incident.map { incident in
      let day = rows - 3 * 288 + Int(numbers.uniform(0..<2)) * 288
      // Odd hours are small hours; the dip and what stands still lie in busy ones.
      let row = day + (incident == .oddHour ? 24 : 100) + Int(numbers.uniform(0..<40))
      let span = Self.plant(incident, at: row, into: &values, &isMissing, shape, &numbers)
      return Planted(
        incident: incident, from: Self.start + Self.step * Double(span.lowerBound),
        to: Self.start + Self.step * Double(span.upperBound))
    }
    points = values.indices.compactMap { row in
      isMissing[row] ? nil : (Self.start + Self.step * Double(row), values[row])
    }
  }

  /// Puts an incident in place; silence ends with the first point after it.
  private static func plant(
    _ incident: Incident, at row: Int, into values: inout [Double], _ isMissing: inout [Bool], _ shape: Shape,
    _ numbers: inout SeededNumbers
  ) -> ClosedRange<Int> {
    switch incident {
    case .spike:
      for place in row..<row + 3 { values[place] = (shape.usual * numbers.uniform(6..<9)).rounded() }
      return row...row + 2
    case .plateau:
      for place in row..<row + 24 {
        values[place] = (values[place] * 4 + shape.usual * numbers.uniform(1.5..<2.5)).rounded()
      }
      return row...row + 23
    case .dip:
      for place in row..<row + 24 { values[place] = (values[place] * 0.05).rounded() }
      return row...row + 23
    case .oddHour:
      for place in row..<row + 24 { values[place] = values[max(0, place - 288 + 132)] }
      return row...row + 23
    case .flat:
      for place in row..<row + 36 { values[place] = values[row] }
      return row...row + 35
    case .silence:
      for place in row..<row + 36 { isMissing[place] = true }
      return row...row + 37
    }
  }
}

/// How ordinary values of a series come about.
private struct Shape {
  let character: GeneratedSeries.Character
  /// A value of busy but ordinary hours.
  let usual: Double
  private var cluster = 0.0
  private var wander = 0.0
  private var reading = 0.0
  private var before = 0.0

  init(_ character: GeneratedSeries.Character) {
    self.character = character
    usual =
      switch character {
      case .regular, .gaps, .counter: 120
      case .bursty: 60
      case .sparse: 8
      case .weekly: 200
      case .drifting: 120
      }
  }

  private static func wave(_ row: Int) -> Double { 0.5 - 0.5 * cos(2 * .pi * Double(row % 288) / 288) }

  mutating func value(at row: Int, _ numbers: inout SeededNumbers) -> Double {
    switch character {
    case .regular, .gaps: return (60 + 60 * Self.wave(row) + 6 * numbers.normal()).rounded()
    case .bursty:
      if numbers.uniform(0..<1) < 0.01 { cluster = numbers.uniform(0.5..<1.5) }
      cluster *= 0.8
      return (40 * exp(0.4 * numbers.normal() + cluster)).rounded()
    case .sparse: return numbers.uniform(0..<1) < 0.05 ? numbers.poisson(2) : 0
    case .weekly:
      let (day, hour) = (row / 288 % 7, Double(row % 288) / 12)
      let isWork = day < 5 && (8..<18).contains(hour)
      return numbers.poisson(isWork ? 200 : 20)
    case .drifting:
      wander += 0.25 * numbers.normal()
      return max(0, (60 + 40 * Self.wave(row) + 50 * Double(row) / 8_064 + wander + 5 * numbers.normal()).rounded())
    case .counter:
      let grown = max(0, 300 * (60 + 60 * Self.wave(row)) + 1_800 * numbers.normal())
      before = reading
      reading += grown
      // It begins again every three days or so, in the middle of a step.
      if numbers.uniform(0..<1) < 1 / 864.0 { reading = grown * numbers.uniform(0..<1) }
      return ((reading >= before ? reading - before : reading) / 300).rounded()
    }
  }
}
