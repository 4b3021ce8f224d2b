import RunbookPorts
import Values

/// How a log whose form the deployment declares writes its times.
struct TimeFormat: Sendable {
  /// A step of reading a format in the manner of strptime(3).
  private enum Step: Hashable, Sendable {
    case year, month, day, hour, hourOfTwelve, minute, second, fraction, monthName, dayName, zone, half, epoch
    case literal(UInt8)
  }

  /// `nil`: RFC 3339, the common log format, asctime, or a number since 1970, told apart by their looks.
  private let steps: [Step]?
  let zone: LocalZone
  let year: Int?

  static let options = [
    AdapterOption(
      "time_format", .text,
      "how times are written: rfc3339, clf (23/Nov/2026:03:32:13 +0000), asctime (Mon Nov 23 03:36:33 2026), epoch, or "
        + "a form of strptime with %Y %m %d %e %H %I %p %M %S %f %b %a %z %s %T %F %%; without it the first four are "
        + "told apart"),
    AdapterOption(
      "year", .text, "the year of times that name none, in which each file of the source begins"),
    LocalZone.option,
  ]

  private static let named: [String: [Step]?] = ["rfc3339": nil, "clf": nil, "asctime": nil, "epoch": [.epoch]]

  init(_ options: AdapterOptions) throws(BindingProblem) {
    zone = try LocalZone(options)
    year = options.text("year").flatMap { Int($0) }
    if options.text("year") != nil, !(1970...9999).contains(year ?? 0) {
      throw BindingProblem("it is no year", option: "year")
    }
    guard let text = options.text("time_format") else {
      steps = nil
      return
    }
    if let known = Self.named[text] {
      steps = known
      return
    }
    let steps = try Self.steps(of: text)
    let hasDate = steps.contains(.month) || steps.contains(.monthName)
    guard steps.contains(.epoch) || hasDate && steps.contains(.day) && (steps.contains(.year) || year != nil) else {
      throw BindingProblem(
        "the format \(text) says no date: it needs %Y (or the option `year`), %m or %b, and %d", option: "time_format")
    }
    self.steps = steps
  }

