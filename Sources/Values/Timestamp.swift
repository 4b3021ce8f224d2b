/// An instant, to the nanosecond, on the UTC time scale without leap seconds.
///
/// Its text form is RFC 3339. `description` always has nine digits of fraction and ends in `Z`, so that instants
/// compare as text in the order of time.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
  public let seconds: Int64
  /// 0 to 999,999,999.
  public let nanoseconds: Int32

  /// The first instant of year 1 and the last second of year 9999: what RFC 3339 can write.
  public static let validSeconds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// - Precondition: `nanoseconds` lies between 0 and 999,999,999.
  public init(seconds: Int64, nanoseconds: Int32 = 0) {
    precondition((0..<1_000_000_000).contains(nanoseconds), "nanoseconds are a fraction of one second")
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// The instant that many seconds after 1970, to the nearest nanosecond; `nil` outside years 1 to 9999.
  public init?(secondsSinceEpoch value: Double) {
    guard value.isFinite, abs(value) < 1e12 else { return nil }
    let whole = value.rounded(.down)
    var seconds = Int64(whole)
    var nanoseconds = ((value - whole) * 1e9).rounded()
    if nanoseconds >= 1e9 { (seconds, nanoseconds) = (seconds + 1, 0) }
    guard Self.validSeconds.contains(seconds) else { return nil }
    self.init(seconds: seconds, nanoseconds: Int32(nanoseconds))
  }

  public var secondsSinceEpoch: Double { Double(seconds) + Double(nanoseconds) / 1e9 }

  public static func < (left: Self, right: Self) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  /// The instant a duration later; `nil` if that lies outside years 1 to 9999. Parts of a nanosecond are dropped.
  public func adding(_ duration: Duration) -> Timestamp? {
    let (whole, attoseconds) = duration.components
    let (sum, overflow) = seconds.addingReportingOverflow(whole)
    guard !overflow else { return nil }
    var nanoseconds = Int64(self.nanoseconds) + attoseconds / 1_000_000_000
    var seconds = sum
    if nanoseconds < 0 { (seconds, nanoseconds) = (seconds - 1, nanoseconds + 1_000_000_000) }
    if nanoseconds >= 1_000_000_000 { (seconds, nanoseconds) = (seconds + 1, nanoseconds - 1_000_000_000) }
    guard Self.validSeconds.contains(seconds) else { return nil }
    return Timestamp(seconds: seconds, nanoseconds: Int32(nanoseconds))
  }

  /// How much later this instant is than another.
  public func since(_ other: Timestamp) -> Duration {
    .seconds(seconds - other.seconds) + .nanoseconds(Int64(nanoseconds) - Int64(other.nanoseconds))
  }

  /// `YYYY-MM-DDTHH:MM:SS.nnnnnnnnnZ`.
  public var description: String { formatted(fractionDigits: 9) }

  /// RFC 3339 in UTC with the shortest fraction that loses nothing (none for whole seconds).
  public var shortDescription: String { formatted(fractionDigits: fractionDigits) }

  /// Writes `shortDescription` behind what stands there.
  package func write(to output: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.textLimitBytes) { buffer in
      let count = format(fractionDigits: fractionDigits, into: buffer)
      output.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<count]))
    }
  }

  private static let textLimitBytes = 30

  /// How many are needed.
  private var fractionDigits: Int {
    var digits = 9
    var rest = nanoseconds
    while digits > 0, rest % 10 == 0 { (digits, rest) = (digits - 1, rest / 10) }
    return digits
  }

  private func formatted(fractionDigits: Int) -> String {
    String(unsafeUninitializedCapacity: Self.textLimitBytes) { format(fractionDigits: fractionDigits, into: $0) }
  }

  /// - Returns: How many bytes were written.
  private func format(fractionDigits: Int, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let time = Int(seconds - days * 86_400)
    let (year, month, day) = CivilDate.fromDays(Int(days))
    var count = 0
    func put(_ value: Int, digits: Int, _ mark: Unicode.Scalar) {
      var rest = value
      for place in stride(from: count + digits - 1, through: count, by: -1) {
        buffer[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
      buffer[count + digits] = UInt8(ascii: mark)
      count += digits + 1
    }
    put(year, digits: 4, "-")
    put(month, digits: 2, "-")
    put(day, digits: 2, "T")
    put(time / 3_600, digits: 2, ":")
    put(time / 60 % 60, digits: 2, ":")
    put(time % 60, digits: 2, fractionDigits > 0 ? "." : "Z")
    if fractionDigits > 0 {
      var fraction = Int(nanoseconds)
      for _ in fractionDigits..<9 { fraction /= 10 }
      put(fraction, digits: fractionDigits, "Z")
    }
    return count
  }

  /// Reads RFC 3339: a date, `T` (or `t`, or a space), a time with up to nine digits of fraction, and `Z` or an offset.
  ///
  /// - Returns: `nil` for anything else, for days and times that do not exist, and outside years 1 to 9999.
  public init?(rfc3339 text: some StringProtocol) {
    var text = String(text)
    guard let read = text.withUTF8({ Timestamp(rfc3339: $0) }) else { return nil }
    self = read
  }

  /// The same of the text's bytes.
  package init?(rfc3339 bytes: UnsafeBufferPointer<UInt8>) {
    var reader = DigitReader(bytes: bytes)
    guard let year = reader.number(digits: 4), reader.skip("-"), let month = reader.number(digits: 2),
      reader.skip("-"), let day = reader.number(digits: 2), reader.skip("T") || reader.skip("t") || reader.skip(" "),
      let hour = reader.number(digits: 2), reader.skip(":"), let minute = reader.number(digits: 2), reader.skip(":"),
      let second = reader.number(digits: 2)
    else { return nil }
    var nanoseconds = 0
    if reader.skip(".") {
      guard let fraction = reader.fraction() else { return nil }
      nanoseconds = fraction
    }
    var offset = 0
    if !(reader.skip("Z") || reader.skip("z")) {
      let sign = reader.skip("+") ? 1 : reader.skip("-") ? -1 : 0
      guard sign != 0, let hours = reader.number(digits: 2), reader.skip(":"), let minutes = reader.number(digits: 2),
        hours < 24, minutes < 60
      else { return nil }
      offset = sign * (hours * 3_600 + minutes * 60)
    }
    guard reader.isAtEnd, hour < 24, minute < 60, second < 60,
      let days = CivilDate.toDays(year: year, month: month, day: day)
    else { return nil }
    let seconds = Int64(days * 86_400 + hour * 3_600 + minute * 60 + second - offset)
    guard Self.validSeconds.contains(seconds) else { return nil }
    self.init(seconds: seconds, nanoseconds: Int32(nanoseconds))
  }
}

/// The proleptic Gregorian calendar as arithmetic (after H. Hinnant, "chrono-compatible low-level date algorithms").
public enum CivilDate {
  /// Days since 1970-01-01; `nil` if there is no such day in years 1 to 9999.
  public static func toDays(year: Int, month: Int, day: Int) -> Int? {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= length(of: month, in: year) else {
      return nil
    }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The date of a day counted from 1970-01-01.
  public static func fromDays(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func length(of month: Int, in year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// Reads digits and marks from the front of some bytes.
private struct DigitReader {
  let bytes: UnsafeBufferPointer<UInt8>
  var index = 0

  var isAtEnd: Bool { index == bytes.count }

  mutating func number(digits: Int) -> Int? {
    guard index + digits <= bytes.count else { return nil }
    var value = 0
    for _ in 0..<digits {
      let digit = Int(bytes[index]) - 48
      guard (0...9).contains(digit) else { return nil }
      value = value * 10 + digit
      index += 1
    }
    return value
  }

  mutating func skip(_ mark: Unicode.Scalar) -> Bool {
    guard index < bytes.count, bytes[index] == UInt8(ascii: mark) else { return false }
    index += 1
    return true
  }

  /// One to nine digits after a decimal point, as nanoseconds.
  mutating func fraction() -> Int? {
    var value = 0
    var digits = 0
    while index < bytes.count, (48...57).contains(bytes[index]) {
      guard digits < 9 else { return nil }
      value = value * 10 + Int(bytes[index]) - 48
      digits += 1
      index += 1
    }
    guard digits > 0 else { return nil }
    for _ in digits..<9 { value *= 10 }
    return value
  }
}
