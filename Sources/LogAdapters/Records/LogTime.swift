import Values

/// How a log writes its times.
enum LogTime {
  /// `23/Nov/2026:03:32:13 +0000`, with a fraction where there is one (ModSecurity).
  static func commonLog(_ bytes: UnsafeRawBufferPointer) -> Timestamp? {
    guard bytes.count >= 26, bytes[2] == UInt8(ascii: "/"), bytes[6] == UInt8(ascii: "/"), bytes[11] == 58,
      bytes[14] == 58, bytes[17] == 58, let day = digits(bytes, 0, 2), let month = month(bytes, 3),
      let year = digits(bytes, 7, 4), let hour = digits(bytes, 12, 2), let minute = digits(bytes, 15, 2),
      let second = digits(bytes, 18, 2), hour < 24, minute < 60, second <= 60
    else { return nil }
    var index = 20
    var nanoseconds = 0
    if bytes[index] == UInt8(ascii: ".") {
      guard let fraction = fraction(bytes, index + 1) else { return nil }
      nanoseconds = fraction.nanoseconds
      index = fraction.end
    }
    guard bytes.count == index + 6, bytes[index] == 0x20, let offset = zone(bytes, index + 1),
      let days = CivilDate.toDays(year: year, month: month, day: day)
    else { return nil }
    return instant(days * 86_400 + hour * 3_600 + minute * 60 + second - offset, nanoseconds)
  }

  /// RFC 3339, also with a blank before the offset and an offset without a colon, as AIDE writes it.
  static func iso8601(_ bytes: UnsafeRawBufferPointer) -> Timestamp? {
    guard bytes.count <= 40 else { return nil }
    if let instant = Timestamp(rfc3339: String(decoding: bytes, as: UTF8.self)) { return instant }
    guard bytes.count >= 20, let offset = zone(bytes, bytes.count - 5) else { return nil }
    var end = bytes.count - 5
    if bytes[end - 1] == 0x20 { end -= 1 }
    let local = Timestamp(rfc3339: String(decoding: bytes[..<end], as: UTF8.self) + "Z")
    return local?.adding(.seconds(-offset))
  }

  /// Seconds since 1970 with a fraction of up to nine digits, such as `1795405271.970`.
  static func epochSeconds(_ bytes: UnsafeRawBufferPointer) -> Timestamp? {
    guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")) else { return epoch(bytes, perSecond: 1) }
    guard let seconds = whole(bytes, 0, dot), let fraction = fraction(bytes, dot + 1), fraction.end == bytes.count
    else {
      return nil
    }
    return instant(seconds, fraction.nanoseconds)
  }

  /// A whole number of parts of a second since 1970.
  static func epoch(_ bytes: UnsafeRawBufferPointer, perSecond parts: Int) -> Timestamp? {
    guard let number = whole(bytes, 0, bytes.count) else { return nil }
    return instant(number / parts, number % parts * (1_000_000_000 / parts))
  }

  /// `Mon Nov 23 03:36:33 2026`, with a fraction of the second in Apache's error log.
  static func asctime(_ bytes: UnsafeRawBufferPointer, _ zone: LocalZone) -> Timestamp? {
    guard bytes.count >= 24, bytes[3] == 0x20, bytes[7] == 0x20, bytes[10] == 0x20, bytes[13] == 58, bytes[16] == 58,
      let month = month(bytes, 4), let day = bytes[8] == 0x20 ? digits(bytes, 9, 1) : digits(bytes, 8, 2),
      let hour = digits(bytes, 11, 2), let minute = digits(bytes, 14, 2), let second = digits(bytes, 17, 2)
    else { return nil }
    var index = 19
    var nanoseconds = 0
    if bytes[index] == UInt8(ascii: ".") {
      guard let fraction = fraction(bytes, index + 1) else { return nil }
      (nanoseconds, index) = fraction
    }
    guard bytes.count == index + 5, bytes[index] == 0x20, let year = digits(bytes, index + 1, 4) else { return nil }
    return local((year, month, day), (hour, minute, second), nanoseconds, zone)
  }

