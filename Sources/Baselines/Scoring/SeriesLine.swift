import Values

/// Which fields of a line of comma-separated values hold the instant and the value.
package struct SeriesColumns: Hashable, Sendable {
  package var time: Int
  package var value: Int

  package init(time: Int = 0, value: Int = 1) {
    self.time = time
    self.value = value
  }

  /// - Parameter names: What the columns are called in the header.
  /// - Returns: `nil` where the header has no such names.
  package init?(header: [String], time: String, value: String) {
    guard let timePlace = header.firstIndex(of: time), let valuePlace = header.firstIndex(of: value) else { return nil }
    self.init(time: timePlace, value: valuePlace)
  }
}

/// One line of a series: an instant and a value, with the bytes they were written in.
package struct SeriesLine {
  package let seconds: Double
  package let value: Double
  package let timeText: Slice<UnsafeBufferPointer<UInt8>>
  package let valueText: Slice<UnsafeBufferPointer<UInt8>>

  /// - Parameter line: Without its break.
  package init?(_ line: UnsafeBufferPointer<UInt8>, _ columns: SeriesColumns) {
    guard let time = Self.field(columns.time, of: line), let value = Self.field(columns.value, of: line),
      let seconds = Self.seconds(time), let number = Self.number(value)
    else { return nil }
    self.seconds = seconds
    self.value = number
    timeText = time
    valueText = value
  }

  /// The fields of a line as text.
  package static func fields(of line: UnsafeBufferPointer<UInt8>) -> [String] {
    var fields: [String] = []
    while let field = field(fields.count, of: line) { fields.append(String(decoding: field, as: UTF8.self)) }
    return fields
  }

  /// One field without its quotes and the spaces around it.
  static func field(_ wanted: Int, of line: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>>? {
    var start = 0
    var place = 0
    var isQuoted = false
    var number = 0
    while place <= line.count {
      if place == line.count || (line[place] == UInt8(ascii: ",") && !isQuoted) {
        if number == wanted { return trimmed(line, start, place) }
        number += 1
        start = place + 1
      } else if line[place] == UInt8(ascii: "\"") {
        isQuoted.toggle()
      }
      place += 1
    }
    return nil
  }

  private static func trimmed(
    _ line: UnsafeBufferPointer<UInt8>, _ from: Int, _ to: Int
  ) -> Slice<UnsafeBufferPointer<UInt8>> {
    var (start, end) = (from, to)
    func isSpace(_ place: Int) -> Bool { line[place] == 0x20 || line[place] == 0x09 || line[place] == 0x0D }
    while start < end, isSpace(start) { start += 1 }
    while end > start, isSpace(end - 1) { end -= 1 }
    let quote = UInt8(ascii: "\"")
    if end - start >= 2, line[start] == quote, line[end - 1] == quote { (start, end) = (start + 1, end - 1) }
    return line[start..<end]
  }

  // MARK: Numbers and instants

  /// A decimal number, `nan` and `inf` among them: they are for the detector to refuse.
  static func number(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    if let plain = plainNumber(text) { return plain }
    guard !text.isEmpty, text.count <= 400 else { return nil }
    return Double(String(decoding: text, as: UTF8.self))
  }

  /// Up to 15 digits and a point: exact, and most of what there is.
  private static func plainNumber(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    var digits: Int64 = 0
    var (count, fraction) = (0, -1)
    var place = text.startIndex
    let isNegative = place < text.endIndex && text[place] == UInt8(ascii: "-")
    if isNegative { place += 1 }
    while place < text.endIndex {
      let byte = text[place]
      if byte == UInt8(ascii: "."), fraction < 0 {
        fraction = 0
      } else {
        guard byte >= 48, byte <= 57, count < 15 else { return nil }
        digits = digits * 10 + Int64(byte - 48)
        count += 1
        if fraction >= 0 { fraction += 1 }
      }
      place += 1
    }
    guard count > 0 else { return nil }
    // Both are exact, so the quotient is the nearest number.
    let value = fraction > 0 ? Double(digits) / powersOfTen[fraction] : Double(digits)
    return isNegative ? -value : value
  }

  private static let powersOfTen: [Double] = (0...15).map { power in
    (0..<power).reduce(1) { product, _ in product * 10 }
  }

  /// Milliseconds where seconds would lie beyond the year 5138.
  private static let leastMilliseconds = 1e11

  /// Seconds since 1970 of an instant: RFC 3339 with or without a zone (then UTC) and seconds, a day alone, or seconds
  /// or milliseconds since 1970.
  static func seconds(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    if let civil = civilSeconds(text) { return civil }
    if let number = plainNumber(text) { return abs(number) >= leastMilliseconds ? number / 1_000 : number }
    return Timestamp(rfc3339: String(decoding: text, as: UTF8.self))?.secondsSinceEpoch
  }

  /// `YYYY-MM-DD`, then nothing, or `T` or a space and `HH:MM` or `HH:MM:SS`, then nothing or `Z`.
  private static func civilSeconds(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    let bytes = UnsafeBufferPointer(rebasing: text)
    guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
    func number(_ place: Int, _ count: Int) -> Int? {
      guard place + count <= bytes.count else { return nil }
      var value = 0
      for index in place..<place + count {
        guard bytes[index] >= 48, bytes[index] <= 57 else { return nil }
        value = value * 10 + Int(bytes[index] - 48)
      }
      return value
    }
    guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
      let days = CivilDate.toDays(year: year, month: month, day: day)
    else { return nil }
    if bytes.count == 10 { return Double(days) * 86_400 }
    guard bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "), let hour = number(11, 2), bytes.count >= 16,
      bytes[13] == UInt8(ascii: ":"), let minute = number(14, 2), hour < 24, minute < 60
    else { return nil }
    var seconds = days * 86_400 + hour * 3_600 + minute * 60
    var end = 16
    if bytes.count > 16, bytes[16] == UInt8(ascii: ":") {
      guard let second = number(17, 2), second < 60 else { return nil }
      seconds += second
      end = 19
    }
    guard bytes.count == end || (bytes.count == end + 1 && bytes[end] == UInt8(ascii: "Z")) else { return nil }
    return Double(seconds)
  }
}
