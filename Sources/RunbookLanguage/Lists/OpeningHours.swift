import Foundation
import Values

/// Hours of the week in a time zone, such as `Mo-Fr 07:00-19:00 Europe/Zurich`.
///
/// Several spans stand one behind the other, divided by `;`, before the one time zone:
/// `Mo-Fr 07:00-12:00; Mo,We 13:00-17:00 UTC`. A span that ends at or before its beginning runs past midnight and
/// belongs to the day on which it begins. The end itself is outside.
struct OpeningHours: CalendarValue {
  let name: String
  private let spans: [Span]
  private let zone: TimeZone
  private let exceptions: Set<CalendarDay>

  private struct Span {
    let weekdays: Set<Int>
    /// Minutes of the day.
    let start: Int
    let end: Int
  }

  private static let weekdayNames = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
  private static let minutesOfDay = 24 * 60

  init?(_ text: String, except exceptions: Set<CalendarDay>) {
    name = text
    self.exceptions = exceptions
    let words = text.split(separator: " ")
    guard words.count >= 3, let zoneName = words.last, let zone = TimeZone(identifier: String(zoneName)) else {
      return nil
    }
    self.zone = zone
    var spans: [Span] = []
    for part in words.dropLast().joined(separator: " ").split(separator: ";", omittingEmptySubsequences: false) {
      guard let span = Self.span(part) else { return nil }
      spans.append(span)
    }
    guard !spans.isEmpty else { return nil }
    self.spans = spans
  }

  /// What keeps a text from being hours, as a sentence part.
  static func lack(of text: String) -> String {
    let words = text.split(separator: " ")
    guard let last = words.last else { return "nothing is written" }
    guard TimeZone(identifier: String(last)) != nil else {
      let isTime = last.utf8.contains(UInt8(ascii: ":")) || weekdays(last) != nil
      return isTime ? "the time zone is missing" : "there is no time zone '\(last.prefix(40))'"
    }
    let parts = words.dropLast().joined(separator: " ").split(separator: ";", omittingEmptySubsequences: false)
    guard let bad = parts.first(where: { span($0) == nil }), !bad.isEmpty else { return "a span of hours is missing" }
    return "'\(bad.drop { $0 == " " }.prefix(40))' is no span of days and hours"
  }

  func contains(_ instant: Timestamp) -> Bool {
    let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.seconds)))
    let local = instant.seconds + Int64(offset)
    let day = Int((Double(local) / 86_400).rounded(.down))
    let minute = Int(local - Int64(day) * 86_400) / 60
    return holds(minute, on: CalendarDay(number: day))
      || holds(minute + Self.minutesOfDay, on: CalendarDay(number: day - 1))
  }

  /// - Parameter minute: Of the day; beyond 24 hours for what remains of a span that began the day before.
  private func holds(_ minute: Int, on day: CalendarDay) -> Bool {
    guard !exceptions.contains(day) else { return false }
    return spans.contains { span in
      let end = span.end <= span.start ? span.end + Self.minutesOfDay : span.end
      return span.weekdays.contains(day.weekday) && minute >= span.start && minute < end
    }
  }

  private static func span(_ text: Substring) -> Span? {
    let words = text.split(separator: " ")
    guard words.count == 2, let weekdays = weekdays(words[0]) else { return nil }
    let times = words[1].split(separator: "-")
    guard times.count == 2, let start = minute(times[0]), let end = minute(times[1]), start < minutesOfDay else {
      return nil
    }
    return Span(weekdays: weekdays, start: start, end: end)
  }

  private static func weekdays(_ text: Substring) -> Set<Int>? {
    var result: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      guard (1...2).contains(ends.count), let first = weekdayNames.firstIndex(of: ends[0]),
        let last = weekdayNames.firstIndex(of: ends[ends.count - 1])
      else { return nil }
      var day = first
      result.insert(day)
      while day != last {
        day = (day + 1) % 7
        result.insert(day)
      }
    }
    return result
  }

  private static func minute(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let areNumbers = parts.allSatisfy { $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } }
    guard parts.count == 2, areNumbers, let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60,
      hour < 24 || (hour == 24 && minute == 0)
    else { return nil }
    return hour * 60 + minute
  }
}