  private static func steps(of text: String) throws(BindingProblem) -> [Step] {
    var steps: [Step] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        steps.append(.literal(byte))
        continue
      }
      guard let letter = rest.popFirst(), let found = Self.steps(for: letter) else {
        throw BindingProblem("the format \(text) has a %-word that is not known", option: "time_format")
      }
      steps += found
    }
    return steps
  }

  private static func steps(for letter: UInt8) -> [Step]? {
    let colon = Step.literal(UInt8(ascii: ":"))
    let dash = Step.literal(UInt8(ascii: "-"))
    switch letter {
    case UInt8(ascii: "Y"): return [.year]
    case UInt8(ascii: "m"): return [.month]
    case UInt8(ascii: "d"), UInt8(ascii: "e"): return [.day]
    case UInt8(ascii: "H"), UInt8(ascii: "k"): return [.hour]
    case UInt8(ascii: "I"), UInt8(ascii: "l"): return [.hourOfTwelve]
    case UInt8(ascii: "p"): return [.half]
    case UInt8(ascii: "M"): return [.minute]
    case UInt8(ascii: "S"): return [.second]
    case UInt8(ascii: "f"): return [.fraction]
    case UInt8(ascii: "b"), UInt8(ascii: "h"), UInt8(ascii: "B"): return [.monthName]
    case UInt8(ascii: "a"), UInt8(ascii: "A"): return [.dayName]
    case UInt8(ascii: "z"): return [.zone]
    case UInt8(ascii: "s"): return [.epoch]
    case UInt8(ascii: "T"): return [.hour, colon, .minute, colon, .second]
    case UInt8(ascii: "F"): return [.year, dash, .month, dash, .day]
    case UInt8(ascii: "%"): return [.literal(letter)]
    default: return nil
    }
  }

  /// Whether the times name no year.
  var lacksYear: Bool { steps.map { !$0.contains(.year) && !$0.contains(.epoch) } ?? false }

  /// - Parameter years: How many years after the deployment's a time lies that names none.
  /// - Returns: `nil` if the text is no time of this format.
  func time(_ bytes: UnsafeRawBufferPointer, later years: Int = 0) -> Timestamp? {
    steps.map { read(bytes, $0, years) } ?? LogTime.commonLog(bytes) ?? LogTime.asctime(bytes, zone)
      ?? LogTime.slashed(bytes, zone) ?? LogTime.any(.string(String(decoding: bytes, as: UTF8.self)))
  }

  private func read(_ bytes: UnsafeRawBufferPointer, _ steps: [Step], _ years: Int) -> Timestamp? {
    var clock = Clock()
    var index = 0
    for step in steps {
      guard let next = clock.read(step, bytes, index) else { return nil }
      index = next
    }
    return index == bytes.count ? clock.instant(year.map { $0 + years }, zone) : nil
  }

  /// The parts of a time as they are read.
  private struct Clock {
    private var year: Int?
    private var month = 1
    private var day = 1
    private var hour = 0
    private var minute = 0
    private var second = 0
    private var nanoseconds = 0
    private var offset: Int?
    private var isAfternoon: Bool?
    private var epoch: Timestamp?

    /// - Returns: Where the next step begins, or `nil` if the text does not fit.
    mutating func read(_ step: Step, _ bytes: UnsafeRawBufferPointer, _ index: Int) -> Int? {
      switch step {
      case .literal(let byte): return index < bytes.count && bytes[index] == byte ? index + 1 : nil
      case .year: return number(bytes, index, 4...4) { $0.year = $1 }
      case .month: return number(bytes, index, 1...2) { $0.month = $1 }
      case .day: return number(bytes, index, 1...2) { $0.day = $1 }
      case .hour, .hourOfTwelve: return number(bytes, index, 1...2) { $0.hour = $1 }
      case .minute: return number(bytes, index, 2...2) { $0.minute = $1 }
      case .second: return number(bytes, index, 2...2) { $0.second = $1 }
      case .fraction:
        guard let (fraction, end) = LogTime.fraction(bytes, index) else { return nil }
        nanoseconds = fraction
        return end
      case .monthName:
        guard index + 3 <= bytes.count, let found = LogTime.month(bytes, index) else { return nil }
        month = found
        return Self.endOfWord(bytes, index)
      case .dayName: return Self.endOfWord(bytes, index)
      case .half:
        guard index + 2 <= bytes.count, [65, 80, 97, 112].contains(bytes[index]), bytes[index + 1] | 0x20 == 109 else {
          return nil
        }
        isAfternoon = bytes[index] | 0x20 == 112
        return index + 2
      case .zone: return readZone(bytes, index)
      case .epoch: return readEpoch(bytes, index)
      }
    }

    /// One blank may stand for a leading zero.
    private mutating func number(
      _ bytes: UnsafeRawBufferPointer, _ index: Int, _ width: ClosedRange<Int>, _ set: (inout Self, Int) -> Void
    ) -> Int? {
      var start = index
      if width.lowerBound == 1, start < bytes.count, bytes[start] == 0x20 { start += 1 }
      var end = start
      while end < bytes.count, end - index < width.upperBound, (48...57).contains(bytes[end]) { end += 1 }
      guard end - start >= width.lowerBound, let value = LogTime.whole(bytes, start, end) else { return nil }
      set(&self, value)
      return end
    }

    private static func endOfWord(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Int? {
      var end = index
      while end < bytes.count, (65...90).contains(bytes[end] & 0xDF) { end += 1 }
      return end > index ? end : nil
    }

    private mutating func readZone(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Int? {
      guard index < bytes.count else { return nil }
      if bytes[index] == UInt8(ascii: "Z") {
        offset = 0
        return index + 1
      }
      if let found = LogTime.zone(bytes, index) {
        offset = found
        return index + 5
      }
      guard index + 6 <= bytes.count, bytes[index + 3] == 58, let hours = LogTime.digits(bytes, index + 1, 2),
        let minutes = LogTime.digits(bytes, index + 4, 2), hours < 24, minutes < 60,
        bytes[index] == 43 || bytes[index] == 45
      else { return nil }
      offset = (bytes[index] == 45 ? -1 : 1) * (hours * 3_600 + minutes * 60)
      return index + 6
    }

    private mutating func readEpoch(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Int? {
      var end = index
      while end < bytes.count, (48...57).contains(bytes[end]) || bytes[end] == 46 { end += 1 }
      epoch = LogTime.epochSeconds(UnsafeRawBufferPointer(rebasing: bytes[index..<end]))
      return epoch == nil ? nil : end
    }

    func instant(_ givenYear: Int?, _ zone: LocalZone) -> Timestamp? {
      if let epoch { return epoch }
      guard let year = year ?? givenYear else { return nil }
      var hour = hour
      if let isAfternoon {
        guard (1...12).contains(hour) else { return nil }
        hour = hour % 12 + (isAfternoon ? 12 : 0)
      }
      return LogTime.local(
        (year, month, day), (hour, minute, second), nanoseconds, offset.map(LocalZone.fixed) ?? zone)
    }
  }
}