  /// `2026/11/23 03:36:28`.
  static func slashed(_ bytes: UnsafeRawBufferPointer, _ zone: LocalZone) -> Timestamp? {
    guard bytes.count == 19, bytes[4] == 47, bytes[7] == 47, bytes[10] == 0x20, bytes[13] == 58, bytes[16] == 58,
      let year = digits(bytes, 0, 4), let month = digits(bytes, 5, 2), let day = digits(bytes, 8, 2),
      let hour = digits(bytes, 11, 2), let minute = digits(bytes, 14, 2), let second = digits(bytes, 17, 2)
    else { return nil }
    return local((year, month, day), (hour, minute, second), 0, zone)
  }

  /// A time on a clock in a zone.
  static func local(
    _ date: (year: Int, month: Int, day: Int), _ clock: (hour: Int, minute: Int, second: Int), _ nanoseconds: Int,
    _ zone: LocalZone
  ) -> Timestamp? {
    guard clock.hour < 24, clock.minute < 60, clock.second <= 60,
      let days = CivilDate.toDays(year: date.year, month: date.month, day: date.day)
    else { return nil }
    let seconds = days * 86_400 + clock.hour * 3_600 + clock.minute * 60 + clock.second
    return instant(seconds - zone.offset(atLocal: seconds), nanoseconds)
  }

  static func nanoseconds(_ number: UInt64) -> Timestamp? {
    Timestamp(seconds: Int64(number / 1_000_000_000), nanoseconds: Int32(number % 1_000_000_000))
  }

  /// Reads a text with one of the functions for bytes.
  static func read(_ text: String, _ read: (UnsafeRawBufferPointer) -> Timestamp?) -> Timestamp? {
    var text = text
    return text.withUTF8 { read(UnsafeRawBufferPointer($0)) }
  }

  /// RFC 3339, or seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size.
  static func any(_ json: JSON) -> Timestamp? {
    if case .timestamp(let time)? = DeclaredCell.value(json, as: .timestamp) { time } else { nil }
  }

  static func instant(_ seconds: Int, _ nanoseconds: Int) -> Timestamp? {
    guard Timestamp.validSeconds.contains(Int64(seconds)) else { return nil }
    return Timestamp(seconds: Int64(seconds), nanoseconds: Int32(nanoseconds))
  }

  /// A whole number of at most eighteen digits.
  static func whole(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Int? {
    guard (1...18).contains(end - start), end <= bytes.count else { return nil }
    return digits(bytes, start, end - start)
  }

  static func digits(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int? {
    var value = 0
    for index in start..<start + count {
      let digit = Int(bytes[index]) - 48
      guard digit >= 0, digit <= 9 else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  static func fraction(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> (nanoseconds: Int, end: Int)? {
    var index = start
    var value = 0
    while index < bytes.count, (48...57).contains(bytes[index]) {
      guard index - start < 9 else { return nil }
      value = value * 10 + Int(bytes[index]) - 48
      index += 1
    }
    guard index > start else { return nil }
    for _ in (index - start)..<9 { value *= 10 }
    return (value, index)
  }

  /// `+0100` in seconds.
  static func zone(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    guard start + 5 <= bytes.count, let hours = digits(bytes, start + 1, 2), let minutes = digits(bytes, start + 3, 2),
      hours < 24, minutes < 60
    else { return nil }
    switch bytes[start] {
    case UInt8(ascii: "+"): return hours * 3_600 + minutes * 60
    case UInt8(ascii: "-"): return -(hours * 3_600 + minutes * 60)
    default: return nil
    }
  }

  static func month(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    let name = UInt32(bytes[start]) << 16 | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2])
    switch name {
    case 0x4A616E: return 1
    case 0x466562: return 2
    case 0x4D6172: return 3
    case 0x417072: return 4
    case 0x4D6179: return 5
    case 0x4A756E: return 6
    case 0x4A756C: return 7
    case 0x417567: return 8
    case 0x536570: return 9
    case 0x4F6374: return 10
    case 0x4E6F76: return 11
    case 0x446563: return 12
    default: return nil
    }
  }
}
