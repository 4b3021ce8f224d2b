import Testing

/// An instant of the day on which the cases were recorded, 23 November 2026, in the forms in which logs have it.
struct Moment: Comparable, Sendable, ExpressibleByStringLiteral {
  private static let midnightEpochSeconds = 1_795_392_000
  static let dayMilliseconds = 86_400_000

  /// Since midnight, UTC.
  let milliseconds: Int

  init(milliseconds: Int) { self.milliseconds = milliseconds }

  /// `04:35:20` or `04:35:20.5`.
  init(stringLiteral text: String) { self.init(text[...]) }

  init(_ text: some StringProtocol) {
    let parts = text.split(separator: ":").map { Double($0) ?? 0 }
    milliseconds = Int(((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1_000)
  }

  /// Seconds since 1970 with a fraction, as the kernel and Prometheus write them.
  init(epochSeconds: Double) { milliseconds = Int((epochSeconds - Double(Self.midnightEpochSeconds)) * 1_000) }

  static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
  static func + (moment: Self, seconds: Double) -> Self {
    Moment(milliseconds: moment.milliseconds + Int(seconds * 1_000))
  }

  var epochSeconds: Double { Double(Self.midnightEpochSeconds) + Double(milliseconds) / 1_000 }

  /// `04:35:20`.
  var clock: String {
    let seconds = milliseconds / 1_000
    return [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { Self.digits($0, 2) }.joined(separator: ":")
  }
  /// As web servers write it: `23/Nov/2026:04:35:20`.
  var ofWebServer: String { "23/Nov/2026:\(clock)" }
  /// As AIDE writes it.
  var ofReport: String { "2026-11-23 \(clock) +0000" }
  /// As the kernel writes it: `1795408520.000`.
  var ofKernel: String {
    "\(Self.midnightEpochSeconds + milliseconds / 1_000).\(Self.digits(milliseconds % 1_000, 3))"
  }
  /// Of the second: `500000`.
  var microseconds: String { Self.digits(milliseconds % 1_000, 3) + "000" }

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
