package import Values

/// A day of the Gregorian calendar, counted from 1970-01-01.
package struct CalendarDay: Hashable, Sendable, Comparable, CustomStringConvertible {
  let number: Int

  init(number: Int) { self.number = number }

  /// The day of an instant in UTC.
  package init(of instant: Timestamp) { number = Int((Double(instant.seconds) / 86_400).rounded(.down)) }

  /// Reads `YYYY-MM-DD`.
  package init?(_ text: String) {
    guard let instant = Timestamp(rfc3339: "\(text)T00:00:00Z") else { return nil }
    number = Int(instant.seconds / 86_400)
  }

  package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

  /// As `YYYY-MM-DD`.
  package var description: String {
    String(Timestamp(seconds: Int64(number) * 86_400, nanoseconds: 0).description.prefix { $0 != "T" })
  }

  /// 0 is Monday.
  var weekday: Int { ((number + 3) % 7 + 7) % 7 }
}
