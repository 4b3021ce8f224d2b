import Foundation

/// What comes round in a series.
package enum Season: String, Hashable, Sendable, CaseIterable {
  case none
  case hourOfDay = "hour-of-day"
  case hourOfWeek = "hour-of-week"

  package var hours: Int {
    switch self {
    case .none: 0
    case .hourOfDay: 24
    case .hourOfWeek: 168
    }
  }
}

/// Tells the hour of the day or of the week that people's clocks show, summer time included.
///
/// The zone's offset is asked for once between two changes of it, and what hour it is once in an hour: so that of most
/// instants it is known already.
package struct SeasonClock: Sendable {
  package let season: Season
  private let zone: TimeZone?
  /// In which seconds since 1970 the offset holds.
  private var holds: Range<Double> = 0..<0
  private var offset = 0.0
  private var current = (hour: 0, holds: 0.0..<0.0)

  /// UTC.
  package init(_ season: Season) { self.init(season, nil) }

  private init(_ season: Season, _ zone: TimeZone?) {
    self.season = season
    self.zone = zone
    if zone == nil { holds = -.infinity ..< .infinity }
  }

  /// - Parameter zone: A name of the time zone database, such as `Europe/Zurich`; `nil` is returned for any other.
  package init?(_ season: Season, zone name: String) {
    guard name != "UTC" else {
      self.init(season)
      return
    }
    guard let found = TimeZone(identifier: name) else { return nil }
    self.init(season, found)
  }

  /// The hour, from 0; `nil` where there is no season.
  ///
  /// - Parameter seconds: Since 1970.
  mutating func hour(at seconds: Double) -> Int? {
    guard season != .none else { return nil }
    if !current.holds.contains(seconds) { findHour(at: seconds) }
    return current.hour
  }

  private mutating func findHour(at seconds: Double) {
    if !holds.contains(seconds) { findOffset(at: seconds) }
    let hours = ((seconds + offset) / 3_600).rounded(.down)
    // 1 January 1970 was a Thursday; weeks begin on Monday.
    let shifted = season == .hourOfWeek ? hours + 72 : hours
    let period = Double(season.hours)
    let (start, end) = (
      max(3_600 * hours - offset, holds.lowerBound), min(3_600 * (hours + 1) - offset, holds.upperBound)
    )
    current = (Int(shifted - (shifted / period).rounded(.down) * period), start..<max(start, end))
  }

  private mutating func findOffset(at seconds: Double) {
    guard let zone else { return }
    let date = Date(timeIntervalSince1970: seconds)
    offset = Double(zone.secondsFromGMT(for: date))
    let next = zone.nextDaylightSavingTimeTransition(after: date)?.timeIntervalSince1970 ?? .infinity
    // Not before `seconds`: the last change before it is not known.
    holds = seconds..<max(next, seconds.nextUp)
  }
}
