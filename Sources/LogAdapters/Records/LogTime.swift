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

  private static func instant(_ seconds: Int, _ nanoseconds: Int) -> Timestamp? {
    guard Timestamp.validSeconds.contains(Int64(seconds)) else { return nil }
    return Timestamp(seconds: Int64(seconds), nanoseconds: Int32(nanoseconds))
  }

  /// A whole number of at most eighteen digits.
  static func whole(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Int? {
    guard (1...18).contains(end - start), end <= bytes.count else { return nil }
    return digits(bytes, start, end - start)
  }

  private static func digits(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int? {
    var value = 0
    for index in start..<start + count {
      let digit = Int(bytes[index]) - 48
      guard digit >= 0, digit <= 9 else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  private static func fraction(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> (nanoseconds: Int, end: Int)? {
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
  private static func zone(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    guard start + 5 <= bytes.count, let hours = digits(bytes, start + 1, 2), let minutes = digits(bytes, start + 3, 2),
      hours < 24, minutes < 60
    else { return nil }
    switch bytes[start] {
    case UInt8(ascii: "+"): return hours * 3_600 + minutes * 60
    case UInt8(ascii: "-"): return -(hours * 3_600 + minutes * 60)
    default: return nil
    }
  }

  private static func month(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
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
