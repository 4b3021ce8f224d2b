import Values

/// The parts of an instant in some time zone.
private enum DatePart {
  case fullYear, month, date, dayOfMonth, dayOfWeek, dayOfYear, hours, minutes, seconds, milliseconds

  /// Months, days of the week, days of the year and `dayOfMonth` count from 0, `date` from 1; weeks begin on Sunday
  /// (CEL language definition, "Date/Time Functions").
  func value(of instant: Timestamp, offsetSeconds: Int64) -> Int64 {
    let local = instant.seconds + offsetSeconds
    let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    let time = local - days * 86_400
    let (year, month, day) = CivilDate.fromDays(Int(days))
    switch self {
    case .fullYear: return Int64(year)
    case .month: return Int64(month - 1)
    case .date: return Int64(day)
    case .dayOfMonth: return Int64(day - 1)
    case .dayOfWeek: return ((days + 4) % 7 + 7) % 7
    case .dayOfYear: return days - Int64(CivilDate.toDays(year: year, month: 1, day: 1) ?? Int(days))
    case .hours: return time / 3_600
    case .minutes: return time / 60 % 60
    case .seconds: return time % 60
    case .milliseconds: return Int64(instant.nanoseconds) / 1_000_000
    }
  }

  /// What the function gives of a duration: all its hours, minutes or seconds, but only the milliseconds of its last
  /// second.
  func value(of duration: Duration) -> Int64? {
    let (seconds, attoseconds) = duration.components
    switch self {
    case .hours: return seconds / 3_600
    case .minutes: return seconds / 60
    case .seconds: return seconds
    case .milliseconds: return attoseconds / 1_000_000_000_000_000
    default: return nil
    }
  }
}

extension Library {
  static let instantFunctions: [Function] = [
    function("getFullYear", .fullYear), function("getMonth", .month), function("getDate", .date),
    function("getDayOfMonth", .dayOfMonth), function("getDayOfWeek", .dayOfWeek),
    function("getDayOfYear", .dayOfYear), function("getHours", .hours), function("getMinutes", .minutes),
    function("getSeconds", .seconds), function("getMilliseconds", .milliseconds),
  ]

  private static func function(_ name: String, _ part: DatePart) -> Function {
    var overloads: [Overload] = [.member(.timestamp, [], .int), .member(.timestamp, [.string], .int)]
    if part.value(of: .zero) != nil { overloads.append(.member(.duration, [], .int)) }
    return Function(
      name, overloads,
      .unaryOrBinary(
        { (value, run, place) throws(EvaluationFailure) -> Value in
          switch value {
          case .timestamp(let instant): return .int(part.value(of: instant, offsetSeconds: 0))
          case .duration(let duration):
            if let result = part.value(of: duration) { return .int(result) }
          default: break
          }
          throw run.noOverload(name, value, at: place)
        },
        { (value, zone, run, place) throws(EvaluationFailure) -> Value in
          guard case .timestamp(let instant) = value, case .string(let zone) = zone else {
            throw run.noOverload(name, value, zone, at: place)
          }
          try run.charge(ZoneOffset.steps, place)
          guard let offset = ZoneOffset.seconds(in: zone, at: instant) else {
            throw EvaluationFailure(.error, "'\(zone.prefix(80))' is no time zone", at: place)
          }
          return .int(part.value(of: instant, offsetSeconds: offset))
        }))
  }
}
