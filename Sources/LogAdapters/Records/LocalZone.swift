import Foundation
import RunbookPorts
import Values

/// The zone of times that name none.
enum LocalZone: Sendable {
  /// Seconds east of Greenwich.
  case fixed(Int)
  case named(TimeZone)

  static let utc = LocalZone.fixed(0)

  static let option = AdapterOption(
    "zone", .text,
    "the zone of times that name none: UTC (the default), an offset such as +02:00, or a name such as Europe/Berlin; "
      + "of an hour that comes twice when summer time ends the later one is meant, and a window that holds only one of "
      + "the two is not wholly known")

  init(_ options: AdapterOptions) throws(BindingProblem) {
    guard let text = options.text("zone") else {
      self = .utc
      return
    }
    guard let zone = LocalZone(text) else { throw BindingProblem("there is no time zone `\(text)`", option: "zone") }
    self = zone
  }

  init?(_ text: String) {
    if text == "UTC" || text == "Z" {
      self = .utc
    } else if let sign = text.first, sign == "+" || sign == "-" {
      let digits = text.dropFirst().filter { $0 != ":" }
      guard digits.utf8.count == 4, let hours = Int(digits.prefix(2)), let minutes = Int(digits.suffix(2)), hours < 24,
        minutes < 60
      else { return nil }
      self = .fixed((sign == "-" ? -1 : 1) * (hours * 3_600 + minutes * 60))
    } else if let zone = TimeZone(identifier: text) {
      self = .named(zone)
    } else {
      return nil
    }
  }

  /// Seconds to take from a local time to get at UTC. Of an hour that comes twice the later is meant.
  func offset(atLocal seconds: Int) -> Int {
    switch self {
    case .fixed(let offset): return offset
    case .named(let zone):
      // A day before and after, what the zone's clocks are set to is beyond doubt.
      let (before, after) = (zone.offset(at: seconds - 86_400), zone.offset(at: seconds + 86_400))
      return before == after || zone.offset(at: seconds - after) != after ? before : after
    }
  }

  /// How much earlier a time may lie that was read as the later one of an hour that comes twice; `nil` for all others.
  ///
  /// - Parameter seconds: Since 1970, UTC.
  fileprivate func doubt(at seconds: Int) -> Int? {
    guard case .named(let zone) = self else { return nil }
    let (before, now) = (zone.offset(at: seconds - 86_400), zone.offset(at: seconds))
    return before > now && zone.offset(at: seconds - (before - now)) == before ? before - now : nil
  }
}

extension TimeZone {
  /// Seconds east of Greenwich.
  fileprivate func offset(at seconds: Int) -> Int { secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))) }
}

/// Finds times that may as well lie earlier. Remembers what is true of the quarter of an hour that was asked about last:
/// clocks are set at the full quarters.
struct HourDoubts {
  private static let quarter: Int64 = 900
  private var known: (quarter: Int64, doubt: Int?)?

  mutating func earlier(_ time: Timestamp, in zone: LocalZone) -> Timestamp? {
    let quarter = time.seconds / Self.quarter
    if known?.quarter != quarter { known = (quarter, zone.doubt(at: Int(time.seconds))) }
    return known?.doubt.flatMap { time.adding(.seconds(-$0)) }
  }
}
