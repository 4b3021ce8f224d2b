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
      + "of an hour that comes twice when summer time ends the later one is meant")

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
      let guess = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
      return zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds - guess)))
    }
  }
}
