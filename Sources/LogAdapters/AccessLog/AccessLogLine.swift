import Glibc
import Values

/// Splits one line of an access log into its fields.
struct AccessLogLine {
  let format: AccessLogFormat
  /// Where each field of the format begins and ends in the line.
  private(set) var ranges: [(start: Int, end: Int)]
  private let timeField: Int?
  private let timeForm: AccessLogFormat.TimeForm
  private var lastTime = LastTime()

  init(format: AccessLogFormat) {
    self.format = format
    ranges = Array(repeating: (0, 0), count: format.fields.count)
    var timeField: Int?
    var timeForm = AccessLogFormat.TimeForm.commonLog
    for (index, field) in format.fields.enumerated() {
      if case .time(let form) = field.meaning, timeField == nil { (timeField, timeForm) = (index, form) }
    }
    self.timeField = timeField
    self.timeForm = timeForm
  }

  /// Finds the fields.
  ///
  /// - Returns: How many were found; fewer than the format has when the line does not fit it.
  mutating func split(_ line: UnsafeRawBufferPointer) -> Int {
    guard let base = line.baseAddress, line.count >= format.prefix.count,
      Self.matches(format.prefix, line, at: 0)
    else { return 0 }
    var position = format.prefix.count
    for index in format.fields.indices {
      let end = Self.end(of: format.fields[index], in: line, base, from: position)
      guard end >= 0 else { return index }
      ranges[index] = (position, end)
      position = end + format.fields[index].terminator.count
    }
    return position == line.count ? format.fields.count : format.fields.count - 1
  }

  /// - Returns: -1 if the field has no end.
  @inline(__always)
  private static func end(
    of field: AccessLogFormat.Field, in line: UnsafeRawBufferPointer, _ base: UnsafeRawPointer, from start: Int
  ) -> Int {
    guard let first = field.terminator.first else { return line.count }
    var position = start
    while position < line.count, let found = memchr(base + position, Int32(first), line.count - position) {
      let end = base.distance(to: UnsafeRawPointer(found))
      if field.isQuoted, isEscaped(line, end, from: start) {
        position = end + 1
        continue
      }
      if field.terminator.count == 1 || matches(field.terminator, line, at: end) { return end }
      position = end + 1
    }
    return -1
  }

  /// Whether an odd number of backslashes stands before the byte.
  private static func isEscaped(_ line: UnsafeRawBufferPointer, _ index: Int, from start: Int) -> Bool {
    var count = 0
    while index - count > start, line[index - count - 1] == UInt8(ascii: "\\") { count += 1 }
    return count % 2 == 1
  }

  private static func matches(_ text: [UInt8], _ line: UnsafeRawBufferPointer, at start: Int) -> Bool {
    guard start + text.count <= line.count else { return false }
    for index in text.indices where line[start + index] != text[index] { return false }
    return true
  }

  func bytes(_ field: Int, of line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: line[ranges[field].start..<ranges[field].end])
  }

  /// The line's time, if that many fields were found and the time is among them.
  mutating func time(of line: UnsafeRawBufferPointer, found: Int) -> Timestamp? {
    guard let timeField, timeField < found else { return nil }
    let form = timeForm
    return lastTime.time(of: bytes(timeField, of: line)) { Self.read($0, form) }
  }

  private static func read(_ bytes: UnsafeRawBufferPointer, _ form: AccessLogFormat.TimeForm) -> Timestamp? {
    switch form {
    case .commonLog: LogTime.commonLog(bytes)
    case .iso8601: LogTime.iso8601(bytes)
    case .seconds: LogTime.epochSeconds(bytes)
    case .milliseconds: LogTime.epoch(bytes, perSecond: 1_000)
    case .microseconds: LogTime.epoch(bytes, perSecond: 1_000_000)
    }
  }

  var hasTime: Bool { timeField != nil }

  var resolution: Duration {
    switch timeForm {
    case .commonLog, .iso8601: .seconds(1)
    case .seconds, .milliseconds: .milliseconds(1)
    case .microseconds: .microseconds(1)
    }
  }
}
